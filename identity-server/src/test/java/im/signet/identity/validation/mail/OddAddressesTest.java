package im.signet.identity.validation.mail;

import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpTransaction;
import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.protocol.json.JsonObject;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An address is one thing everywhere (Sydent CVE-2019-11340): the bytes that an SMTP server gets are those of the address
 * that is proven. What could be read in two ways is refused, and no mail is sent.
 */
@DirtiesContext
class OddAddressesTest extends IdentityScene {

    private static ScriptedSmtpServer smtp;
    private static final int ADDRESSES = 2000;
    private static final Pattern LINK = Pattern.compile("sid=([^&\\s]+)&client_secret=([^&\\s]+)&token=([^&\\s]+)");
    private static final List<String> PIECES = List.of("@", "@", "@", "@", ".", ".", "a", "bob", "Alice", "x", "ß", "É",
            "İ", "ſ", "ł", "用户", "пример", "😀", "example", ".org", "example.org", "@example.org", "EXAMPLE.ORG",
            "xn--e1afmkfd",
            "\"", "\"a b\"", "(comment)", "()", "<", ">", "<a@b.org>", "group: a@b.org;", ":", ";", ",", ", b@c.org",
            " ",
            "\t", "\r\n", "\r\nBcc: b@c.org", "\n", "\r", "\0", "\u007f", "\\", "\\@", "%", "!", "+tag", "-", "_", "=",
            "'", "`", "{", "|", "~", "^", "&", "*", "/", "?", "#", "$", "[", "]", "[127.0.0.1]", "127.0.0.1",
            "localhost",
            "\u200b", "\u202e", "\u00a0", "\uff20", "\ufe6b", "\u2025", "\uff0e", "e\u0301", "\u0130",
            "=?utf-8?q?=40?=",
            "mailto:", "SIZE=1", "> ORCPT=rfc822;b@c.org", "RCPT TO:<b@c.org>", "..", "-.", "\u0345", "ᾳ", "ŉ");

    @BeforeAll
    static void open() {
        smtp = ScriptedSmtpServer.start().offer("SMTPUTF8").offer("8BITMIME");
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry settings) {
        settings.add("signet.mail.port", smtp::port);
    }

    @AfterAll
    static void close() {
        smtp.close();
    }

    private static List<String> addresses() {
        Random random = new Random(20190424);
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < ADDRESSES; i++) {
            StringBuilder address = new StringBuilder();
            boolean likely = random.nextInt(3) > 0;
            int pieces = 1 + random.nextInt(likely ? 2 : 6);
            for (int j = 0; j < pieces; j++) {
                address.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            if (likely) {
                address.append(i).append("@example.org").append(random.nextInt(12) == 0 ? "." : "");
            }
            addresses.add(address.toString());
        }
        return addresses;
    }

    private static String bytesOf(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Returns the message with what quoted-printable did to its lines undone, which is enough to find the link. */
    private static Matcher link(SmtpTransaction transaction) {
        String text = transaction.message();
        if (text.contains("quoted-printable")) {
            text = text.replace("=\r\n", "").replace("=3D", "=");
        }
        Matcher link = LINK.matcher(text);
        assertThat(link.find()).as(text).isTrue();
        return link;
    }

    private static String decoded(String parameter) {
        return URLDecoder.decode(parameter, StandardCharsets.UTF_8);
    }

    @Test
    void reachTheVeryAddressThatIsProvenOrAreRefused() {
        Map<String, String> typedBySid = new HashMap<>();
        for (String typed : addresses()) {
            Answer answer = post(REQUEST_TOKEN, Person.ALICE, wish(typed, freshSecret()));
            if (answer.status() == 200) {
                typedBySid.put(answer.string("sid"), typed);
            } else {
                assertThat(answer.outcome()).as(typed).isEqualTo("400 M_INVALID_EMAIL");
                assertThat(answer.body()).as("says nothing of the address").doesNotContain("example");
            }
        }
        assertThat(typedBySid).as("enough are taken").hasSizeGreaterThan(ADDRESSES / 10);
        assertThat(typedBySid).as("enough are refused").hasSizeLessThan(ADDRESSES * 3 / 4);
        awaitEmptyOutbox();
        List<SmtpTransaction> sent = smtp.accepted();
        for (SmtpTransaction transaction : sent) {
            Matcher link = link(transaction);
            String sid = decoded(link.group(1));
            JsonObject session = JsonObject.builder()
                    .put("sid", sid)
                    .put("client_secret", decoded(link.group(2)))
                    .build();
            assertThat(post(SUBMIT_TOKEN, Person.ALICE, session.with("token", decoded(link.group(3)))).status())
                    .isEqualTo(200);
            Answer proven = get(GET_VALIDATED + "?" + query(Map.of("sid", sid, "client_secret",
                    session.string("client_secret").orElseThrow())), Person.ALICE);
            String canonical = proven.string("address");
            assertThat(transaction.rcptCommands()).hasSize(1);
            assertThat(transaction.rcptCommands().getFirst()).isEqualTo("RCPT TO:<" + bytesOf(canonical) + ">");
            assertThat(transaction.data()).contains("\r\nTo: " + bytesOf(canonical) + "\r\n")
                    .doesNotContainIgnoringCase("\r\nBcc:");
            assertThat(typedBySid.remove(sid)).as("what was typed").isNotNull();
        }
        assertThat(typedBySid).as("taken, and no mail").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b@example.org", "\"a@b\"@example.org", "a@example.org,b@example.org", "a",
        "@example.org",
        "a@", "<a@example.org>", "A <a@example.org>", "mailto:a@example.org", "a@example.org\0",
        "a@example.org\r\nBcc: b@c.d",
        "a@example.org.", "a@.example.org", "a@[127.0.0.1]", "a@127.0.0.1", "(x)a@example.org", "a(x)@example.org",
        "g:a@example.org;", "a b@example.org", " a@example.org", "a@example.org ", ".a@example.org", "a.@example.org",
        "a..b@example.org", "a@-example.org", "a@exa_mple.org", "a@example.org>", "a\\@example.org", "",
        "a@\u202Eexample.org",
        "a\u200B@example.org", "a\uFF20example.org", "a@example\uFF0Eorg", "😀@example.org"})
    void areRefused(String typed) {
        int connections = smtp.connections();
        var before = rowCounts();
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish(typed, freshSecret())).outcome())
                .isEqualTo("400 M_INVALID_EMAIL");
        assertThat(rowCounts()).isEqualTo(before);
        assertThat(smtp.connections()).isEqualTo(connections);
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 243, 250, 1000})
    void areRefusedWhenTooLong(int length) {
        assertThat(
                post(REQUEST_TOKEN, Person.ALICE, wish("a".repeat(length) + "@example.org", freshSecret())).outcome())
                .isEqualTo("400 M_INVALID_EMAIL");
    }
}
