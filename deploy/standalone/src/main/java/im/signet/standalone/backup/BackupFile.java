package im.signet.standalone.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipFile;

/** A backup of a database that was read through once and found to be whole. */
final class BackupFile implements AutoCloseable {

    private final Path file;
    private final ZipFile zip;
    private final Manifest manifest;

    private BackupFile(Path file, ZipFile zip, Manifest manifest) {
        this.file = file;
        this.zip = zip;
        this.manifest = manifest;
    }

    /**
     * Reads all of it: each table has the rows and the digest that the manifest says.
     *
     * @throws Refusal when something is missing or not as it was written
     */
    static BackupFile open(Path file) throws IOException, Refusal {
        ZipFile zip = SealedZip.open(file);
        try {
            if (zip.getEntry(Manifest.NAME) == null) {
                throw Refusal.file("The file " + file + " is no backup of a database"
                        + (zip.stream().anyMatch(entry -> entry.getName().startsWith(KeysFile.FOLDER))
                                ? ": it holds keys."
                                : "."));
            }
            Manifest manifest = Manifest.parse(SealedZip.read(zip, Manifest.NAME, file));
            BackupFile backup = new BackupFile(file, zip, manifest);
            for (Manifest.Schema schema : manifest.schemas()) {
                for (Manifest.Table table : schema.tables()) {
                    backup.check(schema, table);
                }
            }
            return backup;
        } catch (IOException | Refusal | RuntimeException damaged) {
            zip.close();
            throw damaged;
        }
    }

    private void check(Manifest.Schema schema, Manifest.Table table) throws IOException, Refusal {
        MessageDigest digest = SealedZip.sha256();
        long rows = 0;
        byte[] bytes = new byte[1 << 16];
        try (InputStream in = rows(table)) {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                digest.update(bytes, 0, read);
                // In COPY's text a line is a row: what breaks a line within one is escaped.
                for (int i = 0; i < read; i++) {
                    rows += bytes[i] == '\n' ? 1 : 0;
                }
            }
        }
        if (rows != table.rows() || !HexFormat.of().formatHex(digest.digest()).equals(table.sha256())) {
            throw Refusal.file("The rows of " + schema.name() + "." + table.name() + " in " + file
                    + " are not those that were written.");
        }
    }

    /** Returns what it says of itself. */
    Manifest manifest() {
        return manifest;
    }

    /** Opens the rows of a table, in PostgreSQL's text format of COPY. */
    InputStream rows(Manifest.Table table) throws IOException, Refusal {
        return SealedZip.stream(zip, table.entry(), file);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
