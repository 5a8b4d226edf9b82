package im.signet.identity.mail;

import java.nio.file.Path;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The SMTP server that mail is handed to. Without a host no mail is sent, and requests for it are refused.
 *
 * @param host     the name of the SMTP server; without it no mail is sent, and requests for one get
 *                 {@code M_EMAIL_SEND_ERROR}
 * @param port     the port of the SMTP server
 * @param security how the connection is protected: {@code none}, in the clear; {@code starttls}, never without STARTTLS;
 *                 {@code tls}, from the first byte. The certificate is always checked
 * @param username who to log in as at the SMTP server; without it there is no log-in
 * @param password the password of {@code username}
 * @param from     the sender of every mail, an address without a display name
 * @param caFile   PEM file of certificates that the server's certificate may be issued by, besides the authorities that the
 *                 Java runtime trusts; read once, at the start
 * @param maxQueued how many mails may wait to be sent; requests for more of them get {@code M_EMAIL_SEND_ERROR}
 */
@Validated
@ConfigurationProperties("signet.mail")
record MailProperties(@Nullable String host, @DefaultValue("587") @Min(1) @Max(65535) int port,
        @DefaultValue("starttls") Security security, @Nullable String username, @Nullable String password,
        @Nullable String from, @Nullable Path caFile, @DefaultValue("10000") @Min(1) int maxQueued) {

    /** Takes what is empty as what is not set: that is how a file or a container's environment leaves a setting out. */
    MailProperties {
        host = nullIfBlank(host);
        username = nullIfBlank(username);
        password = nullIfBlank(password);
        from = nullIfBlank(from);
    }

    /** How the connection is protected. */
    enum Security {
        NONE, STARTTLS, TLS
    }

    @AssertTrue(message = "signet.mail.from must be set where signet.mail.host is")
    boolean isFromGiven() {
        return host == null || from != null;
    }

    @AssertTrue(message = "signet.mail.username and signet.mail.password belong together")
    boolean isPasswordGiven() {
        return (username == null) == (password == null);
    }

    @Override
    public String toString() {
        return "MailProperties[" + host + ":" + port + ", " + security + "]";
    }

    private static @Nullable String nullIfBlank(@Nullable String setting) {
        return setting == null || setting.isBlank() ? null : setting;
    }
}
