package im.signet.standalone.admin;

import im.signet.kit.audit.Subject;
import im.signet.kit.key.Sealing;
import im.signet.kit.outbox.WaitingLetters;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.Operator;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code outbox list}, {@code outbox requeue} and {@code outbox drop}: what waits to leave the server. */
final class OutboxCommands {

    private static final Predicate<String> ID = Pattern.compile("[A-Za-z0-9_-]{1,64}").asMatchPredicate();

    private OutboxCommands() {}

    /** The ways out of the services. */
    enum Channel {

        /** Mail by the SMTP server. */
        MAIL("mail"),
        /** SMS by the gateway. */
        SMS("sms"),
        /** To homeservers: that an address is bound, and who invited it. */
        ONBIND("onbind"),
        /** To services: that they are to end what they keep of a user. */
        END_HOLDINGS("end-holdings");

        private final String word;

        Channel(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** A letter and the service that it waits in. */
    private record Found(Service service, WaitingLetters letters, String channel) {}

    /** Lists. */
    @Command(name = "list", description = "what waits: which channel, since when, how often it was tried, why it failed")
    static final class ListLetters extends ChangingCommand {

        @Option(names = "--channel", paramLabel = "CHANNEL", description = "only mail, sms, onbind or end-holdings")
        private @Nullable String channel;

        @Option(names = "--limit", paramLabel = "N", description = "at most so many; 100 without")
        private int limit = 100;

        @Option(names = "--show-recipients", description = "to whom, too; needs the key files, and leaves a line")
        private boolean recipients;

        @Option(names = "--json", description = "as JSON")
        private boolean json;

        ListLetters(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            if (limit < 1) {
                throw Refusal.misuse("--limit is a number from 1");
            }
            Optional<String> only = channel(channel);
            List<Json> shown = new ArrayList<>();
            long waiting = 0;
            for (Service service : desk.services()) {
                WaitingLetters letters = new WaitingLetters(service.schema());
                waiting += letters.count(desk.database(), only);
                Optional<Sealing> sealing = recipients ? Optional.of(sealing(desk, service)) : Optional.empty();
                for (WaitingLetters.Waiting letter : letters.list(desk.database(), only, limit - shown.size())) {
                    shown.add(line(desk, letters, letter, sealing));
                }
            }
            if (recipients && !shown.isEmpty()) {
                desk.together(() -> {
                    for (Service service : desk.services()) {
                        desk.note(service, "outbox list --show-recipients", new Subject.Everything(), "shown");
                    }
                    return true;
                });
            }
            Shown.print(desk.out(), JsonObject.builder()
                    .put("waiting", waiting)
                    .put("letters", JsonArray.of(shown))
                    .build(), json);
            return Exit.OK;
        }

        private static JsonObject line(Desk desk, WaitingLetters letters, WaitingLetters.Waiting letter,
                Optional<Sealing> sealing) throws SQLException {
            JsonObject.Builder line = JsonObject.builder()
                    .put("id", letter.id())
                    .put("channel", letter.channel())
                    .put("since", letter.since().map(Object::toString).orElse("unknown"))
                    .put("tries", letter.tries())
                    .put("next_try", letter.underWay() ? "now" : letter.nextTry().toString());
            letter.failure().ifPresent(why -> line.put("failure", why));
            if (sealing.isPresent()) {
                letters.content(desk.database(), letter.id(), sealing.get())
                        .ifPresent(content -> line.put("to", recipient(content)));
            }
            return line.build();
        }

        private static String recipient(JsonObject content) {
            return content.string("to")
                    .or(() -> content.object("association").flatMap(bound -> bound.string("mxid")))
                    .or(() -> content.string("user"))
                    .orElse("unknown");
        }
    }

    /** Tries at once. */
    @Command(name = "requeue", description = "have a letter, or all of them, tried now")
    static final class Requeue extends ChangingCommand {

        @Parameters(paramLabel = "ID", arity = "0..1", description = "as 'outbox list' shows it")
        private @Nullable String id;

        @Option(names = "--all", description = "all that wait")
        private boolean all;

        @Option(names = "--channel", paramLabel = "CHANNEL", description = "with --all: only mail, sms, onbind or end-holdings")
        private @Nullable String channel;

        Requeue(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            if (all == (id != null) || (channel != null && !all)) {
                throw Refusal.misuse("it is either an ID or --all, which --channel goes with");
            }
            return all ? all(desk, channel(channel)) : one(desk, String.valueOf(id));
        }

        private static Exit all(Desk desk, Optional<String> only) throws SQLException {
            int tried = 0;
            for (Service service : desk.services()) {
                int[] some = new int[1];
                desk.change(List.of(service), "outbox requeue",
                        new Subject.Plain(only.map(channel -> "all of " + channel).orElse("all")), () -> {
                            some[0] = new WaitingLetters(service.schema()).requeueAll(desk.database(), only);
                            return some[0] == 0 ? Optional.empty() : Optional.of(sentence(some[0]));
                        });
                tried += some[0];
            }
            if (tried == 0) {
                desk.out().println("Nothing waits that is not under way.");
            }
            return Exit.OK;
        }

        private static Exit one(Desk desk, String id) throws SQLException {
            Found found = find(desk, id);
            return changed(desk, desk.change(List.of(found.service()), "outbox requeue",
                    new Subject.Plain(found.channel() + " " + id),
                    () -> found.letters().requeue(desk.database(), id) == WaitingLetters.Change.DONE
                            ? Optional.of(sentence(1))
                            : Optional.empty()));
        }

        private static String sentence(int letters) {
            return letters == 1
                    ? "1 letter is tried as soon as a server is free."
                    : letters + " letters are tried as soon as servers are free.";
        }
    }

    /** Gives up. */
    @Command(name = "drop", description = "give a letter up: it is never sent")
    static final class Drop extends ChangingCommand {

        @Parameters(paramLabel = "ID", description = "as 'outbox list' shows it")
        private String id = "";

        Drop(Operator operator) {
            super(operator);
        }

        @Override
        Exit run(Desk desk) throws SQLException {
            Found found = find(desk, id);
            if (found.channel().equals(Channel.END_HOLDINGS.toString())) {
                throw Refusal.misuse("that letter ends what a user asked to have ended: it is not given up. When the"
                        + " service that it is for is back, it is delivered");
            }
            desk.agree("That letter goes by " + found.channel() + " and is then never sent. Go on?");
            return changed(desk, desk.change(List.of(found.service()), "outbox drop",
                    new Subject.Plain(found.channel() + " " + id),
                    () -> found.letters().drop(desk.database(), id) == WaitingLetters.Change.DONE
                            ? Optional.of("1 letter is given up.")
                            : Optional.empty()));
        }
    }

    private static Exit changed(Desk desk, boolean changed) {
        if (!changed) {
            desk.out().println("A server delivers that letter in this moment, or has.");
        }
        return changed ? Exit.OK : Exit.TEMPORARY;
    }

    private static Found find(Desk desk, String id) throws SQLException {
        if (!ID.test(id)) {
            throw Refusal.misuse("an id is as 'outbox list' shows it");
        }
        for (Service service : desk.services()) {
            WaitingLetters letters = new WaitingLetters(service.schema());
            Optional<String> channel = letters.channelOf(desk.database(), id);
            if (channel.isPresent()) {
                return new Found(service, letters, channel.get());
            }
        }
        throw Refusal.misuse("no letter with that id waits in this database");
    }

    private static Optional<String> channel(@Nullable String word) {
        if (word == null) {
            return Optional.empty();
        }
        for (Channel channel : Channel.values()) {
            if (channel.toString().equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(channel.toString());
            }
        }
        throw Refusal.misuse("a channel is mail, sms, onbind or end-holdings");
    }

    /** Returns what opens the letters of a service. */
    static Sealing sealing(Desk desk, Service service) throws SQLException {
        return new Sealing(desk.keys().open(desk.database(), service.schema(), "outbox"), desk.random());
    }
}
