package im.signet.standalone;

import im.signet.client.BindingUpdate;
import im.signet.client.ChainReading;
import im.signet.client.ClientOptions;
import im.signet.client.Connection;
import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.HandleDirectory;
import im.signet.client.IdentityServer;
import im.signet.client.NameserverReading;
import im.signet.client.OpenIdToken;
import im.signet.client.OperationUpdate;
import im.signet.client.OwnHandles;
import im.signet.client.Purpose;
import im.signet.client.Registration;
import im.signet.client.Session;
import im.signet.client.Terms;
import im.signet.client.TermsReading;
import im.signet.client.handle.DeviceOffer;
import im.signet.client.handle.DeviceRequest;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.NextBinding;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.RecoveryKey;
import im.signet.kit.database.TestDatabase;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An operator loses the database and brings a backup back: nothing that people ended since holds again, and what only their
 * devices know comes back from them. Over packaged servers, with the database they bring and with one that is given.
 */
class ARestoreBringsNothingBackIT {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String V2 = "/_matrix/identity/v2";
    private static final String NAMES = "/_signet/ns/v1";
    private static final String END = "/_signet/terms/manage/end";
    private static final HandleDomain HOME = HandleDomain.of("example.org");
    private static final Handle DAVE = Handle.of("dave@example.org");
    private static final Handle ERIN = Handle.of("erin@example.org");
    private static final Pattern ADDRESS = Pattern.compile("name=\"address\"[^>]* value=\"([^\"]+)\"");

    private static String signedIn(Town town, UserId user) {
        String token = town.register(user);
        town.acceptTerms(token);
        return token;
    }

    private static OwnHandles handlesOf(Town town, UserId user) {
        ClientOptions loopback = ClientOptions.defaults().allowingLoopbackHttp();
        if (!(HandleDirectory.with(town.transport(), loopback)
                .nameserver(HOME) instanceof NameserverReading.Read(Nameserver nameserver))) {
            throw new AssertionError("no nameserver");
        }
        IdentityServer server = IdentityServer
                .at(town.baseUrl(), town.transport(), loopback.trustingNameserver(nameserver.url()))
                .orElseThrow();
        if (!(server.terms() instanceof TermsReading.Read(Terms terms))) {
            throw new AssertionError("no terms");
        }
        Consent.Draft<Purpose.KeepHandle> draft = terms.consentTo(Purpose.keepHandle(nameserver.url()));
        terms.policies().forEach(policy -> draft.accept(policy, "en"));
        Consent<Purpose.KeepHandle> consent = draft.give();
        Connection connection = server.connect(consent,
                OpenIdToken.parse(town.homeserver.openId(user)).orElseThrow());
        if (connection instanceof Connection.Connected(Session session)) {
            return session.ownHandles(consent, nameserver);
        }
        throw new AssertionError("not connected: " + connection);
    }

    private static OwnIdentity claimed(OwnHandles handles, OwnIdentity own, Handle handle) {
        Registration registration = handles.register(own.claim(handle, Optional.empty(), CLOCK, RANDOM).orElseThrow());
        if (registration instanceof Registration.Registered(OwnIdentity now, var _)) {
            return now;
        }
        throw new AssertionError("not registered: " + registration);
    }

    private static NextOperation join(OwnIdentity old, JwsSigner device) {
        String offer = old.vouchFor(new DeviceRequest(device.key()), CLOCK).orElseThrow().toText();
        return OwnIdentity.join(DeviceOffer.parse(offer).orElseThrow(), device).orElseThrow();
    }

    private static OwnIdentity published(OperationUpdate update) {
        if (update instanceof OperationUpdate.Published(OwnIdentity now)) {
            return now;
        }
        throw new AssertionError("not published: " + update);
    }

    private static OwnIdentity updated(BindingUpdate update) {
        if (update instanceof BindingUpdate.Updated(OwnIdentity now)) {
            return now;
        }
        throw new AssertionError("not updated: " + update);
    }

