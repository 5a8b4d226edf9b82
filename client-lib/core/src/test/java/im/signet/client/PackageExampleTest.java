package im.signet.client;

import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.client.transport.Transport;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The example that the package shows: it compiles as it stands there, and what it says happens. */
class PackageExampleTest {
    private final Scene scene = new Scene();

    static Lookup friends(URI address, Transport transport, OpenIdToken openId, AddressBook book,
            Predicate<Terms> user) {
        IdentityServer server = IdentityServer.at(address, transport).orElseThrow();
        if (!(server.terms() instanceof TermsReading.Read read) || !user.test(read.terms())) {
            return new Lookup.Found(List.of(), 0, 0);
        }
        Consent.Draft<Purpose.DiscoverContacts> draft = read.terms().consentTo(Purpose.DISCOVER_CONTACTS);
        read.terms().policies().forEach(policy -> draft.accept(policy, "en"));
        Consent<Purpose.DiscoverContacts> consent = draft.give();
        Connection connection = server.connect(consent, openId);
        return connection instanceof Connection.Connected connected
                ? connected.session().discovery(consent).lookup(book)
                : (Failure) connection;
    }

    @Test
    void compilesAsItIsPrinted() throws IOException {
        assertThat(Snippet.errorsOf(printed())).isEmpty();
    }

    @Test
    void isTheOneThatIsRunHere() throws IOException {
        String here = Files.readString(Path.of(System.getProperty("signet.client.sources", "src/main/java"))
                .resolve("../../test/java/im/signet/client/PackageExampleTest.java"));
        assertThat(withoutBlanks(here)).contains(withoutBlanks(printed()));
    }

    @Test
    void findsFriends() {
        Lookup lookup = friends(Scene.SERVER, scene.wire, Scene.openId(), Scene.book(), terms -> true);
        assertThat(((Lookup.Found) lookup).contacts()).extracting(DiscoveredContact::userId).containsExactly(Scene.BOB);
    }

    @Test
    void asksForNothingMoreWhenTheUserDeclines() {
        friends(Scene.SERVER, scene.wire, Scene.openId(), Scene.book(), terms -> false);
        assertThat(scene.wire.routes()).containsExactly("GET /v2/terms");
    }

    private static String printed() throws IOException {
        String source = Files.readString(Path.of(System.getProperty("signet.client.sources", "src/main/java"))
                .resolve("im/signet/client/package-info.java"));
        int start = source.indexOf("<pre>{@code") + "<pre>{@code".length();
        return source.substring(start, source.indexOf("}</pre>"))
                .lines()
                .map(line -> line.replaceFirst("^ \\* ?", ""))
                .collect(Collectors.joining("\n"));
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", " ").trim();
    }
}
