package im.signet.standalone.config;

import im.signet.kit.database.ServerDatabase;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code upgrade check [SERVICE]}: run with the new jar beside the old server, says what a start of it would change, and
 * changes nothing.
 */
@Command(name = "check", description = "say what a start of this version would change in the database; changes nothing", footerHeading = "%n", footer = {
    "Ends with 0 when it can be started beside the old version, 75 when the old one has to be",
    "stopped first, 78 when it must not be started, 69 when there is no database to ask."})
final class CheckUpgrade implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServedArgument service = new ServedArgument();

    /** Prints the plan. */
    @Override
    public Exit call() throws SQLException {
        SettingsSources sources = SettingsSources.read(arguments.settings());
        List<String> refusals = new ArrayList<>();
        List<Finding> settings = new ArrayList<>(ChangedSettings.in(sources, ChangedSettings.ALL));
        ConfigCheck.of(SettingsCatalog.load(), sources, service.served())
                .stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .forEach(settings::add);
        for (Finding wrong : settings) {
            refusals.add((wrong.where().isEmpty() ? "" : wrong.where() + ": ") + wrong.what() + " " + wrong.mend());
        }
        line("settings",
                settings.isEmpty() ? "this version takes them as they are" : settings.size() + " to be mended");
        UpgradePlan plan;
        try (Connection database = ServerDatabase.connect(sources.environment())) {
            plan = UpgradePlan.of(database, service.served());
            Path keys = Path.of(sources.environment().getProperty("signet.data-dir", "./data"), "keys");
            for (Service each : service.served().services()) {
                StoredKeys.missing(database, each, keys)
                        .forEach(missing -> refusals.add(missing.words()
                                + " Put that file back before anything else."));
            }
        } catch (UnusableSettingException unreachable) {
            refusals.forEach(refusal -> output.out().println("REFUSED   " + refusal));
            output.err().println("signet: " + unreachable.getMessage() + " " + unreachable.mend());
            return Exit.UNAVAILABLE;
        }
        boolean together = true;
        int pending = 0;
        for (UpgradePlan.OfSchema schema : plan.schemas()) {
            together &= print(schema, refusals);
            pending += schema.pending().size();
        }
        return conclude(refusals, pending, together);
    }

    /** Prints the changes of a schema, and returns whether old servers can go on meanwhile. */
    private boolean print(UpgradePlan.OfSchema schema, List<String> refusals) {
        if (!schema.newer().isEmpty()) {
            refusals.add("The schema " + schema.name() + " was changed by a newer version, by "
                    + String.join(", ", schema.newer())
                    + ". Start that version again, or restore a backup from before its start.");
        }
        if (!schema.failed().isEmpty()) {
            refusals.add("The schema " + schema.name() + " has a change that was not finished, "
                    + String.join(", ", schema.failed()) + ". Look into the log of the version that began it.");
        }
        if (!schema.exists()) {
            line(schema.name(), "there is none yet; a start makes it");
            return true;
        } else if (schema.pending().isEmpty()) {
            line(schema.name(), schema.newer().isEmpty() ? "nothing to change" : "is of a newer version");
            return true;
        }
        line(schema.name(), schema.pending().size() + (schema.pending().size() == 1 ? " change" : " changes"));
        boolean together = true;
        for (Migration migration : UpgradePlan.brought(Service.valueOf(schema.name().toUpperCase(Locale.ROOT)))) {
            if (schema.pending().contains(migration.version())) {
                List<Migration.Remark> remarks = migration.remarks();
                line("", migration.version() + "  " + migration.description() + (remarks.isEmpty()
                        ? ""
                        : ": "
                                + String.join("; ", remarks.stream().map(Migration.Remark::words).toList())));
                together &= remarks.stream().noneMatch(remark -> remark.concern() == Migration.Concern.CONTRACTS);
            }
        }
        return together;
    }

    private Exit conclude(List<String> refusals, int pending, boolean together) {
        if (!refusals.isEmpty()) {
            refusals.forEach(refusal -> output.out().println("REFUSED   " + refusal));
            output.out().println("Do not start this version on this database yet.");
            return Exit.CONFIGURATION;
        }
        if (pending == 0) {
            output.out().println("Start it: nothing in the database changes, and both versions can run side by side.");
            return Exit.OK;
        }
        Path file = arguments.file();
        output.out()
                .println(
                        "Take a backup first, as changes are not undone: signet backup --to FILE.zip --keys-to KEYS.zip"
                                + (file == null ? "" : " --config " + file));
        output.out()
                .println(together
                        ? "Then start it: by what the statements and their authors say, both versions can run side by side."
                        : "Then stop all servers of the old version before you start it: they would miss what is taken away.");
        return together ? Exit.OK : Exit.TEMPORARY;
    }

    private void line(String what, String words) {
        output.out().printf("%-9s %s%n", what, words);
    }
}
