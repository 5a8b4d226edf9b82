package im.signet.terms.acceptance;

import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.TestServer;
import im.signet.protocol.identifier.UserId;
import im.signet.terms.Installation;
import im.signet.terms.TermsServer;
import im.signet.terms.policy.Policy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@OnEveryDatabase
class AcceptanceRepositoryTest {

    private static final UserId ALICE = UserId.of("@alice:example.org");
    private static final UserId BOB = UserId.of("@bob:example.org");
    private static final String URL = "https://example.org/privacy-1.0-en.html";
    private static final String GERMAN = "https://example.org/privacy-1.0-de.html";
    private static final String SETTINGS = """
            signet.terms.policies:
              privacy_policy:
                version: "1.0"
                en: {name: Privacy Policy, url: "https://example.org/privacy-1.0-en.html"}
                de: {name: Datenschutz, url: "https://example.org/privacy-1.0-de.html"}
            """;

    private final Installation installation;
    private final TermsServer server;
    private final Acceptances acceptances;
    private final AcceptanceRepository repository;

    AcceptanceRepositoryTest(TestServer database) {
        installation = Installation.on(database);
        server = installation.start(SETTINGS);
        acceptances = server.part(Acceptances.class);
        repository = server.part(AcceptanceRepository.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void findsWhatAUserAccepted() {
        acceptances.accept(ALICE, List.of(URL));
        assertThat(repository.findByUser(ALICE.value())).singleElement().satisfies(acceptance -> {
            assertThat(acceptance.userId()).isEqualTo(ALICE.value());
            assertThat(acceptance.policy()).isEqualTo("privacy_policy");
            assertThat(acceptance.version()).isEqualTo("1.0");
            assertThat(acceptance.language()).isEqualTo("en");
            assertThat(acceptance.url()).isEqualTo(URL);
            assertThat(acceptance.acceptedAt()).isEqualTo(installation.clock().instant());
        });
        assertThat(repository.findByUser(BOB.value())).isEmpty();
        assertThat(repository.findByUser(ALICE.value() + " ")).isEmpty();
    }

    @Test
    void saysWhatIsStillToBeAccepted() {
        assertThat(acceptances.outstandingFor(ALICE, "identity")).extracting(Policy::id)
                .containsExactly("privacy_policy");
        acceptances.accept(ALICE, List.of(URL));
        assertThat(acceptances.outstandingFor(ALICE, "identity")).isEmpty();
        assertThat(acceptances.outstandingFor(BOB, "identity")).hasSize(1);
    }

    @Test
    void keepsOneOfManyEqualOnesThatComeAtOnce() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                List<String> urls = i % 2 == 0 ? List.of(URL, URL, GERMAN) : List.of(GERMAN, URL);
                all.add(clients.submit(() -> acceptances.accept(ALICE, urls)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(installation.rows("acceptance")).isEqualTo(2);
    }
}
