package im.signet.standalone.admin;

import im.signet.identity.administration.AddressAdministration;
import im.signet.identity.association.Association;
import im.signet.kit.audit.Subject;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.UserId;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unbind ADDRESS} and {@code unbind USER}: takes back whose an address is, as the API does. */
@Command(name = "unbind", description = "take back that an address is its user's, or that a user's addresses are theirs")
final class UnbindCommand extends ChangingCommand {

    @Parameters(paramLabel = "ADDRESS|USER", description = "alice@example.org, +4479460000 or @alice:example.org")
    private String subject = "";

    @Option(names = "--user", paramLabel = "USER", description = "only if the address is this user's")
    private @Nullable String user;

    UnbindCommand(Operator operator) {
        super(operator);
    }

    @Override
    Exit run(Desk desk) throws SQLException {
        boolean allOfOne = subject.startsWith("@");
        if (allOfOne && user != null) {
            throw Refusal.misuse("--user goes with an address");
        }
        Optional<Address> address = allOfOne ? Optional.empty() : Optional.of(Subjects.address(subject));
        Optional<UserId> whose = allOfOne
                ? Optional.of(Subjects.user(subject))
                : Optional.ofNullable(user).map(Subjects::user);
        desk.need(Service.IDENTITY);
        try (AddressAdministration addresses = AddressAdministration.open(desk.database(), desk.keys(),
                desk::journal, desk.clock(), desk.random())) {
            List<Association> bound = address
                    .map(one -> addresses.current(one)
                            .stream()
                            .filter(association -> whose.isEmpty() || association.user().equals(whose.get()))
                            .toList())
                    .orElseGet(() -> addresses.of(whose.orElseThrow()));
            if (bound.isEmpty()) {
                desk.out().println(allOfOne ? "No address is that user's." : "That address is not bound so.");
                return Exit.USAGE;
            }
            desk.agree(allOfOne
                    ? "This unbinds " + Unbound.count(bound.size()) + " of that user. Go on?"
                    : "This unbinds that address from " + bound.getFirst().user() + ", whose it has been since "
                            + bound.getFirst().heldSince() + ". Go on?");
            Subject about = address.map(Subject::of).orElseGet(() -> Subject.of(whose.orElseThrow()));
            List<String> said = addresses.together(() -> {
                String outcome = Unbound.sentence(Unbound.remove(addresses, bound));
                return List.of(outcome, desk.note(Service.IDENTITY, "unbind", about, outcome));
            });
            said.forEach(desk.out()::println);
            return Exit.OK;
        }
    }
}
