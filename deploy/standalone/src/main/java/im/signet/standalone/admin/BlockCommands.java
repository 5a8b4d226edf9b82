package im.signet.standalone.admin;

import im.signet.identity.administration.AddressAdministration;
import im.signet.identity.association.Association;
import im.signet.identity.block.AddressBlocks;
import im.signet.identity.block.AddressRange;
import im.signet.kit.audit.Subject;
import im.signet.kit.homeserver.HomeserverBlocks;
import im.signet.kit.homeserver.HomeserverPattern;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code block ...} and {@code unblock ...}: addresses that nothing is sent to, homeservers that are not served. */
final class BlockCommands {

    private static final String AGAIN = "It was blocked already.";
    private static final int AT_ONCE = 1_000;

    private BlockCommands() {}

    /** Blocks addresses, one or a range of them. */
    abstract static class BlocksAddresses extends ChangingCommand {

        @Option(names = "--unbind", description = "unbind what is bound, too")
        private boolean unbind;

        BlocksAddresses(Operator operator) {
            super(operator);
        }

        /** Returns what is bound and to be blocked. */
        abstract List<Association> bound(Desk desk, AddressAdministration addresses) throws SQLException;

        /** Blocks, within a transaction; returns whether it was not blocked already. */
        abstract boolean block(Desk desk, AddressAdministration addresses) throws SQLException;

        abstract Subject subject();

        abstract String words();

        @Override
        final Exit run(Desk desk) throws SQLException {
            Subject about = subject();
            desk.need(Service.IDENTITY);
            try (AddressAdministration addresses = AddressAdministration.open(desk.database(), desk.keys(),
                    desk::journal, desk.clock(), desk.random())) {
                int bound = bound(desk, addresses).size();
                String consequence = bound == 0
                        ? "Nothing of it is bound."
                        : Unbound.count(bound) + (unbind
                                ? " will be unbound."
                                : " of it stay bound and can be looked up; '--unbind' unbinds them.");
                desk.agree("From now on nothing is sent there, and nobody can prove or bind it. " + consequence
                        + " Go on?");
                List<String> said = addresses.together(() -> {
                    AddressBlocks.lock(desk.database());
                    String outcome = block(desk, addresses) ? "It is blocked." : AGAIN;
                    return List.of(outcome, desk.note(Service.IDENTITY, words(), about, outcome));
                });
                said.forEach(desk.out()::println);
                if (unbind) {
                    unbind(desk, addresses, about);
                }
                return Exit.OK;
            }
        }

        // Nobody can bind there any more, so nobody who binds elsewhere has to wait until all is found.
        private void unbind(Desk desk, AddressAdministration addresses, Subject about) throws SQLException {
            boolean through = false;
            try {
                List<Association> bound = bound(desk, addresses);
                for (int from = 0; from < bound.size(); from += AT_ONCE) {
                    List<Association> some = bound.subList(from, Math.min(bound.size(), from + AT_ONCE));
                    List<String> said = addresses.together(() -> {
                        String outcome = Unbound.sentence(Unbound.remove(addresses, some));
                        return List.of(outcome, desk.note(Service.IDENTITY, words(), about, outcome));
                    });
                    said.forEach(desk.out()::println);
                }
                if (bound.isEmpty()) {
                    desk.out().println(Unbound.sentence(0));
                }
                through = true;
            } finally {
                if (!through) {
                    desk.out().println("It stays blocked, but not everything is unbound: give the command again.");
                }
            }
        }
    }

    /** One address. */
    @Command(name = "address", description = "send nothing to an address, and let nobody prove or bind it")
    static final class BlockAddress extends BlocksAddresses {

        @Parameters(paramLabel = "ADDRESS", description = "alice@example.org or +4479460000")
        private String address = "";

        BlockAddress(Operator operator) {
            super(operator);
        }

        @Override
        List<Association> bound(Desk desk, AddressAdministration addresses) {
            return addresses.current(Subjects.address(address)).stream().toList();
        }

        @Override
        boolean block(Desk desk, AddressAdministration addresses) throws SQLException {
            return AddressBlocks.add(desk.database(), addresses.atRest(), Subjects.address(address), desk.reason());
        }

        @Override
        Subject subject() {
            return Subject.of(Subjects.address(address));
        }

