package im.signet.standalone;

import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the documents of the client library show, taken from there and run by somebody who has nothing but them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AStrangerBeginsWithTheLibraryTest {

    private static final Path README = Path.of("..", "..", "client-lib", "README.md");
    private static final Path SAMPLE = Path.of("..", "..", "docs", "sample", "FirstDiscovery.java");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;
    private Town town;
    private NamedHosts hosts;
    private UserId alice;
    private UserId carol;

    @BeforeAll
    void start() throws InterruptedException {
        town = Town.start(Map.of());
        hosts = NamedHosts.start(town.authority);
        hosts.nameWithTls("id.example.org", town.baseUrl());
        // Clients ask the host in a homeserver's name for its proposal, at the port of https.
        hosts.name("localhost", town.homeserver.baseUrl().getPort());
        town.homeserver.advertiseIdentityServer(URI.create("https://id.example.org"));
        alice = town.homeserver.register("alice");
        carol = town.homeserver.register("carol");
        town.publish(alice, "alice@example.org");
    }

    @AfterAll
    void stop() {
        hosts.close();
        town.close();
    }

    private static String tenLines() throws IOException {
        Matcher block = JAVA_BLOCK.matcher(Files.readString(README));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /** Runs the lines of the README for a user who says that to the terms. */
    private StrangersProgram.Ended runTenLines(boolean agrees) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("TenLines.java"), """
                import im.signet.client.*;
                import im.signet.client.contact.*;
                import im.signet.client.jdk.*;
                import im.signet.protocol.identifier.Address;
                import im.signet.protocol.identifier.Medium;
                import java.net.URI;
                import java.util.function.Predicate;

                public class TenLines {
                    public static void main(String[] args) {
                        URI chosen = URI.create(args[0]);
                        OpenIdToken openId = OpenIdToken.parse(args[1]).orElseThrow();
                        Predicate<Terms> user = terms -> terms.policies().size() == 1 && Boolean.parseBoolean(args[2]);
                %s
                    }
                }
                """.formatted(tenLines()));
        return StrangersProgram.compile(source, folder)
                .run(town.authority, hosts, "", "https://id.example.org", StrictJson.write(town.homeserver.openId(carol)), String.valueOf(agrees));
    }

    @Test
    void tenLinesFindAFriend() throws IOException, InterruptedException {
        assertThat(tenLines().lines()).hasSize(10).allMatch(line -> line.length() <= 120);
        StrangersProgram.Ended ended = runTenLines(true);
        assertThat(ended.lines()).containsExactly(
                "Found[contacts=[DiscoveredContact[" + alice + ", UNVALIDATED]], asked=1, ignored=0]");
        assertThat(Files.readString(README))
                .contains(ended.lines().getFirst().replace(alice.value(), "@alice:example.org"));
    }

    @Test
    void tenLinesLookNobodyUpForWhoDoesNotAgree() throws IOException, InterruptedException {
        assertThat(runTenLines(false)).isEqualTo(new StrangersProgram.Ended(0, List.of()));
    }

    private StrangersProgram.Ended runSample(String... typed) throws IOException, InterruptedException {
        return StrangersProgram.compile(SAMPLE, folder)
                .run(town.authority, hosts, String.join("\n", typed) + "\n", carol.value(),
                        "alice@example.org", "dave@example.org");
    }

    @Test
    void theSampleGoesFromTheProposalToTheContactBook() throws IOException, InterruptedException {
        StrangersProgram.Ended ended = runSample("yes", "yes", "yes", town.homeserver.accessToken(carol));

        String account = "OfMatrix[userId=" + alice + "]";
        assertThat(ended.lines()).containsSubsequence(
                "Your homeserver " + town.homeserver.serverName()
                        + " proposes the identity server https://id.example.org."
                        + " You can take it, choose another one, or use none. [yes/no]",
                "Please read \"Privacy\" 1: https://id.example.org/privacy/1/en [yes/no]",
                "alice@example.org: OfAddress[address=email[hidden]] is UNVALIDATED",
                "alice@example.org: " + account + " is UNVALIDATED",
                "To compare with the person: " + account + ", NEVER_VALIDATED");
        assertThat(ended.lines()).anyMatch(line -> line.startsWith("It answers: Available[versions=[v1."))
                .noneMatch(line -> line.contains("dave"))
                .noneMatch(line -> line.endsWith(" is VALIDATED"));
        assertThat(ended.status()).isZero();
    }

    @Test
    void theSampleAsksTheIdentityServerNothingThatWasNotChosen() throws IOException, InterruptedException {
        StrangersProgram.Ended ended = runSample("no");

        assertThat(ended.lines()).filteredOn(line -> line.startsWith("  -> "))
                .hasSize(1)
                .allMatch(line -> line.startsWith("  -> localhost: "));
        assertThat(ended.status()).isZero();
    }

    @Test
    void theSampleTellsNobodyWhoTheUserIsWithoutConsent() throws IOException, InterruptedException {
        StrangersProgram.Ended ended = runSample("yes", "yes", "no");

        assertThat(ended.lines()).filteredOn(line -> line.startsWith("  -> id.example.org: ")).hasSize(2);
        assertThat(ended.lines().getLast()).endsWith("[yes/no]");
        assertThat(ended.status()).isZero();
    }
}
