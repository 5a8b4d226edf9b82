"""An SMTP server for the guide: STARTTLS, a log-in, and a file for each mail that it takes."""
import sys
import time
from pathlib import Path
from ssl import SSLContext, PROTOCOL_TLS_SERVER

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

address, certificate, key, folder = sys.argv[1:]


class Mailbox:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        draft = Path(folder, '.draft')
        draft.write_bytes(f'To: {envelope.rcpt_tos[0]}\r\n'.encode() + envelope.content)
        draft.rename(Path(folder, f'{self.count:03}.eml'))
        return '250 taken'


def authenticate(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b'signet', b'secret')
    return AuthResult(success=right, handled=False)


tls = SSLContext(PROTOCOL_TLS_SERVER)
tls.load_cert_chain(certificate, key)
Controller(Mailbox(), hostname=address, port=587, tls_context=tls, require_starttls=True, auth_required=True,
           authenticator=authenticate).start()
while True:
    time.sleep(3600)
