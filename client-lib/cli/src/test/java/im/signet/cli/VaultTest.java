package im.signet.cli;

import im.signet.protocol.json.JsonObject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class VaultTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private Vault open() {
        return Vault.open(folder.resolve("home"), "right".toCharArray(), RANDOM);
    }

    private Vault create() {
        return Vault.create(folder.resolve("home"), "right".toCharArray(), RANDOM);
    }

    private static JsonObject json(String value) {
        return JsonObject.builder().put("value", value).build();
    }

    @Test
    void keepsWhatWasPut() throws Exception {
        try (Vault vault = create()) {
            vault.put("a", json("one"));
            vault.put("a", json("two"));
            vault.put("b", Optional.of(new byte[]{1}));
            vault.put("b", Optional.empty());
        }
        try (Vault vault = open()) {
            assertThat(vault.json("a")).contains(json("two"));
            assertThat(vault.bytes("b")).isEmpty();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("home"))))
                .isEqualTo("rwx------");
    }

    @Test
    void undoesNothingThatAnotherHasDone() {
        try (Vault mine = create(); Vault other = open()) {
            mine.put("a", json("first"));
            assertThat(other.json("a")).contains(json("first"));
            mine.put("a", json("second"));
            assertThatExceptionOfType(Ended.class).isThrownBy(() -> other.put("a", json("mine")))
                    .satisfies(ended -> assertThat(ended.outcome().exit()).isEqualTo(Exit.NOT_NOW));
            assertThat(mine.json("a")).contains(json("second"));
        }
    }

    @Test
    void opensByItsPassphraseOnly() {
        create().close();
        assertThatExceptionOfType(Ended.class)
                .isThrownBy(() -> Vault.open(folder.resolve("home"), "wrong".toCharArray(), RANDOM))
                .satisfies(ended -> assertThat(ended.outcome().exit()).isEqualTo(Exit.FIRST));
        assertThatExceptionOfType(Ended.class).isThrownBy(this::create);
    }

    @Test
    void leavesADamagedFileAsItIs() throws Exception {
        create().close();
        Path file = folder.resolve("home/secrets");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatExceptionOfType(Ended.class).isThrownBy(this::open);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
}
