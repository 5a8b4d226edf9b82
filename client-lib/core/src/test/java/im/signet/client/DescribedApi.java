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

import static org.assertj.core.api.Assertions.assertThat;

/** The public API of a module as it stands in its {@code src/test/resources/api}, a file for each package. */
public final class DescribedApi {
    private static final Path FILES = Path.of(System.getProperty("signet.client.sources", "src/main/java"))
            .resolve("../../test/resources/api")
            .normalize();
    private static final String SUFFIX = ".txt";
    private static final String HOW_TO_ACCEPT = "the public API is not the one that src/test/resources/api describes. If that"
            + " is meant, run this test with -Dsignet.client.api=accept and commit what it writes, with a line in"
            + " CHANGELOG.md; a line that is gone or changed breaks those who use the library";

    private DescribedApi() {}

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

    /** Holds the API of the module that {@code type} is of against its description; or writes that, when it is told to. */
    public static void holdsFor(Class<?> type) throws IOException {
        SortedMap<String, List<String>> api = PublicApi.ofModuleWith(type).describe();
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
}
