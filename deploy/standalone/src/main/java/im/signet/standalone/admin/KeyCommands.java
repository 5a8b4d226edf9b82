package im.signet.standalone.admin;

import im.signet.kit.audit.Subject;
import im.signet.kit.key.KeyFiles;
import im.signet.kit.key.KeyRing;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code key list}, {@code key add}, {@code key use} and {@code key rotate}: the files of keys. */
final class KeyCommands {

    private KeyCommands() {}

    /** Lists. */
    @Command(name = "list", description = "the keys of each purpose: which is in use, what needs the others, file modes")
    static final class ListKeys extends DeskCommand {

        @Option(names = "--json", description = "as JSON")
        private boolean json;

        ListKeys(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            JsonObject.Builder result = JsonObject.builder();
            for (KeyPurpose purpose : KeyPurpose.values()) {
                if (!here(desk, purpose).isEmpty()) {
                    result.put(purpose.word(), purpose(desk, purpose));
                }
            }
            Shown.print(desk.out(), result.build(), json);
            return Exit.OK;
        }

        private static JsonObject purpose(Desk desk, KeyPurpose purpose) throws SQLException {
            JsonObject.Builder shown = JsonObject.builder()
                    .put("file", desk.keys().fileOf(purpose.word()).toString());
            Optional<KeyRing> ring = desk.keys().read(purpose.word());
            if (ring.isEmpty()) {
                return shown.put("mode", "not there").build();
            }
            Set<String> next = desk.keys().next(purpose.word());
            Map<String, JsonObject.Builder> rows = counted(desk, purpose);
            List<Json> keys = new ArrayList<>();
            for (KeyRing.Key key : ring.get().all()) {
                JsonObject.Builder line = JsonObject.builder()
                        .put("id", key.id())
                        .put("state", key.id().equals(ring.get().current().id())
                                ? "in use"
                                : next.contains(key.id()) ? "next" : "kept");
                if (!purpose.counts().isEmpty()) {
                    line.put("needed_by", rows.containsKey(key.id())
                            ? needs(rows.get(key.id()).build())
                            : "nothing that is counted");
                }
                keys.add(line.build());
            }
            return shown.put("mode", desk.keys().modeOf(purpose.word())).put("keys", JsonArray.of(keys)).build();
        }

        private static String needs(JsonObject counts) {
            return String.join(" and ", counts.members()
                    .entrySet()
                    .stream()
                    .map(count -> counts.integer(count.getKey()).orElse(0L) + " " + count.getKey())
                    .toList());
        }

