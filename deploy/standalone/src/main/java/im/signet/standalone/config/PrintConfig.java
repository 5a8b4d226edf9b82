package im.signet.standalone.config;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;
import im.signet.standalone.command.SettingsArguments;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code config print [SERVICE]}: the settings that a server would run with, and where each is from. */
@Command(name = "print", description = "print the settings in effect as YAML, each with where it is from; secrets are hidden")
final class PrintConfig implements Callable<Exit> {

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServedArgument service = new ServedArgument();

    @Option(names = "--changed", description = "leave out what is as it comes")
    private boolean changed;

    /** Prints them; CONFIGURATION where a file cannot be read. */
    @Override
    public Exit call() {
        SettingsSources sources = SettingsSources.read(arguments.settings());
        List<Finding> unreadable = sources.unreadable();
        if (!unreadable.isEmpty()) {
            unreadable.forEach(wrong -> output.err()
                    .println("signet: " + (wrong.where().isEmpty() ? "" : wrong.where() + ": ") + wrong.what() + " "
                            + wrong.mend()));
            return Exit.CONFIGURATION;
        }
        output.out().print(EffectiveSettings.of(SettingsCatalog.load(), sources, service.served(), changed));
        return Exit.OK;
    }
}
