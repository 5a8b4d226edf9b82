package im.signet.standalone;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.standalone.TypedCommands.Person;
import im.signet.standalone.TypedCommands.Typed;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The command line, the one file, against the real server: what people type, what they read, and what scripts see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ITypeCommandsIT {

    private TypedCommands shells;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        shells = new TypedCommands(folder);
    }

    @AfterAll
    void stop() {
        shells.close();
    }

    private static Typed ok(Person person, String line) throws Exception {
        Typed typed = person.types(line);
        assertThat(typed.status()).as(line + "\n" + typed.output()).isZero();
        return typed;
    }

    private static Typed ends(int status, Person person, String line) throws Exception {
        Typed typed = person.types(line);
        assertThat(typed.status()).as(line + "\n" + typed.output()).isEqualTo(status);
        return typed;
    }

    private static JsonObject json(Typed typed) {
        return StrictJson.parseObject(typed.output().lines().toList().getLast()).orElseThrow();
    }

    private Person loggedIn(String name) throws Exception {
        Person person = shells.person(name);
        login(person);
        return person;
    }

    private void login(Person person) throws Exception {
        ok(person, "signet login " + person.user + " --identity-server https://id.example.org --homeserver "
                + shells.town.homeserver.baseUrl() + " --access-token-file token --accept-terms --yes");
    }

    private Person owner(String name) throws Exception {
        Person person = loggedIn(name);
        ok(person, "signet id new example.org --recovery-file recovery");
        ok(person, "signet handle register " + name + "@example.org --yes");
        return person;
    }

    private void confirmMailTo(String address) throws Exception {
        shells.town.confirm(shells.town.mailbox.awaitMailTo(address, Duration.ofSeconds(30)).links().getFirst());
    }

    @Test
    void explainsItself() throws Exception {
        Person anybody = shells.person("anybody");
        assertThat(ok(anybody, "signet --help").output()).contains("login", "contacts", "Exit status");
        for (String group : List.of("terms", "address", "id", "handle", "contacts")) {
            assertThat(ok(anybody, "signet " + group + " --help").output()).contains("Usage: signet " + group);
            ends(2, anybody, "signet " + group);
        }
        assertThat(ends(2, anybody, "signet handle shw").output()).contains("handle show")
                .doesNotContain("at im.signet");
        ok(anybody, "signet completion | bash -n");
        assertThat(anybody.place.resolve("home")).as("nothing was begun").doesNotExist();
    }

    @Test
    void publishesAnAddressAndTakesItBack() throws Exception {
        Person erin = loggedIn("erin");
        Person frank = loggedIn("frank");
        ends(5, erin, "signet address bind erin@example.com --yes");
        ends(5, erin, "signet address validate erin@example.com --wait PT0S --yes");
        ends(5, erin, "signet address bind erin@example.com --yes");
        confirmMailTo("erin@example.com");
        assertThat(ok(frank, "signet contacts discover erin@example.com --yes").output())
                .doesNotContain(erin.user.value());
        assertThat(ok(erin, "signet address bind erin@example.com --yes").output()).contains("whoever has the address",
                "signature verifies");
        Typed found = ok(frank, "printf 'Erin <erin@example.com>\\nnobody@example.com\\n020 7946 0000\\n' > book; "
                + "signet contacts discover --from book --max-age PT0S --yes");
        assertThat(found.output()).contains("Erin  " + erin.user + "  UNVALIDATED", "without a country code: 1");
        assertThat(ok(frank, "signet contacts list --json").output()).contains("unvalidated");
        ok(erin, "signet address unbind erin@example.com --yes");
        assertThat(ok(frank, "signet contacts discover --max-age PT0S --yes erin@example.com").output())
                .contains("0 of 1 addresses are known");
    }

    @Test
    void readsVCards() throws Exception {
        Person gina = loggedIn("gina");
        Files.writeString(gina.place.resolve("people.vcf"), """
                BEGIN:VCARD
                VERSION:4.0
                FN:Harry, with a comma
                EMAIL;TYPE=work:harry@example.com
                TEL;VALUE=uri:tel:+44-20-7946-0000
                TEL:020 7946 0000
                END:VCARD
                BEGIN:VCARD
                VERSION:3.0
                FN:Nobody
                END:VCARD
                """);
        assertThat(ok(gina, "signet contacts discover --from people.vcf --yes").output())
                .contains("Sends hashes of 2 addresses", "without a country code: 1");
    }

    @Test
    void ownsAHandleThatOthersVerify() throws Exception {
        Person ada = owner("ada");
        Person bert = owner("bert");
        assertThat(ok(ada, "signet handle show").output()).contains("ada@example.org  active");
        ends(1, bert, "signet handle register ada@example.org --yes");
        // As when the answer to the registration was lost.
        ok(ada, "cp home/secrets secrets");
        ok(ada, "signet handle register ada3@example.org --yes && cp secrets home/secrets");
        assertThat(ok(ada, "signet handle register ada3@example.org --yes").output()).contains("already");
        assertThat(ok(ada, "signet handle show").output()).contains("ada3@example.org  active");
        assertThat(ok(bert, "signet handle show ada@example.org --yes").output()).contains("Unvalidated",
                ada.user.value() + ", says its owner");
        ok(bert, "signet contacts add ada@example.org --name Ada --yes");
        ok(ada, "signet contacts add bert@example.org --name Bert --yes");
        String digits = json(ok(ada, "signet contacts verify Bert --show --json")).string("digits").orElseThrow();
        ends(6, bert, "signet contacts verify Ada --digits " + digits.replace('1', '2').replace('0', '1'));
        assertThat(ok(bert, "signet contacts list").output()).doesNotContain(" VALIDATED");
        assertThat(ok(bert, "signet contacts verify Ada --digits '" + digits + "'").output()).contains(
                "ada@example.org",
                ada.user.value());
        assertThat(ok(bert, "signet contacts list").output())
                .contains(" VALIDATED  ada@example.org  (fingerprints compared)");
        ok(bert, "signet contacts compromised Ada --yes");
        assertThat(ok(bert, "signet contacts list").output()).contains("COMPROMISED").doesNotContain(" VALIDATED");

        ok(ada, "signet handle register ada2@example.org --yes");
        ends(5, ada, "signet handle move ada@example.org ada2@example.org --yes");
        ok(ada, "signet handle move ada@example.org ada2@example.org --recovery-file recovery --yes");
        assertThat(ok(bert, "signet handle show ada@example.org --yes").output()).contains("moved to ada2@example.org");
        ok(ada, "signet handle release ada2@example.org --recovery-file recovery --yes");
        ends(1, bert, "signet handle show ada2@example.org --yes");
        ends(1, bert, "signet handle register ada2@example.org --yes");
        ok(ada, "signet handle register ada2@example.org --by-recovery-key --recovery-file recovery --yes");
        ok(ada, "signet handle renew ada2@example.org --yes");
    }

    @Test
    void keepsDevicesAndThrowsStolenOnesOut() throws Exception {
        Person laptop = owner("iris");
        Person phone = shells.device("iris-phone", laptop);
        login(phone);
        String request = json(ok(phone, "signet id devices request --json")).string("request").orElseThrow();
        assertThat(json(ok(phone, "signet id devices request --json")).string("request")).contains(request);
        Path offer = phone.place.resolve("offer");
        ok(laptop, "signet id devices vouch " + request + " --to '" + offer + "' --yes");
        ok(phone, "signet id devices join offer --yes");
        assertThat(json(ok(phone, "signet id show --json")).array("devices").orElseThrow().items()).hasSize(2);
        ok(phone, "signet handle renew iris@example.org --yes");
        // Two more at once, of which one comes too late.
        ok(laptop, "signet handle renew iris@example.org --yes");
        List<Person> tablets = List.of(shells.device("iris-t1", laptop), shells.device("iris-t2", laptop));
        for (Person tablet : tablets) {
            login(tablet);
            String asked = json(ok(tablet, "signet id devices request --json")).string("request").orElseThrow();
            ok(laptop, "signet id devices vouch " + asked + " --to '" + tablet.place.resolve("offer") + "' --yes");
        }
        ok(tablets.get(0), "signet id devices join offer --yes");
        assertThat(ends(4, tablets.get(1), "signet id devices join offer --yes").output()).contains("new offer");
        ok(laptop, "signet handle renew iris@example.org --yes");
        String again = json(ok(tablets.get(1), "signet id devices request --json")).string("request").orElseThrow();
        ok(laptop, "signet id devices vouch " + again + " --to '" + tablets.get(1).place.resolve("offer2") + "' --yes");
        ok(tablets.get(1), "signet id devices join offer2 --yes");
        // The laptop is the senior one, and the thief has the phone.
        String key = json(ok(phone, "signet id devices --json")).array("devices")
                .orElseThrow()
                .items()
                .stream()
                .map(JsonObject.class::cast)
                .filter(device -> device.bool("this").orElseThrow())
                .map(device -> device.string("key").orElseThrow())
                .findFirst()
                .orElseThrow();
        ok(laptop, "signet id devices revoke " + key + " --why stolen --yes");
        assertThat(ends(6, phone, "signet handle renew iris@example.org --yes").output()).contains("revoked");
        // And then the laptop is gone as well.
        Person paper = shells.device("iris-paper", laptop);
        login(paper);
        Files.copy(laptop.place.resolve("recovery"), paper.place.resolve("recovery"));
        ok(paper, "signet id recover iris@example.org --recovery-file recovery --yes");
        ok(paper, "signet handle renew iris@example.org --yes");
        assertThat(ends(6, laptop, "signet handle renew iris@example.org --yes").output()).contains("revoked");
    }

    @Test
    void sendsNothingThatNobodyAgreedTo() throws Exception {
        Person jane = shells.person("jane");
        String login = "signet login " + jane.user + " --homeserver " + shells.town.homeserver.baseUrl()
                + " --access-token-file token";
        int before = shells.proxy.asked().size();
        assertThat(ends(3, jane, login).output()).contains("which identity server it proposes", "not who you are",
                "--yes");
        assertThat(shells.proxy.asked()).as("nothing left").hasSize(before);
        login += " --identity-server https://id.example.org";
        // Choosing a server permits to read its status and terms, and nothing else.
        assertThat(ends(3, jane, login).output()).contains("--accept-terms", "terms were not accepted")
                .doesNotContain("-> ");
        assertThat(ends(3, jane, login + " --accept-terms").output()).contains("-> POST", "openid/request_token",
                "That was not sent");
        assertThat(ends(3, jane, login + " --yes").output()).contains("terms were not accepted");
        assertThat(shells.town.homeserver.requests()).noneMatch(request -> request.path().contains("openid")
                && request.path().contains("jane"));
        ends(5, jane, "signet contacts discover erin@example.com --yes");
        ok(jane, "signet login --no-identity-server");
        assertThat(ends(5, jane, "signet contacts discover erin@example.com --yes").output())
                .contains("chose to use no identity server");
        ends(2, jane, "signet login " + jane.user + " --identity-server http://id.example.org --yes");
    }

    @Test
    void asksAtATerminal() throws Exception {
        Person kim = shells.person("kim");
        String login = "signet login " + kim.user + " --identity-server https://id.example.org --homeserver "
                + shells.town.homeserver.baseUrl() + " --access-token-file token";
        Typed refused = kim.typesAtATerminal(login, "y\nn\n");
        assertThat(refused.status()).as(refused.output()).isEqualTo(3);
        assertThat(refused.output()).contains("[y]es, [n]o, [a]ll");
        Typed done = kim.typesAtATerminal(login, "y\na\n");
        assertThat(done.status()).as(done.output()).isZero();
        assertThat(done.output()).contains("Have you read them", "You are logged in at https://id.example.org");
        Typed made = kim.typesAtATerminal("signet id new example.org", "zzzz\n");
        assertThat(made.status()).as(made.output()).isEqualTo(3);
        assertThat(made.output()).contains("SIGNET-RECOVERY:");
        ends(5, kim, "signet id show");
        Typed coloured = kim.typesAtATerminal("TERM=xterm signet contacts list --colour auto", "");
        assertThat(coloured.status()).isZero();
    }

    @Test
    void tellsNobodyItsSecrets() throws Exception {
        Person lea = owner("lea");
        String token = Files.readString(lea.place.resolve("token")).strip();
        String recovery = Files.readString(lea.place.resolve("recovery")).strip();
        Typed verbose = ok(lea, "signet -v handle renew lea@example.org --yes");
        assertThat(verbose.output()).doesNotContain(token, recovery);
        for (Path file : List.of(lea.place.resolve("home/secrets"), lea.place.resolve("recovery"))) {
            assertThat(Files.getPosixFilePermissions(file)).as(file.toString()).hasSize(2);
        }
        assertThat(new String(Files.readAllBytes(lea.place.resolve("home/secrets")),
                StandardCharsets.ISO_8859_1)).doesNotContain("lea@", "example.org", "token");
        Files.writeString(lea.place.resolve("wrong"), "another passphrase");
        assertThat(ends(5, lea, "signet id show --passphrase-file wrong").output()).contains("passphrase")
                .hasLineCount(1);
        ends(2, lea, "signet id new example.org --recovery-file recovery --home other");
        assertThat(Files.readString(lea.place.resolve("recovery")).strip()).isEqualTo(recovery);
    }

    @Test
    void seesWhatIsKeptAndLeaves() throws Exception {
        Person max = loggedIn("max");
        assertThat(ok(max, "signet terms show").output()).contains("privacy_policy 1 (accepted)");
        String url = json(ok(max, "signet terms manage --json")).string("url").orElseThrow();
        assertThat(shells.town.confirm(URI.create(url)).body()).contains(max.user.value());
        ok(max, "signet logout");
        ends(5, max, "signet terms manage");
        ends(5, max, "signet contacts discover erin@example.com --yes");
    }

    @Test
    void bindsThroughTheHomeserverAndExportsContacts() throws Exception {
        Person nora = loggedIn("nora");
        ok(nora, "signet contacts add @erin:example.com --name Erin");
        ends(1, nora, "signet contacts add @erin:example.com");
        ok(nora, "signet contacts export contacts.json");
        ends(2, nora, "signet contacts export contacts.json");
        assertThat(ok(nora, "signet contacts import contacts.json --home elsewhere").output())
                .contains("1 contacts are new");
        ok(nora, "signet contacts remove Erin --yes");
        assertThat(ok(nora, "signet contacts list").output()).contains("There is nobody");
        Files.writeString(nora.place.resolve("broken.json"), "{");
        ends(2, nora, "signet contacts import broken.json");
    }

    @Test
    void takesNobodyForSomebodyElse() throws Exception {
        Person olga = owner("olga");
        Person paul = owner("paul");
        String card = json(ok(olga, "signet contacts card --json")).string("card").orElseThrow();
        ends(1, paul, "signet contacts add " + card + " --to 99");
        ok(paul, "signet contacts add " + card + " --name Olga");
        ends(5, paul, "signet contacts verify Olga --show");
        ok(paul, "signet contacts add olga@example.org --yes");
        ok(paul, "signet contacts verify Olga --show");
        // Somebody else says that this is a handle of theirs.
        ok(olga, "signet handle register olga2@example.org --yes");
        ok(paul, "signet contacts add @mallory:example.com --name Mallory");
        assertThat(ends(1, paul, "signet contacts add olga2@example.org --to Mallory --yes").output())
                .contains("belongs to contact 1, Olga");
        assertThat(json(ok(paul, "signet contacts list --json")).array("contacts").orElseThrow().items()).hasSize(2);
        // A device has one identity, and does not lose its key to another's.
        Files.copy(olga.place.resolve("recovery"), paul.place.resolve("olgas"));
        ends(1, paul, "signet id recover olga@example.org --recovery-file olgas --yes");
        ok(paul, "signet handle renew paul@example.org --yes");
    }

    @Test
    void endsInOrderWhateverItIsGiven() throws Exception {
        Person rita = loggedIn("rita");
        ends(2, rita, "signet contacts discover a@example.com --max-age=-PT1S --yes");
        ends(2, rita, "signet address validate a@example.com --wait PT99999H --yes");
        ends(2, rita, "signet contacts add @a:example.com --name " + "x".repeat(501));
        ends(2, rita, "signet contacts import /dev/zero");
        ends(2, rita, "signet contacts import .");
        ends(2, rita, "signet contacts add nonsense");
        ends(2, rita, "signet --allow-loopback-http login " + rita.user + " --identity-server 'http://['");
        ends(2, rita, "signet --colour pink contacts list");
        ok(rita, "signet contacts add @a:example.com --name \"$(printf 'A\\342\\200\\256B\\033[31m')\"");
        assertThat(ok(rita, "signet contacts list").output()).doesNotContain("\u202e", "\u001b[31m");
        assertThat(ok(rita, "signet contacts list --json").output()).contains("\\u202e").doesNotContain("\u202e");
    }

    // The session of the documents

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "howto", "command-line.md");
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TYPED = Pattern.compile("(alice|carol)\\$ (.*)");
    private static final Pattern DIGITS = Pattern.compile("(?:[0-9]{5}\\s+){11}[0-9]{5}");

    /** Runs the commands of the document; returns it with what they print now. */
    private String recorded(String document) throws Exception {
        String homeserver = shells.town.homeserver.baseUrl().getAuthority();
        Person alice = shells.person("alice");
        Person carol = shells.person("carol");
        String[] digits = {""};
        StringBuilder session = new StringBuilder();
        Matcher blocks = BLOCK.matcher(document);
        while (blocks.find()) {
            StringBuilder block = new StringBuilder("```console\n");
            for (String line : blocks.group(1).lines().toList()) {
                Matcher typed = TYPED.matcher(line);
                if (!typed.matches()) {
                    continue;
                }
                String command = DIGITS.matcher(typed.group(2)).replaceAll(digits[0]);
                String output = (typed.group(1).equals("alice") ? alice : carol)
                        .types(command.replace("matrix.example.org", homeserver))
                        .output()
                        .replace(homeserver, "matrix.example.org")
                        .replace(homeserver.replace(":", "%3A"), "matrix.example.org")
                        .replaceAll("/\\S*/(alice|carol)/home", "/home/$1/.local/share/signet");
                Matcher shown = DIGITS.matcher(output);
                digits[0] = shown.find() ? shown.group().replaceAll("\\s+", " ") : digits[0];
                if (command.contains("address validate")) {
                    confirmMailTo("alice@example.com");
                }
                block.append(typed.group(1)).append("$ ").append(command).append('\n').append(output);
            }
            blocks.appendReplacement(session, Matcher.quoteReplacement(block + "```"));
        }
        return blocks.appendTail(session).toString();
    }

    /** Returns a session without what is another each time: names of keys, digits, times, codes to scan. */
    private static String masked(String session) {
        return session.replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "TIME")
                .replaceAll("\\b[0-9]{5}\\b", "00000")
                .replaceAll("[A-Za-z0-9_-]{20,}", "NAME")
                .replaceAll("(?m)^[ \u2580\u2584\u2588]{20,}$", "CODE");
    }

    // With -Drecord.session=true it is recorded anew.
    @Test
    void theSessionOfTheDocumentsIsTrue() throws Exception {
        String document = Files.readString(DOCUMENT);
        String recorded = recorded(document);
        if (Boolean.getBoolean("record.session")) {
            Files.writeString(DOCUMENT, recorded);
        }
        assertThat(masked(recorded)).isEqualTo(masked(Files.readString(DOCUMENT)));
        assertThat(recorded).contains("VALIDATED  alice@example.org  (fingerprints compared)");
    }
}
