package im.signet.identity.validation;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code POST /validate/email/submitToken}, and what {@code GET /3pid/getValidated3pid} says of it. */
class SubmitTokenTest extends IdentityScene {

    private static final String WRONG = "400 M_TOKEN_INCORRECT";
    private static final String OVER = "400 M_SESSION_EXPIRED";
    private static final String NONE = "404 M_NO_VALID_SESSION";

    private final String address = freshAddress();

    private static String tokenOf(Session session) {
        return linkParams(mailTo(session.address())).getOrDefault("token", "");
    }

    @Test
    void acceptsTheTokenItSent() {
        Session session = begin(Person.ALICE, address);
        Answer answer = submit(session, tokenOf(session));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(JsonObject.builder().put("success", true).build());
        JsonObject validated = getValidated(session, Person.ALICE).json();
        assertThat(validated.members().keySet()).containsExactlyInAnyOrder("medium", "address", "validated_at");
        assertThat(validated.string("medium")).contains("email");
        assertThat(validated.string("address")).contains(address);
        assertThat(validated.integer("validated_at")).isPresent();
    }

    @Test
    void acceptsTheRightTokenAgainAndAgain() {
        Session session = begin(Person.ALICE, address);
        String token = tokenOf(session);
        submit(session, token);
        var first = getValidated(session, Person.ALICE).json();
        letPass(Duration.ofMinutes(5));
        assertThat(submit(session, token).status()).isEqualTo(200);
        assertThat(getValidated(session, Person.ALICE).json()).as("when it was proven stays").isEqualTo(first);
    }

    @Test
    void refusesAWrongToken() {
        Session session = begin(Person.ALICE, address);
        assertThat(submit(session, "wrong").outcome()).isEqualTo(WRONG);
        assertThat(submit(session, "").outcome()).isEqualTo(WRONG);
        assertThat(submit(session, "nul\0 \uD83D\uDE00").outcome()).isEqualTo(WRONG);
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo("400 M_SESSION_NOT_VALIDATED");
        assertThat(submit(session, tokenOf(session)).status()).isEqualTo(200);
    }

    @Test
    void refusesTheTokenOfAnotherSession() {
        Session one = begin(Person.ALICE, address);
        String token = tokenOf(one);
        Session other = begin(Person.ALICE, address);
        assertThat(submit(other, token).outcome()).isEqualTo(WRONG);
    }

    @Test
    void closesAfterTooManyWrongTokens() {
        Session session = begin(Person.ALICE, address);
        String token = tokenOf(session);
        for (int i = 0; i < 5; i++) {
            assertThat(submit(session, "wrong" + i).outcome()).isEqualTo(WRONG);
        }
        assertThat(submit(session, "wrong").outcome()).isEqualTo(OVER);
        assertThat(submit(session, token).outcome()).as("the right one comes too late").isEqualTo(OVER);
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo(OVER);
        assertThat(bind(session).outcome()).isEqualTo(OVER);
    }

