package im.signet.identity.validation.mail;

import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** An SMTP server that takes nothing, and a queue with an end. */
@TestPropertySource(properties = "signet.mail.max-queued=2")
@DirtiesContext
class FullQueueTest extends IdentityScene {

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

    @Test
    void refusesFurtherMailUntilThereIsRoom() {
        smtp.answer(SmtpStage.RCPT, "451 4.3.0 not now");
        begin(Person.ALICE, freshAddress());
        begin(Person.BOB, freshAddress());
        var before = rowCounts();
        JsonObject third = wish(freshAddress(), freshSecret());
        assertThat(post(REQUEST_TOKEN, Person.CAROL, third).outcome()).isEqualTo("400 M_EMAIL_SEND_ERROR");
        assertThat(post(V2 + "/store-invite", Person.ALICE, JsonObject.builder()
                .put("medium", "email")
                .put("address", freshAddress())
                .put("room_id", "!room:hs.example.org")
                .put("sender", Person.ALICE.user().value())
                .build()).outcome()).isEqualTo("400 M_EMAIL_SEND_ERROR");
        assertThat(rowCounts()).isEqualTo(before);
        assertThat(mailsWaiting()).isEqualTo(2);
        smtp.behave();
        letPass(Duration.ofMinutes(1));
        awaitEmptyOutbox();
        assertThat(post(REQUEST_TOKEN, Person.CAROL, third).outcome()).isEqualTo("200");
        awaitEmptyOutbox();
        assertThat(smtp.accepted()).hasSize(3);
    }
}
