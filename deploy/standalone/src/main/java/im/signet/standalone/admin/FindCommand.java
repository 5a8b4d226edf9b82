package im.signet.standalone.admin;

import im.signet.identity.administration.AddressAdministration;
import im.signet.identity.administration.AddressFindings;
import im.signet.identity.association.Association;
import im.signet.identity.holding.Redaction;
import im.signet.kit.audit.Subject;
import im.signet.kit.key.KeyedHash;
import im.signet.names.handle.HandleFindings;
import im.signet.names.store.NameHashes;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;
import im.signet.terms.account.AccountFindings;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code find ADDRESS|USER|HANDLE}: what is kept of somebody. */
@Command(name = "find", description = "show what is kept of an address, a user or a handle")
final class FindCommand extends DeskCommand {

    @Parameters(paramLabel = "ADDRESS|USER|HANDLE", description = "alice@example.org as an address and as a handle,"
            + " +4479460000, or @alice:example.org")
    private String whom = "";

    @Option(names = "--user", paramLabel = "USER", description = "say whether the handle is this user's")
    private @Nullable String user;

    @Option(names = "--show-addresses", description = "show a user's addresses in full; leaves a line")
    private boolean addresses;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    FindCommand(Operator operator) {
        super(operator);
    }

    @Override
    Exit run(Desk desk) throws SQLException {
        JsonObject.Builder result = JsonObject.builder();
        if (whom.startsWith("@")) {
            if (user != null) {
                throw Refusal.misuse("--user goes with a handle");
            }
            ofUser(desk, Subjects.user(whom), result);
        } else {
            ofAddressOrHandle(desk, result);
        }
        List<String> missing = Service.all()
                .stream()
                .filter(service -> !desk.has(service))
                .map(Service::title)
                .toList();
        if (!missing.isEmpty()) {
            result.put("not_asked", "this database has no " + String.join(" and no ", missing)
                    + "; where services run apart, ask with the configuration of each");
        }
        Shown.print(desk.out(), result.build(), json);
        return Exit.OK;
    }

    private void ofAddressOrHandle(Desk desk, JsonObject.Builder result) throws SQLException {
        Optional<Handle> handle = Subjects.maybeHandle(whom);
        Optional<Address> address = whom.contains("@")
                ? Address.parse(Medium.EMAIL, whom).toOptional()
                : Optional.of(Subjects.address(whom));
        if (handle.isEmpty() && address.isEmpty()) {
            Subjects.address(whom);
        }
        Optional<UserId> owner = Optional.ofNullable(user).map(Subjects::user);
        if (address.isPresent() && desk.has(Service.IDENTITY)) {
            result.put("address", address(desk, address.get()));
        }
        if (handle.isPresent() && desk.has(Service.NAMES)) {
            result.put("handle", handle(desk, handle.get(), owner));
        }
    }

    private static JsonObject address(Desk desk, Address address) throws SQLException {
        JsonObject.Builder shown = JsonObject.builder();
        try (AddressAdministration administration = AddressAdministration.open(desk.database(), desk.keys(),
                desk::journal, desk.clock(), desk.random())) {
            Optional<Association> bound = administration.current(address);
            shown.put("bound_to", bound.map(association -> association.user().value()).orElse("nobody"));
            bound.ifPresent(association -> shown.put("since", association.heldSince().toString())
                    .put("bound_at", association.boundAt().toString())
                    .put("proven_at", association.provenAt().toString())
                    .put("found_by_lookups", association.discoverable()));
            AddressFindings found = AddressFindings.about(desk.database(), administration.atRest(),
                    OutboxCommands.sealing(desk, Service.IDENTITY), address);
            found.lastProof().ifPresent(at -> shown.put("unbound_but_proven_at", at.toString()));
            shown.put("proofs", JsonArray.of(found.sessions()
                    .stream()
                    .map(session -> JsonObject.builder()
                            .put("by", session.user().value())
                            .put("state", session.state())
                            .put("at", session.modified().toString())
                            .build())
                    .toList()));
            shown.put("invitations_waiting", found.invitations())
                    .put("wants_no_invitations_since", found.unwilling().map(Instant::toString).orElse("never said so"))
                    .put("blocked", found.blocked()
                            .map(block -> "since " + block.since() + block.reason().map(why -> ": " + why).orElse(""))
                            .orElse("no"))
                    .put("in_blocked_ranges", JsonArray.ofStrings(found.ranges()
                            .stream()
                            .map(range -> range.pattern() + " since " + range.since())
                            .toList()))
                    .put("messages_undelivered", found.undelivered());
        }
        return shown.build();
    }