    private static JsonObject bundle(Town town, Handle handle) {
        Town.Reply reply = town.get(NAMES + "/handles/" + handle, "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private static boolean isRestored(JsonObject answer) {
        return answer.bool("restored").orElse(false);
    }

    private static void ended(Town.Ended ended, int status, String... words) {
        assertThat(ended.status()).as(ended.complained()).isEqualTo(status);
        assertThat(ended.said() + ended.complained()).contains(words).doesNotContain("\tat ");
    }

    /** Has people come and go without an end, until it is told to stop. */
    private static Thread load(Town town, AtomicBoolean on, AtomicInteger people) {
        return Thread.ofPlatform().start(() -> {
            while (on.get()) {
                UserId user = town.homeserver.register("load" + people.incrementAndGet());
                signedIn(town, user);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasEndedStaysSoAndWhatIsMissingIsShown(boolean embedded) throws Exception {
        try (Town town = Town.startProcess(embedded, Map.of("signet.names.domains", "example.org",
                "signet.names.registration", "open", "signet.limits.name-operations-per-key", "100 then 100 per 1h",
                "signet.limits.registrations-per-network", "100000 then 100000 per 1h",
                "signet.limits.registrations-per-homeserver", "100000 then 100000 per 1h"))) {
            UserId alice = town.homeserver.register("alice");
            UserId bob = town.homeserver.register("bob");
            UserId carol = town.homeserver.register("carol");
            town.publish(alice, "alice@example.org");
            town.publish(bob, "bob@example.org");
            String carols = signedIn(town, carol);
            UserId dave = town.homeserver.register("dave");
            OwnHandles daves = handlesOf(town, dave);
            RecoveryKey paper = RecoveryKey.generate(RANDOM);
            OwnIdentity phone = claimed(daves, OwnIdentity.create(HOME, List.of(paper), CLOCK, RANDOM), DAVE);
            // A laptop, which will be stolen.
            JwsSigner stolen = JwsSigner.generate(RANDOM);
            OwnIdentity laptop = published(daves.publish(join(phone, stolen)));
            phone = phone.at(laptop.chain());
            OwnHandles erins = handlesOf(town, town.homeserver.register("erin"));
            RecoveryKey erinsPaper = RecoveryKey.generate(RANDOM);
            OwnIdentity erin = claimed(erins, OwnIdentity.create(HOME, List.of(erinsPaper), CLOCK, RANDOM), ERIN);

            AtomicBoolean on = new AtomicBoolean(true);
            AtomicInteger people = new AtomicInteger();
            Thread load = load(town, on, people);
            await().atMost(PATIENCE).until(() -> people.get() > 3);
            Path file = town.folder().resolve("backup.zip");
            Path keys = town.folder().resolve("keys.zip");
            ended(town.command(Map.of(), "backup", "--to", file.toString(), "--keys-to", keys.toString()), 0,
                    "rows of terms, identity, names", "sealed rows were tried and open");
            on.set(false);
            load.join();
            ended(town.command(Map.of(), "backup", "--to", file.toString()), 64, "--overwrite");
            ended(town.command(Map.of(), "backup", "verify", file.toString(), "--keys", keys.toString()), 0, "whole",
                    "sealed rows were tried and open");

            // What people end after it was made: consent, themselves, a handle, a device.
            String alices = signedIn(town, alice);
            Town.Reply choose = town.press(town.overview(alices), END, Map.of("ending", "withdrawn"));
            Matcher address = ADDRESS.matcher(choose.body());
            assertThat(address.find()).as(choose.body()).isTrue();
            town.press(choose, END + "/send", Map.of("address", address.group(1)));
            URI link = town.mailbox.awaitMailTo("alice@example.org", PATIENCE).links().getFirst();
            assertThat(town.confirm(link).body()).contains("Your consent is withdrawn");
            Town.Reply sure = town.press(town.overview(carols), END, Map.of("ending", "erased"));
            assertThat(town.press(sure, END + "/confirm", Map.of("sure", "yes")).body())
                    .contains("Your data is erased");
            await().atMost(PATIENCE).until(() -> town.found("alice@example.org").isEmpty());
            updated(erins.update(erin.release(ERIN, erinsPaper, CLOCK, RANDOM).orElseThrow()));
            phone = published(
                    daves.publish(phone.revoke(Set.of(stolen.key()), Revocation.Why.STOLEN, CLOCK).orElseThrow()));
            phone = updated(daves.update(phone.renew(DAVE, CLOCK, RANDOM).orElseThrow()));
            String bobs = signedIn(town, bob);

            ended(town.command(Map.of(), "restore", file.toString(), "--replace", "--yes"), 69, "signet: ");
            Path journal = town.folder().resolve("data").resolve("journal");
            town.stopServer();
            ended(town.command(Map.of(), "restore", file.toString()), 64, "--replace");
            Path aside = Files.move(journal, town.folder().resolve("journal-of-the-server"));
            ended(town.command(Map.of(), "restore", file.toString(), "--replace", "--yes"), 64, "Journals are missing",
                    "--without-journal");
            ended(town.command(Map.of(), "restore", file.toString(), "--replace", "--yes", "--journal",
                    aside.toString()), 0, "rows are back", "1 addresses that were unbound",
                    "2 users whose consent has ended", "1 handles that were given up", "1 identities are read-only");
            town.startServer();
            isAsItShouldBe(town, bobs, carols, alice, bob);
            theOwnerBringsBackWhatIsMissing(town, dave, phone, laptop);

            // The same on a machine that has nothing: keys and journals come along.
            town.stopServer();
            Path elsewhere = town.folder().resolve("another-machine");
            Map<String, String> there = embedded
                    ? Map.of("signet.data-dir", elsewhere.toString())
                    : anotherDatabase(elsewhere);
            ended(town.command(there, "restore", file.toString(), "--journal", aside.toString()), 69, "--keys FILE");
            ended(town.command(there, "restore", file.toString(), "--keys", keys.toString(), "--journal",
                    aside.toString()), 0, "rows are back");
            town.startServer(there.entrySet()
                    .stream()
                    .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                    .toArray(String[]::new));
            isAsItShouldBe(town, bobs, carols, alice, bob);
            theOwnerBringsBackWhatIsMissing(town, dave, phone, laptop);
        }
    }

    private static Map<String, String> anotherDatabase(Path elsewhere) {
        TestDatabase database = TestDatabase.fresh();
        return Map.of("signet.data-dir", elsewhere.toString(), "signet.database.url", database.url(),
                "signet.database.username", database.username(), "signet.database.password", database.password());
    }

    private void isAsItShouldBe(Town town, String bobs, String carols, UserId alice, UserId bob) {
        // Nobody's token lives, whenever it was given out.
        assertThat(town.get(V2 + "/account", bobs).status()).isEqualTo(401);
        assertThat(town.get(V2 + "/account", carols).status()).isEqualTo(401);
        assertThat(town.found("bob@example.org")).containsExactly(bob);
        assertThat(town.found("alice@example.org")).isEmpty();
        // Whose consent has ended is asked anew, and whose has not is not.
        assertThat(town.get(V2 + "/account", town.register(alice)).status()).isEqualTo(403);
        assertThat(town.get(V2 + "/account", town.register(bob)).status()).isEqualTo(200);
        assertThat(town.get(NAMES + "/handles/" + ERIN, "").status()).isEqualTo(410);
    }

    private static void theOwnerBringsBackWhatIsMissing(Town town, UserId dave, OwnIdentity phone,
            OwnIdentity laptop) {
        assertThat(isRestored(bundle(town, DAVE))).isTrue();
        OwnHandles handles = handlesOf(town, dave);
        // Who stole the laptop finds it listed again, and can do nothing with it.
        NextBinding theft = laptop.at(laptop.chain()).claim(DAVE, Optional.empty(), CLOCK, RANDOM).orElseThrow();
        assertThat(handles.update(theft)).isInstanceOfSatisfying(Failure.Refused.class,
                refused -> assertThat(refused.errcode()).isEqualTo("NOT_SENIOR"));
        assertThat(handles.publish(join(laptop, JwsSigner.generate(RANDOM))))
                .isInstanceOf(Failure.Refused.class);
        assertThat(isRestored(bundle(town, DAVE))).isTrue();
        // The phone asks for what is new and brings what is missing, by itself.
        assertThat(handles.refresh(phone)).isInstanceOf(ChainReading.Current.class);
        JsonObject shown = bundle(town, DAVE);
        assertThat(isRestored(shown)).isFalse();
        assertThat(shown.array("identity").orElseThrow().items()).hasSize(phone.chain().operations().size());
        assertThat(shown.get("binding")).contains(phone.binding(DAVE).orElseThrow().jws().toJson());
        updated(handles.update(phone.renew(DAVE, CLOCK, RANDOM).orElseThrow()));
        assertThat(handles.update(theft)).isInstanceOf(BindingUpdate.Refused.class);
    }
}
