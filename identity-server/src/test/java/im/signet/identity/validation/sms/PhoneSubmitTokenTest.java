package im.signet.identity.validation.sms;

import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code submitToken} for codes that came by SMS, and what follows from it. */
class PhoneSubmitTokenTest extends PhoneScene {

    @Test
    void isFoundByTheNumberOnceItIsBound() {
        Session session = proven(ALICE, freshNumber());
        JsonObject validated = getValidated(session).json();
        assertThat(validated.string("medium")).contains("msisdn");
        assertThat(validated.string("address")).contains(session.msisdn());
        assertThat(found(session.msisdn())).isEmpty();

        JsonObject association = bind(session).json();
        assertThat(association.string("medium")).contains("msisdn");
        assertThat(association.string("address")).contains(session.msisdn());
        assertThat(association.string("mxid")).contains(ALICE);
        assertThat(found(session.msisdn())).isEqualTo(ALICE);

        Session next = begin(BOB, "+" + session.msisdn());
        assertThat(submit(next, codesTo(next, 2).getLast()).outcome()).as("the number's next owner").isEqualTo("200");
        assertThat(bind(next).outcome()).isEqualTo("200");
        assertThat(found(session.msisdn())).isEqualTo(BOB);
    }

    @Test
    void refusesAWrongCodeWithAnErrorStatus() {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        assertThat(submit(session, wrong(code, 1)).outcome()).isEqualTo("400 M_TOKEN_INCORRECT");
        assertThat(getValidated(session).outcome()).isEqualTo("400 M_SESSION_NOT_VALIDATED");
        assertThat(submit(session, code).json().get("success")).isPresent();
    }

    @Test
    void diesAfterFiveWrongCodes() {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        for (int i = 1; i <= 5; i++) {
            assertThat(submit(session, wrong(code, i)).outcome()).isEqualTo("400 M_TOKEN_INCORRECT");
        }
        assertThat(submit(session, code).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
        assertThat(bind(session).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void countsWrongCodesAlsoWhenTheyComeAtOnce() throws InterruptedException, ExecutionException {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        List<String> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = IntStream.rangeClosed(1, 64)
                    .mapToObj(i -> threads.submit(() -> submit(session, wrong(code, i)).outcome()))
                    .toList();
            for (Future<String> answer : answers) {
                outcomes.add(answer.get());
            }
        }
        assertThat(outcomes).filteredOn("400 M_TOKEN_INCORRECT"::equals).hasSize(5);
        assertThat(outcomes).filteredOn("400 M_SESSION_EXPIRED"::equals).hasSize(59);
        assertThat(submit(session, code).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void countsWrongCodesOverAllThatWereSent() {
        String secret = freshSecret();
        String number = freshNumber();
        Session session = begin(ALICE, wish("GB", number, secret));
        String code = codeTo(session);
        for (int i = 1; i <= 4; i++) {
            submit(session, wrong(code, i));
        }
        begin(ALICE, wish("GB", number, secret).with("send_attempt", "2"));
        String second = codesTo(session, 2).getLast();
        assertThat(submit(session, wrong(second, 7)).outcome()).isEqualTo("400 M_TOKEN_INCORRECT");
        assertThat(submit(session, second).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void takesACodeForTenMinutesAndALaterOneAfterwards() {
        String secret = freshSecret();
        String number = freshNumber();
        Session session = begin(ALICE, wish("GB", number, secret));
        String first = codeTo(session);
        letPass(Duration.ofMinutes(10));
        assertThat(submit(session, first).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
        Session again = begin(ALICE, wish("GB", number, secret).with("send_attempt", "2"));
        assertThat(again.sid()).isEqualTo(session.sid());
        String second = codesTo(session, 2).getLast();
        letPass(Duration.ofMinutes(9));
        assertThat(submit(session, second).outcome()).isEqualTo("200");
    }

    @Test
    void takesAnOlderCodeWhileItLivesAndARightOneAgainAndAgain() {
        String secret = freshSecret();
        String number = freshNumber();
        Session session = begin(ALICE, wish("GB", number, secret));
        String first = codeTo(session);
        begin(ALICE, wish("GB", number, secret).with("send_attempt", "2"));
        codesTo(session, 2);
        assertThat(submit(session, first).outcome()).isEqualTo("200");
        letPass(Duration.ofHours(1));
        assertThat(submit(session, first).outcome()).isEqualTo("200");
        assertThat(getValidated(session).outcome()).isEqualTo("200");
    }

    @Test
    void takesACodeInItsOwnSessionOnly() {
        Session mine = begin(ALICE, freshNumber());
        Session other = begin(ALICE, freshNumber());
        String code = codeTo(other);
        if (!code.equals(codeTo(mine))) {
            assertThat(submit(mine, code).outcome()).isEqualTo("400 M_TOKEN_INCORRECT");
        }
        Session stranger = new Session(ALICE, other.msisdn(), freshSecret(), other.sid());
        assertThat(submit(stranger, code).outcome()).isEqualTo("404 M_NO_VALID_SESSION");
    }

    @Test
    void showsAPageThatSaysNothingAboutTheCode() {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        String target = V2 + "/validate/msisdn/submitToken";
        Answer right = get(target + session.query(code), null);
        Answer wrong = get(target + session.query(wrong(code, 1)), null);
        assertThat(right.status()).isEqualTo(200);
        assertThat(right.body()).contains(ALICE).contains(session.msisdn());
        assertThat(wrong.status()).isEqualTo(200);
        assertThat(wrong.body().replace(wrong(code, 1), code)).isEqualTo(right.body());
        assertThat(getValidated(session).outcome()).isEqualTo("400 M_SESSION_NOT_VALIDATED");

        Map<String, String> fields = Map.of("sid", session.sid(), "client_secret", session.secret(), "token", code);
        assertThat(postForm("/_signet/validate/confirm", fields).status()).isEqualTo(200);
        assertThat(getValidated(session).outcome()).isEqualTo("200");
    }

    @Test
    void countsWrongCodesOnThePageToo() {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        for (int i = 1; i <= 5; i++) {
            assertThat(postForm(i % 2 == 0 ? "/_signet/validate/confirm" : "/_signet/validate/disown",
                    Map.of("sid", session.sid(), "client_secret", session.secret(), "token", wrong(code, i))).status())
                    .isEqualTo(400);
        }
        assertThat(submit(session, code).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void knowsNoOtherMedia() {
        assertThat(post(V2 + "/validate/pigeon/submitToken", ALICE, JsonObject.of()).outcome())
                .isEqualTo("404 M_UNRECOGNIZED");
        assertThat(get(V2 + "/validate/msisdn/requestToken", ALICE).outcome()).isEqualTo("405 M_UNRECOGNIZED");
    }
}
