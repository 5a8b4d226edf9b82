package im.signet.protocol.handle;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonNull;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static im.signet.protocol.handle.Chain.TIME;
import static im.signet.protocol.handle.Forge.key;
import static im.signet.protocol.handle.Forge.rnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Bindings, proofs, statuses, cards and fingerprints as values; what they must refuse stands in the vectors. */
class HandleRecordsTest {
    private static final Handle ALICE = Handle.of("alice@example.org");

    private final Identity identity = Chain.begin("phone", "r1").identity();
    private final Binding first = Binding.first(ALICE, identity, TIME, rnd("1"));
    private final SignedBinding signed = SignedBinding.verify(first.sign(key("phone")), identity).orElseThrow();

    @Test
    void aBindingIsReadAsItWasWritten() {
        assertThat(Binding.read(first.sign(key("phone")))).isEqualTo(Verdict.valid(first));
        assertThat(signed.binding()).isEqualTo(first);
        assertThat(signed.signer()).isEqualTo(key("phone").key());
        assertThat(signed.opId()).isEqualTo(signed.jws().opId());
    }

    @Test
    void aBindingEndsAtItsEnd() {
        assertThat(first.exp()).isEqualTo(TIME + Binding.DEFAULT_LIFE_SECONDS);
        assertThat(signed.isExpiredAt(first.exp() - 1)).isFalse();
        assertThat(signed.isExpiredAt(first.exp())).isTrue();
    }

    @Test
    void twoBindingsOfOneSeqContradict() {
        Binding other = Binding.first(ALICE, identity, TIME, rnd("2"));
        SignedBinding twin = SignedBinding.verify(other.sign(key("phone")), identity).orElseThrow();

        assertThat(twin.contradicts(signed)).isTrue();
        assertThat(signed.contradicts(signed)).isFalse();
        assertThat(signed.equals(SignedBinding.verify(signed.jws(), identity).orElseThrow())).isTrue();
        assertThat(signed).isNotEqualTo(twin);
    }

    @Test
    void aBindingCannotBeMadeOfWrongParts() {
        assertThatIllegalArgumentException().isThrownBy(() -> first.withExp(TIME));
        assertThatIllegalArgumentException().isThrownBy(() -> first.withExp(TIME + Binding.MAX_LIFE_SECONDS + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Binding.first(ALICE, identity, -1, rnd("1")));
        assertThatIllegalArgumentException().isThrownBy(() -> Binding.first(ALICE, identity, Long.MAX_VALUE, rnd("1")));
        assertThatIllegalArgumentException().isThrownBy(() -> signed.move(identity, ALICE, TIME, rnd("1")));
        JsonObject deep = JsonObject.of();
        for (int i = 0; i < 7; i++) {
            deep = JsonObject.of().with("a", deep);
        }
        JsonObject tooDeep = deep;
        assertThatIllegalArgumentException().isThrownBy(() -> withExt(tooDeep));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withExt(JsonObject.of().with("a", JsonArray.of(List.of(JsonNull.NULL)))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withExt(StrictJson.parseObject("{\"a\":1.5}").orElseThrow()));
        Binding allowed = withExt(((JsonObject) deep.get("a").orElseThrow()));
        assertThat(Binding.read(allowed.sign(key("phone")))).isEqualTo(Verdict.valid(allowed));
    }

    @Test
    void aProofHidesItsNonce() {
        ProofOfPossession.Nonce nonce = ProofOfPossession.Nonce.generate(new SecureRandom());
        ProofOfPossession proof = new ProofOfPossession(new ProofOfPossession.Request("https://ns.example.org", nonce,
                signed.opId(), ProofOfPossession.Method.PUT, "https://ns.example.org/x"), TIME);

        assertThat(nonce).hasToString("Nonce[hidden]")
                .isEqualTo(new ProofOfPossession.Nonce(nonce.value()))
                .isNotEqualTo(ProofOfPossession.Nonce.generate(new SecureRandom()));
        assertThat(proof.toString()).doesNotContain(nonce.value());
        assertThat(ProofOfPossession.claimedNonce(proof.sign(key("phone")))).isEqualTo(Verdict.valid(nonce));
        assertThat(ProofOfPossession.verify(proof.sign(key("phone")), signed.signer(), proof.request()))
                .isEqualTo(Verdict.valid(proof));
    }

    @Test
    void aStatusHoldsADayAtMost() {
        Status status = new Status(ALICE, identity.id(), 0, signed.opId(), identity.head(), Status.State.ACTIVE, TIME,
                TIME + Status.MAX_LIFE_SECONDS);

        assertThat(Status.verify(status.sign(key("s")), List.of(key("s").key()))).isEqualTo(Verdict.valid(status));
        assertThat(status.isExpiredAt(status.exp() - 1)).isFalse();
        assertThat(status.isExpiredAt(status.exp())).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new Status(ALICE, identity.id(), 0, signed.opId(),
                identity.head(), Status.State.ACTIVE, TIME, TIME + Status.MAX_LIFE_SECONDS + 1));
    }

