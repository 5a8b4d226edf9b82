package im.signet.identity.validation.mail;

import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.demo.SmtpTransaction;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The mail with the token, as the SMTP server sees it. */
@DirtiesContext
class MailOnTheWireTest extends IdentityScene {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\"\r\n;]+)");
    private static ScriptedSmtpServer smtp;

    private final String address = freshAddress();

    @BeforeAll
    static void open() {
        smtp = ScriptedSmtpServer.start();
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry settings) {
        settings.add("signet.mail.port", smtp::port);
    }

    @BeforeEach
    void behave() {
        smtp.behave();
    }

    @AfterAll
    static void close() {
        smtp.close();
    }

    private List<SmtpTransaction> transactions() {
        return smtp.transactions()
                .stream()
                .filter(transaction -> transaction.recipients().contains(address))
                .toList();
    }

    private static String boundary(SmtpTransaction transaction) {
        return BOUNDARY.matcher(transaction.data()).results().map(found -> found.group(1)).findFirst().orElseThrow();
    }

    private static List<String> messageIds(SmtpTransaction transaction) {
        return Pattern.compile("(?im)^Message-ID:\\s*(\\S+)")
                .matcher(transaction.data())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void hasOnlyWholeLineEndsAndShortLines() {
        begin(Person.ALICE, wish(address, "=".repeat(255)));
        awaitEmptyOutbox();
        String data = transactions().getFirst().data();
        assertThat(data.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        assertThat(data.split("\r\n", -1)).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
        assertThat(data.chars()).allMatch(c -> c < 128 && c != 0);
    }

    @Test
    void separatesPartsByAnUnguessableLine() {
        begin(Person.ALICE, address);
        awaitEmptyOutbox();
        begin(Person.ALICE, address);
        awaitEmptyOutbox();
        assertThat(transactions()).hasSize(2);
        String one = boundary(transactions().getFirst());
        assertThat(one).hasSizeGreaterThanOrEqualTo(32).isNotEqualTo(boundary(transactions().getLast()));
        assertThat(messageIds(transactions().getFirst())).hasSize(1)
                .isNotEqualTo(messageIds(transactions().getLast()));
    }

    @Test
    void keepsItsMessageIdWhenItIsTriedAgain() {
        smtp.dropOnce(SmtpStage.MESSAGE);
        begin(Person.ALICE, address);
        for (int i = 0; i < 600 && transactions().isEmpty(); i++) {
            pause();
        }
        letPass(Duration.ofMinutes(1));
        awaitEmptyOutbox();
        assertThat(transactions()).extracting(SmtpTransaction::accepted).containsExactly(false, true);
        assertThat(messageIds(transactions().getFirst())).hasSize(1)
                .isEqualTo(messageIds(transactions().getLast()));
    }
}
