package im.signet.identity.mail;

import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Audience;
import im.signet.kit.page.Template;
import im.signet.kit.page.Templates;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;

/** Writes mails and puts them into the outbox, from which they are sent, never inside a request. Safe to use from many threads. */
public final class Mailer {

    private static final int MESSAGE_ID_BYTES = 18;

    private final Outbox outbox;
    private final SmtpCourier courier;
    private final Templates templates;
    private final MailProperties settings;
    private final SignetProperties signet;
    private final SecureRandom random;

    Mailer(Outbox outbox, SmtpCourier courier, Templates templates, MailProperties settings, SignetProperties signet,
            SecureRandom random) {
        this.outbox = outbox;
        this.courier = courier;
        this.templates = templates;
        this.settings = settings;
        this.signet = signet;
        this.random = random;
    }

    /** Returns whether the operator has set mail up. */
    public boolean isSetUp() {
        return settings.host() != null;
    }

    /**
     * Returns whether a mail to that address can be taken now: not where the operator has set no mail up, nor while as many
     * wait as may, nor where the SMTP server takes no such addresses, as far as that is known.
     */
    public boolean canSend(Address to) {
        return isSetUp() && courier.mayTake(to.value())
                && !outbox.holds(SmtpCourier.CHANNEL, settings.maxQueued());
    }

    /**
     * Takes a mail to be sent, within the running transaction where there is one.
     *
     * @param mail      which mail
     * @param values    what its templates are filled with
     * @param audience  who is to read it
     * @param expiresAt when what the mail carries is worth nothing any more; it is given up then
     */
    public void send(Address to, Template mail, Map<String, ?> values, Audience audience, Instant expiresAt) {
        if (to.medium() != Medium.EMAIL) {
            throw new IllegalArgumentException("mail goes to e-mail addresses");
        }
        Templates.Letter letter = templates.mail(mail, audience, values);
        byte[] id = new byte[MESSAGE_ID_BYTES];
        random.nextBytes(id);
        outbox.put(SmtpCourier.CHANNEL, JsonObject.builder()
                .put("to", to.value())
                .put("message_id", "<" + UnpaddedBase64.encodeUrl(id) + "@" + signet.serverName().host() + ">")
                .put("language", audience.language().toLanguageTag())
                .put("subject", letter.subject())
                .put("text", letter.text())
                .put("html", letter.html())
                .build(), expiresAt);
    }
}
