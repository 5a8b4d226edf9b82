package im.signet.identity.invitation;

import im.signet.identity.lookup.LookupBudgets;
import im.signet.kit.page.Audience;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.token.Caller;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.Parsed;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.VerifyKey;

import java.time.Duration;
import java.util.List;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /store-invite`, and the question whether the key of an invitation is one.
///
/// @see <a href="https://spec.matrix.org/latest/identity-service-api/#invitation-storage">Invitation storage</a>
@RestController
@RequestMapping("/_matrix/identity/v2")
final class InvitationController {

    private static final InvitationTally INVITATIONS = InvitationTally.invitations();
    private static final int MAX_ID = 255;
    private static final int MAX_EMAIL = 254;
    private static final int MAX_NAME = 1024;
    private static final int MAX_URL = 1024;

    private final Invitations invitations;
    private final LookupBudgets budgets;
    private final SignetProperties signet;

    InvitationController(Invitations invitations, LookupBudgets budgets, SignetProperties signet) {
        this.invitations = invitations;
        this.budgets = budgets;
        this.signet = signet;
    }

    @NeedsToken
    @PostMapping("/store-invite")
    JsonObject store(@AuthenticationPrincipal Caller caller, ClientAddress client, Params params, Audience audience) {
        params.require("medium", "address", "room_id", "sender");
        if (!params.string("medium", MAX_ID).equals(Medium.EMAIL.wireName())) {
            throw ErrorCode.M_UNRECOGNIZED.because(400, "invitations are sent to e-mail addresses only");
        }
        Address address = params.parsed("address", MAX_EMAIL, text -> Address.parse(Medium.EMAIL, text),
                ErrorCode.M_INVALID_EMAIL);
        String roomId = params.parsed("room_id", MAX_ID, InvitationController::roomId);
        UserId sender = params.parsed("sender", MAX_ID, UserId::parse);
        NewInvitation invitation = new NewInvitation(sender, optional(params, "sender_display_name", MAX_NAME), address,
                roomId, optional(params, "room_name", MAX_NAME), optional(params, "room_avatar_url", MAX_URL),
                optional(params, "room_type", MAX_ID), optional(params, "org.matrix.web_client_location", MAX_URL));
        checkUnused(params);
        if (!sender.equals(caller.user())) {
            throw ErrorCode.M_UNAUTHORIZED.because(403, "an invitation is stored by the user whose token asks for it");
        }
        // Before anything is known: that the address is bound to somebody, and that it is not, are both worth a lookup.
        if (budgets.ask(caller.user(), client, address) instanceof LookupBudgets.Check.Exhausted(Duration retryAfter)) {
            throw ErrorCode.M_LIMIT_EXCEEDED
                    .because("too many addresses were asked for by this account or from where it is")
                    .withRetryAfter(retryAfter);
        }
        return switch (invitations.store(invitation, audience)) {
            case StoreOutcome.Stored stored -> {
                INVITATIONS.count(InvitationTally.Step.STORED, 1);
                yield answer(stored);
            }
            case StoreOutcome.InUse(UserId user) -> {
                INVITATIONS.count(InvitationTally.Step.IN_USE, 1);
                throw ErrorCode.M_THREEPID_IN_USE
                        .because("the address is bound to a user: invite them by their user id")
                        .withExtra("mxid", user.value());
            }
            case StoreOutcome.CannotSend _ -> {
                INVITATIONS.count(InvitationTally.Step.CANNOT_SEND, 1);
                throw ErrorCode.M_EMAIL_SEND_ERROR
                        .because("this server cannot send a mail to that address, or not now");
            }
        };
    }

    private JsonObject answer(StoreOutcome.Stored stored) {
        return JsonObject.builder()
                .put("token", stored.token())
                .put("public_keys", JsonArray.of(List.of(
                        publicKey(stored.longTerm(), "/_matrix/identity/v2/pubkey/isvalid"),
                        publicKey(stored.ephemeral(), "/_matrix/identity/v2/pubkey/ephemeral/isvalid"))))
                .put("display_name", stored.displayName())
                .put("public_key", stored.longTerm().encoded())
                .build();
    }

    private JsonObject publicKey(VerifyKey key, String isValid) {
        return JsonObject.builder()
                .put("public_key", key.encoded())
                .put("key_validity_url", signet.publicUrlOf(isValid))
                .build();
    }

    // The text of the key, not the key: what was handed out is what is asked for.
    @OpenToAll
    @GetMapping("/pubkey/ephemeral/isvalid")
    JsonObject isEphemeralValid(Params params) {
        String publicKey = params.string("public_key", MAX_ID);
        boolean valid = VerifyKey.parse(publicKey).isOk() && invitations.isEphemeralKey(publicKey);
        return JsonObject.builder().put("valid", valid).build();
    }

    private static Parsed<String> roomId(String text) {
        return text.startsWith("!") && text.length() > 1 && text.chars().noneMatch(Character::isISOControl)
                ? Parsed.ok(text)
                : Parsed.refused("a room id begins with '!'");
    }

    // Synapse sends an empty string for what it does not know.
    private static String optional(Params params, String name, int maxLength) {
        return params.optionalString(name, maxLength).orElse("");
    }

    /** Refuses what no homeserver sends in the members that we have no use for. */
    private static void checkUnused(Params params) {
        optional(params, "room_alias", MAX_ID);
        optional(params, "room_join_rules", MAX_ID);
        optional(params, "sender_avatar_url", MAX_URL);
    }
}
