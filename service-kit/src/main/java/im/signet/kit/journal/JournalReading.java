package im.signet.kit.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What journals say.
 *
 * @param ids     whose journals they are
 * @param entries what was ended, the oldest first
 * @param damaged lines that cannot be read; one that a crash cut short had ended nothing yet
 */
public record JournalReading(Set<String> ids, List<Revocation> entries, long damaged) {

    public JournalReading {
        ids = Set.copyOf(ids);
        entries = List.copyOf(entries);
    }

    /**
     * Reads journals: folders, as servers write them, or single files of them.
     *
     * @throws NoSuchFileException for one that is not there
     */
    public static JournalReading of(List<Path> journals) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        Set<Revocation> entries = new LinkedHashSet<>();
        long damaged = 0;
        for (Path file : files(journals)) {
            for (String line : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\n", -1)) {
                if (line.isEmpty()) {
                    continue;
                }
                Optional<Revocation> entry = Checksum.without(line).flatMap(Revocation::parse);
                if (entry.isEmpty()) {
                    damaged++;
                } else if (entry.get().kind().equals(JournalFolder.BEGUN)) {
                    ids.add(entry.get().parts().getFirst());
                } else {
                    entries.add(entry.get());
                }
            }
        }
        return new JournalReading(ids,
                entries.stream().sorted(Comparator.comparing(Revocation::at)).toList(), damaged);
    }

    private static List<Path> files(List<Path> journals) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path journal : journals) {
            if (Files.isDirectory(journal)) {
                try (Stream<Path> found = Files.list(journal)) {
                    found.filter(file -> file.getFileName().toString().endsWith(JournalFolder.SUFFIX))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(journal);
            }
        }
        return files;
    }

    /** Returns what a service ended at that time or later, the oldest first. */
    public List<Revocation> of(String schema, Instant since) {
        return entries.stream()
                .filter(entry -> entry.schema().equals(schema) && !entry.at().isBefore(since))
                .toList();
    }

    /** Returns what a service ended of that kind at that time or later, the oldest first. */
    public List<Revocation> of(String schema, String kind, Instant since) {
        return of(schema, since).stream().filter(entry -> entry.kind().equals(kind)).toList();
    }
}
