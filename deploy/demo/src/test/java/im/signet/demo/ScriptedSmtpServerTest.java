package im.signet.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScriptedSmtpServerTest {
    private static final DemoAuthority AUTHORITY = DemoAuthority.create();
    private static final String ALICE = "alice@example.org";

    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final Mailer mailer = new Mailer(server.port());

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void recordsTheExactBytes() throws Exception {
        mailer.send("Hello\r\n.dot\r\n..\r\nend", ALICE, "Bob@Example.org");

        assertThat(server.transactions()).hasSize(1);
        SmtpTransaction sent = server.transactions().getFirst();
        assertThat(sent.mailCommand()).startsWith("MAIL FROM:<noreply@id.example.org>");
        assertThat(sent.rcptCommands()).containsExactly("RCPT TO:<alice@example.org>", "RCPT TO:<Bob@Example.org>");
        assertThat(sent.sender()).isEqualTo("noreply@id.example.org");
        assertThat(sent.recipients()).containsExactly(ALICE, "Bob@Example.org");
        assertThat(sent.data()).endsWith("\r\n\r\nHello\r\n..dot\r\n...\r\nend\r\n");
        assertThat(sent.message()).endsWith("\r\n\r\nHello\r\n.dot\r\n..\r\nend\r\n");
        assertThat(sent.complete()).isTrue();
        assertThat(sent.accepted()).isTrue();
        assertThat(sent.encrypted()).isFalse();
        assertThat(sent.user()).isEmpty();
        assertThat(server.commands()).first().isEqualTo("EHLO client.example.org");
        assertThat(server.commands()).last().isEqualTo("QUIT");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void recordsTheBytesOfAddressesBeyondAscii() throws Exception {
        server.offer("SMTPUTF8");

        mailer.allowingUtf8().send("Hello", "grüße@example.org");

        String bytes = new String("grüße@example.org".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(server.accepted().getFirst().recipients()).containsExactly(bytes);
        assertThat(server.accepted().getFirst().mailCommand()).contains(" SMTPUTF8");
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"})
    void refusesAtAnyStage(SmtpStage stage) throws Exception {
        server.answer(stage, "451 4.3.0 not now");
        // A client may fall back to HELO when EHLO is refused; the stage is the same.
        assertThatThrownBy(() -> mailer.send("Hello", ALICE)).isInstanceOf(MessagingException.class);
        assertThat(server.accepted()).isEmpty();

        server.behave();
        mailer.send("Hello", ALICE);
        assertThat(server.accepted()).hasSize(1);
    }

    @Test
    void refusesOneRecipientWithAReasonTheClientSees() {
        server.answerOnce(SmtpStage.RCPT, "550 5.1.1 no such user");

        assertThatThrownBy(() -> mailer.send("Hello", ALICE, "bob@example.org"))
                .isInstanceOf(MessagingException.class)
                .rootCause()
                .isInstanceOfSatisfying(SMTPAddressFailedException.class,
                        failed -> assertThat(failed.getReturnCode()).isEqualTo(550));
        assertThat(server.accepted()).isEmpty();
    }

    @Test
    void refusesOnceAndThenAgainOtherwise() throws Exception {
        server.answerOnce(SmtpStage.MAIL, "451 4.3.0 not now").answerOnce(SmtpStage.MAIL, "450 4.2.0 nor now");

        assertThatThrownBy(() -> mailer.send("Hello", ALICE)).hasMessageContaining("451");
        assertThatThrownBy(() -> mailer.send("Hello", ALICE)).hasMessageContaining("450");
        mailer.send("Hello", ALICE);

        assertThat(server.accepted()).hasSize(1);
        assertThat(server.connections()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"})
    void dropsTheConnectionAtAnyStage(SmtpStage stage) throws Exception {
        server.dropOnce(stage);

        assertThatThrownBy(() -> mailer.send("Hello", ALICE)).isInstanceOf(MessagingException.class);
        assertThat(server.accepted()).isEmpty();

        mailer.send("Hello", ALICE);
        assertThat(server.accepted()).hasSize(1);
    }

    @Test
    void dropsWhatItTookButNeverConfirmed() {
        server.drop(SmtpStage.MESSAGE);

        assertThatThrownBy(() -> mailer.send("Hello", ALICE)).isInstanceOf(MessagingException.class);

        SmtpTransaction lost = server.transactions().getFirst();
        assertThat(lost.complete()).isTrue();
        assertThat(lost.accepted()).isFalse();
        assertThat(lost.message()).endsWith("\r\n\r\nHello\r\n");
    }

    @Test
    void dropsTheConnectionWithinAMessage() {
        server.dropAfterDataBytes(40);

        assertThatThrownBy(() -> mailer.send("Hello".repeat(100_000), ALICE)).isInstanceOf(MessagingException.class);

        SmtpTransaction broken = server.transactions().getFirst();
        assertThat(broken.complete()).isFalse();
        assertThat(broken.accepted()).isFalse();
        assertThat(broken.data()).hasSize(40);
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO", "RCPT", "MESSAGE"})
    void saysNothing(SmtpStage stage) {
        server.hang(stage);

        assertThatThrownBy(() -> mailer.impatient().send("Hello", ALICE))
                .isInstanceOf(MessagingException.class)
                .hasStackTraceContaining("timed out");
        assertThat(server.accepted()).isEmpty();
    }

    @Test
    void takesLeaveWith421() throws Exception {
        server.answer(SmtpStage.EHLO, "421 4.3.2 going down");

        try (Dialogue dialogue = new Dialogue(server.port())) {
            assertThat(dialogue.read()).startsWith("220 ");
            assertThat(dialogue.say("EHLO me")).isEqualTo("421 4.3.2 going down");
            assertThat(dialogue.read()).isEmpty();
        }
    }

    @Test
    void upgradesToTls() throws Exception {
        server.offerStartTls(AUTHORITY.serverContext("127.0.0.1"));

        mailer.withStartTls(AUTHORITY.clientContext()).send("Hello", ALICE);

        assertThat(server.accepted().getFirst().encrypted()).isTrue();
        assertThat(server.commands()).startsWith("EHLO client.example.org", "STARTTLS", "EHLO client.example.org");
    }

    @Test
    void isNotBelievedWithACertificateThatIsNotGood() {
        server.offerStartTls(AUTHORITY.expiredServerContext("127.0.0.1"));
        assertThatThrownBy(() -> mailer.withStartTls(AUTHORITY.clientContext()).send("Hello", ALICE))
                .hasStackTraceContaining("expired");

        server.offerStartTls(AUTHORITY.serverContext("elsewhere.example.org"));
        assertThatThrownBy(() -> mailer.withStartTls(AUTHORITY.clientContext()).send("Hello", ALICE))
                .isInstanceOf(MessagingException.class);
        assertThat(server.transactions()).isEmpty();
    }

    @Test
    void withholdsTls() {
        assertThatThrownBy(() -> mailer.withStartTls(AUTHORITY.clientContext()).send("Hello", ALICE))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("STARTTLS is required");
        assertThat(server.transactions()).isEmpty();
    }

    @Test
    void offersTlsAndThenRefusesIt() {
        server.offerStartTls(AUTHORITY.serverContext("127.0.0.1"))
                .answer(SmtpStage.STARTTLS, "454 4.7.0 not available");

        assertThatThrownBy(() -> mailer.withStartTls(AUTHORITY.clientContext()).send("Hello", ALICE))
                .isInstanceOf(MessagingException.class);
        assertThat(server.transactions()).isEmpty();
    }

    @Test
    void forgetsWhatWasSaidBeforeTls() throws Exception {
        server.offerStartTls(AUTHORITY.serverContext("127.0.0.1"));

        try (Dialogue dialogue = new Dialogue(server.port())) {
            dialogue.read();
            assertThat(dialogue.say("STARTTLS\r\nNOOP")).startsWith("220 ");
            // The NOOP was sent ahead in plain text: inside TLS nothing answers it.
            dialogue.upgrade();
            assertThat(dialogue.say("EHLO me")).isEqualTo("250-localhost");
        }
        assertThat(server.commands()).containsExactly("STARTTLS", "EHLO me");
    }

    @Test
    void speaksInsideTlsFromTheFirstByte() throws Exception {
        try (ScriptedSmtpServer tls = ScriptedSmtpServer.startTls(AUTHORITY.serverContext("127.0.0.1"))) {
            new Mailer(tls.port()).withTls(AUTHORITY.clientContext()).send("Hello", ALICE);

            assertThat(tls.accepted().getFirst().encrypted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void takesMailOnlyFromWhomItKnows(String mechanism) throws Exception {
        server.demandAuth("signet", "pässword");

        assertThatThrownBy(() -> mailer.send("Hello", ALICE)).hasMessageContaining("530");
        assertThatThrownBy(() -> new Mailer(server.port()).withLogin("signet", "wrong", mechanism).send("Hello", ALICE))
                .isInstanceOf(AuthenticationFailedException.class);
        new Mailer(server.port()).withLogin("signet", "pässword", mechanism).send("Hello", ALICE);

        assertThat(server.transactions()).hasSize(1);
        assertThat(server.transactions().getFirst().user()).isEqualTo(Optional.of("signet"));
    }

    @Test
    void asksForThePasswordOnlyInsideTls() throws Exception {
        server.offerStartTls(AUTHORITY.serverContext("127.0.0.1")).demandAuth("signet", "password");

        try (Dialogue dialogue = new Dialogue(server.port())) {
            dialogue.read();
            assertThat(dialogue.say("AUTH PLAIN AHNpZ25ldABwYXNzd29yZA==")).startsWith("502 ");
            assertThat(dialogue.say("MAIL FROM:<a@example.org>")).startsWith("530 ");
        }
        mailer.withStartTls(AUTHORITY.clientContext()).withLogin("signet", "password", "PLAIN").send("Hello", ALICE);
        assertThat(server.accepted()).hasSize(1);
    }

    @Test
    void keepsTheOrderOfCommands() throws Exception {
        try (Dialogue dialogue = new Dialogue(server.port())) {
            dialogue.read();
            assertThat(dialogue.say("HELO me")).isEqualTo("250 localhost");
            assertThat(dialogue.say("RCPT TO:<a@example.org>")).startsWith("503 ");
            assertThat(dialogue.say("DATA")).startsWith("503 ");
            assertThat(dialogue.say("mail from:<b@example.org>")).startsWith("250 ");
            assertThat(dialogue.say("MAIL FROM:<b@example.org>")).startsWith("503 ");
            assertThat(dialogue.say("RCPT TO:<a@example.org>")).startsWith("250 ");
            assertThat(dialogue.say("RSET")).startsWith("250 ");
            assertThat(dialogue.say("DATA")).startsWith("503 ");
            assertThat(dialogue.say("NOOP")).startsWith("250 ");
            assertThat(dialogue.say("STARTTLS")).startsWith("502 ");
            assertThat(dialogue.say("AUTH PLAIN")).startsWith("502 ");
            assertThat(dialogue.say("VRFY a")).startsWith("502 ");
            assertThat(dialogue.say("QUIT")).startsWith("221 ");
            assertThat(dialogue.read()).isEmpty();
        }
        assertThat(server.transactions()).hasSize(1);
        assertThat(server.transactions().getFirst().complete()).isFalse();
    }

    @Test
    void endsMessagesOnlyAtTheRealEnd() throws Exception {
        String body = "\n.\n\r\n.\rx\r\r\n..\r\n\n.\r\n";
        try (Dialogue dialogue = new Dialogue(server.port())) {
            dialogue.read();
            dialogue.say("HELO me");
            dialogue.say("MAIL FROM:<>");
            dialogue.say("RCPT TO:<a@example.org>");
            assertThat(dialogue.say("DATA")).startsWith("354 ");
            assertThat(dialogue.say(body + ".")).startsWith("250 ");
            dialogue.say("MAIL FROM:<>");
            dialogue.say("RCPT TO:<a@example.org>");
            dialogue.say("DATA");
            assertThat(dialogue.say(".")).startsWith("250 ");
        }
        assertThat(server.accepted()).extracting(SmtpTransaction::data).containsExactly(body, "");
        assertThat(server.accepted().getFirst().sender()).isEmpty();
    }

    // Often, as the close may find the connection before, at or after its accept.
    @RepeatedTest(200)
    void endsHangingConversationsWhenClosed() throws Exception {
        server.hang(SmtpStage.GREETING);

        try (Dialogue dialogue = new Dialogue(server.port())) {
            server.close();
            assertThat(dialogue.read()).isEmpty();
        }
    }

    /** A conversation line by line, for what no mail client would say. */
    private static final class Dialogue implements AutoCloseable {
        private Socket socket;
        private BufferedReader lines;

        Dialogue(int port) throws IOException {
            socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
            socket.setSoTimeout(5000);
            lines = lines();
        }

        private BufferedReader lines() throws IOException {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        }

        void upgrade() throws IOException {
            SSLSocket inside = (SSLSocket) AUTHORITY.clientContext()
                    .getSocketFactory()
                    .createSocket(socket, "127.0.0.1", socket.getPort(), true);
            inside.startHandshake();
            socket = inside;
            lines = lines();
        }

        String say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return read();
        }

        /** Returns the next line; empty when the server has closed the connection. */
        String read() throws IOException {
            try {
                return Optional.ofNullable(lines.readLine()).orElse("");
            } catch (SocketException _) {
                // Closed with a reset, as it had not read all that was sent.
                return "";
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