        @Override
        String words() {
            return "block address";
        }
    }

    /** Blocks all addresses of a range. */
    abstract static class BlocksRange extends BlocksAddresses {

        BlocksRange(Operator operator) {
            super(operator);
        }

        abstract AddressRange range();

        @Override
        final List<Association> bound(Desk desk, AddressAdministration addresses) throws SQLException {
            return addresses.in(desk.database(), range());
        }

        @Override
        final boolean block(Desk desk, AddressAdministration addresses) throws SQLException {
            return AddressBlocks.add(desk.database(), range(), desk.reason());
        }

        @Override
        final Subject subject() {
            return new Subject.Plain(range().pattern());
        }
    }

    /** All addresses of a domain. */
    @Command(name = "domain", description = "the same for all addresses of a mail domain")
    static final class BlockDomain extends BlocksRange {

        @Parameters(paramLabel = "DOMAIN", description = "example.org, or *.example.org for all domains below")
        private String domain = "";

        BlockDomain(Operator operator) {
            super(operator);
        }

        @Override
        AddressRange range() {
            return read(AddressRange.domain(domain));
        }

        @Override
        String words() {
            return "block domain";
        }
    }

    /** All numbers that begin alike. */
    @Command(name = "numbers", description = "the same for all telephone numbers that begin alike")
    static final class BlockNumbers extends BlocksRange {

        @Parameters(paramLabel = "PREFIX", description = "such as +4490")
        private String prefix = "";

        BlockNumbers(Operator operator) {
            super(operator);
        }

        @Override
        AddressRange range() {
            return read(AddressRange.prefix(prefix));
        }

        @Override
        String words() {
            return "block numbers";
        }
    }

    /** Homeservers. */
    @Command(name = "homeserver", description = "serve no user of a homeserver, and do not speak to it")
    static final class BlockHomeserver extends ChangingCommand {

        @Parameters(paramLabel = "HOMESERVER", description = "example.org, or *.example.org for all below it")
        private String homeserver = "";

        BlockHomeserver(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            HomeserverPattern pattern = pattern(homeserver);
            desk.agree((desk.has(Service.TERMS)
                    ? "From now on no user of it gets a token, and those there are do not work while this lasts; they are"
                            + " kept. It is not spoken to."
                    : "From now on the " + titles(desk) + " does not speak to it. Its users' tokens are the"
                            + " terms-service's: give the configuration of that, too.")
                    + " Go on?");
            desk.change(desk.services(), "block homeserver", new Subject.Plain(pattern.toString()), () -> {
                boolean added = false;
                for (Service service : desk.services()) {
                    added |= HomeserverBlocks.add(desk.database(), service.schema(), pattern, desk.reason());
                }
                return Optional.of(added ? "It is blocked: servers know within a second." : AGAIN);
            });
            elsewhere(desk);
            return Exit.OK;
        }
    }

    /** Ends a block. */
    @Command(name = "address", description = "end the block of an address")
    static final class UnblockAddress extends ChangingCommand {

        @Parameters(paramLabel = "ADDRESS", description = "alice@example.org or +4479460000")
        private String address = "";

        UnblockAddress(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            Address which = Subjects.address(address);
            desk.need(Service.IDENTITY);
            var atRest = AddressAdministration.atRest(desk.database(), desk.keys(), desk.random());
            return unblocked(desk, desk.change(List.of(Service.IDENTITY), "unblock address", Subject.of(which),
                    () -> ended(AddressBlocks.remove(desk.database(), atRest, which))));
        }
    }

    /** Ends the block of a domain. */
    @Command(name = "domain", description = "end the block of a mail domain")
    static final class UnblockDomain extends ChangingCommand {

        @Parameters(paramLabel = "DOMAIN", description = "as it was blocked")
        private String domain = "";

        UnblockDomain(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            return unblock(desk, "unblock domain", read(AddressRange.domain(domain)));
        }
    }

    /** Ends the block of numbers. */
    @Command(name = "numbers", description = "end the block of telephone numbers that begin alike")
    static final class UnblockNumbers extends ChangingCommand {

        @Parameters(paramLabel = "PREFIX", description = "as it was blocked")
        private String prefix = "";

        UnblockNumbers(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            return unblock(desk, "unblock numbers", read(AddressRange.prefix(prefix)));
        }
    }

