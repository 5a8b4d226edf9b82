package im.signet.standalone.admin;

import im.signet.kit.audit.OperatorAction;
import im.signet.kit.audit.OperatorActions;
import im.signet.kit.audit.Subject;
import im.signet.kit.key.KeyedHash;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit list}: what operators changed. */
final class AuditCommands {

    private AuditCommands() {}

    /** Lists. */
    @Command(name = "list", description = "what operators changed, the newest first")
    static final class ListActions extends DeskCommand {

        @Option(names = "--since", paramLabel = "WHEN", description = "a day such as 2026-11-21, or a time back such as 30d")
        private @Nullable String since;

        @Option(names = "--address", paramLabel = "ADDRESS", description = "only about this address")
        private @Nullable String address;

        @Option(names = "--user", paramLabel = "USER", description = "only about this user")
        private @Nullable String user;

        @Option(names = "--handle", paramLabel = "HANDLE", description = "only about this handle")
        private @Nullable String handle;

        @Option(names = "--limit", paramLabel = "N", description = "at most so many; 100 without")
        private int limit = 100;

        @Option(names = "--json", description = "as JSON")
        private boolean json;

        ListActions(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            if (limit < 1) {
                throw Refusal.misuse("--limit is a number from 1");
            }
            List<Subject> about = Stream.of(Optional.ofNullable(address).map(Subjects::address).map(Subject::of),
                    Optional.ofNullable(user).map(Subjects::user).map(Subject::of),
                    Optional.ofNullable(handle).map(Subjects::handle).map(it -> Subject.ofHandle(it.toString())))
                    .flatMap(Optional::stream)
                    .toList();
            if (about.size() > 1) {
                throw Refusal.misuse("one of --address, --user and --handle");
            }
            Optional<List<byte[]>> hashes = about.isEmpty()
                    ? Optional.empty()
                    : Optional.of(hashes(desk, (Subject.Personal) about.getFirst()));
            List<OperatorAction> found = new ArrayList<>();
            for (Service service : desk.services()) {
                found.addAll(new OperatorActions(service.schema()).since(desk.database(), beginning(desk), hashes,
                        limit));
            }
            List<Json> lines = found.stream()
                    .sorted(Comparator.comparing(OperatorAction::at)
                            .reversed()
                            .thenComparing(OperatorAction::schema)
                            .thenComparing(Comparator.comparingLong(OperatorAction::id).reversed()))
                    .limit(limit)
                    .<Json>map(ListActions::line)
                    .toList();
            Shown.print(desk.out(), JsonObject.builder().put("actions", JsonArray.of(lines)).build(), json);
            return Exit.OK;
        }

        private static List<byte[]> hashes(Desk desk, Subject.Personal about) {
            KeyedHash hash = desk.auditHash()
                    .orElseThrow(() -> new Refusal(Exit.UNAVAILABLE, desk.keys().fileOf(OperatorActions.PURPOSE)
                            + " is not at hand, and lines about somebody are found by its keys only"));
            return OperatorActions.hashes(hash, about);
        }

        private Instant beginning(Desk desk) {
            if (since == null) {
                return Instant.EPOCH;
            }
            try {
                return LocalDate.parse(since).atStartOfDay(ZoneOffset.UTC).toInstant();
            } catch (DateTimeParseException noDay) {
                return back(desk, since);
            }
        }

        private static Instant back(Desk desk, String text) {
            try {
                Duration back = DurationStyle.detectAndParse(text);
                if (!back.isNegative() && back.compareTo(OperatorActions.KEPT.multipliedBy(100)) < 0) {
                    return desk.clock().instant().minus(back);
                }
            } catch (IllegalArgumentException | ArithmeticException none) {
                // refused below
            }
            throw Refusal.misuse("--since is a day such as 2026-11-21, or a time back such as 12h or 30d");
        }

        private static JsonObject line(OperatorAction action) {
            JsonObject.Builder line = JsonObject.builder()
                    .put("id", action.schema() + "/" + action.id())
                    .put("at", action.at().toString())
                    .put("operator", action.operator())
                    .put("command", action.command());
            action.object().ifPresent(object -> line.put("about", object));
            action.reason().ifPresent(reason -> line.put("reason", reason));
            return line.put("outcome", action.outcome()).build();
        }
    }
}
