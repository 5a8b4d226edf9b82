package im.signet.identity.mail;

import im.signet.demo.DemoAuthority;
import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.demo.SmtpTransaction;
import im.signet.kit.outbox.Courier.Delivery;
import im.signet.protocol.json.JsonObject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What becomes of a letter at SMTP servers good and bad (Sydent CVE-2023-38686: certificates that nobody checked). */
class SmtpCourierTest {

    private static final DemoAuthority TRUSTED = DemoAuthority.create();
    private static final String ALICE = "canary-alice@example.org";

    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeDownWhomToTrust() {
        TRUSTED.writeCaFile(folder.resolve("ca.pem"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static SmtpCourier courier(int port, MailProperties.Security security, @Nullable String username,
            Duration patience) {
        return courier(port, security, username, patience, folder.resolve("ca.pem"));
    }

    private static SmtpCourier courier(int port, MailProperties.Security security, @Nullable String username,
            Duration patience, @Nullable Path caFile) {
        return new SmtpCourier(new MailProperties("127.0.0.1", port, security, username,
                username == null ? null : "canary-password", "noreply@id.example.org", caFile, 100), patience,
                Duration.ofMinutes(5), Clock.systemUTC(), new SecureRandom());
    }

    private static JsonObject letterTo(String address) {
        return JsonObject.builder()
                .put("to", address)
                .put("message_id", "<id@id.example.org>")
                .put("subject", "Grüße")
                .put("text", "Hello\n.\n..\nlink\n")
                .put("html", "<p>Hello</p>\n.\n")
                .build();
    }

    private Delivery deliver(MailProperties.Security security) {
        return courier(server.port(), security, null, Duration.ofSeconds(30)).deliver(letterTo(ALICE));
    }

    private Delivery deliver() {
        return deliver(MailProperties.Security.NONE);
    }

    private static void isDeferred(Delivery delivery) {
        assertThat(delivery).isInstanceOfSatisfying(Delivery.Deferred.class,
                deferred -> assertThat(deferred.reason()).doesNotContain("canary").isNotBlank());
    }

    private static void isRejected(Delivery delivery) {
        assertThat(delivery).isInstanceOfSatisfying(Delivery.Rejected.class,
                rejected -> assertThat(rejected.reason()).doesNotContain("canary").isNotBlank());
    }

    private void nothingWentOut() {
        assertThat(server.transactions()).isEmpty();
        assertThat(server.commands()).noneMatch(
                command -> command.startsWith("MAIL") || command.startsWith("RCPT") || command.startsWith("AUTH")
                        || command.contains("canary"));
    }

    @Test
    void handsALetterOver() {
        assertThat(deliver()).isEqualTo(new Delivery.Delivered());
        SmtpTransaction sent = server.accepted().getFirst();
        assertThat(sent.sender()).isEqualTo("noreply@id.example.org");
        assertThat(sent.recipients()).containsExactly(ALICE);
        assertThat(sent.message()).contains("\r\nHello\r\n.\r\n..\r\nlink\r\n")
                .contains("Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n")
                .contains("Message-ID: <id@id.example.org>\r\n");
    }

    @Test
    void sendsOverTlsToAServerThatItTrusts() {
        server.offerStartTls(TRUSTED.serverContext("127.0.0.1"));
        assertThat(deliver(MailProperties.Security.STARTTLS)).isEqualTo(new Delivery.Delivered());
        assertThat(server.accepted().getFirst().encrypted()).isTrue();
        try (ScriptedSmtpServer tls = ScriptedSmtpServer.startTls(TRUSTED.serverContext("127.0.0.1"))) {
            assertThat(courier(tls.port(), MailProperties.Security.TLS, null, Duration.ofSeconds(30))
                    .deliver(letterTo(ALICE))).isEqualTo(new Delivery.Delivered());
            assertThat(tls.accepted().getFirst().encrypted()).isTrue();
        }
    }

    /** An authority of the operator's own is trusted where a file names it, and nowhere else. */
    @Test
    void waitsWhenNobodyNamedTheAuthority() {
        server.offerStartTls(TRUSTED.serverContext("127.0.0.1"));
        isDeferred(courier(server.port(), MailProperties.Security.STARTTLS, null, Duration.ofSeconds(30), null)
                .deliver(letterTo(ALICE)));
        nothingWentOut();
    }

    @Test
    void doesNotStartWithAnAuthorityThatCannotBeRead() {
        assertThatIllegalArgumentException().isThrownBy(() -> courier(server.port(), MailProperties.Security.TLS, null,
                Duration.ofSeconds(30), folder.resolve("none.pem")));
    }

    @ParameterizedTest
    @CsvSource({"foreign", "expired", "misnamed"})
    void waitsWhenTheCertificateIsWrong(String fault) {
        SSLContext bad = switch (fault) {
            case "foreign" -> DemoAuthority.create().serverContext("127.0.0.1");
            case "expired" -> TRUSTED.expiredServerContext("127.0.0.1");
            default -> TRUSTED.serverContext("elsewhere.example.org");
        };
        server.offerStartTls(bad);
        isDeferred(deliver(MailProperties.Security.STARTTLS));
        nothingWentOut();
        try (ScriptedSmtpServer tls = ScriptedSmtpServer.startTls(bad)) {
            isDeferred(courier(tls.port(), MailProperties.Security.TLS, null, Duration.ofSeconds(30))
                    .deliver(letterTo(ALICE)));
            assertThat(tls.commands()).isEmpty();
        }
    }

    @Test
    void waitsWhenStartTlsIsStripped() {
        isDeferred(deliver(MailProperties.Security.STARTTLS));
        nothingWentOut();
    }

    @ParameterizedTest
    @ValueSource(strings = {"454 4.7.0 not available", "501 5.5.4 no", "421 4.3.2 going down"})
    void waitsWhenStartTlsIsRefused(String reply) {
        server.offerStartTls(TRUSTED.serverContext("127.0.0.1")).answer(SmtpStage.STARTTLS, reply);
        isDeferred(deliver(MailProperties.Security.STARTTLS));
        nothingWentOut();
    }

    @Test
    void waitsWhenAPlainServerStandsWhereTlsIsExpected() {
        isDeferred(courier(server.port(), MailProperties.Security.TLS, null, Duration.ofMillis(500))
                .deliver(letterTo(ALICE)));
        nothingWentOut();
    }

    @Test
    void showsNoPasswordInTheClear() {
        server.offer("AUTH PLAIN LOGIN");
        isDeferred(courier(server.port(), MailProperties.Security.STARTTLS, "canary-user", Duration.ofSeconds(30))
                .deliver(letterTo(ALICE)));
        nothingWentOut();
    }

    @Test
    void logsIn() {
        server.offerStartTls(TRUSTED.serverContext("127.0.0.1")).demandAuth("signet", "canary-password");
        assertThat(courier(server.port(), MailProperties.Security.STARTTLS, "signet", Duration.ofSeconds(30))
                .deliver(letterTo(ALICE))).isEqualTo(new Delivery.Delivered());
        assertThat(server.accepted().getFirst().user()).contains("signet");
    }

    /** The operator can mend a password; what waited goes out then. */
    @Test
    void waitsWhenThePasswordIsWrong() {
        server.offerStartTls(TRUSTED.serverContext("127.0.0.1")).demandAuth("signet", "another password");
        isDeferred(courier(server.port(), MailProperties.Security.STARTTLS, "signet", Duration.ofSeconds(30))
                .deliver(letterTo(ALICE)));
        assertThat(server.transactions()).isEmpty();
    }

    @Test
    void waitsWhenALogInIsDemandedAndNoneIsSet() {
        server.demandAuth("signet", "password");
        isDeferred(deliver());
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"})
    void waitsWhenTheServerSaysNotNow(SmtpStage stage) {
        server.answer(stage, "451 4.3.0 <canary-alice@example.org> not now");
        isDeferred(deliver());
        server.behave().answer(stage, "421 4.3.2 going down");
        isDeferred(deliver());
        server.behave();
        assertThat(deliver()).isEqualTo(new Delivery.Delivered());
    }

    @ParameterizedTest
    @EnumSource(names = {"MAIL", "RCPT", "DATA", "MESSAGE"})
    void givesUpWhenTheServerRefusesTheLetter(SmtpStage stage) {
        server.answer(stage, "550 5.1.1 <canary-alice@example.org>: no such user");
        isRejected(deliver());
        assertThat(server.accepted()).isEmpty();
    }

    /** It is the server that is not ready for anybody, not this letter that is bad. */
    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO"})
    void waitsWhenTheServerRefusesEveryone(SmtpStage stage) {
        server.answer(stage, "554 5.3.2 no service");
        isDeferred(deliver());
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"})
    void waitsWhenTheConnectionBreaks(SmtpStage stage) {
        server.drop(stage);
        isDeferred(deliver());
    }

    @Test
    void waitsWhenTheConnectionBreaksWithinTheMessage() {
        server.dropAfterDataBytes(40);
        isDeferred(deliver());
        assertThat(server.accepted()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"})
    void waitsWhenTheServerFallsSilent(SmtpStage stage) {
        server.hang(stage);
        isDeferred(courier(server.port(), MailProperties.Security.NONE, null, Duration.ofMillis(300))
                .deliver(letterTo(ALICE)));
    }

    @Test
    void waitsWhenNobodyListens() {
        int port = server.port();
        server.close();
        isDeferred(courier(port, MailProperties.Security.NONE, null, Duration.ofSeconds(30)).deliver(letterTo(ALICE)));
    }

    /** The server has taken charge: another try would be a second mail. */
    @Test
    void isDoneOnceTheServerHasTakenTheLetterWhateverItsLeaveIsLike() {
        for (String leave : new String[]{"drop", "hang", "421 4.3.2 going down", "550 5.0.0 no"}) {
            server.behave();
            switch (leave) {
                case "drop" -> server.drop(SmtpStage.QUIT);
                case "hang" -> server.hang(SmtpStage.QUIT);
                default -> server.answer(SmtpStage.QUIT, leave);
            }
            assertThat(courier(server.port(), MailProperties.Security.NONE, null, Duration.ofMillis(500))
                    .deliver(letterTo(ALICE))).as(leave).isEqualTo(new Delivery.Delivered());
        }
        assertThat(server.accepted()).hasSize(4);
    }

    @Test
    void sendsAddressesBeyondAsciiWhereTheServerTakesThem() {
        server.offer("SMTPUTF8").offer("8BITMIME");
        String address = "grüße@пример.example";
        assertThat(courier(server.port(), MailProperties.Security.NONE, null, Duration.ofSeconds(30))
                .deliver(letterTo(address))).isEqualTo(new Delivery.Delivered());
        String bytes = new String(address.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(server.accepted().getFirst().recipients()).containsExactly(bytes);
        assertThat(server.accepted().getFirst().mailCommand()).contains("SMTPUTF8");
    }

    /** RFC 6531: a server that does not offer SMTPUTF8 may read such bytes as another address. */
    @ParameterizedTest
    @ValueSource(strings = {"canary-grüsse@example.org", "canary-grüsse@пример.example",
        // Its A-label is longer than a label may be.
        "canary@\u4e2d\u6587\u5b57\u7b26\u57df\u540d\u6d4b\u8bd5\u957f\u6807\u7b7e\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341.example",
        // Its A-label reads back as another name: the long s is an s there.
        "canary@\u017fignet.example"})
    void givesUpWhatOnlyAServerWithSmtputf8CouldTake(String address) {
        SmtpCourier courier = courier(server.port(), MailProperties.Security.NONE, null, Duration.ofSeconds(30));
        assertThat(courier.mayTake(address)).as("nobody knows yet").isTrue();
        isRejected(courier.deliver(letterTo(address)));
        nothingWentOut();
        assertThat(courier.mayTake(address)).isFalse();
        assertThat(courier.mayTake(ALICE)).isTrue();
        server.offer("SMTPUTF8").offer("8BITMIME");
        assertThat(courier.deliver(letterTo(ALICE))).isEqualTo(new Delivery.Delivered());
        assertThat(courier.mayTake(address)).as("the server learned it").isTrue();
    }

    @Test
    void writesADomainInAsciiWhereTheServerTakesNothingElse() {
        SmtpCourier courier = courier(server.port(), MailProperties.Security.NONE, null, Duration.ofSeconds(30));
        assertThat(courier.deliver(letterTo("canary@пример.bücher.example"))).isEqualTo(new Delivery.Delivered());
        SmtpTransaction sent = server.accepted().getFirst();
        assertThat(sent.recipients()).containsExactly("canary@xn--e1afmkfd.xn--bcher-kva.example");
        assertThat(sent.message()).contains("To: canary@xn--e1afmkfd.xn--bcher-kva.example\r\n");
        assertThat(courier.mayTake("canary@пример.example")).isTrue();
    }

    /** Each byte comes in time, and the answer never ends. */
    @Test
    @Timeout(120)
    void waitsWhenTheServerNeverComesToAnEnd() throws IOException, InterruptedException {
        try (ServerSocket dribbling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try (Socket client = dribbling.accept()) {
                    while (true) {
                        client.getOutputStream().write('2');
                        client.getOutputStream().flush();
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException ended) {
                    // the courier has closed the connection
                }
            });
            SmtpCourier courier = new SmtpCourier(
                    new MailProperties("127.0.0.1", dribbling.getLocalPort(), MailProperties.Security.NONE, null, null,
                            "noreply@id.example.org", null, 100),
                    Duration.ofMinutes(5), Duration.ofMillis(500), Clock.systemUTC(), new SecureRandom());
            isDeferred(courier.deliver(letterTo(ALICE)));
            writer.join(); // nothing is left behind
        }
    }

    @Test
    void waitsWithoutAServer() {
        isDeferred(new SmtpCourier(
                new MailProperties(null, 25, MailProperties.Security.NONE, null, null, null, null, 100),
                Duration.ofSeconds(1), Duration.ofSeconds(2), Clock.systemUTC(), new SecureRandom())
                .deliver(letterTo(ALICE)));
    }
}
