package im.signet.identity.mail;

import im.signet.kit.outbox.Courier;
import im.signet.protocol.json.JsonObject;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HexFormat;
import java.util.Properties;

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
 * 5xx is rejected, and so is an address beyond ASCII where it does not offer SMTPUTF8; all else that fails is deferred.
 */
final class SmtpCourier implements Courier {

    static final String CHANNEL = "mail";

    private final MailProperties settings;
    private final Duration patience;
    private final Clock clock;
    private final SecureRandom random;

    /**
     * @param patience how long to wait for a connection, and for each answer
     */
    SmtpCourier(MailProperties settings, Duration patience, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.patience = patience;
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
        Session session = Session.getInstance(properties());
        boolean taken = false;
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect(host, settings.port(), settings.username(), settings.password());
            if (!takes(letter.string("to").orElseThrow(), transport)) {
                return new Delivery.Rejected("the SMTP server takes no addresses beyond ASCII");
            }
            Message message = message(session, letter);
            transport.sendMessage(message, message.getAllRecipients());
            taken = true;
        } catch (MessagingException failed) {
            if (!taken) {
                return outcomeOf(failed);
            }
            // Only the leave failed: the server has taken charge, and another try would be a second mail.
        }
        return new Delivery.Delivered();
    }

    // RFC 6531: a server that does not offer SMTPUTF8 may read such an address as another one.
    private static boolean takes(String address, Transport transport) {
        return address.chars().allMatch(c -> c < 0x80)
                || (transport instanceof SMTPTransport smtp && smtp.supportsExtension("SMTPUTF8"));
    }

    private Properties properties() {
        Properties properties = new Properties();
        String patienceMillis = String.valueOf(patience.toMillis());
        properties.put("mail.smtp.connectiontimeout", patienceMillis);
        properties.put("mail.smtp.timeout", patienceMillis);
        properties.put("mail.smtp.writetimeout", patienceMillis);
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
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

    private Message message(Session session, JsonObject letter) throws MessagingException {
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", letter.string("message_id").orElseThrow());
            }
        };
        message.setFrom(bare(String.valueOf(settings.from())));
        message.setRecipient(Message.RecipientType.TO, bare(letter.string("to").orElseThrow()));
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
