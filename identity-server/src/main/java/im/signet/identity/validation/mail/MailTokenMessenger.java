package im.signet.identity.validation.mail;

import im.signet.identity.mail.Mailer;
import im.signet.identity.validation.TokenMessenger;
import im.signet.identity.validation.ValidationTemplates;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.page.Audience;
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

    MailTokenMessenger(Mailer mailer) {
        this.mailer = mailer;
    }

    @Override
    public Medium medium() {
        return Medium.EMAIL;
    }

    @Override
    public boolean isSetUp() {
        return mailer.isSetUp();
    }

    @Override
    public boolean canSend(Address to) {
        return mailer.canSend(to);
    }

    @Override
    public void send(Address to, UserId asker, String token, String link, Audience audience, Instant expiresAt) {
        mailer.send(to, ValidationTemplates.MAIL, Map.of("asker", asker.value(), "link", link), audience, expiresAt);
    }

    @Override
    public void sendConfirmation(Address to, UserId user, ConfirmationLink link, Instant expiresAt) {
        mailer.send(to, ValidationTemplates.LEAVING_MAIL, ValidationTemplates.leaving(user.value(), link),
                link.audience(), expiresAt);
    }
}
