package im.signet.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing that others compile against changes by accident: it stands in {@code src/test/resources/api}, file by package. */
class PublicApiTest {
    private static final Path FILES = Path.of(System.getProperty("signet.client.sources", "src/main/java"))
            .resolve("../../test/resources/api")
            .normalize();
    private static final String SUFFIX = ".txt";
    private static final String HOW_TO_ACCEPT = "the public API is not the one that src/test/resources/api describes. If that"
            + " is meant, run this test with -Dsignet.client.api=accept and commit what it writes, with a line in"
            + " CHANGELOG.md; a line that is gone or changed breaks those who use the library";

    private static SortedMap<String, List<String>> described() throws IOException {
        SortedMap<String, List<String>> described = new TreeMap<>();
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file : files.collect(Collectors.toList())) {
                String name = file.getFileName().toString();
                described.put(name.substring(0, name.length() - SUFFIX.length()), Files.readAllLines(file));
            }
        }
        return described;
    }

    private static void accept(SortedMap<String, List<String>> api) throws IOException {
        Files.createDirectories(FILES);
        for (String name : described().keySet()) {
            Files.delete(FILES.resolve(name + SUFFIX));
        }
        for (String name : api.keySet()) {
            String text = api.get(name).stream().map(line -> line + "\n").collect(Collectors.joining());
            Files.write(FILES.resolve(name + SUFFIX), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void isTheOneThatIsDescribed() throws IOException {
        SortedMap<String, List<String>> api = PublicApi.ofTheLibrary().describe();
        if ("accept".equals(System.getProperty("signet.client.api"))) {
            accept(api);
        }
        SortedMap<String, List<String>> described = described();

        assertThat(described.keySet()).as(HOW_TO_ACCEPT).isEqualTo(api.keySet());
        api.forEach((name, lines) -> {
            List<String> gone = new ArrayList<>(described.get(name));
            gone.removeAll(lines);
            List<String> added = new ArrayList<>(lines);
            added.removeAll(described.get(name));
            assertThat(gone).as("gone or changed in " + name + ": " + HOW_TO_ACCEPT).isEmpty();
            assertThat(added).as("new in " + name + ": " + HOW_TO_ACCEPT).isEmpty();
        });
    }

    /** A type with something of everything that the description tells apart. */
    public abstract static class Sample<T extends Comparable<T>> implements Runnable {
        /** Copied into the code of others. */
        public static final int LIMIT = 7;
        final int hidden = 1;

        /** Protected is public for those who extend. */
        protected Sample(@Nullable String text) {}

        /** Declares what it throws. */
        public static <E extends Exception> List<@Nullable E> sample(String[] many, int... more) throws IOException {
            return List.of();
        }

        void unseen() {}
    }

    /** Says what it permits. */
    public sealed interface Outcome permits Outcome.Done {
        /** The only one. */
        record Done(@Nullable String what) implements Outcome {}

        /** Has a body. */
        default boolean isDone() {
            return true;
        }
    }

    @Test
    void tellsApartWhatMattersToWhoCompilesAgainstIt() {
        String name = "im.signet.client.PublicApiTest.Sample";
        assertThat(PublicApi.linesOf(Sample.class)).containsExactlyInAnyOrder(
                name + ": public abstract class <T extends java.lang.Comparable<T>> implements java.lang.Runnable",
                name + ".LIMIT: public static final int = 7",
                name + ".new(@Nullable java.lang.String): protected",
                name + ".sample(java.lang.String[], int[]): public static <E extends java.lang.Exception>"
                        + " java.util.List<E> throws java.io.IOException");
    }

    @Test
    void aNewCaseOfAnOutcomeIsAChange() {
        String name = "im.signet.client.PublicApiTest.Outcome";
        assertThat(PublicApi.linesOf(Outcome.class)).containsExactlyInAnyOrder(
                name + ": public abstract sealed interface permits " + name + ".Done",
                name + ".isDone(): public default boolean");
        assertThat(PublicApi.linesOf(Outcome.Done.class)).contains(
                name + ".Done: public final record(@Nullable java.lang.String what) implements "
                        + Outcome.class.getName());
    }

    @Test
    void packagesThatAreNotExportedAreNobodysBusiness() {
        assertThat(PublicApi.ofTheLibrary().describe().keySet()).contains("module", "im.signet.client")
                .allMatch(name -> name.equals("module") || name.startsWith("im.signet.client"));
        assertThat(PublicApi.ofTheLibrary().describe().get("im.signet.client"))
                .noneMatch(line -> line.startsWith("im.signet.client.Wire"));
    }
}
