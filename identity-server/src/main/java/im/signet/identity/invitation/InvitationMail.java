package im.signet.identity.invitation;

import im.signet.identity.block.BlockedAddresses;
import im.signet.identity.mail.Mailer;
import im.signet.kit.page.Audience;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.stereotype.Component;

/// Writes the mail to who is invited. The inviter chooses none of its words: names are shown cut short and inert, links
/// are ours or the operator's, and the inviter's user id always stands there.
@Component
final class InvitationMail {

    private final Mailer mailer;
    private final UnwillingAddresses unwilling;
    private final BlockedAddresses blocked;
    private final InvitationProperties settings;
    private final SignetProperties signet;

    InvitationMail(Mailer mailer, UnwillingAddresses unwilling, BlockedAddresses blocked, InvitationProperties settings,
            SignetProperties signet) {
        this.mailer = mailer;
        this.unwilling = unwilling;
        this.blocked = blocked;
        this.settings = settings;
        this.signet = signet;
    }

    /** Returns whether a mail to that address can be taken now. */
    boolean canSend(Address to) {
        return mailer.canSend(to);
    }

    /** Takes the mail about an invitation to be sent, unless the owner of the address wants none, or the operator. */
    void send(NewInvitation invitation, String token, SigningKey ephemeral, Audience audience, Instant expiresAt) {
        if (unwilling.contains(invitation.address()) || blocked.contain(invitation.address())) {
            return;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("sender", invitation.sender().value());
        values.put("senderName", ShownName.of(invitation.senderName(), ShownName.SENDER));
        values.put("roomName", ShownName.of(invitation.roomName(), ShownName.ROOM));
        values.put("kind", kind(isSpace(invitation)));
        values.put("accept", audience.branded(signet.publicUrlOf(InvitationPageController.PAGE + "?token=" + token)));
        values.put("client", clientLink(invitation, token, ephemeral));
        values.put("never", audience.branded(signet.publicUrlOf(
                InvitationPageController.NEVER + "?token=" + unwilling.word(invitation.address()))));
        mailer.send(invitation.address(), InvitationTemplates.MAIL, values, audience, expiresAt);
    }

    static boolean isSpace(NewInvitation invitation) {
        return invitation.roomType().equals("m.space");
    }

    /** Returns the word that chooses the texts about such a room. */
    static String kind(boolean space) {
        return space ? "space" : "room";
    }

    /** Returns the link of the inviter's web client, where the operator allows it; the key is in no other mail. */
    private String clientLink(NewInvitation invitation, String token, SigningKey ephemeral) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("token", token);
        query.put("private_key", UnpaddedBase64.encode(ephemeral.seed()));
        return WebClient.at(invitation.webClient(), settings.webClientHosts())
                .map(client -> client.link(invitation,
                        signet.publicUrlOf(SigningController.V2) + "?" + WebClient.encoded(query)))
                .orElse("");
    }
}
