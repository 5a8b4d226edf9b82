package im.signet.identity.address;

import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.security.SecureRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AddressesAtRestTest {

    private static final Address ALICE = Address.of(Medium.EMAIL, "alice@example.org");

    private final AddressesAtRest atRest = withNewKeys();

    private static AddressesAtRest withNewKeys() {
        return new AddressesAtRest(new Sealing(KeyRings.of("address"), new SecureRandom()),
                new KeyedHash(KeyRings.of("address-hash")));
    }

    @Test
    void opensWhatItSealed() {
        Address phone = Address.of(Medium.MSISDN, "447700900123");
        assertThat(atRest.open(atRest.store(ALICE).sealed())).isEqualTo(ALICE);
        assertThat(atRest.open(atRest.store(phone).sealed())).isEqualTo(phone);
        assertThat(atRest.openSpelling(atRest.sealSpelling("straße@example.org"))).isEqualTo("straße@example.org");
    }

    @Test
    void sealsTheSameAddressDifferentlyEachTime() {
        assertThat(atRest.store(ALICE).sealed()).isNotEqualTo(atRest.store(ALICE).sealed());
    }

    @Test
    void findsAnAddressByItsHash() {
        AddressesAtRest.Columns columns = atRest.store(ALICE);
        assertThat(columns.hash()).hasSize(32);
        assertThat(columns.key()).isEqualTo("k1");
        assertThat(atRest.hashesOf(ALICE)).containsExactly(columns.hash());
        assertThat(atRest.hashesOf(Address.of(Medium.EMAIL, "ALICE@example.org"))).containsExactly(columns.hash());
        assertThat(atRest.hashesOf(Address.of(Medium.EMAIL, "alicf@example.org"))).doesNotContain(columns.hash());
    }

    @Test
    void hashesWithAKeyOfItsOwn() {
        assertThat(withNewKeys().store(ALICE).hash()).isNotEqualTo(atRest.store(ALICE).hash());
    }

    @Test
    void takesNoSpellingForAnAddress() {
        assertThatThrownBy(() -> atRest.open(atRest.sealSpelling("email\0alice@example.org")))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> atRest.openSpelling(atRest.store(ALICE).sealed()))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void opensNothingThatAnotherKeySealed() {
        assertThatThrownBy(() -> withNewKeys().open(atRest.store(ALICE).sealed()))
                .isInstanceOf(RuntimeException.class);
    }
}
