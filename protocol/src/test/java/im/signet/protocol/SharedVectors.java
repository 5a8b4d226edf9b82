package im.signet.protocol;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * Published test vectors too large for this repository. They are looked for in the folder {@code vectors} of the one that
 * the system property {@code shared.folder} names, else of {@code ../shared} beside the project; without them the test is
 * reported as skipped.
 */
public final class SharedVectors {
    private SharedVectors() {}

    /** Returns the content of a file of vectors; aborts the test when it is absent. */
    public static Json read(String fileName) {
        Path file = folder().resolve("vectors").resolve(fileName);
        Assumptions.assumeTrue(Files.isRegularFile(file),
                "needs " + fileName + " in the folder named by -Dshared.folder");
        try {
            return StrictJson.parse(Files.readAllBytes(file), new StrictJson.Limits(16 * 1024 * 1024, 64))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the items of the array {@code name}, all of which are objects. */
    public static List<JsonObject> objects(JsonObject parent, String name) {
        return parent.array(name)
                .orElseGet(() -> JsonArray.of(List.of()))
                .items()
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** Returns the string {@code name}, which is there. */
    public static String string(JsonObject parent, String name) {
        return parent.get(name).map(JsonString.class::cast).orElseThrow().value();
    }

    private static Path folder() {
        String named = System.getProperty("shared.folder");
        String root = System.getProperty("signet.root", "..");
        return named != null ? Path.of(named) : Path.of(root).resolveSibling("shared");
    }
}
