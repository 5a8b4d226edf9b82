package im.signet.identity.validation.mail;

import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** An SMTP server that takes connections and never says a word stops the couriers, and no request. */
@DirtiesContext
class SilentSmtpServerTest extends IdentityScene {

    private static ScriptedSmtpServer smtp;

    @BeforeAll
    static void open() {
        smtp = ScriptedSmtpServer.start().hang(SmtpStage.GREETING);
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry settings) {
        settings.add("signet.mail.port", smtp::port);
    }

    @AfterEach
    void endTheSilence() {
        jdbc().sql("DELETE FROM identity.scheduled_tasks WHERE task_name = 'mail'").update();
        smtp.close();
    }

    /** Structure, not time: the answers are there while the SMTP server has not said a word. */
    @Test
    void stopsNoRequest() {
        for (int i = 1; i <= 12; i++) {
            begin(Person.ALICE, freshAddress());
            assertThat(mailsWaiting()).isEqualTo(i);
        }
        for (int i = 0; i < 600 && smtp.connections() == 0; i++) {
            pause();
        }
        assertThat(smtp.connections()).isPositive();
        assertThat(smtp.accepted()).isEmpty();
    }
}
