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
    private final Templates templates;
    private final MailProperties settings;
    private final SignetProperties signet;
    private final SecureRandom random;

    Mailer(Outbox outbox, Templates templates, MailProperties settings, SignetProperties signet, SecureRandom random) {
        this.outbox = outbox;
        this.templates = templates;
        this.settings = settings;
        this.signet = signet;
        this.random = random;
    }

    /** Returns whether mail can be sent at all: whether the operator has set it up. */
    public boolean isConfigured() {
        return settings.host() != null;
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
