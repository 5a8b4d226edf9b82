package im.signet.standalone;

import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** From the overview to the end and back, over real HTTP, SMTP and a gateway for SMS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IEndWhatIsKeptOfMeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String V2 = "/_matrix/identity/v2";
    private static final String END = "/_signet/terms/manage/end";
    private static final Pattern ADDRESS = Pattern.compile("name=\"address\"[^>]* value=\"([^\"]+)\"");

    private final SmsGateway gateway = SmsGateway.start();
    private Town town;

    @BeforeAll
    void start() {
        town = startTown(Map.of("signet.sms.url", gateway.url(), "signet.sms.body",
                "{\"to\":\"{to}\",\"text\":\"{text}\"}", "signet.sms.countries", "GB"));
    }

    Town startTown(Map<String, String> settings) {
        return Town.start(settings);
    }

    @AfterAll
    void stop() {
        town.close();
        gateway.close();
    }

    private String signedIn(UserId user) {
        String token = town.register(user);
        town.acceptTerms(token);
        return token;
    }

    /** Goes from the overview to the page that says where the link went. */
    private Town.Reply askFor(String token, String ending) {
        Town.Reply choose = town.press(town.overview(token), END, Map.of("ending", ending));
        Matcher address = ADDRESS.matcher(choose.body());
        assertThat(address.find()).as(choose.body()).isTrue();
        Town.Reply sent = town.press(choose, END + "/send", Map.of("address", address.group(1)));
        assertThat(sent.status()).as(sent.body()).isEqualTo(200);
        return sent;
    }

    private List<String> rowsThatName(String schema, UserId user) {
        JdbcClient jdbc = town.sql(schema);
        return jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = ?")
                .param(schema)
                .query((row, _) -> String.valueOf(row.getString(1)))
                .list()
                .stream()
                .filter(table -> jdbc.sql("SELECT count(*) FROM " + schema + "." + table
                        + " t WHERE t::text LIKE '%' || ? || '%'").param(user.value()).query(Long.class).single() > 0)
                .toList();
    }

    @Test
    void withdrawingByMailEndsWhatDependedOnItAndIComeBack() throws InterruptedException {
        UserId alice = town.homeserver.register("alice");
        town.publish(alice, "alice@example.org");
        assertThat(town.found("alice@example.org")).containsExactly(alice);
        String token = signedIn(alice);
        Town.Reply overview = town.overview(token);
        assertThat(overview.body()).contains(alice.value(), "a\u2022\u2022\u2022@e\u2022\u2022\u2022.org")
                .doesNotContain("alice@example.org");
        assertThat(askFor(token, "withdrawn").body()).contains("a\u2022\u2022\u2022@e\u2022\u2022\u2022.org");
        URI link = town.mailbox.awaitMailTo("alice@example.org", PATIENCE).links().getFirst();
        assertThat(town.get(link.toString(), "").body()).contains(alice.value());
        assertThat(town.get(V2 + "/account", token).status()).isEqualTo(200);
        assertThat(town.confirm(link).body()).contains("Your consent is withdrawn");
        assertThat(town.get(V2 + "/account", token).status()).isEqualTo(401);
        await().atMost(PATIENCE).until(() -> town.found("alice@example.org").isEmpty());
        assertThat(rowsThatName("identity", alice)).isEmpty();

        String again = town.register(alice);
        assertThat(town.get(V2 + "/account", again).status()).isEqualTo(403);
        town.publish(alice, "alice@example.org");
        assertThat(town.found("alice@example.org")).containsExactly(alice);
    }

    @Test
    void erasingBySmsLeavesNothingThatNamesMe() throws InterruptedException {
        UserId bob = town.homeserver.register("bob");
        String token = signedIn(bob);
        Town.Reply begun = town.post(V2 + "/validate/msisdn/requestToken", token,
                "{\"client_secret\":\"bobs\",\"country\":\"GB\",\"phone_number\":\"07400123489\",\"send_attempt\":1}");
        String proof = "{\"sid\":\"" + begun.json().string("sid").orElseThrow() + "\",\"client_secret\":\"bobs\",";
        town.post(V2 + "/validate/msisdn/submitToken", token, proof + "\"token\":\"" + gateway.awaitCode() + "\"}");
        assertThat(town.post(V2 + "/3pid/bind", token, proof + "\"mxid\":\"" + bob + "\"}").status()).isEqualTo(200);
        town.post(V2 + "/store-invite", token, "{\"medium\":\"email\",\"address\":\"friend@example.org\","
                + "\"room_id\":\"!garden:example.org\",\"sender\":\"" + bob + "\"}");
        assertThat(askFor(token, "erased").body()).contains("+44 \u2022\u2022\u2022 89").doesNotContain("7400");
        URI link = gateway.awaitLink();
        Town.Reply done = town.confirm(link);
        assertThat(done.body()).contains("Your data is erased");
        assertThat(town.get(V2 + "/account", token).status()).isEqualTo(401);
        await().atMost(PATIENCE).until(() -> rowsThatName("identity", bob).isEmpty());
        assertThat(rowsThatName("terms", bob)).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> town.sql("identity")
                        .sql("SELECT count(*) FROM identity.invitation")
                        .query(Long.class)
                        .single() == 0);
        assertThat(town.get(link.toString(), "").status()).isEqualTo(404);
    }

    @Test
    void whoHasNoAddressConfirmsOnThePage() {
        UserId carol = town.homeserver.register("carol");
        String token = signedIn(carol);
        Town.Reply sure = town.press(town.overview(token), END, Map.of("ending", "erased"));
        assertThat(town.press(sure, END + "/confirm", Map.of("sure", "no")).status()).isEqualTo(400);
        assertThat(town.press(sure, END + "/confirm", Map.of("sure", "yes")).body()).contains("Your data is erased");
        assertThat(rowsThatName("terms", carol)).isEmpty();
    }
}
