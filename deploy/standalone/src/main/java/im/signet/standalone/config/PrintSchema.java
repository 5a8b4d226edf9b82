package im.signet.standalone.config;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code config schema}. */
@Command(name = "schema", description = "print the JSON schema of the settings file, for editors")
final class PrintSchema implements Callable<Exit> {

    @Mixin
    private final Output output = new Output();

    @Override
    public Exit call() {
        output.out().print(SettingsSchema.of(SettingsCatalog.load()));
        return Exit.OK;
    }
}
