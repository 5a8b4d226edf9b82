package im.signet.standalone.config;

import picocli.CommandLine.Command;

/** {@code upgrade ...}: what comes of starting this version. */
@Command(name = "upgrade", description = "what comes of starting this version on an older one's data", subcommands = CheckUpgrade.class)
public final class UpgradeGroup {

    /** Makes the group with all its commands. */
    public UpgradeGroup() {}
}
