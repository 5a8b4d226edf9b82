package im.signet.identity.mail;

import im.signet.kit.outbound.TrustedCertificates;
import im.signet.kit.outbox.Courier;
import im.signet.protocol.json.JsonObject;

import java.net.ConnectException;
import java.net.IDN;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Hands letters to the SMTP server. A letter keeps its Message-ID when it is tried again, so that a mailbox can tell a
 * repetition; nothing goes out when the certificate is wrong or STARTTLS is not offered. What the server refuses with a
 * 5xx is rejected; all else that fails is deferred.
 *
 * <p>To a server without SMTPUTF8 the domain of an address goes in its ASCII form, and an address with more than ASCII
 * before the '@' is rejected: nobody can deliver it. Safe to use from many threads.
 */
final class SmtpCourier implements Courier {

    static final String CHANNEL = "mail";

    private final MailProperties settings;
    private final Duration patience;
    private final Duration timeLimit;
    private final SSLSocketFactory tls;
    private final Clock clock;
    private final SecureRandom random;
    // What the server said the last time; true until it said anything.
    private volatile boolean takesUtf8 = true;

    /**
     * @param patience  how long to wait for a connection, and for each answer
     * @param timeLimit how long one letter may take in all
     */
    SmtpCourier(MailProperties settings, Duration patience, Duration timeLimit, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.patience = patience;
        this.timeLimit = timeLimit;
        this.tls = TrustedCertificates.sslContext(Optional.ofNullable(settings.caFile())).getSocketFactory();
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public Delivery deliver(JsonObject letter) {
        String host = settings.host();
        if (host == null) {
            return new Delivery.Deferred("no SMTP server is set");
        }
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        // A virtual thread: interrupting one closes the socket that it waits for, so that a server which sends a byte now
        // and then holds up nobody for ever.
        Thread conversation = Thread.ofVirtual().name(CHANNEL).start(() -> converse(host, letter, outcome));
        try {
            return outcome.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            outcome.complete(new Delivery.Deferred("the SMTP server took too long"));
            conversation.interrupt();
            return outcome.join();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a mail could not be written", failed.getCause());
        } catch (InterruptedException stopping) {
            conversation.interrupt();
            Thread.currentThread().interrupt();
            return new Delivery.Deferred("this server is stopping");
        }
    }

    /**
     * Returns whether a letter to that address may be delivered, as far as the last conversation with the SMTP server tells;
     * true before the first.
     */
    boolean mayTake(String address) {
        return takesUtf8 || inAscii(address).isPresent();
    }

    // The first completion counts: once the server has taken charge, another try would be a second mail, whatever becomes of
    // the leave.
    private void converse(String host, JsonObject letter, CompletableFuture<Delivery> outcome) {
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect(host, settings.port(), settings.username(), settings.password());
            takesUtf8 = transport instanceof SMTPTransport smtp && smtp.supportsExtension("SMTPUTF8");
            String to = letter.string("to").orElseThrow();
            Optional<String> recipient = takesUtf8 ? Optional.of(to) : inAscii(to);
            if (recipient.isEmpty()) {
                outcome.complete(new Delivery.Rejected("the SMTP server takes no addresses beyond ASCII"));
                return;
            }
            Message message = message(session, letter, recipient.get());
            transport.sendMessage(message, message.getAllRecipients());
            outcome.complete(new Delivery.Delivered());
        } catch (MessagingException failed) {
            outcome.complete(outcomeOf(failed));
        } catch (RuntimeException failed) {
            outcome.completeExceptionally(failed);
        }
    }

    /**
     * Returns an address in the form that every SMTP server reads, its domain in A-labels (RFC 5890). Empty where there is
     * none, or where its domain would not read back as the same.
     */
    private static Optional<String> inAscii(String address) {
        int at = address.indexOf('@');
        String domain = address.substring(at + 1);
        if (!isAscii(address.substring(0, at))) {
            return Optional.empty();
        }
        if (isAscii(domain)) {
            return Optional.of(address);
        }
        try {
            String labels = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
            return IDN.toUnicode(labels, IDN.ALLOW_UNASSIGNED).equals(domain)
                    ? Optional.of(address.substring(0, at + 1) + labels)
                    : Optional.empty();
        } catch (IllegalArgumentException tooLong) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** Connects, logs in, and sends a letter where there is one; says in words what failed. */
    MailTrial attempt(Optional<JsonObject> letter) {
        String host = String.valueOf(settings.host());
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect(host, settings.port(), settings.username(), settings.password());
            boolean utf8 = transport instanceof SMTPTransport smtp && smtp.supportsExtension("SMTPUTF8");
            if (letter.isPresent()) {
                JsonObject mail = letter.get();
                Message message = message(session, mail, mail.string("to").orElseThrow());
                transport.sendMessage(message, message.getAllRecipients());
            }
            return new MailTrial.Works(utf8, letter.isPresent());
        } catch (AuthenticationFailedException refused) {
            return new MailTrial.Fails("it refuses our log-in",
                    "Correct signet.mail.username and signet.mail.password.");
        } catch (MessagingException failed) {
            return failure(host + ":" + settings.port(), failed);
        }
    }

