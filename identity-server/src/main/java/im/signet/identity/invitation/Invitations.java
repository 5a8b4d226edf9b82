package im.signet.identity.invitation;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Association;
import im.signet.identity.association.AssociationBound;
import im.signet.identity.association.Associations;
import im.signet.identity.key.SigningKeys;
import im.signet.kit.journal.Revocation;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.limit.Limits;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Audience;
import im.signet.kit.settings.SignetProperties;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.SigningKey;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps invitations to addresses that are bound to nobody, and hands them to whom the address is bound to first. From then
 * on an invitation is that user's or nobody's: it never goes to the address's next owner.
 */
@Service
public class Invitations {

    /** The name under which an invitation's own key signs. */
    static final KeyId EPHEMERAL = KeyId.of("ed25519:0");

    private static final int TOKEN_BYTES = 24;
    private static final Predicate<String> TOKEN = Pattern.compile("[0-9a-zA-Z.=_-]{1,255}").asMatchPredicate();

    private final InvitationRepository repository;
    private final Associations associations;
    private final AddressesAtRest addresses;
    private final PayloadsAtRest payloads;
    private final KeyedHash inviters;
    private final InvitationMail mail;
    private final Outbox outbox;
    private final SigningKeys keys;
    private final InvitationProperties settings;
    private final InvitationLimits inviting;
    private final Limits limits;
    private final RevocationJournal journal;
    private final SignetProperties signet;
    private final Clock clock;
    private final SecureRandom random;

    @SuppressWarnings("TooManyParameters") // what it works with
    Invitations(InvitationRepository repository, Associations associations, AddressesAtRest addresses,
            PayloadsAtRest payloads, @Qualifier("inviterHash") KeyedHash inviters, InvitationMail mail,
            @Qualifier("identityOutbox") Outbox outbox, SigningKeys keys,
            InvitationProperties settings, InvitationLimits inviting, @Qualifier("identityLimits") Limits limits,
            @Qualifier("identityJournal") RevocationJournal journal, SignetProperties signet, Clock clock,
            SecureRandom random) {
        this.repository = repository;
        this.associations = associations;
        this.addresses = addresses;
        this.payloads = payloads;
        this.inviters = inviters;
        this.mail = mail;
        this.outbox = outbox;
        this.keys = keys;
        this.settings = settings;
        this.inviting = inviting;
        this.limits = limits;
        this.journal = journal;
        this.signet = signet;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Stores an invitation and mails it to these people. An owner who does not want to be found gets it by their homeserver
     * instead, and the inviter cannot tell. Throws M_LIMIT_EXCEEDED when the inviter asked too often; asking whose an
     * address is counts.
     */
    @Transactional
    StoreOutcome store(NewInvitation invitation, Audience audience) {
        limits.take(inviting.by(invitation.sender()));
        // Locked: an address that is bound in this moment either refuses the invitation or takes it along.
        Optional<Association> owner = associations.currentLocked(invitation.address());
        if (owner.isPresent() && owner.get().discoverable()) {
            return new StoreOutcome.InUse(owner.get().user());
        }
        if (!mail.canSend(invitation.address())) {
            return new StoreOutcome.CannotSend();
        }
        String token = randomText();
        SigningKey ephemeral = SigningKey.generate(EPHEMERAL, random);
        KeyId longTerm = keys.current();
        Instant now = now();
        Instant expiresAt = now.plus(settings.lifetime());
        Payload payload = new Payload(invitation.sender(), invitation.roomId(),
                ShownName.of(invitation.roomName(), ShownName.ROOM), InvitationMail.isSpace(invitation),
                ephemeral.seed());
        AddressesAtRest.Columns columns = addresses.store(invitation.address());
        repository.add(token, columns.sealed(), columns.hash(), columns.key(), payloads.seal(payload, token),
                longTerm.toString(), inviters.current(plain(invitation.sender())), now, expiresAt);
        repository.addEphemeralKey(ephemeral.verifyKey().encoded());
        if (owner.isPresent()) {
            handTo(owner.get());
        } else {
            mail.send(invitation, token, ephemeral, audience, expiresAt);
        }
        return new StoreOutcome.Stored(token, keys.publicKey(longTerm).orElseThrow(), ephemeral.verifyKey(),
                invitation.address().redacted());
    }

    /** Within the transaction that binds: all that waited for the address goes to its owner, in one letter. */
    @EventListener
    void whenBound(AssociationBound event) {
        handTo(event.association());
    }

    private void handTo(Association association) {
        Instant now = now();
        String delivery = randomText();
        int assigned = repository.assign(addresses.hashesOf(association.address()), association.user().value(),
                delivery, now);
        if (assigned > 0) {
            outbox.put(OnbindCourier.CHANNEL, OnbindCourier.letter(delivery, association),
                    now.plus(settings.lifetime()));
        }
    }

    /** Takes back what a user sent before an instant and still waits. */
    @Transactional
    public void forgetSentBy(UserId user, Instant before) {
        List<byte[]> hashes = inviters.underEachKey(plain(user));
        repository.deleteSentBy(hashes, before);
        journal.add(RestoredInvitations.INVITER, Optional.empty(), Stream.concat(Stream.of(Revocation.part(before)),
                hashes.stream().map(Revocation::part)).toList());
    }

    private static byte[] plain(UserId user) {
        return user.value().getBytes(StandardCharsets.UTF_8);
    }

    /** Deletes what waited too long; the public halves of the keys stay valid. */
    @Transactional
    public void deleteExpired() {
        repository.deleteExpired(now());
    }

    /**
     * Signs that a user accepts an invitation, with the invitation's own key, which whoever calls has to know. Empty when
     * there is no such invitation, when it is another user's by now, or when that is not its key.
     */
    Optional<JsonObject> sign(UserId user, String token, SigningKey key) {
        return find(token).filter(invitation -> invitation.isOpenTo(user))
                .map(payloads::open)
                .filter(payload -> payload.isKeyedBy(key))
                .map(payload -> SignedJson.sign(JsonObject.builder()
                        .put("mxid", user.value())
                        .put("sender", payload.sender().value())
                        .put("token", token)
                        .build(), signet.serverName(), key));
    }

    /** What a page shows of an invitation: what the members of the room know anyway, as they know the token. */
    record Look(UserId sender, String roomName, boolean space, String redactedAddress) {}

    /** Returns what may be shown of an invitation that waits; empty when none of that token does. */
    Optional<Look> look(String token) {
        return find(token).map(invitation -> {
            Payload payload = payloads.open(invitation);
            return new Look(payload.sender(), payload.roomName(), payload.space(),
                    addresses.open(invitation.addressSealed()).redacted());
        });
    }

    /** Returns whether this very text was handed out as the public half of an invitation's key, ever. */
    boolean isEphemeralKey(String publicKey) {
        return repository.hasEphemeralKey(publicKey);
    }

    static boolean isToken(String text) {
        return TOKEN.test(text);
    }

    private Optional<StoredInvitation> find(String token) {
        return isToken(token) ? repository.findByToken(token, now()) : Optional.empty();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private String randomText() {
        byte[] chosen = new byte[TOKEN_BYTES];
        random.nextBytes(chosen);
        return UnpaddedBase64.encodeUrl(chosen);
    }
}
