package im.signet.kit.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * One change by an operator, as it is kept.
 *
 * @param id       its number in the table of its schema
 * @param schema   the schema of the service that it concerned
 * @param operator the operating system's user and host
 * @param command  the words of the command, without what it was about
 * @param object   whom or what it was about, where that says nothing of a person; else a word such as {@code user}
 * @param reason   what the operator said
 * @param outcome  what came of it
 */
public record OperatorAction(long id, String schema, Instant at, String operator, String command,
        Optional<String> object, Optional<String> reason, String outcome) {}
