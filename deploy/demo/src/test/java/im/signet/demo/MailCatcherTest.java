package im.signet.demo;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.mail.MessagingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MailCatcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MailCatcher catcher = MailCatcher.start();
    private final Mailer mailer = new Mailer(catcher.port());

    @AfterEach
    void close() {
        catcher.close();
    }

    @Test
    void showsAMailAsItsReaderSeesIt() throws Exception {
        mailer.sendBoth("Prüfung", "Grüße\r\n.dot\r\n", "<p>Grüße</p>", "alice@example.org");

        CaughtMail mail = catcher.awaitMailTo("alice@example.org", PATIENCE);

        assertThat(mail.returnPath()).isEqualTo("noreply@id.example.org");
        assertThat(mail.recipients()).containsExactly("alice@example.org");
        assertThat(mail.from()).isEqualTo("noreply@id.example.org");
        assertThat(mail.subject()).isEqualTo("Prüfung");
        assertThat(mail.text()).isEqualTo("Grüße\r\n.dot\r\n");
        assertThat(mail.html()).isEqualTo("<p>Grüße</p>");
        assertThat(mail.header("from")).contains("Signet <noreply@id.example.org>");
        assertThat(mail.header("Received")).isEmpty();
        assertThat(mail.header("Bcc")).isEmpty();
        assertThat(mail.raw()).contains("\r\nFrom: Signet <noreply@id.example.org>\r\n")
                .contains("Subject: =?UTF-8?")
                .doesNotContain("Return-Path", "Received: ");
    }

    @Test
    void keepsOneMailForAllItsRecipients() throws Exception {
        mailer.send("Hello", "bob@example.org", "alice@example.org");

        assertThat(catcher.mails()).hasSize(1);
        assertThat(catcher.mails().getFirst().recipients()).containsExactly("alice@example.org", "bob@example.org");
        assertThat(catcher.mailsTo("bob@example.org")).isEqualTo(catcher.mailsTo("alice@example.org"));
        assertThat(catcher.mailsTo("carol@example.org")).isEmpty();
    }

    @Test
    void returnsEachAwaitedMailOnce() throws Exception {
        mailer.send("first", "alice@example.org");
        mailer.send("other", "bob@example.org");
        mailer.send("second", "alice@example.org");

        assertThat(catcher.awaitMailTo("alice@example.org", PATIENCE).text()).isEqualTo("first");
        assertThat(catcher.awaitMailTo("alice@example.org", Duration.ZERO).text()).isEqualTo("second");
        assertThatThrownBy(() -> catcher.awaitMailTo("alice@example.org", Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no further mail to alice@example.org");
        assertThat(catcher.mails()).extracting(CaughtMail::text).containsExactly("first", "other", "second");
    }

    @Test
    void waitsForAMailThatIsOnItsWay() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CaughtMail> awaited = threads.submit(() -> catcher.awaitMailTo("alice@example.org", PATIENCE));
            mailer.send("not this", "bob@example.org");
            mailer.send("late", "alice@example.org");

            assertThat(awaited.get().text()).isEqualTo("late");
        }
    }

    @Test
    void forgetsWhenTold() throws Exception {
        mailer.send("first", "alice@example.org");
        catcher.clear();

        assertThat(catcher.mails()).isEmpty();
        assertThatThrownBy(() -> catcher.awaitMailTo("alice@example.org", Duration.ZERO))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void findsTheLinksInTheText() throws Exception {
        mailer.sendBoth("Links", """
                Open https://id.example.org/confirm?sid=1&token=a.b_c-d.
                Terms (see https://id.example.org/terms), or <https://example.org/x>. Not ftp://example.org or https://[.
                """, "<a href=\"https://tracker.example.org\">x</a>", "alice@example.org");

        assertThat(catcher.awaitMailTo("alice@example.org", PATIENCE).links()).containsExactly(
                URI.create("https://id.example.org/confirm?sid=1&token=a.b_c-d"),
                URI.create("https://id.example.org/terms"),
                URI.create("https://example.org/x"));
    }

    @Test
    void findsTheLinksOfAMailThatIsOnlyHtml() throws Exception {
        mailer.sendHtml("<a href=\"https://id.example.org/?a=1&amp;b=2\">here</a>", "alice@example.org");

        CaughtMail mail = catcher.awaitMailTo("alice@example.org", PATIENCE);
        assertThat(mail.subject()).isEmpty();
        assertThat(mail.text()).isEmpty();
        assertThat(mail.links()).containsExactly(URI.create("https://id.example.org/?a=1&b=2"));
    }

    @Test
    void takesAnyUserNameAndPassword() throws Exception {
        mailer.withLogin("someone", "whatever", "PLAIN").send("Hello", "alice@example.org");

        assertThat(catcher.mails()).hasSize(1);
    }

    @Test
    void speaksInsideTls() throws Exception {
        DemoAuthority authority = DemoAuthority.create();
        try (MailCatcher tls = MailCatcher.startTls(authority.serverContext("127.0.0.1"))) {
            new Mailer(tls.port()).withTls(authority.clientContext()).send("Hello", "alice@example.org");

            assertThat(tls.mails()).hasSize(1);
            Mailer stranger = new Mailer(tls.port()).withTls(DemoAuthority.create().clientContext());
            assertThatThrownBy(() -> stranger.send("Hello", "alice@example.org"))
                    .isInstanceOf(MessagingException.class);
        }
    }

    @Test
    void keepsItsMailsWhenClosed() throws Exception {
        mailer.send("Hello", "alice@example.org");
        catcher.close();

        assertThat(catcher.mails()).hasSize(1);
        assertThatThrownBy(() -> mailer.send("Hello", "alice@example.org")).isInstanceOf(MessagingException.class);
    }
}