    @Test
    void everyCardIsReadAsItWasWritten() {
        Random random = new Random(20261121);
        for (int i = 0; i < 2_000; i++) {
            byte[] hash = new byte[32];
            random.nextBytes(hash);
            int seq = random.nextInt(0x10000);
            Card card = new Card(IdentityId.ofHash(hash), random.nextInt(seq + 1), seq, random.nextLong(),
                    random.nextBoolean() ? Optional.empty() : Optional.of(Handle.of("a" + i + "@b" + i + ".example")));

            assertThat(Card.parse(card.toText())).isEqualTo(Verdict.valid(card));
            assertThat(card.toText()).matches("[A-Z0-9:]+");
            assertThat(Card.parse(card.toLink(ServerName.of("ns.example.org:8443")))).isEqualTo(Verdict.valid(card));
            assertThat(Card.parse(card.toLink(ServerName.of("[::1]")))).isEqualTo(Verdict.valid(card));
        }
    }

    @Test
    void aCardCannotBeMadeOfWrongParts() {
        Card card = Card.of(identity, Optional.of(ALICE));
        assertThatIllegalArgumentException().isThrownBy(() -> card.toLink(ServerName.of("NS.example.org")));
        assertThatIllegalArgumentException().isThrownBy(() -> new Card(card.id(), 1, 0, 0, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Card(card.id(), 0, 65_536, 0, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Card(card.id(), -1, 0, 0, Optional.empty()));
    }

    @Test
    void aFingerprintIsReadAsItWasWritten() {
        Fingerprint fingerprint = Fingerprint.of(identity, Chain.begin("laptop", "b1", "b2").identity());

        assertThat(Fingerprint.parse(fingerprint.toString())).isEqualTo(Verdict.valid(fingerprint));
        assertThat(fingerprint.groups()).hasSize(12).allMatch(group -> group.matches("[0-9]{5}"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Fingerprint("1".repeat(59)));
    }

    @Test
    void aFingerprintIsMadeOfBothSides() {
        Identity other = Chain.begin("laptop", "b1", "b2").identity();
        List<String> sides = Stream.of(Fingerprint.sideOf(identity), Fingerprint.sideOf(other))
                .map(side -> String.join(" ", side))
                .sorted()
                .toList();

        assertThat(Fingerprint.of(identity, other)).hasToString(String.join(" ", sides));
        assertThat(Fingerprint.sideOf(identity)).hasSize(6).isNotEqualTo(Fingerprint.sideOf(other));
    }

    @Test
    void namesHaveOneTextEach() {
        assertThat(IdentityId.parse(identity.id().value())).isEqualTo(Verdict.valid(identity.id()));
        assertThat(OpId.parse(identity.head().value())).isEqualTo(Verdict.valid(identity.head()));
        assertThat(Rnd.parse(Rnd.generate(new SecureRandom()).value()).isValid()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new IdentityId("n1"));
        assertThatIllegalArgumentException().isThrownBy(() -> new OpId("A".repeat(42) + "B"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rnd(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Thumbprint("="));
        assertThatIllegalArgumentException().isThrownBy(() -> HandleDomain.of("localhost"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Handle("A", Chain.HOME));
    }

    private Binding withExt(JsonObject ext) {
        return new Binding(first.handle(), first.id(), 0, Optional.empty(), first.head(), first.hs(), first.epoch(),
                first.state(), Optional.empty(), first.iat(), first.exp(), first.rnd(), Optional.empty(), ext);
    }
}
