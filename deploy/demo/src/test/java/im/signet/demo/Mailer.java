package im.signet.demo;

import java.util.Properties;
import javax.net.ssl.SSLContext;

import jakarta.mail.Authenticator;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

/** A mail client of tests: Jakarta Mail against a port of loopback. */
final class Mailer {
    private final Properties properties = new Properties();
    private String user = "";
    private String password = "";

    Mailer(int port) {
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.port", Integer.toString(port));
        properties.setProperty("mail.smtp.localhost", "client.example.org");
        properties.setProperty("mail.smtp.connectiontimeout", "5000");
        properties.setProperty("mail.smtp.timeout", "5000");
    }

    Mailer impatient() {
        properties.setProperty("mail.smtp.timeout", "300");
        return this;
    }

    Mailer withStartTls(SSLContext trust) {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
        return trusting(trust);
    }

    Mailer withTls(SSLContext trust) {
        properties.setProperty("mail.smtp.ssl.enable", "true");
        return trusting(trust);
    }

    private Mailer trusting(SSLContext trust) {
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory());
        return this;
    }

    Mailer withLogin(String name, String secret, String mechanism) {
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.auth.mechanisms", mechanism);
        user = name;
        password = secret;
        return this;
    }

    Mailer allowingUtf8() {
        properties.setProperty("mail.mime.allowutf8", "true");
        return this;
    }

    void send(String text, String... recipients) throws MessagingException {
        MimeMessage message = message("A subject", recipients);
        message.setText(text, "UTF-8");
        Transport.send(message);
    }

    void sendBoth(String subject, String text, String html, String... recipients) throws MessagingException {
        MimeBodyPart plain = new MimeBodyPart();
        plain.setText(text, "UTF-8");
        MimeBodyPart rich = new MimeBodyPart();
        rich.setText(html, "UTF-8", "html");
        MimeMessage message = message(subject, recipients);
        message.setContent(new MimeMultipart("alternative", plain, rich));
        Transport.send(message);
    }

    void sendHtml(String html, String recipient) throws MessagingException {
        MimeMessage message = message("", recipient);
        message.setText(html, "UTF-8", "html");
        Transport.send(message);
    }

    private MimeMessage message(String subject, String... recipients) throws MessagingException {
        Session session = Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password);
            }
        });
        MimeMessage message = new MimeMessage(session);
        message.setFrom(InternetAddress.parse("Signet <noreply@id.example.org>")[0]);
        for (String recipient : recipients) {
            message.addRecipient(RecipientType.TO, new InternetAddress(recipient));
        }
        if (!subject.isEmpty()) {
            message.setSubject(subject, "UTF-8");
        }
        return message;
    }
}
