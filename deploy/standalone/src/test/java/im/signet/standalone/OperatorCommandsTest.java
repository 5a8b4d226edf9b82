package im.signet.standalone;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.standalone.Town.Told;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What an operator does by commands beside a running server, and what people see of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorCommandsTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Town town;

    @BeforeAll
    void start() {
        town = Town.start(Map.of("signet.names.domains", "example.org", "signet.names.registration", "open"));
    }

    @AfterAll
    void stop() {
        town.close();
    }

    /** Somebody who has accepted the terms. */
    private record Guest(UserId user, String token) {}

    private Guest guest(String localpart) {
        UserId user = town.homeserver.register(localpart);
        String token = town.register(user);
        town.acceptTerms(token);
        return new Guest(user, token);
    }

    private Told done(String... words) {
        Told told = town.operator(words);
        assertThat(told.status()).as(told.err() + told.out()).isZero();
        assertThat(told.err()).isEmpty();
        return told;
    }

    private Town.Reply requestToken(Guest who, String email, String secret) {
        return town.post(V2 + "/validate/email/requestToken", who.token(), StrictJson.write(JsonObject.builder()
                .put("client_secret", secret)
                .put("email", email)
                .put("send_attempt", 1)
                .build()));
    }

    private String session(Guest who, String email, String secret) {
        Town.Reply reply = requestToken(who, email, secret);
        return reply.json().string("sid").orElseThrow(() -> new AssertionError(reply.body()));
    }

    private Town.Reply bind(Guest who, String sid, String secret) {
        return town.post(V2 + "/3pid/bind", who.token(), StrictJson.write(JsonObject.builder()
                .put("sid", sid)
                .put("client_secret", secret)
                .put("mxid", who.user().value())
                .build()));
    }

    private String prove(Guest who, String email, String secret) {
        int before = town.mailbox.mailsTo(email).size();
        String sid = session(who, email, secret);
        await().atMost(PATIENCE).until(() -> town.mailbox.mailsTo(email).size() > before);
        town.confirm(town.mailbox.mailsTo(email).getLast().links().getFirst());
        return sid;
    }

    private void publish(Guest who, String email) {
        String secret = email.replace('@', '.');
        assertThat(bind(who, prove(who, email, secret), secret).status()).isEqualTo(200);
    }

    /** Returns whom a lookup finds; empty when nobody. */
    private String found(Guest asker, String email) {
        Pepper pepper = Pepper.parse(town.get(V2 + "/hash_details", asker.token())
                .json()
                .string("lookup_pepper")
                .orElseThrow()).orElseThrow();
        String hash = LookupHash.of(Medium.EMAIL, email, pepper).value();
        Town.Reply reply = town.post(V2 + "/lookup", asker.token(), StrictJson.write(JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(List.of(hash)))
                .build()));
        return reply.json().object("mappings").orElseThrow().string(hash).orElse("");
    }

    @Test
    void findsWhatIsKept() throws Exception {
        Guest ann = guest("ann");
        publish(ann, "ann@find.example.org");
        JsonObject address = StrictJson.parseObject(done("find", "Ann@Find.example.org", "--json").out())
                .orElseThrow()
                .object("address")
                .orElseThrow();
        assertThat(address.string("bound_to")).contains(ann.user().value());
        assertThat(address.string("blocked")).contains("no");
        assertThat(address.integer("messages_undelivered")).contains(0L);
        assertThat(address.array("proofs").orElseThrow().items()).hasSize(1);

        Told masked = done("find", ann.user().value());
        assertThat(masked.out()).contains("tokens: 1").contains("privacy_policy").doesNotContain("ann@find");
        assertThat(masked.out()).contains("a\u2022\u2022\u2022@f\u2022\u2022\u2022.org");
        assertThat(done("find", ann.user().value(), "--show-addresses").out()).contains("ann@find.example.org");
        assertThat(done("audit", "list", "--user", ann.user().value()).out()).contains("find --show-addresses")
                .doesNotContain(ann.user().value());
        assertThat(done("find", "nobody@find.example.org").out()).contains("bound to: nobody");
        assertThat(town.operator("find", "+12").status()).isEqualTo(64);
    }

    @Test
    void findsAHandleAndItsOwner() {
        Handle handle = Handle.of("hanna@example.org");
        TownHandle registered = TownHandle.register(town, "hanna", handle);
        UserId hanna = UserId.of("@hanna:" + town.homeserver.serverName());
        Told told = done("find", "hanna@example.org", "--user", hanna.value());
        assertThat(told.out()).contains("identity: " + registered.identity.id().value())
                .contains("state: active")
                .contains("of that user: true");
        assertThat(done("find", "hanna@example.org", "--user", "@eve:example.org").out())
                .contains("of that user: false");
        assertThat(done("find", hanna.value()).out()).contains("handle hanna@example.org");
        assertThat(town.operator("handle", "suspend", "hanna@example.org").err()).contains("That handle is active");
        done("handle", "suspend", "hanna@example.org", "--yes", "--reason", "impersonation");
        assertThat(town.get("/_signet/ns/v1/handles/hanna%40example.org", "").status()).isEqualTo(410);
        assertThat(done("find", "hanna@example.org").out()).contains("state: suspended");
        assertThat(done("audit", "list", "--handle", "hanna@example.org").out()).contains("handle suspend")
                .contains("impersonation")
                .doesNotContain("hanna@");
        done("handle", "unsuspend", "hanna@example.org");
        assertThat(town.get("/_signet/ns/v1/handles/hanna%40example.org", "").status()).isEqualTo(200);
        registered.release();
        assertThat(done("find", "hanna@example.org").out()).contains("state: in quarantine");
        assertThat(town.operator("handle", "suspend", "hanna@example.org", "--yes").out())
                .isEqualTo("Nobody has that handle.\n");
    }

    @Test
    void unbindsAsTheApiDoes() throws Exception {
        Guest bea = guest("bea");
        publish(bea, "bea@unbind.example.org");
        publish(bea, "bea.two@unbind.example.org");
        assertThat(found(bea, "bea@unbind.example.org")).isEqualTo(bea.user().value());
        Told asked = town.operator("unbind", "bea@unbind.example.org");
        assertThat(asked.status()).isEqualTo(64);
        assertThat(asked.err()).contains("unbinds that address from " + bea.user()).doesNotContain("bea@");
        assertThat(found(bea, "bea@unbind.example.org")).isEqualTo(bea.user().value());
        assertThat(town.operator("unbind", "bea@unbind.example.org", "--user", "@eve:example.org", "--yes").out())
                .isEqualTo("That address is not bound so.\n");

        assertThat(done("unbind", "BEA@unbind.example.org", "--yes").out()).startsWith("1 address is unbound.\n");
        assertThat(found(bea, "bea@unbind.example.org")).isEmpty();
        assertThat(found(bea, "bea.two@unbind.example.org")).isEqualTo(bea.user().value());
        // As after any unbinding: an older proof than that of the unbinding does not bind it any more.
        assertThat(done("find", "bea@unbind.example.org").out()).contains("unbound but proven at");
        assertThat(done("unbind", bea.user().value(), "--yes").out()).startsWith("1 address is unbound.\n");
        assertThat(found(bea, "bea.two@unbind.example.org")).isEmpty();
        assertThat(done("audit", "list", "--address", "bea@unbind.example.org").out()).contains("unbind")
                .contains("about email")
                .doesNotContain("bea@");
        // A new proof does.
        assertThat(bind(bea, prove(bea, "bea@unbind.example.org", "bea-again"), "bea-again").status()).isEqualTo(200);
        assertThat(found(bea, "bea@unbind.example.org")).isEqualTo(bea.user().value());
    }

    @Test
    void sendsNothingToABlockedAddressAndTellsNobody() throws Exception {
        Guest cal = guest("cal");
        String mail = "cal@quiet.example.org";
        String before = prove(cal, mail, "cal-before");
        String unproven = session(cal, mail, "cal-unproven");
        await().atMost(PATIENCE).until(() -> town.mailbox.mailsTo(mail).size() == 2);
        var link = town.mailbox.mailsTo(mail).getLast().links().getFirst();
        done("block", "address", mail, "--yes", "--reason", "asked to be left alone");

        // Neither what was proven before, nor what could be proven by a mail from before.
        assertThat(bind(cal, before, "cal-before").errcode()).isEqualTo("M_SESSION_EXPIRED");
        assertThat(town.confirm(link).status()).isEqualTo(400);
        assertThat(town.get(V2 + "/3pid/getValidated3pid?sid=" + unproven + "&client_secret=cal-unproven", cal.token())
                .errcode()).isEqualTo("M_SESSION_NOT_VALIDATED");
        // Whoever asks for a mail sees what everybody sees.
        Guest eve = guest("eve");
        Town.Reply blocked = requestToken(eve, mail, "eve-1");
        Town.Reply other = requestToken(eve, "other@quiet.example.org", "eve-2");
        assertThat(blocked.status()).isEqualTo(200).isEqualTo(other.status());
        assertThat(blocked.json().members().keySet()).isEqualTo(other.json().members().keySet());
        assertThat(blocked.body().length()).isEqualTo(other.body().length());
        town.mailbox.awaitMailTo("other@quiet.example.org", PATIENCE);
        assertThat(town.mailbox.mailsTo(mail)).hasSize(2);
        // Nor is an invitation mailed.
        Town.Reply invited = town.post(V2 + "/store-invite", eve.token(), StrictJson.write(JsonObject.builder()
                .put("medium", "email")
                .put("address", mail)
                .put("room_id", "!room:example.org")
                .put("sender", eve.user().value())
                .build()));
        assertThat(invited.status()).isEqualTo(200);
        assertThat(done("block", "list").out()).contains("asked to be left alone")
                .contains("hidden")
                .doesNotContain(mail);
        assertThat(done("find", mail).out()).contains("blocked: since").contains("invitations waiting: 1");

        done("unblock", "address", mail);
        assertThat(bind(cal, before, "cal-before").status()).isEqualTo(200);
        // The invitation that waited goes to the one who has it now; nothing was mailed about it.
        assertThat(town.mailbox.mailsTo(mail)).hasSize(2);
        assertThat(found(eve, mail)).isEqualTo(cal.user().value());
        // A block takes the binding along when it is told to.
        assertThat(town.operator("block", "address", mail).err()).contains("'--unbind' unbinds them");
        assertThat(done("block", "address", mail, "--unbind", "--yes").out()).matches(
                "It is blocked\\.\nNoted as .*\n1 address is unbound\\.\nNoted as .*\n");
        assertThat(found(eve, mail)).isEmpty();
        assertThat(done("block", "address", mail, "--yes").out()).startsWith("It was blocked already.");
        assertThat(town.operator("unblock", "address", "never@quiet.example.org").status()).isEqualTo(64);
    }

    @Test
    void keepsADomainOut() throws Exception {
        Guest dan = guest("dan");
        publish(dan, "dan@mail.throwaway.example");
        Told asked = town.operator("block", "domain", "*.Throwaway.example", "--unbind");
        assertThat(asked.err()).contains("1 address will be unbound");
        // What was done is noted, also where the rest fails.
        Told half = town.operator("block", "domain", "*.Throwaway.example", "--unbind", "--yes",
                "--signet.journal.folder=/dev/null/journal");
        assertThat(half.status()).isEqualTo(69);
        assertThat(half.out()).startsWith("It is blocked.\nNoted as ").contains("not everything is unbound");
        assertThat(done("audit", "list").out()).contains("command block domain, about *.throwaway.example");
        assertThat(found(dan, "dan@mail.throwaway.example")).isEqualTo(dan.user().value());
        assertThat(done("block", "domain", "*.Throwaway.example", "--unbind", "--yes").out())
                .startsWith("It was blocked already.\n")
                .contains("1 address is unbound.\n");
        assertThat(found(dan, "dan@mail.throwaway.example")).isEmpty();
        assertThat(requestToken(dan, "dan@mail.throwaway.example", "dan-1").errcode())
                .isEqualTo("M_DESTINATION_REJECTED");
        assertThat(requestToken(dan, "dan@throwaway.example", "dan-2").status()).isEqualTo(200);
        assertThat(requestToken(dan, "dan@notthrowaway.example", "dan-3").status()).isEqualTo(200);
        done("block", "domain", "throwaway.example", "--yes");
        assertThat(requestToken(dan, "dan.2@throwaway.example", "dan-4").errcode())
                .isEqualTo("M_DESTINATION_REJECTED");
        assertThat(done("block", "list").out()).contains("*.throwaway.example").contains("range throwaway.example");
        done("unblock", "domain", "*.throwaway.example");
        assertThat(requestToken(dan, "dan@mail.throwaway.example", "dan-5").status()).isEqualTo(200);
        for (String none : List.of("example", "*", "*.", "a b.example", "x@y.example", "127.0.0.1", "")) {
            assertThat(town.operator("block", "domain", none, "--yes").status()).as(none).isEqualTo(64);
        }
        done("block", "numbers", "+4490", "--yes");
        assertThat(done("block", "list").out()).contains("+4490");
        done("unblock", "numbers", "+4490");
        assertThat(town.operator("block", "numbers", "0049", "--yes").status()).isEqualTo(64);
    }

    @Test
    void writesDownWhatWasChangedAndNobodysName() {
        Guest una = guest("una");
        done("token", "revoke", una.user().value(), "--yes", "--reason", "lost her telephone");
        assertThat(town.get(V2 + "/account", una.token()).status()).isEqualTo(401);
        Told listed = done("audit", "list", "--user", una.user().value(), "--since", "1d", "--json");
        assertThat(StrictJson.parseObject(listed.out()).orElseThrow().array("actions").orElseThrow().items())
                .singleElement()
                .extracting(StrictJson::write)
                .asString()
                .contains("token revoke", "lost her telephone", "1 access token has ended.", "@")
                .doesNotContain("una");
        for (String schema : List.of("terms", "identity", "names")) {
            for (String row : town.sql(schema)
                    .sql("SELECT a::text FROM " + schema + ".operator_action a")
                    .query(String.class)
                    .list()) {
                assertThat(row).doesNotContain("example.org:", "@quiet", "@find", "una", "hanna@");
            }
        }
        for (String reason : List.of("alice@example.org asked", "call +44 7946 0000 12", " ", "a\nb", "\u202eabc",
                "x".repeat(201))) {
            Told refused = town.operator("token", "revoke", una.user().value(), "--yes", "--reason", reason);
            assertThat(refused.status()).isEqualTo(64);
            assertThat(refused.err()).contains("reason").hasLineCount(1);
        }
        assertThat(town.operator("audit", "list", "--since", "soon").status()).isEqualTo(64);
        assertThat(town.operator("audit", "list", "--since", "99999999999999d").status()).isEqualTo(64);
    }

    @Test
    void makesNothingOfHostileInput() {
        List<String> hostile = List.of("'; DROP TABLE identity.association; --", "\u0000", "a\u0000@b.example",
                "\u001b[2J@x.example", "x".repeat(100_000), "@" + "y".repeat(70_000) + ":z", "\u202e@\u202d:x",
                "@al\u0000ice:example.org", "\u0430lice@\u0435xample.org\u0000", "%s%n", "../../etc/passwd", "--", "@",
                "*", "$(id)");
        List<List<String>> commands = List.of(List.of("find"), List.of("unbind"), List.of("token", "revoke"),
                List.of("invitation", "withdraw"), List.of("handle", "suspend"), List.of("handle", "unsuspend"),
                List.of("block", "address"), List.of("block", "domain"), List.of("block", "numbers"),
                List.of("block", "homeserver"), List.of("unblock", "address"), List.of("unblock", "domain"),
                List.of("unblock", "homeserver"), List.of("outbox", "drop"), List.of("outbox", "requeue"),
                List.of("key", "add"), List.of("key", "rotate"), List.of("key", "use", "address"),
                List.of("audit", "list", "--address"), List.of("audit", "list", "--since"));
        for (List<String> command : commands) {
            for (String input : hostile) {
                List<String> words = new ArrayList<>(command);
                words.add(input);
                Told told = town.operator(words.toArray(String[]::new));
                assertThat(told.status()).as(command + " " + input.codePoints().limit(20).boxed().toList() + told.err())
                        .isEqualTo(64);
                assertThat(told.out() + told.err()).doesNotContain("\u0000", "\u001b", "\u202e").hasSizeLessThan(4_000);
            }
        }
        assertThat(town.sql("identity").sql("SELECT count(*) FROM identity.association").query(Long.class).single())
                .isNotNegative();
    }

    @Test
    void makesKeysKnownBeforeTheyAreUsed() throws IOException {
        Path file = town.keyFolder().resolve("inviter.keys");
        String before = Files.readString(file);
        Told added = done("key", "add", "inviter");
        String id = added.out().split(" ", 4)[2];
        assertThat(Files.readString(file)).startsWith(before).endsWith(" next\n");
        assertThat(added.out()).contains("one by one")
                .doesNotContain(Files.readAllLines(file).getLast().split(" ", -1)[1]);
        Told tooEarly = town.operator("key", "use", "inviter", id, "--yes");
        assertThat(tooEarly.status()).isEqualTo(75);
        assertThat(tooEarly.err()).contains("no identity-server has been started with that key yet");
        // A server that starts with the file knows it from then on.
        town.sql("identity")
                .sql("INSERT INTO identity.key_in_use (purpose, key_id) VALUES ('inviter', :id)")
                .param("id", id)
                .update();
        assertThat(town.operator("key", "use", "inviter", id).err()).contains("Has every server");
        done("key", "use", "inviter", id, "--yes");
        assertThat(Files.readString(file)).doesNotContain("next\n").contains("\n" + id + " ");
        assertThat(Files.readAllLines(file).getLast()).startsWith(id + " ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(done("key", "list").out()).contains("id " + id + ", state in use").contains("mode: rw-------");
        assertThat(town.operator("key", "use", "inviter", id, "--yes").err()).contains("in use already");
        assertThat(town.operator("key", "rotate", "nonsense", "--yes").err()).contains("address-hash");
        assertThat(town.operator("key", "rotate", "inviter").err()).contains("--yes");
    }

    @Test
    void letsTwoOperatorsWorkAtOnce() throws Exception {
        Path file = town.keyFolder().resolve("invitation.keys");
        long before = Files.readAllLines(file).size();
        try (ExecutorService operators = Executors.newFixedThreadPool(4)) {
            List<Future<Told>> told = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                told.add(operators.submit(() -> town.operator("key", "add", "invitation")));
            }
            Set<String> ids = new TreeSet<>();
            for (Future<Told> each : told) {
                assertThat(each.get().status()).as(each.get().err()).isZero();
                ids.add(each.get().out().split(" ", 4)[2]);
            }
            assertThat(ids).hasSize(4);
            assertThat(Files.readAllLines(file)).hasSize((int) before + 4);
            List<Future<Told>> blocked = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                blocked.add(operators.submit(() -> town.operator("block", "domain", "both.example", "--yes")));
            }
            int first = 0;
            for (Future<Told> each : blocked) {
                assertThat(each.get().status()).as(each.get().err()).isZero();
                first += each.get().out().startsWith("It is blocked.") ? 1 : 0;
            }
            assertThat(first).isEqualTo(1);
        }
    }
}
