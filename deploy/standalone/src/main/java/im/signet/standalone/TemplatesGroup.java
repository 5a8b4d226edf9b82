package im.signet.standalone;

import picocli.CommandLine.Command;

/** {@code templates ...}: the operator's templates of mails and pages. */
@Command(name = "templates", description = "the templates of mails and pages", subcommands = CheckTemplates.class)
final class TemplatesGroup {}