    /** Ends the block of homeservers. */
    @Command(name = "homeserver", description = "end the block of a homeserver")
    static final class UnblockHomeserver extends ChangingCommand {

        @Parameters(paramLabel = "HOMESERVER", description = "as it was blocked")
        private String homeserver = "";

        UnblockHomeserver(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            HomeserverPattern pattern = pattern(homeserver);
            Exit exit = unblocked(desk,
                    desk.change(desk.services(), "unblock homeserver", new Subject.Plain(pattern.toString()), () -> {
                        boolean removed = false;
                        for (Service service : desk.services()) {
                            removed |= HomeserverBlocks.remove(desk.database(), service.schema(), pattern);
                        }
                        return ended(removed);
                    }));
            elsewhere(desk);
            return exit;
        }
    }

    /** Lists blocks. */
    @Command(name = "list", description = "what is blocked; of single addresses only how many there are, and why")
    static final class ListBlocks extends DeskCommand {

        @Option(names = "--json", description = "as JSON")
        private boolean json;

        ListBlocks(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            JsonObject.Builder result = JsonObject.builder();
            Map<String, Json> homeservers = new TreeMap<>();
            for (Service service : desk.services()) {
                for (HomeserverBlocks.Block block : HomeserverBlocks.list(desk.database(), service.schema())) {
                    homeservers.put(block.pattern(),
                            block("homeserver", block.pattern(), block.since(), block.reason()));
                }
            }
            result.put("homeservers", JsonArray.of(List.copyOf(homeservers.values())));
            if (desk.has(Service.IDENTITY)) {
                List<Json> ranges = new ArrayList<>();
                AddressBlocks.ranges(desk.database())
                        .forEach(range -> ranges.add(block("range", range.pattern(), range.since(), range.reason())));
                List<Json> addresses = new ArrayList<>();
                AddressBlocks.addresses(desk.database())
                        .forEach(hidden -> addresses.add(block("address", "hidden", hidden.since(), hidden.reason())));
                result.put("domains_and_numbers", JsonArray.of(ranges)).put("addresses", JsonArray.of(addresses));
            }
            Shown.print(desk.out(), result.build(), json);
            return Exit.OK;
        }

        private static JsonObject block(String kind, String pattern, Instant since, Optional<String> reason) {
            JsonObject.Builder block = JsonObject.builder().put(kind, pattern).put("since", since.toString());
            reason.ifPresent(why -> block.put("reason", why));
            return block.build();
        }
    }

    private static Exit unblock(Desk desk, String words, AddressRange range) throws SQLException {
        desk.need(Service.IDENTITY);
        return unblocked(desk, desk.change(List.of(Service.IDENTITY), words, new Subject.Plain(range.pattern()),
                () -> ended(AddressBlocks.remove(desk.database(), range))));
    }

    private static Optional<String> ended(boolean removed) {
        return removed ? Optional.of("It is no longer blocked.") : Optional.empty();
    }

    private static Exit unblocked(Desk desk, boolean changed) {
        if (!changed) {
            desk.out().println("No block is written so; 'admin block list' shows those there are.");
        }
        return changed ? Exit.OK : Exit.USAGE;
    }

    private static AddressRange read(Parsed<AddressRange> range) {
        return switch (range) {
            case Parsed.Ok<AddressRange>(AddressRange well) -> well;
            case Parsed.Refused<AddressRange>(String why) -> throw Refusal.misuse(why);
        };
    }

    private static HomeserverPattern pattern(String text) {
        try {
            return HomeserverPattern.valueOf(text);
        } catch (IllegalArgumentException none) {
            throw Refusal.misuse("that is no homeserver such as example.org, example.org:8448 or *.example.org");
        }
    }

    private static String titles(Desk desk) {
        return String.join(" and the ", desk.services().stream().map(Service::title).toList());
    }

    private static void elsewhere(Desk desk) {
        List<String> missing = Service.all()
                .stream()
                .filter(service -> !desk.has(service))
                .map(Service::title)
                .toList();
        if (!missing.isEmpty()) {
            desk.out()
                    .println("This database has no " + String.join(" and no ", missing)
                            + ": where services run apart, give the command once with the configuration of each.");
        }
    }
}
