package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The documents lead to files and headings that exist. */
class LinksTest {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("(?ms)^( *)```.*?^\\1```|`[^`\\n]*`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*(?:\\[[^\\]]*\\][^\\]\\[]*)*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");

    private static List<Path> documents() {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> below = Files.walk(ROOT.resolve("docs"));
                Stream<Path> deploy = Files.walk(ROOT.resolve("deploy"), 3);
                Stream<Path> client = Files.list(ROOT.resolve("client-lib"))) {
            Stream.of(top, below, deploy, client)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md") && !file.toString().contains("/target/"))
                    .forEach(documents::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the anchors of a document's headings, as the common viewers of Markdown make them. */
    private static Set<String> anchors(String document) {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        Matcher heading = HEADING.matcher(document.replaceAll("(?ms)^```.*?^```", ""));
        while (heading.find()) {
            String anchor = heading.group(1)
                    .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }

    private static List<String> broken(Path document, String text) {
        List<String> broken = new ArrayList<>();
        Matcher link = LINK.matcher(CODE.matcher(text).replaceAll(""));
        while (link.find()) {
            String target = link.group(1);
            if (target.matches("[a-z]+:.*")) {
                continue;
            }
            int hash = target.indexOf('#');
            String path = hash < 0 ? target : target.substring(0, hash);
            Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
            if (!Files.exists(file)) {
                broken.add(ROOT.relativize(document) + ": " + target);
            } else if (hash >= 0 && !anchors(read(file)).contains(target.substring(hash + 1))) {
                broken.add(ROOT.relativize(document) + ": " + target + " (no such heading)");
            }
        }
        return broken;
    }

    @Test
    void leadSomewhere() {
        List<Path> documents = documents();
        assertThat(documents).hasSizeGreaterThan(40);
        assertThat(documents.stream().flatMap(document -> broken(document, read(document)).stream())).isEmpty();
    }

    @Test
    void areFoundWhereTheyAreBroken() {
        Path document = ROOT.resolve("README.md");
        assertThat(broken(document, "[a](docs/none.md) [b](#none) [c](CHANGELOG.md#none) [d](README.md#run-it) "
                + "[e](https://example.org/) `[f](none.md)`\n```\n[g](none)\n```\n[h](docs)"))
                .containsExactly("README.md: docs/none.md", "README.md: #none (no such heading)",
                        "README.md: CHANGELOG.md#none (no such heading)");
    }
}
