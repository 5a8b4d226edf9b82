package im.signet.terms.policy;

import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.TestServer;
import im.signet.terms.Installation;
import im.signet.terms.TermsServer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@OnEveryDatabase
class PolicyTextsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123456Z");

    private final Installation installation;
    private final TermsServer server;
    private final PolicyTexts texts;

    PolicyTextsTest(TestServer database) {
        installation = Installation.on(database);
        server = installation.start();
        texts = server.part(PolicyTexts.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static PolicyText text(String policy, String version, String language, String content) {
        return new PolicyText(policy, version, language, "Name", PolicyFormat.TEXT, content, NOW);
    }

    @Test
    void keepTheFirstTextOfALanguageOfAVersion() {
        String text = "Straße\r\n\r\n 隱私 \ud83d\ude00 'quoted' \\ :name ?";
        PolicyText first = new PolicyText("terms", "1.0", "en", "Terms", PolicyFormat.MARKDOWN, text, NOW);
        assertThat(texts.publish(first)).isEqualTo(first);
        assertThat(texts.publish(new PolicyText("terms", "1.0", "en", "Changed", PolicyFormat.TEXT, "changed",
                NOW.plusSeconds(1)))).isEqualTo(first);
        assertThat(texts.find("terms", "1.0", "en")).contains(first);
        assertThat(installation.rows("policy_text")).isEqualTo(1);
    }

    @Test
    void tellPoliciesVersionsAndLanguagesApart() {
        texts.publish(text("terms", "1.0", "en", "a"));
        texts.publish(text("terms", "1.0", "EN", "b"));
        texts.publish(text("terms", "1.1", "en", "c"));
        texts.publish(text("privacy", "1.0", "en", "d"));
        assertThat(texts.find("terms", "1.0", "en")).map(PolicyText::content).contains("a");
        assertThat(texts.find("terms", "1.0", "EN")).map(PolicyText::content).contains("b");
        assertThat(texts.find("terms", "1.1", "en")).map(PolicyText::content).contains("c");
        assertThat(texts.find("privacy", "1.0", "en")).map(PolicyText::content).contains("d");
        assertThat(texts.find("privacy", "1.1", "en")).isEmpty();
        assertThat(texts.findLanguages("terms", "1.0")).containsExactly("EN", "en");
        assertThat(texts.findLanguages("privacy", "1.1")).isEmpty();
    }

    // As a server of the version before writes them, while one of this version already runs.
    @Test
    void takeWhatNamesNoFormatForPlainText() {
        installation.sql()
                .sql("INSERT INTO terms.policy_text (policy, version, language, name, content, published_at)"
                        + " VALUES ('terms', '0.9', 'en', 'Terms', '# a', now())")
                .update();
        assertThat(texts.find("terms", "0.9", "en")).map(PolicyText::format).contains(PolicyFormat.TEXT);
    }

    // Two replicas that start at once with different files: one of them has to see that it came second.
    @Test
    void agreeOnOneOfManyThatArePublishedAtOnce() throws Exception {
        Set<PolicyText> published = new HashSet<>();
        try (ExecutorService replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PolicyText>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String text = "text of replica " + i;
                answers.add(replicas.submit(() -> texts.publish(text("terms", "1.0", "en", text))));
            }
            for (Future<PolicyText> answer : answers) {
                published.add(answer.get());
            }
        }
        assertThat(published).hasSize(1);
    }
}
