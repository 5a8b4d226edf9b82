package im.signet.standalone.doctor;

import im.signet.standalone.backup.LeftBehind;
import im.signet.standalone.config.Service;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The database: reachable, durable, quiet about what it is asked, with enough rights, connections, and the right time. */
final class DatabaseCheck implements Check {

    private static final int OLDEST = 14;
    private static final Duration APART = Duration.ofSeconds(5);
    private static final int SPARE = 3;
    // A log with statements or values would hold what people look up.
    private static final Map<String, String> QUIET = quiet();

    private static Map<String, String> quiet() {
        Map<String, String> quiet = new LinkedHashMap<>();
        quiet.put("log_statement", "none");
        quiet.put("log_min_error_statement", "panic");
        quiet.put("log_error_verbosity", "terse");
        quiet.put("log_parameter_max_length", "0");
        quiet.put("log_parameter_max_length_on_error", "0");
        return quiet;
    }

    @Override
    public String what() {
        return "database";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws SQLException {
        List<Diagnosis> found = new ArrayList<>();
        try (Connection database = patient.database(); Statement ask = database.createStatement()) {
            String version = one(ask, "SHOW server_version").split(" ", 2)[0];
            int number = Integer.parseInt(one(ask, "SHOW server_version_num")) / 10_000;
            if (number < OLDEST) {
                found.add(Diagnosis.warn(what(), "PostgreSQL " + version + " gets no corrections any more.",
                        "Upgrade it to " + OLDEST + " or newer."));
            }
            durable(patient, ask, found);
            boolean ours = patient.text("signet.database.url").isEmpty();
            if (!ours) {
                quiet(ask, found);
                rights(patient, ask, found);
            }
            connections(patient, ask, found);
            leftBehind(LeftBehind.schemas(database), found);
            clock(patient, ask, found);
            if (found.stream().noneMatch(line -> line.level() != Diagnosis.Level.OK)) {
                found.addFirst(Diagnosis.ok(what(), (ours ? "the embedded PostgreSQL " : "PostgreSQL ") + version
                        + " answers, keeps what it acknowledges, and logs nothing of people."));
            }
        }
        return found;
    }

    private void durable(Patient patient, Statement ask, List<Diagnosis> found) throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            if (one(ask, "SHOW " + setting).equals("off")) {
                String words = setting + " is off: a crash loses what was already acknowledged.";
                found.add(patient.text("signet.database.accept-data-loss").filter("true"::equals).isPresent()
                        ? Diagnosis.warn(what(), words, "Turn it on, and remove signet.database.accept-data-loss.")
                        : Diagnosis.fail(what(), words + " The server does not start on it.",
                                "Set " + setting + " = on in postgresql.conf."));
            }
        }
    }

    private void quiet(Statement ask, List<Diagnosis> found) throws SQLException {
        for (Map.Entry<String, String> setting : QUIET.entrySet()) {
            String value = one(ask, "SHOW " + setting.getKey());
            if (!value.equals(setting.getValue())) {
                found.add(Diagnosis.warn(what(), setting.getKey() + " is " + value
                        + ": the log of PostgreSQL may hold addresses and tokens.",
                        "Run: ALTER ROLE <role> SET " + setting.getKey() + " = '" + setting.getValue() + "';"));
            }
        }
    }

    private void rights(Patient patient, Statement ask, List<Diagnosis> found) throws SQLException {
        String role = one(ask, "SELECT current_user");
        if (one(ask, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").equals("t")) {
            found.add(Diagnosis.warn(what(), "the role " + role + " is a superuser, which Signet does not need.",
                    "Give it a role of its own that may CREATE in its database alone."));
        }
        boolean mayCreate = one(ask, "SELECT has_database_privilege(current_database(), 'CREATE')").equals("t");
        for (Service service : Service.values()) {
            if (!patient.served().has(service)) {
                continue;
            }
            String owner = one(ask,
                    "SELECT coalesce((SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = '"
                            + service.schema() + "'), '')");
            if (owner.isEmpty() && !mayCreate) {
                found.add(Diagnosis.fail(what(),
                        "the role " + role + " may not make the schema " + service.schema() + ".",
                        "Run: GRANT CREATE ON DATABASE " + one(ask, "SELECT current_database()") + " TO " + role
                                + ";"));
            } else if (!owner.isEmpty() && one(ask, "SELECT pg_has_role(current_user, '" + owner.replace("'", "''")
                    + "', 'USAGE')").equals("f")) {
                found.add(Diagnosis.fail(what(),
                        "the schema " + service.schema() + " is " + owner + "'s, and we are " + role
                                + ".",
                        "Log in as " + owner + ", or run: ALTER SCHEMA " + service.schema() + " OWNER TO " + role
                                + ";"));
            }
        }
    }

    private void leftBehind(List<String> schemas, List<Diagnosis> found) {
        if (!schemas.isEmpty()) {
            found.add(Diagnosis.warn(what(), "a restore that was killed has left " + String.join(", ", schemas)
                    + ", with the rows of its backup, also those of what people have ended since.",
                    "Unless one runs right now: restore again, or run "
                            + schemas.stream()
                                    .map(schema -> "DROP SCHEMA " + schema + " CASCADE;")
                                    .collect(Collectors.joining(" "))));
        }
    }

    private void connections(Patient patient, Statement ask, List<Diagnosis> found) throws SQLException {
        int most = Integer.parseInt(one(ask, "SHOW max_connections"));
        int wanted = Integer.parseInt(patient.text("signet.database.pool-size")
                .filter(text -> text.matches("\\d{1,4}"))
                .orElse("16"));
        if (most < wanted + SPARE) {
            found.add(Diagnosis.warn(what(), "PostgreSQL takes " + most + " connections, and one server of ours uses "
                    + wanted + ".", "Raise max_connections, or lower signet.database.pool-size."));
        }
    }

    private void clock(Patient patient, Statement ask, List<Diagnosis> found) throws SQLException {
        Instant before = patient.clock().instant();
        double seconds = Double.parseDouble(one(ask, "SELECT extract(epoch FROM clock_timestamp())"));
        Duration apart = Duration.between(before, Instant.ofEpochMilli((long) (seconds * 1000))).abs();
        found.add(apart.compareTo(APART) > 0
                ? Diagnosis.fail("clock", "the clocks of this machine and of the database are " + apart.toSeconds()
                        + " s apart.", "Set both by NTP: what expires would expire at another time than was said.")
                : Diagnosis.ok("clock", "this machine and the database agree on the time."));
    }

    private static String one(Statement ask, String sql) throws SQLException {
        try (ResultSet row = ask.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
