package im.signet.standalone.config;

import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Output;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code config reference}. */
@Command(name = "reference", description = "print what settings there are, as Markdown")
final class PrintReference implements Callable<Exit> {

    @Mixin
    private final Output output = new Output();

    @Override
    public Exit call() {
        output.out().print(SettingsReference.of(SettingsCatalog.load()));
        return Exit.OK;
    }
}
