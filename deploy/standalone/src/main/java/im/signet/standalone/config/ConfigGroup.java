package im.signet.standalone.config;

import picocli.CommandLine.Command;

/** {@code config ...}: the settings, whether they are right, and what they may be. */
@Command(name = "config", description = "the settings: check them, print them, list what there is", subcommands = {
    CheckConfig.class, PrintConfig.class, PrintSchema.class, PrintReference.class})
public final class ConfigGroup {

    /** Makes the group with all its commands. */
    public ConfigGroup() {}
}
