package im.signet.client.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SecretFileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    // The least that is accepted: these tests open many files.
    private static final Argon2id CHEAP = new Argon2id(19 * 1024, 2, 1);
    private static final Secret KEY = Secret.copyOf(new byte[]{1, 2, 3});
    private static final Secret OTHER = Secret.copyOf(new byte[]{4, 5});

    @TempDir
    private Path folder;
    private Path file;
    private SecretFile store;

    @BeforeEach
    void create() {
        file = folder.resolve("secrets");
        SecretFile.Opening created = SecretFile.create(file, passphrase(), CHEAP, RANDOM);
        assertThat(created).isInstanceOf(SecretFile.Opening.Opened.class);
        store = ((SecretFile.Opening.Opened) created).store();
    }

    private static char[] passphrase() {
        return "correct horse".toCharArray();
    }

    private SecretFile.Opening open() {
        return SecretFile.open(file, passphrase(), RANDOM);
    }

    private SecretFile opened() {
        return ((SecretFile.Opening.Opened) open()).store();
    }

    private static void put(SecretStore store, String name, Secret secret) {
        assertThat(store.replace(name, Optional.empty(), Optional.of(secret)))
                .isEqualTo(new SecretStore.Writing.Written());
    }

    @Test
    void keepsWhatItWasGiven() {
        put(store, "identity", KEY);
        put(store, "ünïcode", OTHER);

        SecretFile again = opened();
        assertThat(again.read("identity")).isEqualTo(new SecretStore.Reading.Found(KEY));
        assertThat(again.read("ünïcode")).isEqualTo(new SecretStore.Reading.Found(OTHER));
        assertThat(again.read("none")).isEqualTo(new SecretStore.Reading.Absent());
        assertThat(((SecretStore.Listing.Names) again.names()).names()).containsExactly("identity", "ünïcode");
    }

    @Test
    void changesWhatIsExpectedOnly() {
        put(store, "a", KEY);
        assertThat(store.replace("a", Optional.empty(), Optional.of(OTHER)))
                .isEqualTo(new SecretStore.Writing.Conflict(Optional.of(KEY)));
        assertThat(store.replace("b", Optional.of(KEY), Optional.of(OTHER)))
                .isEqualTo(new SecretStore.Writing.Conflict(Optional.empty()));
        assertThat(store.replace("a", Optional.of(KEY), Optional.of(OTHER)))
                .isEqualTo(new SecretStore.Writing.Written());
        assertThat(opened().read("a")).isEqualTo(new SecretStore.Reading.Found(OTHER));
        assertThat(store.replace("a", Optional.of(OTHER), Optional.empty()))
                .isEqualTo(new SecretStore.Writing.Written());
        assertThat(opened().read("a")).isEqualTo(new SecretStore.Reading.Absent());
    }

    @Test
    void isTheSameStoreBehindALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        SecretFile behind = ((SecretFile.Opening.Opened) SecretFile.open(link, passphrase(), RANDOM)).store();
        put(behind, "a", KEY);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(store.replace("a", Optional.empty(), Optional.of(OTHER)))
                .isEqualTo(new SecretStore.Writing.Conflict(Optional.of(KEY)));
    }

    @Test
    void wipesThePassphraseAndHidesTheRest() {
        char[] passphrase = passphrase();
        SecretFile.open(file, passphrase, RANDOM);
        assertThat(passphrase).containsOnly('\0');
        char[] wrong = "wrong".toCharArray();
        SecretFile.open(file, wrong, RANDOM);
        assertThat(wrong).containsOnly('\0');
        assertThat(KEY).hasToString("Secret[hidden]");
        assertThat(new SecretStore.Reading.Found(KEY).toString()).contains("hidden");
        assertThat(store.toString()).contains("hidden");
    }

    @Test
    void isNotOpenedByAnotherPassphrase() {
        assertThat(SecretFile.open(file, "correct horsf".toCharArray(), RANDOM))
                .isEqualTo(new SecretFile.Opening.Failed(new SecretStore.Failure.WrongPassphraseOrDamaged()));
    }

    @Test
    void noByteCanBeChanged() throws IOException {
        put(store, "identity", KEY);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (1 << i % 8);
            Files.write(file, changed);
            // With the key of the whole file, as a program that has it open; the salt is no part of that.
            assertThat(store.read("identity")).as("byte %d", i).isInstanceOf(SecretStore.Failure.class);
            assertThat(store.replace("b", Optional.empty(), Optional.of(OTHER)))
                    .isInstanceOf(SecretStore.Failure.class);
            assertThat(Files.readAllBytes(file)).isEqualTo(changed);
        }
    }

    @Test
    void aChangedHeaderIsNotOpened() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < 14 + 1 + 12 + 16 + 12; i += 3) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(file, changed);
            assertThat(open()).as("byte %d", i).isInstanceOf(SecretFile.Opening.Failed.class);
        }
    }

    @Test
    void aTruncatedOrLongerFileIsNotRead() throws IOException {
        put(store, "identity", KEY);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(store.read("identity")).as("%d bytes", length).isInstanceOf(SecretStore.Failure.class);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThat(store.read("identity")).isEqualTo(new SecretStore.Failure.WrongPassphraseOrDamaged());
        Files.write(file, new byte[SecretFileFormat.MAX_BYTES + 1]);
        assertThat(store.read("identity")).isInstanceOf(SecretStore.Failure.NotAStore.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "2147483647, 2, 1", "19456, 1, 1", "19456, 2147483647, 1", "19456, 2, 0",
        "19456, 2, 2147483647",
        "-1, 2, 1"})
    void aHostileFileDecidesNeitherOurMemoryNorOurWeakness(int memory, int iterations, int lanes) throws IOException {
        byte[] hostile = Files.readAllBytes(file);
        ByteBuffer.wrap(hostile, 15, 12).putInt(memory).putInt(iterations).putInt(lanes);
        Files.write(file, hostile);

        assertThat(open()).isInstanceOfSatisfying(SecretFile.Opening.Failed.class,
                failed -> assertThat(failed.why()).isInstanceOf(SecretStore.Failure.NotAStore.class));
        assertThatIllegalArgumentException().isThrownBy(() -> new Argon2id(memory, iterations, lanes));
    }

    @Test
    void aNonceIsNeverUsedAgain() throws IOException {
        List<String> nonces = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            put(store, "s" + i, KEY);
            nonces.add(Arrays.toString(Arrays.copyOfRange(Files.readAllBytes(file), 43, 55)));
        }
        assertThat(nonces).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        put(store, "identity", KEY);
        for (Path path : List.of(file, folder.resolve("secrets.lock"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        }
    }

    @Test
    void aWriterThatWasKilledLeavesTheOldOrTheNew() throws IOException {
        put(store, "identity", KEY);
        // What it had written of the next file.
        Files.write(folder.resolve("secrets.next"), Arrays.copyOf(Files.readAllBytes(file), 30));

        assertThat(opened().read("identity")).isEqualTo(new SecretStore.Reading.Found(KEY));
        put(store, "other", OTHER);
        assertThat(opened().read("other")).isEqualTo(new SecretStore.Reading.Found(OTHER));
        assertThat(folder.resolve("secrets.next")).doesNotExist();
    }

    @Test
    void aFullStoreChangesNothing() {
        put(store, "identity", KEY);
        Secret large = Secret.copyOf(new byte[SecretFileFormat.MAX_BYTES]);
        assertThat(store.replace("large", Optional.empty(), Optional.of(large)))
                .isEqualTo(new SecretStore.Failure.Full());
        assertThat(store.read("identity")).isEqualTo(new SecretStore.Reading.Found(KEY));
    }

    @Test
    void isMadeOnceAndOpenedWhereItIs() {
        assertThat(SecretFile.create(file, passphrase(), CHEAP, RANDOM))
                .isEqualTo(new SecretFile.Opening.Present());
        assertThat(SecretFile.open(folder.resolve("none"), passphrase(), RANDOM))
                .isEqualTo(new SecretFile.Opening.Absent());
        assertThat(SecretFile.create(folder.resolve("no/folder"), passphrase(), CHEAP, RANDOM))
                .isInstanceOf(SecretFile.Opening.Failed.class);
    }

    @Test
    void aChangedPassphraseIsTheOnlyOne() {
        put(store, "identity", KEY);
        SecretFile elsewhere = opened();
        assertThat(store.change("another".toCharArray(), CHEAP)).isInstanceOfSatisfying(SecretFile.Opening.Opened.class,
                changed -> assertThat(changed.store().read("identity")).isEqualTo(new SecretStore.Reading.Found(KEY)));

        assertThatIllegalStateException().isThrownBy(() -> store.read("identity"));
        assertThat(elsewhere.read("identity")).isEqualTo(new SecretStore.Failure.WrongPassphraseOrDamaged());
        assertThat(elsewhere.replace("b", Optional.empty(), Optional.of(OTHER)))
                .isEqualTo(new SecretStore.Failure.WrongPassphraseOrDamaged());
        assertThat(open()).isInstanceOf(SecretFile.Opening.Failed.class);
        assertThat(SecretFile.open(file, "another".toCharArray(), RANDOM))
                .isInstanceOf(SecretFile.Opening.Opened.class);
    }

    @Test
    void isOfNoUseOnceClosed() {
        store.close();
        assertThatIllegalStateException().isThrownBy(() -> store.read("identity"));
        assertThatIllegalStateException()
                .isThrownBy(() -> store.replace("identity", Optional.empty(), Optional.of(KEY)));
    }

    @Test
    void whatStandsInTheWayIsSaidAndNothingLost() throws IOException {
        Files.delete(file);
        assertThat(store.read("identity")).isInstanceOf(SecretStore.Failure.Unusable.class);
        assertThat(store.replace("identity", Optional.empty(), Optional.of(KEY)))
                .isInstanceOf(SecretStore.Failure.Unusable.class);
    }

    @Test
    void twoThreadsLoseNothing() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        SecretFile other = opened();
        for (SecretFile each : List.of(store, other)) {
            for (int i = 0; i < 2; i++) {
                String name = "by " + threads.size() + " ";
                Thread thread = new Thread(() -> {
                    for (int j = 0; j < 10; j++) {
                        put(each, name + j, KEY);
                    }
                });
                threads.add(thread);
                thread.start();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(((SecretStore.Listing.Names) opened().names()).names()).hasSize(40);
    }

    @Test
    void twoProcessesLoseNothing() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            processes.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), Writer.class.getName(), file.toString(), name)
                    .redirectErrorStream(true)
                    .start());
        }
        for (Process process : processes) {
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        }
        assertThat(((SecretStore.Listing.Names) opened().names()).names()).hasSize(50);
    }

    @Test
    void aProcessKilledWhileItWritesLeavesAWholeFile() throws IOException, InterruptedException {
        put(store, "identity", KEY);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), file.toString(), "endless")
                .redirectErrorStream(true)
                .start();
        // It is in the middle of its writes as soon as there are some.
        while (!(opened().names() instanceof SecretStore.Listing.Names names && names.names().size() > 3)) {
            assertThat(process.isAlive()).isTrue();
        }
        process.destroyForcibly().waitFor();

        assertThat(opened().read("identity")).isEqualTo(new SecretStore.Reading.Found(KEY));
        put(store, "afterwards", OTHER);
        assertThat(opened().read("afterwards")).isEqualTo(new SecretStore.Reading.Found(OTHER));
    }

    /** A program of its own that writes into a file: 25 secrets, or, if its name is {@code endless}, more and more. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            SecretFile.Opening opening = SecretFile.open(Path.of(arguments[0]), passphrase(), RANDOM);
            SecretFile store = ((SecretFile.Opening.Opened) opening).store();
            int count = arguments[1].equals("endless") ? Integer.MAX_VALUE : 25;
            for (int i = 0; i < count; i++) {
                put(store, arguments[1] + i, KEY);
            }
        }
    }
}
