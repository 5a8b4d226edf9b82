package im.signet.client.handle;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.JwsKey;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Reason;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.handle.Verdict;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OwnIdentityTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    private static final HandleDomain HOME = HandleDomain.of("example.org");
    private static final Handle HANDLE = Handle.of("alice@example.org");

    private final RecoveryKey first = RecoveryKey.generate(RANDOM);
    private final RecoveryKey second = RecoveryKey.generate(RANDOM);
    private final OwnIdentity phone = OwnIdentity.create(HOME, List.of(first, second), CLOCK, RANDOM);

    /** Returns a new device's view of the identity, added by way of texts alone. */
    private static OwnIdentity join(OwnIdentity old, JwsSigner key) {
        DeviceRequest request = DeviceRequest.parse(new DeviceRequest(key.key()).toText()).orElseThrow();
        String offer = old.vouchFor(request, CLOCK).orElseThrow().toText();
        return OwnIdentity.join(DeviceOffer.parse(offer).orElseThrow(), key).orElseThrow().after();
    }

    private static JwsSigner key() {
        return JwsSigner.generate(RANDOM);
    }

    private static Optional<Reason> reason(Verdict<?> verdict) {
        return verdict.reason();
    }

    @Test
    void aNewDeviceAgreesAndAnOldOneVouches() {
        OwnIdentity laptop = join(phone, key());

        assertThat(laptop.id()).isEqualTo(phone.id());
        assertThat(laptop.identity().devices()).containsExactly(phone.device(), laptop.device());
        assertThat(phone.at(laptop.chain()).isRevoked()).isFalse();
    }

    @Test
    void anOfferIsForOneDeviceOnly() {
        DeviceOffer offer = phone.vouchFor(new DeviceRequest(key().key()), CLOCK).orElseThrow();
        assertThat(reason(OwnIdentity.join(offer, key()))).contains(Reason.UNKNOWN_SIGNER);
        assertThat(DeviceOffer.parse(offer.toText().replace("\"v\":1", "\"v\":2")).isOk()).isFalse();
        assertThat(DeviceOffer.parse("{}").isOk()).isFalse();
    }

    @Test
    void nobodyVouchesForAKeyThatWasListed() {
        assertThat(reason(phone.vouchFor(new DeviceRequest(phone.device()), CLOCK))).contains(Reason.KEY_REUSED);
        assertThat(reason(phone.vouchFor(new DeviceRequest(first.key()), CLOCK))).contains(Reason.KEY_REUSED);
    }

    @Test
    void aDeviceRevokesItselfAndJuniorsButNoSenior() {
        OwnIdentity laptop = join(phone, key());
        OwnIdentity senior = phone.at(laptop.chain());

        assertThat(reason(laptop.revoke(Set.of(phone.device()), Revocation.Why.STOLEN, CLOCK)))
                .contains(Reason.JUNIOR_SIGNER);
        NextOperation byRecovery = laptop.revoke(Set.of(phone.device()), Revocation.Why.STOLEN, second, CLOCK)
                .orElseThrow();
        assertThat(senior.at(byRecovery.after().chain()).isRevoked()).isTrue();
        assertThat(senior.revoke(Set.of(laptop.device()), Revocation.Why.LOST, CLOCK).isValid()).isTrue();
        assertThat(laptop.revoke(Set.of(laptop.device()), Revocation.Why.RETIRED, CLOCK)
                .orElseThrow()
                .after()
                .isRevoked()).isTrue();
        assertThat(reason(phone.revoke(Set.of(phone.device()), Revocation.Why.LOST, CLOCK)))
                .contains(Reason.DEVICE_COUNT);
        assertThat(reason(senior.revoke(Set.of(key().key()), Revocation.Why.LOST, CLOCK)))
                .contains(Reason.WRONG_REVOKED);
    }

    @Test
    void aRevokedDeviceVouchesForNobody() {
        OwnIdentity laptop = join(phone, key());
        OwnIdentity gone = laptop.revoke(Set.of(laptop.device()), Revocation.Why.LOST, CLOCK).orElseThrow().after();
        assertThat(reason(gone.vouchFor(new DeviceRequest(key().key()), CLOCK))).contains(Reason.NO_AUTHORITY);
        assertThat(reason(gone.claim(HANDLE, Optional.empty(), CLOCK, RANDOM))).contains(Reason.UNKNOWN_SIGNER);
    }

    @Test
    void recoveryKeysOrderReplaceAndEnd() {
        OwnIdentity laptop = join(phone, key());
        List<JwsKey> turned = List.of(laptop.device(), phone.device());
        assertThat(laptop.reorder(turned, second, CLOCK).orElseThrow().after().identity().devices()).isEqualTo(turned);
        assertThat(reason(laptop.reorder(List.of(laptop.device()), second, CLOCK))).contains(Reason.MIXED_CHANGES);

        RecoveryKey third = RecoveryKey.generate(RANDOM);
        assertThat(reason(laptop.replaceRecovery(List.of(third, second), Revocation.Why.LOST, second, CLOCK)))
                .contains(Reason.LOWER_PRIORITY);
        OwnIdentity replaced = laptop.replaceRecovery(List.of(third, second), Revocation.Why.LOST, first, CLOCK)
                .orElseThrow()
                .after();
        assertThat(replaced.identity().recovery()).containsExactly(third.key(), second.key());
        assertThat(replaced.identity().epoch()).isEqualTo(1);
        assertThat(reason(replaced.replaceRecovery(List.of(first), Revocation.Why.LOST, first, CLOCK)))
                .contains(Reason.NO_AUTHORITY);
        assertThat(reason(laptop.replaceRecovery(List.of(third, third), Revocation.Why.LOST, first, CLOCK)))
                .contains(Reason.DUPLICATE_KEY);
        assertThat(reason(laptop.replaceRecovery(List.of(), Revocation.Why.LOST, first, CLOCK)))
                .contains(Reason.RECOVERY_COUNT);
        assertThat(laptop.changeHome(HandleDomain.of("example.net"), second, CLOCK).isValid()).isTrue();
        assertThat(laptop.deactivate(second, CLOCK).orElseThrow().after().identity().isDeactivated()).isTrue();
        assertThat(reason(laptop.deactivate(RecoveryKey.generate(RANDOM), CLOCK))).contains(Reason.UNKNOWN_SIGNER);
    }

    @Test
    void whoLostAllDevicesRecoversByWhatWasWrittenDown() {
        char[] written = second.reveal();
        JwsSigner next = key();
        NextOperation recovered = OwnIdentity
                .recover(phone.chain(), RecoveryKey.parse(written).orElseThrow(), next, Revocation.Why.STOLEN, CLOCK)
                .orElseThrow();

        assertThat(recovered.after().identity().devices()).containsExactly(next.key());
        assertThat(recovered.after().identity().epoch()).isEqualTo(1);
        assertThat(phone.at(recovered.after().chain()).isRevoked()).isTrue();
        assertThat(reason(OwnIdentity.recover(phone.chain(), RecoveryKey.generate(RANDOM), key(), Revocation.Why.LOST,
                CLOCK))).contains(Reason.UNKNOWN_SIGNER);
    }

    @Test
    void aRecoveryKeyIsReadAsPeopleWrite() {
        String text = new String(first.reveal());
        assertThat(text).matches("SIGNET-RECOVERY:([A-Z2-7]{4}-){14}[A-Z2-7]{4}");
        for (String written : List.of(text, text.toLowerCase(Locale.ROOT),
                text.replace("-", " ").replace("SIGNET ", "SIGNET-"),
                "  " + text.replace(":", ": ") + "\n")) {
            assertThat(RecoveryKey.parse(written.toCharArray()).orElseThrow()).isEqualTo(first);
        }
    }

    @Test
    void aRecoveryKeyWithAnyCharacterWrongIsRefused() {
        char[] text = first.reveal();
        int refused = 0;
        for (int i = 0; i < text.length; i++) {
            char[] wrong = text.clone();
            wrong[i] = text[i] == 'A' ? 'B' : 'A';
            refused += text[i] == '-' || RecoveryKey.parse(wrong).isOk() ? 0 : 1;
            char[] shorter = Arrays.copyOf(text, i);
            assertThat(RecoveryKey.parse(shorter).isOk()).isFalse();
        }
        // All but the dashes, of which the one of the prefix counts.
        assertThat(refused).isEqualTo(16 + 60 - 1);
        assertThat(RecoveryKey.parse(new DeviceRequest(first.key()).toText().toCharArray()).isOk()).isFalse();
        assertThat(DeviceRequest.parse(new String(text)).isOk()).isFalse();
        assertThat(RecoveryKey.parse(new char[100_000]).isOk()).isFalse();
    }

    @Test
    void secretsAreHiddenAndWiped() {
        assertThat(first).hasToString("RecoveryKey[hidden]");
        assertThat(phone.toString()).contains("hidden");
        first.wipe();
        assertThatIllegalStateException().isThrownBy(first::reveal);
        OwnIdentity other = OwnIdentity.create(HOME, List.of(second), CLOCK, RANDOM);
        other.wipe();
        assertThatIllegalStateException().isThrownBy(() -> other.claim(HANDLE, Optional.empty(), CLOCK, RANDOM));
    }

    @Test
    void aHandleIsClaimedRenewedMovedAndReleased() {
        OwnIdentity claimed = phone.claim(HANDLE, Optional.empty(), CLOCK, RANDOM).orElseThrow().after();
        OwnIdentity renewed = claimed.renew(HANDLE, CLOCK, RANDOM).orElseThrow().after();
        assertThat(renewed.binding(HANDLE).orElseThrow().binding().seq()).isEqualTo(1);
        assertThat(reason(phone.renew(HANDLE, CLOCK, RANDOM))).contains(Reason.WRONG_HANDLE);
        assertThat(reason(renewed.move(HANDLE, HANDLE, first, CLOCK, RANDOM))).contains(Reason.MOVED_TO);

        OwnIdentity released = renewed.release(HANDLE, first, CLOCK, RANDOM).orElseThrow().after();
        assertThat(reason(released.claim(HANDLE, Optional.empty(), CLOCK, RANDOM)))
                .contains(Reason.NEEDS_RECOVERY_KEY);
        assertThat(released.reclaim(HANDLE, Optional.empty(), first, CLOCK, RANDOM)
                .orElseThrow()
                .binding()
                .binding()
                .seq()).isEqualTo(3);
        assertThat(reason(renewed.release(HANDLE, RecoveryKey.generate(RANDOM), CLOCK, RANDOM)))
                .contains(Reason.UNKNOWN_SIGNER);
    }

    @Test
    void isStoredWithEverything() {
        OwnIdentity claimed = phone.claim(HANDLE, Optional.empty(), CLOCK, RANDOM).orElseThrow().after();
        OwnIdentity stored = OwnIdentity.parse(claimed.toBytes()).orElseThrow();

        assertThat(stored.chain()).isEqualTo(claimed.chain());
        assertThat(stored.device()).isEqualTo(claimed.device());
        assertThat(stored.binding(HANDLE)).isEqualTo(claimed.binding(HANDLE));
        assertThat(stored.renew(HANDLE, CLOCK, RANDOM).isValid()).isTrue();
        byte[] whole = claimed.toBytes();
        for (int length : new int[]{0, 31, 32, 33, whole.length - 1}) {
            assertThat(OwnIdentity.parse(Arrays.copyOf(whole, length)).isOk()).isFalse();
        }
        byte[] anotherKey = whole.clone();
        anotherKey[3] ^= 1;
        assertThat(OwnIdentity.parse(anotherKey).isOk()).isFalse();
    }

    @Test
    void goesOnWithItsOwnChainOnly() {
        OwnIdentity other = OwnIdentity.create(HOME, List.of(first), CLOCK, RANDOM);
        assertThatIllegalArgumentException().isThrownBy(() -> phone.at(other.chain()));
        OwnIdentity laptop = join(phone, key());
        assertThatIllegalArgumentException().isThrownBy(() -> laptop.at(phone.chain()));
        OwnIdentity tablet = join(phone, key());
        assertThatIllegalArgumentException().isThrownBy(() -> laptop.at(tablet.chain()));
        assertThat(laptop.compare(tablet.chain().operations())).isInstanceOf(Chain.Comparison.Forked.class);
    }
}
