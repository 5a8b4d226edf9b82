package im.signet.identity.mail;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** What came of trying the SMTP server of the settings, as a server would use it. */
public sealed interface MailTrial {

    /** No SMTP server is set. */
    record NotSet() implements MailTrial {}

    /**
     * It took our log-in, and the mail where one was asked for.
     *
     * @param utf8 whether it takes addresses beyond ASCII
     * @param sent whether a mail was handed over
     */
    record Works(boolean utf8, boolean sent) implements MailTrial {}

    /**
     * It did not.
     *
     * @param why  a sentence without a full stop
     * @param mend a sentence for the operator
     */
    record Fails(String why, String mend) implements MailTrial {}

    /**
     * Connects and logs in, and hands over one mail where somebody is named who gets it.
     *
     * @param patience how long to wait for a connection, and for each answer
     */
    static MailTrial of(Environment settings, Optional<String> recipient, Duration patience, Clock clock,
            SecureRandom random) {
        try {
            MailProperties mail = Binder.get(settings).bindOrCreate("signet.mail", MailProperties.class);
            if (mail.host() == null) {
                return new NotSet();
            }
            byte[] id = new byte[16];
            random.nextBytes(id);
            Optional<JsonObject> letter = recipient.map(to -> JsonObject.builder()
                    .put("to", to)
                    .put("message_id", "<" + UnpaddedBase64.encodeUrl(id) + "@"
                            + settings.getProperty("signet.server-name", "localhost") + ">")
                    .put("subject", "Signet can send mail")
                    .put("text", "This is the test mail that 'signet doctor' was asked to send.\n")
                    .put("html", "<p>This is the test mail that <code>signet doctor</code> was asked to send.</p>")
                    .build());
            return new SmtpCourier(mail, patience, patience.multipliedBy(3), clock, random).attempt(letter);
        } catch (BindException | IllegalArgumentException foundElsewhere) {
            return new Fails("its settings cannot be used", "Run: signet config check");
        }
    }
}
