package im.signet.kit.journal;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the journal of revocations lies: what a restore needs so that a backup brings nothing back that was ended since.
 *
 * @param folder the folder, best on another disk than the database; by default {@code journal} in the data folder
 * @param keep   how long entries are kept, and so how old a backup can be that is brought back
 */
@ConfigurationProperties("signet.journal")
public record JournalProperties(@Nullable Path folder, @DefaultValue("400d") Duration keep) {

    /** Returns the folder. */
    public Path folderIn(Path dataDir) {
        return folder != null ? folder : dataDir.resolve("journal");
    }
}
