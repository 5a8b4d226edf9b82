package im.signet.standalone.admin;

import im.signet.standalone.command.Operator;

import java.time.Duration;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The operator's commands: {@code admin ...}. */
public final class AdminCommands {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private AdminCommands() {}

    /** What is called {@code admin}. */
    @Command(name = "admin", description = "what the operator asks and changes beside running servers")
    static final class Admin {}

    /** What is called {@code token}. */
    @Command(name = "token", description = "access tokens")
    static final class Token {}

    /** What is called {@code pepper}. */
    @Command(name = "pepper", description = "what clients hash addresses with")
    static final class Pepper {}

    /** What is called {@code invitation}. */
    @Command(name = "invitation", description = "invitations to addresses")
    static final class Invitation {}

    /** What is called {@code handle}. */
    @Command(name = "handle", description = "handles")
    static final class OfHandles {}

    /** What is called {@code key}. */
    @Command(name = "key", description = "the files of keys: what is in them, and new keys")
    static final class Key {}

    /** What is called {@code outbox}. */
    @Command(name = "outbox", description = "mail, SMS and calls that wait to leave the server")
    static final class Outbox {}

    /** What is called {@code block}. */
    @Command(name = "block", description = "addresses, domains, numbers and homeservers that are not served")
    static final class Block {}

    /** What is called {@code unblock}. */
    @Command(name = "unblock", description = "serve them again")
    static final class Unblock {}

    /** What is called {@code audit}. */
    @Command(name = "audit", description = "what operators changed")
    static final class Audit {}

    /** Returns all of them, for that operator. */
    public static CommandLine of(Operator operator) {
        return of(operator, PATIENCE);
    }

    /** Returns all of them; what waits for a server waits so long. */
    public static CommandLine of(Operator operator, Duration patience) {
        CommandLine admin = new CommandLine(new Admin());
        List.of(new CommandLine(new FindCommand(operator)), new CommandLine(new UnbindCommand(operator)),
                group(new Token(), new TokenCommands.Revoke(operator), new TokenCommands.RevokeAll(operator)),
                group(new Block(), new BlockCommands.BlockAddress(operator), new BlockCommands.BlockDomain(operator),
                        new BlockCommands.BlockNumbers(operator), new BlockCommands.BlockHomeserver(operator),
                        new BlockCommands.ListBlocks(operator)),
                group(new Unblock(), new BlockCommands.UnblockAddress(operator),
                        new BlockCommands.UnblockDomain(operator), new BlockCommands.UnblockNumbers(operator),
                        new BlockCommands.UnblockHomeserver(operator)),
                group(new OfHandles(), new HandleCommands.Invite(operator), new HandleCommands.Suspend(operator),
                        new HandleCommands.Unsuspend(operator)),
                group(new Invitation(), new WithdrawInvitation(operator)),
                group(new Outbox(), new OutboxCommands.ListLetters(operator), new OutboxCommands.Requeue(operator),
                        new OutboxCommands.Drop(operator)),
                group(new Key(), new KeyCommands.ListKeys(operator), new KeyCommands.Add(operator),
                        new KeyCommands.Use(operator), new KeyCommands.Rotate(operator)),
                group(new Pepper(), new RotatePepper(operator, patience)),
                group(new Audit(), new AuditCommands.ListActions(operator))).forEach(admin::addSubcommand);
        return admin;
    }

    private static CommandLine group(Object name, Object... commands) {
        CommandLine group = new CommandLine(name);
        for (Object command : commands) {
            group.addSubcommand(command);
        }
        return group;
    }
}
