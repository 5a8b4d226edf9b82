package im.signet.client.book;

import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The contact book in a file: whole or said to be damaged, and nobody's change is lost. */
class StoredContactsTest {
    @TempDir
    private Path folder;
    private Path file;
    private StoredContacts stored;

    @BeforeEach
    void name() {
        file = folder.resolve("contacts");
        stored = StoredContacts.in(FileContactStore.at(file));
    }

    private static ContactBook with(ContactBook book, String name) {
        return book.added(name, List.of(new Identifier.OfMatrix(UserId.of("@" + name + ":example.org"))));
    }

    private static void add(StoredContacts contacts, String name) {
        assertThat(contacts.change(book -> with(book, name))).isInstanceOf(StoredContacts.Change.Changed.class);
    }

    private static ContactBook read(StoredContacts contacts) {
        return ((StoredContacts.Reading.Read) contacts.read()).book();
    }

    private StoredContacts reopened() {
        return StoredContacts.in(FileContactStore.at(file));
    }

    @Test
    void beginsEmptyAndKeepsWhatItWasGiven() {
        assertThat(read(stored)).isEqualTo(ContactBook.empty());
        assertThat(file).doesNotExist();
        add(stored, "alice");
        add(stored, "ünïcode".replace("ü", "u").replace("ï", "i"));
        assertThat(stored.change(book -> book.renamed(new ContactId(2), "Ünïcode 🙂"))).isInstanceOf(
                StoredContacts.Change.Changed.class);
        assertThat(read(reopened()).contacts()).extracting(Contact::name).containsExactly("alice", "Ünïcode 🙂");
        assertThat(read(reopened())).isEqualTo(read(stored));
        // The number of a contact is not used again.
        stored.change(book -> book.removed(new ContactId(2)));
        add(stored, "carol");
        assertThat(read(reopened()).contacts()).extracting(Contact::id)
                .containsExactly(new ContactId(1), new ContactId(3));
    }

