package im.signet.standalone.doctor;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;
import im.signet.standalone.config.ServedArgument;
import im.signet.standalone.config.SettingsSources;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor [SERVICE]}: looks at a server, and says what is wrong and how to mend it, a line each. */
@Command(name = "doctor", description = "look at settings, files, database, network, mail; say what is wrong and how to mend it")
public final class DoctorCommand implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServedArgument service = new ServedArgument();

    @Option(names = "--json", description = "print one JSON object, for programs")
    private boolean json;

    @Option(names = "--mail-to", paramLabel = "ADDRESS", description = "send a test mail there")
    private @Nullable String mailTo;

    @Option(names = "--homeserver", paramLabel = "NAME", description = "a homeserver to ask; may be given several times")
    private final List<String> homeservers = new ArrayList<>();

    /** Makes the command. */
    public DoctorCommand() {}

    /** Prints what was found; UNAVAILABLE where anything fails. */
    @Override
    public Exit call() throws InterruptedException {
        Patient patient = new Patient(SettingsSources.read(arguments.settings()), service.served(),
                Optional.ofNullable(mailTo), List.copyOf(homeservers), Clock.systemUTC(), new SecureRandom());
        List<Diagnosis> found = Examination.of(patient);
        boolean fails = found.stream().anyMatch(line -> line.level() == Diagnosis.Level.FAIL);
        if (json) {
            output.out()
                    .println(JsonMapper.shared()
                            .writeValueAsString(Map.of("ok", !fails, "checks",
                                    found.stream().map(DoctorCommand::members).toList())));
        } else {
            found.forEach(line -> output.out().println(line));
        }
        return fails ? Exit.UNAVAILABLE : Exit.OK;
    }

    private static Map<String, String> members(Diagnosis line) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("level", line.level().toString());
        members.put("what", line.what());
        members.put("words", line.words());
        members.put("mend", line.mend());
        return members;
    }
}
