package im.signet.identity.validation.mail;

import im.signet.demo.ScriptedSmtpServer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** An SMTP server that has no SMTPUTF8, so that there are addresses which nobody can reach through it. */
@DirtiesContext
class AsciiOnlyServerTest extends IdentityScene {

    private static ScriptedSmtpServer smtp;

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

    /** Its first answer tells what it takes; before that, a mail that nobody can deliver is given up. */
    @Test
    void refusesWhatItCannotDeliverOnceItKnows() {
        begin(Person.ALICE, "grüsse@example.org");
        awaitEmptyOutbox();
        assertThat(smtp.accepted()).isEmpty();
        var before = rowCounts();
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish("grüsse@example.net", freshSecret())).outcome())
                .isEqualTo("400 M_EMAIL_SEND_ERROR");
        assertThat(rowCounts()).isEqualTo(before);
        begin(Person.ALICE, "gruesse@bücher.example");
        awaitEmptyOutbox();
        assertThat(smtp.accepted().getFirst().recipients()).containsExactly("gruesse@xn--bcher-kva.example");
    }
}
