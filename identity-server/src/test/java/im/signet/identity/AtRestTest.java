package im.signet.identity;

import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.identifier.Medium;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a thief of the database, or a reader of the log, learns: no address, no secret, no token. */
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class AtRestTest extends IdentityScene {

    private static ScriptedSmtpServer smtp;
    private static final Pattern TOKEN = Pattern.compile("&token=([A-Za-z0-9_-]+)");

    private final String address = "canary-" + freshAddress();
    private final String typed = "Canary.Straße." + freshAddress();
    private final String waiting = "canary-waiting-" + freshAddress();
    private final String secret = "canary-secret-" + freshSecret();

    @BeforeAll
    static void open() {
        smtp = ScriptedSmtpServer.start();
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry settings) {
        settings.add("signet.mail.port", smtp::port);
    }

    @AfterAll
    static void close() {
        smtp.close();
    }

    private String tokenOfTheLastMail() {
        awaitEmptyOutbox();
        String message = smtp.accepted().getLast().message().replace("=\r\n", "").replace("=3D", "=");
        Matcher token = TOKEN.matcher(message);
        assertThat(token.find()).as(message).isTrue();
        return token.group(1);
    }

    private static byte[] sha256(String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> spellings(byte[] bytes) {
        return List.of(HexFormat.of().formatHex(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Test
    void nothingStandsInTheClear(CapturedOutput output) throws NoSuchAlgorithmException {
        List<String> tokens = new ArrayList<>();
        Session plain = begin(Person.ALICE, wish(address, secret));
        tokens.add(tokenOfTheLastMail());
        assertThat(submit(plain, tokens.getFirst()).status()).isEqualTo(200);
        assertThat(bind(plain).status()).isEqualTo(200);
        Session folded = begin(Person.BOB, wish(typed, secret));
        tokens.add(tokenOfTheLastMail());
        assertThat(submit(folded, tokens.getLast()).status()).isEqualTo(200);
        assertThat(bind(folded).status()).isEqualTo(200);
        begin(Person.CAROL, wish(address, secret));
        awaitEmptyOutbox();
        smtp.answer(SmtpStage.RCPT, "451 4.2.0 <" + waiting + "> is over quota");
        begin(Person.ALICE, wish(waiting, secret));
        for (int i = 0; i < 600 && !output.getOut().contains("could not deliver a letter"); i++) {
            pause();
        }
        assertThat(mailsWaiting()).isEqualTo(1);

        String dump = dump();
        assertThat(dump).contains("validation_session")
                .contains("association")
                .contains("lookup_entry")
                .contains("scheduled_tasks");
        List<String> needles = new ArrayList<>(tokens);
        needles.addAll(List.of(address, typed, waiting, secret));
        for (String spelling : List.of(typed.toLowerCase(Locale.ROOT), "canary.strasse." + typed.substring(14))) {
            needles.add(spelling);
        }
        for (String needle : needles) {
            assertThat(dump).as(needle).doesNotContainIgnoringCase(needle);
            for (String spelling : spellings(needle.getBytes(StandardCharsets.UTF_8))) {
                assertThat(dump).as("%s as %s", needle, spelling).doesNotContain(spelling);
            }
        }
        assertThat(dump).doesNotContainIgnoringCase("canary")
                .doesNotContain(HexFormat.of().formatHex("anary".getBytes(StandardCharsets.UTF_8)))
                .doesNotContain("mail.example.org");
        // Who has no key cannot try addresses either: neither their bare hashes nor those that clients send stand there.
        for (String needle : List.of(address, typed.toLowerCase(Locale.ROOT), waiting)) {
            byte[] asSent = LookupHash.of(Medium.EMAIL, needle, pepper()).toBytes();
            for (byte[] hash : List.of(asSent, sha256(needle), sha256("email\0" + needle), sha256(needle + " email"))) {
                for (String spelling : spellings(hash)) {
                    assertThat(dump).as(needle).doesNotContain(spelling);
                }
            }
        }
        assertThat(output).doesNotContainIgnoringCase("canary").doesNotContain(tokens.getFirst());
        smtp.behave();
        letPass(Duration.ofMinutes(1));
        awaitEmptyOutbox();
    }

    @BeforeEach
    void behave() {
        smtp.behave();
    }
}