    private MailTrial failure(String server, MessagingException failed) {
        int code = codeOf(failed);
        if (code > 0) {
            return new MailTrial.Fails("it refuses the mail with " + code,
                    "Look into its log; it must take mail from signet.mail.from.");
        }
        for (Throwable at = failed; at != null; at = at instanceof MessagingException mail
                && mail.getNextException() != null
                        ? mail.getNextException()
                        : at.getCause()) {
            switch (at) {
                case SocketTimeoutException _ -> {
                    return new MailTrial.Fails("it does not answer in time",
                            "Check signet.mail.port, and that security is what that port speaks (587: starttls, 465: tls).");
                }
                case CertificateException _ -> {
                    return new MailTrial.Fails("its certificate is not trusted, or is for another name",
                            "Name it in signet.mail.host as its certificate does, or the authority in signet.mail.ca-file.");
                }
                case SSLException _ -> {
                    return new MailTrial.Fails("it speaks no TLS that we do, or its certificate is wrong",
                            "Check signet.mail.security (587: starttls, 465: tls), and signet.mail.ca-file.");
                }
                case ConnectException _,UnknownHostException _ -> {
                    return new MailTrial.Fails("nothing answers at " + server,
                            "Check signet.mail.host and signet.mail.port.");
                }
                default -> {
                    // what is inside may say more
                }
            }
        }
        return String.valueOf(failed.getMessage()).contains("STARTTLS")
                ? new MailTrial.Fails("it offers no STARTTLS",
                        "Let it, or write signet.mail.security: tls with its port, mostly 465.")
                : new MailTrial.Fails("no conversation with " + server + ": " + kindOf(failed),
                        "Check signet.mail.host, .port and .security.");
    }

    private Properties properties() {
        Properties properties = new Properties();
        String patienceMillis = String.valueOf(patience.toMillis());
        properties.put("mail.smtp.connectiontimeout", patienceMillis);
        properties.put("mail.smtp.timeout", patienceMillis);
        properties.put("mail.smtp.writetimeout", patienceMillis);
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", tls);
        properties.put("mail.smtp.ssl.socketFactory.fallback", "false");
        properties.put("mail.smtp.auth", String.valueOf(settings.username() != null));
        properties.put("mail.mime.allowutf8", "true");
        switch (settings.security()) {
            case NONE -> properties.put("mail.smtp.starttls.enable", "false");
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.put("mail.smtp.ssl.enable", "true");
        }
        return properties;
    }

    private Message message(Session session, JsonObject letter, String recipient) throws MessagingException {
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", letter.string("message_id").orElseThrow());
            }
        };
        message.setFrom(bare(String.valueOf(settings.from())));
        message.setRecipient(Message.RecipientType.TO, bare(recipient));
        message.setSubject(letter.string("subject").orElseThrow(), "UTF-8");
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office answers to us
        String language = letter.string("language").orElse("");
        if (!language.isEmpty()) {
            message.setHeader("Content-Language", language);
        }
        message.setContent(alternatives(letter.string("text").orElseThrow(), letter.string("html").orElseThrow()));
        return message;
    }

    // Set, not parsed: a parser of display names and groups would find recipients where there is one address.
    private static InternetAddress bare(String address) {
        InternetAddress bare = new InternetAddress();
        bare.setAddress(address);
        return bare;
    }

    private MimeMultipart alternatives(String text, String html) throws MessagingException {
        byte[] chosen = new byte[16];
        random.nextBytes(chosen);
        String boundary = "=_" + HexFormat.of().formatHex(chosen);
        MimeMultipart parts = new MimeMultipart("alternative") {
            {
                ContentType type = new ContentType("multipart", "alternative", null);
                type.setParameter("boundary", boundary);
                contentType = type.toString();
            }
        };
        MimeBodyPart plain = new MimeBodyPart();
        plain.setText(text, "UTF-8");
        MimeBodyPart rich = new MimeBodyPart();
        rich.setText(html, "UTF-8", "html");
        parts.addBodyPart(plain);
        parts.addBodyPart(rich);
        return parts;
    }

    // Of a failure only its kind and code: a server's answer quotes the address.
    private static Delivery outcomeOf(MessagingException failed) {
        int code = codeOf(failed);
        if (code >= 500 && code < 600 && code != 530 && code != 535) {
            return new Delivery.Rejected("the SMTP server refused it with " + code);
        }
        return new Delivery.Deferred(
                code > 0 ? "the SMTP server answered " + code : "no mail could be handed over: " + kindOf(failed));
    }

    private static String kindOf(MessagingException failed) {
        Throwable cause = failed.getNextException() == null ? failed : failed.getNextException();
        return cause.getClass().getSimpleName();
    }

    private static int codeOf(Exception failed) {
        for (Exception at = failed; at != null; at = at instanceof MessagingException m ? m.getNextException() : null) {
            switch (at) {
                case SMTPAddressFailedException refused -> {
                    return refused.getReturnCode();
                }
                case SMTPSenderFailedException refused -> {
                    return refused.getReturnCode();
                }
                case SMTPSendFailedException refused when !(refused
                        .getNextException() instanceof SendFailedException) -> {
                    return refused.getReturnCode();
                }
                default -> {
                    // the next one may say
                }
            }
        }
        return 0;
    }
}
