package im.signet.kit.key;

import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyFolderTest {

    private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    Path temporary;

    private KeyFolder folder;

    @BeforeEach
    void inAFolderThatIsNotThereYet() {
        folder = new KeyFolder(temporary.resolve("data/keys"), new SecureRandom());
    }

    @Test
    void readsWhatItMade() {
        KeyRing made = folder.create("address", "a");
        KeyRing read = folder.read("address").orElseThrow();
        assertThat(read.current().id()).isEqualTo(made.current().id()).startsWith("a");
        assertThat(read.current().bytes()).isEqualTo(made.current().bytes()).hasSize(32);
    }

    @Test
    void keepsKeysForTheServersUserOnly() throws IOException {
        folder.create("address", "a");
        Path file = folder.fileOf("address");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void neverMakesAKeyOverAnother() {
        KeyRing first = folder.create("address", "a");
        assertThatThrownBy(() -> folder.create("address", "a")).isInstanceOf(UncheckedIOException.class);
        assertThat(folder.read("address").orElseThrow().current().bytes()).isEqualTo(first.current().bytes());
    }

    @Test
    void findsNothingWhereThereIsNoFile() {
        assertThat(folder.read("address")).isEmpty();
    }

    @Test
    void usesTheLastLineAndKeepsTheOthers() throws IOException {
        write("# a comment\n\nold " + SECRET + "\nnew " + SECRET.replace('A', 'B').substring(0, 42) + "A=\n");
        KeyRing ring = folder.read("address").orElseThrow();
        assertThat(ring.current().id()).isEqualTo("new");
        assertThat(ring.byId("old")).isPresent();
        assertThat(ring.byId("other")).isEmpty();
        assertThat(ring.all()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "key\n", "key short\n", SECRET + "\n", "a b " + SECRET + "\n",
        "k\u00e4y " + SECRET + "\n", "key " + SECRET + "A\n", "key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
        "key " + SECRET + "\nkey " + SECRET + "\n", "good " + SECRET + "\nbad\n"})
    void refusesAFileThatIsNotEntirelyRight(String content) throws IOException {
        write(content);
        assertThatThrownBy(() -> folder.read("address")).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("address.keys")
                .hasMessageNotContaining("AAAAAA");
    }

    @Test
    void hidesKeys() {
        KeyRing ring = folder.create("address", "a");
        assertThat(ring.toString() + ring.current()).contains("address").doesNotContain("[B@");
    }

    private String added(boolean next) {
        KeyRing.Key key = folder.fresh("address", "a");
        folder.add("address", key, next);
        return key.id();
    }

    private void write(String content) throws IOException {
        Files.createDirectories(temporary.resolve("data/keys"));
        Files.writeString(folder.fileOf("address"), content);
    }

    @Test
    void knowsTheNextKeyBeforeItIsInUse() throws IOException {
        KeyRing first = folder.create("address", "a");
        String next = added(true);
        KeyRing known = folder.read("address").orElseThrow();
        assertThat(known.current().id()).isEqualTo(first.current().id());
        assertThat(known.byId(next)).isPresent();
        assertThat(known.all()).hasSize(2).last().isEqualTo(known.current());
        assertThat(folder.next("address")).containsExactly(next);

        folder.use("address", next);
        KeyRing used = folder.read("address").orElseThrow();
        assertThat(used.current().id()).isEqualTo(next);
        assertThat(used.byId(first.current().id())).isPresent();
        assertThat(folder.next("address")).isEmpty();
        folder.use("address", first.current().id());
        assertThat(folder.read("address").orElseThrow().current().id()).isEqualTo(first.current().id());
    }

    @Test
    void addsAKeyAndLeavesAllElseAsItWas() throws IOException {
        folder.create("address", "a");
        Path file = folder.fileOf("address");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        String before = Files.readString(file);
        String added = added(false);
        assertThat(Files.readString(file)).startsWith(before).contains("\n" + added + " ");
        assertThat(folder.read("address").orElseThrow().current().id()).isEqualTo(added);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void hasNoKeyInUseWhereAllAreNext() throws IOException {
        folder.create("address", "a");
        Files.writeString(folder.fileOf("address"), "a1 " + SECRET + " next\n");
        assertThatThrownBy(() -> folder.read("address")).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("every key of it is only 'next'");
        Files.writeString(folder.fileOf("address"), "a1 " + SECRET + " later\n");
        assertThatThrownBy(() -> folder.read("address")).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("line 1 is not");
    }
}