    @Test
    void noByteCanBeChangedUnseen() throws IOException {
        add(stored, "alice");
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = whole.clone();
                changed[i] ^= (byte) (1 << bit);
                Files.write(file, changed);
                assertThat(stored.read()).as("byte %d", i).isInstanceOf(StoredContacts.Fault.Damaged.class);
            }
        }
        byte[] damaged = Files.readAllBytes(file);
        assertThat(stored.change(book -> with(book, "bob"))).isInstanceOf(StoredContacts.Fault.Damaged.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void aTruncatedOrLongerFileIsDamagedAndNeverEmpty() throws IOException {
        add(stored, "alice");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(reopened().read()).as("%d bytes", length).isInstanceOf(StoredContacts.Fault.Damaged.class);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThat(reopened().read()).isInstanceOf(StoredContacts.Fault.Damaged.class);
        Files.write(file, new byte[ContactBookFormat.MAX_BYTES + 1]);
        assertThat(reopened().read()).isInstanceOf(StoredContacts.Fault.Damaged.class);
    }

    @Test
    void anExportIsNoBookAndABookNoExport() throws IOException {
        add(stored, "alice");
        String exported = read(stored).exported();
        String book = Files.readString(file);
        assertThat(ContactBook.empty().imported(book.substring(book.indexOf('\n') + 1), java.time.Instant.EPOCH).isOk())
                .isFalse();
        Files.writeString(file, exported);
        assertThat(stored.read()).isInstanceOf(StoredContacts.Fault.Damaged.class);
    }

    @Test
    void whatIsWellSummedButWrongIsDamaged() throws IOException {
        add(stored, "alice");
        String text = Files.readString(file);
        String json = text.substring(text.indexOf('\n') + 1);
        for (String wrong : List.of("{}", json.replace("\"next\":2", "\"next\":1"),
                json.replace("\"number\":1", "\"number\":0"), json.replace("\"type\":\"matrix\"", "\"type\":\"x\""),
                json.replace("\"type\"", "\"compromised\":false,\"type\""),
                json.replace("\"type\"", "\"validated_by\":\"card\",\"type\""),
                json.replace("\"type\"", "\"validated_by\":\"faith\",\"validated_at\":1,\"type\""),
                json.replace("\"type\"",
                        "\"compromised\":true,\"validated_by\":\"card\",\"validated_at\":1,\"type\""),
                json.replace("\"type\"", "\"card\":\"SIGNET:\",\"type\""),
                json.replace("\"type\"", "\"chain\":[],\"type\""), json.replace("\"name\":\"alice\",", ""))) {
            assertThat(wrong).isNotEqualTo(json);
            Files.writeString(file, summed(wrong));
            assertThat(stored.read()).as(wrong).isInstanceOf(StoredContacts.Fault.Damaged.class);
        }
        Files.writeString(file, summed(json));
        assertThat(read(stored).contacts()).hasSize(1);
    }

    private static String summed(String json) {
        try {
            byte[] sum = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(json.getBytes(StandardCharsets.UTF_8));
            return "SIGNET-CONTACTS 1 " + java.util.HexFormat.of().formatHex(sum) + "\n" + json;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFileThatVanishedIsNotAnEmptyBook() throws IOException {
        add(stored, "alice");
        Files.delete(file);
        assertThat(stored.read()).isEqualTo(new StoredContacts.Fault.Vanished());
        assertThat(stored.change(book -> with(book, "bob"))).isEqualTo(new StoredContacts.Fault.Vanished());
        assertThat(file).doesNotExist();
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        add(stored, "alice");
        for (Path path : List.of(file, folder.resolve("contacts.lock"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        }
    }

    @Test
    void whatStandsInTheWayIsSaid() throws IOException {
        StoredContacts nowhere = StoredContacts.in(FileContactStore.at(folder.resolve("no/folder")));
        assertThat(nowhere.change(book -> with(book, "bob"))).isInstanceOf(StoredContacts.Fault.Unusable.class);
        Files.createDirectory(file);
        assertThat(stored.read()).isInstanceOf(StoredContacts.Fault.class);
    }

    @Test
    void aStoreTakesNothingButWhatFollowsOnWhatItHas() {
        FileContactStore store = FileContactStore.at(file);
        ContactStore.Content one = ContactStore.Content.copyOf(new byte[]{1});
        ContactStore.Content two = ContactStore.Content.copyOf(new byte[]{2});
        assertThat(store.read()).isEqualTo(new ContactStore.Reading.Absent());
        assertThat(store.replace(Optional.of(one), two)).isEqualTo(new ContactStore.Writing.Conflict());
        assertThat(store.replace(Optional.empty(), one)).isEqualTo(new ContactStore.Writing.Written());
        assertThat(store.replace(Optional.empty(), two)).isEqualTo(new ContactStore.Writing.Conflict());
        assertThat(store.replace(Optional.of(two), one)).isEqualTo(new ContactStore.Writing.Conflict());
        assertThat(store.read()).isEqualTo(new ContactStore.Reading.Found(one));
        assertThat(one).hasToString("Content[1 bytes]");
    }

    @Test
    void twoThreadsLoseNothing() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (String by : List.of("a", "b")) {
            StoredContacts own = reopened();
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    add(own, by + i);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(read(stored).contacts()).hasSize(40);
    }

    private Process writer(String name) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), file.toString(), name)
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void twoProcessesLoseNothing() throws IOException, InterruptedException {
        List<Process> processes = List.of(writer("a"), writer("b"));
        for (Process process : processes) {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        }
        assertThat(read(stored).contacts()).hasSize(50);
    }

    @Test
    void aProcessKilledWhileItWritesLeavesAWholeFile() throws IOException, InterruptedException {
        add(stored, "alice");
        Process process = writer("endless");
        while (read(stored).contacts().size() <= 3) {
            assertThat(process.isAlive()).isTrue();
        }
        process.destroyForcibly().waitFor();
        // What another one had written of the next file.
        Files.write(folder.resolve("contacts.next"), Arrays.copyOf(Files.readAllBytes(file), 30));

        int before = read(reopened()).contacts().size();
        add(stored, "afterwards");
        assertThat(read(reopened()).contacts()).hasSize(before + 1);
        assertThat(folder.resolve("contacts.next")).doesNotExist();
    }

    /** A program of its own that adds contacts: 25, or, if its name is {@code endless}, more and more. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            StoredContacts contacts = StoredContacts.in(FileContactStore.at(Path.of(arguments[0])));
            int count = arguments[1].equals("endless") ? Integer.MAX_VALUE : 25;
            for (int i = 0; i < count; i++) {
                add(contacts, arguments[1] + i);
            }
        }
    }
}
