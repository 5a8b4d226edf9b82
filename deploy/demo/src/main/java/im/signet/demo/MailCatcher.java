package im.signet.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.server.ProtocolHandler;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;

/**
 * A mail server on loopback that takes in every mail, for whomever it is, and keeps it in memory for its reader. Any
 * user name and password is accepted; only a mail without a sender ({@code MAIL FROM:<>}) is not. For refusals, faults,
 * STARTTLS and the exact bytes there is {@link ScriptedSmtpServer}. Safe for use by several threads.
 */
public final class MailCatcher implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Lock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final List<CaughtMail> mails = new ArrayList<>();
    private final Set<CaughtMail> awaited = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The messages that are in mails already, for as long as GreenMail has them; it tells them apart by identity. */
    private final Set<MovingMessage> kept = Collections.newSetFromMap(new WeakHashMap<>());
    private final GreenMail server;
    private final int port;

    private MailCatcher(ServerSocketFactory sockets) {
        this.server = new Smtp(sockets);
        server.withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
        server.getUserManager().setMessageDeliveryHandler(this::take);
        server.start();
        this.port = server.getSmtp().getPort();
    }

    /** Starts a server of plain SMTP on a free port. */
    public static MailCatcher start() {
        return new MailCatcher(ServerSocketFactory.getDefault());
    }

    /** Starts a server that speaks SMTP inside TLS from the first byte, on a free port. */
    public static MailCatcher startTls(SSLContext tls) {
        return new MailCatcher(tls.getServerSocketFactory());
    }

    /** Returns the port it listens on, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Returns all mails so far, the oldest first. */
    public List<CaughtMail> mails() {
        lock.lock();
        try {
            return List.copyOf(mails);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the mails to that recipient so far, the oldest first; the address as it stands in the envelope. */
    public List<CaughtMail> mailsTo(String address) {
        return mails().stream().filter(mail -> mail.recipients().contains(address)).toList();
    }

    /**
     * Returns the oldest mail to that recipient which this method has not returned before, so that asking twice awaits a
     * second mail. Throws an {@link IllegalStateException} when none comes within {@code patience}.
     */
    public CaughtMail awaitMailTo(String address, Duration patience) throws InterruptedException {
        long nanosLeft = patience.toNanos();
        lock.lockInterruptibly();
        try {
            Optional<CaughtMail> next = nextTo(address);
            while (next.isEmpty() && nanosLeft > 0) {
                nanosLeft = arrived.awaitNanos(nanosLeft);
                next = nextTo(address);
            }
            CaughtMail mail = next.orElseThrow(() -> new IllegalStateException(
                    "no further mail to " + address + " came within " + patience + "; there are " + mails.size()
                            + " mails in all"));
            awaited.add(mail);
            return mail;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all mails so far. */
    public void clear() {
        lock.lock();
        try {
            mails.clear();
            awaited.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Stops listening and ends all connections; the mails stay readable. */
    @Override
    public void close() {
        server.stop();
    }

    private Optional<CaughtMail> nextTo(String address) {
        return mails.stream()
                .filter(mail -> mail.recipients().contains(address) && !awaited.contains(mail))
                .findFirst();
    }

    /** Called for each recipient of a mail; the first call keeps the mail for all of them. */
    private GreenMailUser take(MovingMessage message, MailAddress recipient) throws MessagingException {
        lock.lock();
        try {
            if (kept.add(message)) {
                List<String> recipients = message.getToAddresses().stream().map(MailAddress::getEmail).toList();
                mails.add(CaughtMail.of(message.getReturnPath().getEmail(), recipients, message.getMessage()));
                arrived.signalAll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
        return new Discarding(recipient.getEmail());
    }

    /** GreenMail with one service, on sockets of our choice: its own TLS knows only a certificate of its own. */
    private static final class Smtp extends GreenMail {
        private final ServerSocketFactory sockets;

        Smtp(ServerSocketFactory sockets) {
            // Before super, which already calls createServices.
            this.sockets = sockets;
            super(new ServerSetup(0, HOST, ServerSetup.PROTOCOL_SMTP));
        }

        @Override
        protected Map<String, AbstractServer> createServices(ServerSetup[] config, Managers managers) {
            return Map.of(ServerSetup.PROTOCOL_SMTP, new SmtpServer(config[0], managers) {
                @Override
                protected ServerSocket openServerSocket() throws IOException {
                    ServerSocket socket = sockets.createServerSocket();
                    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), 0));
                    return socket;
                }

                @Override
                protected ProtocolHandler createProtocolHandler(Socket client) {
                    return new Quiet(super.createProtocolHandler(client));
                }
            });
        }
    }

    /** A conversation whose end is no error, even when the client leaves in the middle or does not believe the certificate. */
    private record Quiet(ProtocolHandler conversation) implements ProtocolHandler {
        @Override
        public void run() {
            try {
                conversation.run();
            } catch (IllegalStateException _) {
                // What could not be delivered was answered with 451 and logged; this is a connection that broke.
            }
        }

        @Override
        public void close() {
            conversation.close();
        }
    }

    /** The mailbox that GreenMail delivers to: nothing is kept there, as the mail was kept on its way. */
    private record Discarding(String getEmail) implements GreenMailUser {
        @Override
        public String getLogin() {
            return getEmail;
        }

        @Override
        public void deliver(MovingMessage message) {}

        @Override
        public void deliver(MimeMessage message) {}

        @Override
        public void create() {}

        @Override
        public void delete() {}

        @Override
        public String getPassword() {
            return "";
        }

        @Override
        public void setPassword(String password) {}

        @Override
        public void authenticate(String password) {}

        @Override
        public String getQualifiedMailboxName() {
            return getEmail;
        }
    }
}
