package im.signet.identity.invitation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Association;
import im.signet.identity.key.SigningKeys;
import im.signet.kit.homeserver.Homeservers;
import im.signet.kit.outbound.OutboundResult;
import im.signet.kit.outbound.OutboundTally;
import im.signet.kit.outbound.OutboundTally.Purpose;
import im.signet.kit.outbox.Courier;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.springframework.stereotype.Component;

/// Tells a homeserver that an address was bound to one of its users, and who invited that address. The letter names the
/// invitations only: what was taken back, ran out or was delivered meanwhile is not sent.
///
/// @see <a href="https://spec.matrix.org/latest/server-server-api/#third-party-invites">Third-party invites</a>
@Component
final class OnbindCourier implements Courier {

    private static final InvitationTally INVITATIONS = InvitationTally.invitations();
    private static final OutboundTally OUTBOUND = OutboundTally.requests();
    static final String CHANNEL = "onbind";

    private static final String PATH = "/_matrix/federation/v1/3pid/onbind";

    // About four and a half hours of the outbox's pauses. A homeserver that refuses has read the invitation: Synapse then
    // invites again at each try whoever of the same letter it did not refuse.
    private static final int MAX_REFUSALS = 24;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int TIMEOUT = 408;
    private static final Set<Integer> WRONG_METHOD = Set.of(404, 405);

    private final InvitationRepository repository;
    private final AddressesAtRest addresses;
    private final PayloadsAtRest payloads;
    private final Homeservers homeservers;
    private final SigningKeys keys;
    private final Clock clock;

    OnbindCourier(InvitationRepository repository, AddressesAtRest addresses, PayloadsAtRest payloads,
            Homeservers homeservers, SigningKeys keys, Clock clock) {
        this.repository = repository;
        this.addresses = addresses;
        this.payloads = payloads;
        this.homeservers = homeservers;
        this.keys = keys;
        this.clock = clock;
    }

    /** Returns the letter about the invitations of a delivery. */
    static JsonObject letter(String delivery, Association association) {
        return JsonObject.builder()
                .put("delivery", delivery)
                .put("association", association.statement())
                .build();
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public Delivery deliver(JsonObject letter) {
        String delivery = letter.string("delivery").orElseThrow();
        JsonObject association = letter.object("association").orElseThrow();
        Optional<String> failure = Optional.empty();
        for (List<StoredInvitation> together : calls(repository.findByDelivery(delivery, clock.instant()))) {
            Optional<String> failed = call(association, together);
            failure = failed.isPresent() ? failed : failure;
        }
        int givenUp = repository.deleteRefused(delivery, MAX_REFUSALS);
        INVITATIONS.count(InvitationTally.Step.REFUSED, givenUp);
        if (failure.isEmpty()) {
            return new Delivery.Delivered();
        }
        return givenUp > 0 && repository.findByDelivery(delivery, clock.instant()).isEmpty()
                ? new Delivery.Rejected(failure.get())
                : new Delivery.Deferred(failure.get());
    }

    /** Returns who is sent together: all, but each alone whom the homeserver refused before, lest one holds up the others. */
    private static List<List<StoredInvitation>> calls(List<StoredInvitation> invitations) {
        List<List<StoredInvitation>> calls = new ArrayList<>();
        List<StoredInvitation> unrefused = invitations.stream()
                .filter(invitation -> invitation.refusals() == 0)
                .toList();
        if (!unrefused.isEmpty()) {
            calls.add(unrefused);
        }
        invitations.stream()
                .filter(invitation -> invitation.refusals() > 0)
                .forEach(refused -> calls.add(List.of(refused)));
        return calls;
    }

    /** Sends invitations in one call; returns why it did not work, empty when it did. */
    private Optional<String> call(JsonObject association, List<StoredInvitation> invitations) {
        UserId user = UserId.of(association.string("mxid").orElseThrow());
        JsonObject body = keys.sign(association.with("invites",
                JsonArray.of(invitations.stream().map(invitation -> invite(invitation, user)).toList())));
        List<String> tokens = invitations.stream().map(StoredInvitation::token).toList();
        return switch (postOrPut(user.serverName(), body)) {
            case OutboundResult.Answered answered when answered.status() == 200 -> {
                repository.delete(tokens);
                INVITATIONS.count(InvitationTally.Step.DELIVERED, tokens.size());
                yield Optional.empty();
            }
            case OutboundResult.Answered answered -> {
                if (isRefusal(answered.status())) {
                    repository.countRefusal(tokens);
                }
                yield Optional.of("the homeserver answered " + answered.status());
            }
            case OutboundResult.Refused(String reason) -> Optional.of(reason);
            case OutboundResult.Unreachable(String reason) -> Optional.of(reason);
        };
    }

    // The specification says POST in one place and PUT in another, and homeservers serve the one or the other.
    private OutboundResult postOrPut(ServerName server, JsonObject body) {
        OutboundResult posted = OUTBOUND.counted(Purpose.ONBIND, homeservers.post(server, PATH, body));
        return posted instanceof OutboundResult.Answered answered && WRONG_METHOD.contains(answered.status())
                ? OUTBOUND.counted(Purpose.ONBIND, homeservers.put(server, PATH, body))
                : posted;
    }

    private static boolean isRefusal(int status) {
        return status >= 400 && status < 500 && status != TIMEOUT && status != TOO_MANY_REQUESTS
                && !WRONG_METHOD.contains(status);
    }

    private JsonObject invite(StoredInvitation invitation, UserId user) {
        Address address = addresses.open(invitation.addressSealed());
        Payload payload = payloads.open(invitation);
        // By the key that the inviter was told of: the room's event names that one, whatever key signs by now.
        JsonObject signed = keys.signWith(KeyId.of(invitation.signingKey()), JsonObject.builder()
                .put("mxid", user.value())
                .put("token", invitation.token())
                .build());
        return JsonObject.builder()
                .put("medium", address.medium().wireName())
                .put("address", address.value())
                .put("mxid", user.value())
                .put("room_id", payload.roomId())
                .put("sender", payload.sender().value())
                .put("signed", signed)
                .build();
    }
}
