package im.signet.kit.key;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SealingTest {

    private static final byte[] ADDRESS = "alice@example.org".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();
    private final KeyRing.Key one = key("one");
    private final KeyRing.Key two = key("two");

    private KeyRing.Key key(String id) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return new KeyRing.Key(id, bytes);
    }

    private Sealing with(String purpose, KeyRing.Key... keys) {
        return new Sealing(new KeyRing(purpose, List.of(keys)), random);
    }

    @Test
    void opensWhatItSealed() {
        assertThat(with("address", one).open(with("address", one).seal(ADDRESS, "x"), "x")).isEqualTo(ADDRESS);
        assertThat(with("address", one).open(with("address", one).seal(new byte[0], "x"), "x")).isEmpty();
    }

    @Test
    void neverSealsTheSameTwice() {
        Sealing sealing = with("address", one);
        assertThat(sealing.seal(ADDRESS, "x")).isNotEqualTo(sealing.seal(ADDRESS, "x"));
    }

    @Test
    void showsNothingOfTheContent() {
        byte[] sealed = with("address", one).seal(ADDRESS, "x");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("alice").contains("one");
    }

    @Test
    void opensOldEnvelopesAfterARotation() {
        byte[] old = with("address", one).seal(ADDRESS, "x");
        assertThat(with("address", one, two).open(old, "x")).isEqualTo(ADDRESS);
        assertThat(with("address", one, two).seal(ADDRESS, "x")).contains("two".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void refusesOtherKeysContextsAndPurposes() {
        byte[] sealed = with("address", one).seal(ADDRESS, "x");
        assertThatThrownBy(() -> with("address", two).open(sealed, "x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> with("address", one).open(sealed, "y")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> with("outbox", one).open(sealed, "x")).isInstanceOf(IllegalStateException.class);
        KeyRing.Key sameName = new KeyRing.Key("one", two.bytes());
        assertThatThrownBy(() -> with("address", sameName).open(sealed, "x")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesEveryAlteration() {
        Sealing sealing = with("address", one);
        byte[] sealed = sealing.seal(ADDRESS, "x");
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> sealing.open(altered, "x")).isInstanceOf(IllegalStateException.class);
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> sealing.open(cut, "x")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void findsKeyedHashesUnderEachLiveKey() {
        KeyedHash before = new KeyedHash(new KeyRing("h", List.of(one)));
        KeyedHash after = new KeyedHash(new KeyRing("h", List.of(one, two)));
        assertThat(after.underEachKey(ADDRESS)).hasSize(2).contains(before.current(ADDRESS), after.current(ADDRESS));
        assertThat(after.current(ADDRESS)).hasSize(32).isNotEqualTo(before.current(ADDRESS));
        assertThat(after.currentKeyId()).isEqualTo("two");
    }
}
