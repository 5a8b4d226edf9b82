package im.signet.identity.validation.sms;

import im.signet.protocol.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code POST /validate/msisdn/requestToken}. */
@ExtendWith(OutputCaptureExtension.class)
class PhoneRequestTokenTest extends PhoneScene {

    @AfterEach
    void mendTheGateway() {
        GATEWAY.answerWith(200, "");
    }

    @Test
    void sendsOneSmsThatNamesServerAndAsker() {
        Session session = begin(ALICE, wish("GB", "07700 900001", freshSecret()));
        assertThat(session.msisdn()).isEqualTo("447700900001");
        assertThat(session.sid()).matches("[0-9a-zA-Z.=_-]{1,255}");
        FakeGateway.Call call = GATEWAY.await(1, "+447700900001").getFirst();
        assertThat(call.body()).startsWith("{\"to\":\"+447700900001\",\"text\":\"" + codeTo(session) + " ")
                .contains(ALICE)
                .contains("id.example.org")
                .hasSizeLessThan(160 + 40);
    }

    @ParameterizedTest
    @CsvSource({"US, (201) 555-0123, 12015550123", "DE, 0151 234 567 89, 4915123456789",
        "DE, +44 7400 555 555, 447400555555"})
    void answersTheNumberInItsCanonicalForm(String country, String dialled, String msisdn) {
        assertThat(begin(ALICE, wish(country, dialled, freshSecret())).msisdn()).isEqualTo(msisdn);
    }

    @ParameterizedTest
    @CsvSource({"GB, 12, 400 M_INVALID_ADDRESS", "GB, abc, 400 M_INVALID_ADDRESS",
        "US, 555-0123, 400 M_INVALID_ADDRESS",
        "ZZ, 07400 100100, 400 M_INVALID_ADDRESS", "gb, 07400 100100, 400 M_INVALID_PARAM",
        "GBR, 07400 100100, 400 M_INVALID_PARAM", "FR, 06 12 34 56 78, 400 M_DESTINATION_REJECTED",
        "GB, +33612345678, 400 M_DESTINATION_REJECTED", "US, 876 210 1234, 400 M_DESTINATION_REJECTED",
        "US, 900 555 0100, 400 M_DESTINATION_REJECTED", "GB, 0909 879 0000, 400 M_DESTINATION_REJECTED",
        "GB, 070 1234 5678, 400 M_DESTINATION_REJECTED", "US, 800 555 2067, 400 M_DESTINATION_REJECTED",
        "US, +88212345678, 400 M_DESTINATION_REJECTED", "US, 200 555 0100, 400 M_DESTINATION_REJECTED"})
    void refuses(String country, String dialled, String outcome) {
        Answer answer = requestToken(ALICE, wish(country, dialled, freshSecret()));
        assertThat(answer.outcome()).as(answer.body()).isEqualTo(outcome);
        assertThat(answer.body()).doesNotContain(dialled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret", "country", "phone_number", "send_attempt"})
    void namesWhatIsMissing(String name) {
        Answer answer = requestToken(ALICE, wish("GB", freshNumber(), freshSecret()).without(name));
        assertThat(answer.outcome()).isEqualTo("400 M_MISSING_PARAMS");
        assertThat(answer.string("error")).contains(name);
    }

    @Test
    void needsAToken() {
        assertThat(post(V2 + "/validate/msisdn/requestToken", null, wish("GB", freshNumber(), freshSecret())).outcome())
                .isEqualTo("401 M_UNAUTHORIZED");
    }

    @Test
    void sendsAnotherCodeForAGreaterAttemptOnlyHoweverTheNumberIsWritten() {
        String secret = freshSecret();
        Session first = begin(ALICE, wish("GB", "07400 777001", secret));
        Session again = begin(ALICE, wish("GB", "07400777001", secret).with("send_attempt", "1"));
        Session greater = begin(ALICE, wish("US", "+44 7400 777001", secret).with("send_attempt", "2"));
        assertThat(List.of(again.sid(), greater.sid())).containsOnly(first.sid());
        assertThat(codesTo(first, 2)).hasSize(2);
    }

    @Test
    void triesAgainWhenTheGatewayWasDown() {
        GATEWAY.answerWith(503, "");
        Session session = begin(ALICE, freshNumber());
        codesTo(session, 1);
        GATEWAY.answerWith(200, "");
        letPass(Duration.ofSeconds(20));
        List<String> codes = codesTo(session, 2);
        assertThat(codes.getFirst()).isEqualTo(codes.getLast());
        assertThat(submit(session, codes.getLast()).outcome()).isEqualTo("200");
    }

    @Test
    void givesUpALetterWithItsCode() throws InterruptedException {
        GATEWAY.answerWith(503, "");
        Session session = begin(ALICE, freshNumber());
        codesTo(session, 1);
        GATEWAY.answerWith(200, "");
        letPass(Duration.ofMinutes(11));
        for (int i = 0; i < 400 && waiting() > 0; i++) {
            Thread.sleep(50);
        }
        assertThat(waiting()).isZero();
        assertThat(codesTo(session, 1)).hasSize(1);
    }

    private long waiting() {
        return jdbc().sql("SELECT count(*) FROM identity.scheduled_tasks WHERE task_name = 'sms'")
                .query(Long.class)
                .single();
    }

    @Test
    void writesNeitherNumberNorCodeIntoLogOrDatabase(CapturedOutput output) {
        GATEWAY.answerWith(400, "no such number");
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        submit(session, wrong(code, 1));
        assertThat(submit(session, code).outcome()).isEqualTo("200");
        assertThat(output.getAll()).doesNotContain(session.msisdn())
                .doesNotContain(session.msisdn().substring(2))
                .doesNotContain(code)
                .doesNotContain(session.secret());
        for (String table : List.of("validation_session", "validation_token", "scheduled_tasks")) {
            assertThat(String.join("\n", jdbc().sql("SELECT t::text FROM identity." + table + " t")
                    .query((row, _) -> row.getString(1))
                    .list())).doesNotContain(session.msisdn()).doesNotContain("\"" + code);
        }
    }

    @Test
    void keepsNoHashThatCouldBeTriedThrough() throws NoSuchAlgorithmException {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        byte[] stored = jdbc().sql("SELECT token_hash FROM identity.validation_token WHERE sid = ?")
                .param(session.sid())
                .query(byte[].class)
                .single();
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        for (String tried : List.of(code, session.sid() + code, session.sid() + "\0" + code)) {
            assertThat(stored).isNotEqualTo(sha256.digest(tried.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void keepsToTheChoiceNotToBeFound() {
        JsonObject wish = wish("GB", freshNumber(), freshSecret()).with("im.signet.discoverable", "none");
        Session session = begin(ALICE, wish);
        submit(session, codeTo(session));
        assertThat(bind(session).outcome()).isEqualTo("200");
        assertThat(found(session.msisdn())).isEmpty();
    }
}