    private static JsonObject handle(Desk desk, Handle handle, Optional<UserId> owner) throws SQLException {
        NameHashes hashes = names(desk);
        JsonObject.Builder shown = JsonObject.builder();
        Optional<HandleFindings> found = HandleFindings.of(desk.database(), handle, desk.clock().instant());
        if (found.isPresent()) {
            shown.put("identity", found.get().id())
                    .put("state", found.get().state())
                    .put("registered_at", found.get().registered().toString())
                    .put("binding_ends", found.get().ends().toString());
        } else {
            Optional<HandleFindings.Quarantine> quarantine = HandleFindings.quarantine(desk.database(), hashes, handle);
            shown.put("state", quarantine.isPresent() ? "in quarantine" : "nobody has it");
            quarantine.ifPresent(since -> shown.put("since", since.since().toString())
                    .put("until", since.until().map(Instant::toString).orElse("for ever")));
        }
        if (owner.isPresent()) {
            shown.put("of_that_user", HandleFindings.isOf(desk.database(), hashes, handle, owner.get()));
        }
        return shown.build();
    }

    private void ofUser(Desk desk, UserId whose, JsonObject.Builder result) throws SQLException {
        if (desk.has(Service.TERMS)) {
            AccountFindings account = AccountFindings.of(desk.database(), whose);
            List<Json> acceptances = new ArrayList<>();
            account.acceptances()
                    .forEach(acceptance -> acceptances.add(JsonObject.builder()
                            .put("policy", acceptance.policy())
                            .put("version", acceptance.version())
                            .put("language", acceptance.language())
                            .put("at", acceptance.at().toString())
                            .put("withdrawn", acceptance.withdrawn())
                            .build()));
            result.put("account", JsonObject.builder()
                    .put("tokens", account.tokens())
                    .put("last_used", account.lastUsed().map(Instant::toString).orElse("never"))
                    .put("accepted", JsonArray.of(acceptances))
                    .build());
        }
        if (desk.has(Service.IDENTITY)) {
            result.put("addresses", JsonArray.of(addresses(desk, whose)));
            result.put("invitations_sent_and_waiting", AddressFindings.sentBy(desk.database(),
                    new KeyedHash(desk.keys().open(desk.database(), "identity", "inviter")), whose));
        }
        if (desk.has(Service.NAMES)) {
            List<Json> handles = new ArrayList<>();
            HandleFindings.of(desk.database(), names(desk), whose, desk.clock().instant())
                    .forEach(handle -> handles.add(JsonObject.builder()
                            .put("handle", handle.handle())
                            .put("identity", handle.id())
                            .put("state", handle.state())
                            .put("binding_ends", handle.ends().toString())
                            .build()));
            result.put("handles", JsonArray.of(handles));
        }
    }

    private List<Json> addresses(Desk desk, UserId whose) throws SQLException {
        List<Json> shown = new ArrayList<>();
        try (AddressAdministration administration = AddressAdministration.open(desk.database(), desk.keys(),
                desk::journal, desk.clock(), desk.random())) {
            for (Association association : administration.of(whose)) {
                Address address = association.address();
                shown.add(JsonObject.builder()
                        .put("address", addresses ? full(address) : Redaction.of(address))
                        .put("since", association.heldSince().toString())
                        .put("found_by_lookups", association.discoverable())
                        .build());
            }
        }
        if (addresses && !shown.isEmpty()) {
            // Whose addresses an operator read is something that a line is kept of.
            desk.together(() -> desk.note(Service.IDENTITY, "find --show-addresses", Subject.of(whose), "shown"));
        }
        return shown;
    }

    private static String full(Address address) {
        return address.medium() == Medium.MSISDN ? "+" + address.value() : address.value();
    }

    private static NameHashes names(Desk desk) throws SQLException {
        return new NameHashes(new KeyedHash(desk.keys().open(desk.database(), "names", "handle-hash")));
    }
}
