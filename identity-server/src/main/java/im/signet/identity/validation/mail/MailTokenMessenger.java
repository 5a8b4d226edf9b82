package im.signet.identity.validation.mail;

import im.signet.identity.mail.Mailer;
import im.signet.identity.validation.TokenMessenger;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;
import java.util.Map;

import org.springframework.stereotype.Component;

/** Sends tokens by mail. */
@Component
final class MailTokenMessenger implements TokenMessenger {

    private final Mailer mailer;
    private final SignetProperties signet;

    MailTokenMessenger(Mailer mailer, SignetProperties signet) {
        this.mailer = mailer;
        this.signet = signet;
    }

    @Override
    public Medium medium() {
        return Medium.EMAIL;
    }

    @Override
    public boolean canSend(Address to) {
        return mailer.canSend(to);
    }

    @Override
    public void send(Address to, UserId asker, String token, String link, Instant expiresAt) {
        mailer.send(to, "identity/validation",
                Map.of("server", signet.serverName().value(), "asker", asker.value(), "link", link), expiresAt);
    }
}
