package im.signet.identity.validation.mail;

import im.signet.identity.validation.TokenMessenger;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Templates;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.UnpaddedBase64;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;

/** Writes the mail with the token and puts it into the outbox, from which {@link SmtpCourier} sends it. */
final class OutboxTokenMessenger implements TokenMessenger {

    private final Outbox outbox;
    private final Templates templates;
    private final MailProperties settings;
    private final SignetProperties signet;
    private final SecureRandom random;

    OutboxTokenMessenger(Outbox outbox, Templates templates, MailProperties settings,
            SignetProperties signet, SecureRandom random) {
        this.outbox = outbox;
        this.templates = templates;
        this.settings = settings;
        this.signet = signet;
        this.random = random;
    }

    @Override
    public Medium medium() {
        return Medium.EMAIL;
    }

    @Override
    public boolean isConfigured() {
        return settings.host() != null;
    }

    @Override
    public void send(Address to, UserId asker, String token, String link, Instant expiresAt) {
        Map<String, String> values = Map.of("server", signet.serverName().value(), "asker", asker.value(), "link",
                link);
        byte[] id = new byte[18];
        random.nextBytes(id);
        outbox.put(SmtpCourier.CHANNEL, JsonObject.builder()
                .put("to", to.value())
                .put("message_id", "<" + UnpaddedBase64.encodeUrl(id) + "@" + signet.serverName().host() + ">")
                .put("subject", templates.render("identity/validation-subject.txt", "en", values).strip())
                .put("text", templates.render("identity/validation-mail.txt", "en", values))
                .put("html", templates.render("identity/validation-mail.html", "en", values))
                .build(), expiresAt);
    }
}