    @Test
    void countsWrongTokensThatComeAtOnce() throws InterruptedException, ExecutionException {
        Session session = begin(Person.ALICE, address);
        String token = tokenOf(session);
        List<String> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> guess = () -> submit(session, "wrong").outcome();
            for (Future<String> outcome : threads.invokeAll(Collections.nCopies(64, guess))) {
                outcomes.add(outcome.get());
            }
        }
        assertThat(outcomes).filteredOn(WRONG::equals).hasSize(5);
        assertThat(outcomes).filteredOn(OVER::equals).hasSize(59);
        assertThat(submit(session, token).outcome()).isEqualTo(OVER);
    }

    @Test
    void acceptsTheRightTokenManyTimesAtOnce() throws InterruptedException, ExecutionException {
        Session session = begin(Person.ALICE, address);
        String token = tokenOf(session);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> submission = () -> submit(session, token).status();
            for (Future<Integer> status : threads.invokeAll(Collections.nCopies(16, submission))) {
                assertThat(status.get()).isEqualTo(200);
            }
        }
    }

    @Test
    void keepsAProofWhenWrongTokensFollow() {
        Session session = proven(Person.ALICE, address);
        for (int i = 0; i < 7; i++) {
            assertThat(submit(session, "wrong").outcome()).isEqualTo(WRONG);
        }
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
    }

    @Test
    void expiresADayAfterItBegan() {
        Session session = begin(Person.ALICE, address);
        String token = tokenOf(session);
        letPass(Duration.ofHours(24));
        assertThat(submit(session, token).outcome()).isEqualTo(OVER);
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo(OVER);
    }

    @Test
    void livesADayMoreOnceValidated() {
        Session session = begin(Person.ALICE, address);
        String token = tokenOf(session);
        letPass(Duration.ofHours(23));
        assertThat(submit(session, token).status()).isEqualTo(200);
        letPass(Duration.ofHours(23));
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
        letPass(Duration.ofHours(1));
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo(OVER);
        assertThat(bind(session).outcome()).isEqualTo(OVER);
    }

    @Test
    void knowsNoSessionOfAnotherSecretOrSid() {
        Session session = proven(Person.ALICE, address);
        Session wrongSecret = new Session(Person.ALICE, address, freshSecret(), session.sid());
        Session wrongSid = new Session(Person.ALICE, address, session.secret(), "a" + session.sid());
        assertThat(submit(wrongSecret, "any").outcome()).isEqualTo(NONE);
        assertThat(submit(wrongSid, "any").outcome()).isEqualTo(NONE);
        assertThat(getValidated(wrongSecret, Person.ALICE).outcome()).isEqualTo(NONE);
        assertThat(getValidated(wrongSid, Person.ALICE).outcome()).isEqualTo(NONE);
    }

    @Test
    void showsAProofToNobodyElse() {
        Session session = proven(Person.ALICE, address);
        Answer toBob = getValidated(session, Person.BOB);
        assertThat(toBob.outcome()).isEqualTo(NONE);
        assertThat(toBob.body()).as("as if it were unknown")
                .isEqualTo(getValidated(new Session(Person.BOB, address, "other", "unknown"), Person.BOB).body());
    }

    @Test
    void publishesNothing() {
        proven(Person.ALICE, address);
        assertThat(found(address)).isEmpty();
        assertThat(dump()).doesNotContain("lookup_entry " + address);
    }

    @Test
    void asksForEveryParameterOfGetValidated() {
        assertThat(get(GET_VALIDATED, Person.ALICE).outcome()).isEqualTo("400 M_MISSING_PARAMS");
        assertThat(get(GET_VALIDATED + "?sid=a", Person.ALICE).outcome()).isEqualTo("400 M_MISSING_PARAMS");
        assertThat(get(GET_VALIDATED + "?client_secret=a", Person.ALICE).outcome())
                .isEqualTo("400 M_MISSING_PARAMS");
        assertThat(get(GET_VALIDATED + "?sid=a%0A&client_secret=a", Person.ALICE).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
        assertThat(get(GET_VALIDATED + "?sid=a&sid=b&client_secret=a", Person.ALICE).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
        assertThat(get(GET_VALIDATED + "?sid=a&client_secret=" + "b".repeat(256), Person.ALICE).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
    }

    @Test
    void asksForATokenAndTerms() {
        Session session = proven(Person.ALICE, address);
        assertThat(get(GET_VALIDATED, null).outcome()).isEqualTo("401 M_UNAUTHORIZED");
        assertThat(getValidated(session, Person.UNSIGNED).outcome()).isEqualTo("403 M_TERMS_NOT_SIGNED");
        assertThat(post(SUBMIT_TOKEN, null, session.submitBody("x")).outcome()).isEqualTo("401 M_UNAUTHORIZED");
    }
}