        private static Map<String, JsonObject.Builder> counted(Desk desk, KeyPurpose purpose) throws SQLException {
            Map<String, JsonObject.Builder> rows = new TreeMap<>();
            for (Map.Entry<String, String> count : new TreeMap<>(purpose.counts()).entrySet()) {
                try (PreparedStatement select = desk.database().prepareStatement(count.getValue());
                        ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows.computeIfAbsent(row.getString(1), _ -> JsonObject.builder())
                                .put(count.getKey(), row.getLong(2));
                    }
                }
            }
            return rows;
        }
    }

    /** Makes a key known. */
    @Command(name = "add", description = "make a new key known that is not used yet: the first step where there are"
            + " several servers")
    static final class Add extends ChangingCommand {

        @Parameters(paramLabel = "PURPOSE", description = "such as address; 'key list' shows them")
        private String purpose = "";

        Add(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            KeyPurpose which = KeyPurpose.of(purpose);
            List<Service> services = present(desk, which);
            String id = write(desk, services, "key add", which,
                    () -> desk.keys().add(which.word(), which.idPrefix(), true), "is known from the next start on.");
            desk.out()
                    .println(
                            "1. Copy " + desk.keys().fileOf(which.word()) + " to every other server of this database.");
            desk.out().println("2. Restart the servers, one by one.");
            desk.out()
                    .println("3. Give 'admin key use " + which.word() + " " + id + "', copy the file again, and"
                            + " restart them one by one again.");
            desk.out().println(BACKUP);
            return Exit.OK;
        }
    }

    /** Puts a key into use. */
    @Command(name = "use", description = "put a key into use that all servers know: the second step")
    static final class Use extends ChangingCommand {

        @Parameters(paramLabel = "PURPOSE", description = "such as address")
        private String purpose = "";

        @Parameters(paramLabel = "ID", description = "the key's id, as 'key list' shows it")
        private String id = "";

        Use(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            KeyPurpose which = KeyPurpose.of(purpose);
            List<Service> services = present(desk, which);
            KeyRing ring = desk.keys().read(which.word()).orElseThrow();
            if (ring.byId(id).isEmpty()) {
                throw Refusal.misuse("no key of that id is in " + desk.keys().fileOf(which.word()));
            }
            if (ring.current().id().equals(id)) {
                throw Refusal.misuse("that key is in use already");
            }
            for (Service service : services) {
                if (!KeyFiles.recorded(desk.database(), service.schema(), which.word()).contains(id)) {
                    throw new Refusal(Exit.TEMPORARY, "no " + service.title()
                            + " has been started with that key yet: what"
                            + " is written with it would not be found. Copy the file to all servers of this database"
                            + " and restart them first");
                }
            }
            desk.agree("Has every server of this database been restarted with that key in its file? One that has not"
                    + " will not find, or not open, what the others write. " + which.afterwards() + " Go on?");
            write(desk, services, "key use", which, () -> desk.keys().use(which.word(), id), IN_USE);
            desk.out()
                    .println(
                            "1. Copy " + desk.keys().fileOf(which.word()) + " to every other server of this database.");
            desk.out().println("2. Restart the servers, one by one.");
            desk.out().println(KEEP);
            return Exit.OK;
        }
    }

    /** Does both at once. */
    @Command(name = "rotate", description = "make a new key and put it into use at the next start: for a single server")
    static final class Rotate extends ChangingCommand {

        @Parameters(paramLabel = "PURPOSE", description = "such as address; 'key list' shows them")
        private String purpose = "";

        Rotate(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            KeyPurpose which = KeyPurpose.of(purpose);
            List<Service> services = present(desk, which);
            desk.agree("This is for a database with one server, or for several that are all stopped together: with"
                    + " several that are restarted one by one, use 'key add' and then 'key use'. "
                    + which.afterwards() + " Go on?");
            write(desk, services, "key rotate", which,
                    () -> desk.keys().add(which.word(), which.idPrefix(), false), IN_USE);
            desk.out()
                    .println("1. With several servers: stop all of them, and copy "
                            + desk.keys().fileOf(which.word()) + " to each.");
            desk.out().println("2. Restart.");
            desk.out().println(KEEP);
            desk.out().println(BACKUP);
            return Exit.OK;
        }
    }

    private static final String IN_USE = "is in use from the next start on.";
    private static final String KEEP = "Keep the older lines of the file: what was made with their keys needs them.";
    private static final String BACKUP = "Make a new copy of the key files for your backup.";

    private static List<Service> here(Desk desk, KeyPurpose purpose) {
        return purpose.services().stream().filter(desk::has).toList();
    }

    private static List<Service> present(Desk desk, KeyPurpose purpose) {
        List<Service> services = here(desk, purpose);
        if (services.isEmpty()) {
            desk.need(purpose.services().getFirst());
        }
        if (desk.keys().read(purpose.word()).isEmpty()) {
            throw new Refusal(Exit.UNAVAILABLE, desk.keys().fileOf(purpose.word()) + " is not there: give the"
                    + " configuration of a server, on its machine and as its user");
        }
        return services;
    }

    /**
     * Changes a file while no server starts and no other operator changes it, as the last thing once that is written down; then
     * says what was done.
     *
     * @param change  prepares it, while nobody else changes the file
     * @param outcome what becomes of the key
     * @return the id of the key
     */
    private static String write(Desk desk, List<Service> services, String command, KeyPurpose purpose,
            Supplier<KeyFiles.Change> change, String outcome) throws SQLException {
        List<KeyFiles.Change> prepared = new ArrayList<>();
        AtomicBoolean made = new AtomicBoolean();
        Path file = desk.keys().fileOf(purpose.word());
        try {
            desk.change(services, command, new Subject.Plain(purpose.word()), () -> {
                KeyFiles.lock(desk.database());
                prepared.add(change.get());
                return Optional.of(
                        "The key " + prepared.getFirst().id() + " of the purpose '" + purpose.word() + "' " + outcome);
            }, () -> {
                prepared.getFirst().make();
                made.set(true);
            });
            return prepared.getFirst().id();
        } catch (UncheckedIOException failed) {
            throw new Refusal(Exit.UNAVAILABLE, file + " could not be written ("
                    + String.valueOf(failed.getCause()).replaceAll(":.*", "")
                    + "): give the command as root or as the server's user. Nothing was changed");
        } catch (SQLException failed) {
            if (!made.get()) {
                throw failed;
            }
            throw new Refusal(Exit.INTERNAL, file + " IS changed: the key " + prepared.getFirst().id() + " " + outcome
                    + " But the database failed (SQLSTATE " + failed.getSQLState()
                    + ") before that was noted for good; 'audit list' tells whether it is. Do not give the command again");
        }
    }
}
