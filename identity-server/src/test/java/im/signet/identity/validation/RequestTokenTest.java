package im.signet.identity.validation;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code POST /validate/email/requestToken}. */
class RequestTokenTest extends IdentityScene {

    private final String address = freshAddress();
    private final String secret = freshSecret();
    @Autowired
    private Validation validation;

    private String sidOf(Person who, JsonObject wish) {
        Answer answer = post(REQUEST_TOKEN, who, wish);
        assertThat(answer.outcome()).as(answer.body()).isEqualTo("200");
        assertThat(answer.json().members().keySet()).containsExactly("sid");
        return answer.string("sid");
    }

    @Test
    void beginsASessionAndSendsOneMail() {
        assertThat(sidOf(Person.ALICE, wish(address, secret))).matches("[0-9a-zA-Z.=_-]{1,255}");
        assertThat(allMailsTo(address)).hasSize(1);
    }

    @Test
    void takesTheSendAttemptAsAStringAsElementWebSendsIt() {
        String sid = sidOf(Person.ALICE, wish(address, secret).with("send_attempt", "1"));
        assertThat(sidOf(Person.ALICE, wish(address, secret))).isEqualTo(sid);
        assertThat(allMailsTo(address)).hasSize(1);
    }

    @Test
    void answersARepeatedAttemptWithTheSameSessionAndSendsNothing() {
        String sid = sidOf(Person.ALICE, wish(address, secret));
        assertThat(sidOf(Person.ALICE, wish(address, secret))).isEqualTo(sid);
        assertThat(sidOf(Person.ALICE, wish(address, secret).with("send_attempt", JsonNumber.of(0)))).isEqualTo(sid);
        assertThat(allMailsTo(address)).hasSize(1);
    }

    @Test
    void sendsAnotherTokenOnAGreaterAttemptAndBothAreGood() {
        Session session = begin(Person.ALICE, wish(address, secret));
        String first = linkParams(mailTo(address)).getOrDefault("token", "");
        assertThat(sidOf(Person.ALICE, wish(address, secret).with("send_attempt", JsonNumber.of(2))))
                .isEqualTo(session.sid());
        String second = linkParams(mailTo(address)).getOrDefault("token", "");
        assertThat(second).isNotEqualTo(first);
        assertThat(submit(session, second).status()).isEqualTo(200);
        assertThat(submit(session, first).status()).isEqualTo(200);
    }

    @Test
    void sendsNothingOnceTheAddressIsProven() {
        Session session = proven(Person.ALICE, wish(address, secret));
        assertThat(sidOf(Person.ALICE, wish(address, secret).with("send_attempt", JsonNumber.of(7))))
                .isEqualTo(session.sid());
        assertThat(allMailsTo(address)).hasSize(1);
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
    }

    @Test
    void knowsTheSameAddressInAnotherSpelling() {
        String sid = sidOf(Person.ALICE, wish(address, secret));
        assertThat(sidOf(Person.ALICE, wish(address.toUpperCase(Locale.ROOT), secret))).isEqualTo(sid);
        assertThat(allMailsTo(address)).hasSize(1);
    }

    @Test
    void beginsAnotherSessionForAnotherSecret() {
        assertThat(sidOf(Person.ALICE, wish(address, freshSecret())))
                .isNotEqualTo(sidOf(Person.ALICE, wish(address, secret)));
        assertThat(allMailsTo(address)).hasSize(2);
    }

    @Test
    void beginsAnotherSessionForAnotherAddress() {
        assertThat(sidOf(Person.ALICE, wish(freshAddress(), secret)))
                .isNotEqualTo(sidOf(Person.ALICE, wish(address, secret)));
    }

    @Test
    void givesAnotherUserASessionOfTheirOwnForTheSameSecretAndAddress() {
        Session alices = proven(Person.ALICE, wish(address, secret));
        Session bobs = begin(Person.BOB, wish(address, secret));
        assertThat(bobs.sid()).isNotEqualTo(alices.sid());
        assertThat(getValidated(bobs, Person.BOB).outcome()).isEqualTo("400 M_SESSION_NOT_VALIDATED");
        assertThat(getValidated(alices, Person.ALICE).status()).isEqualTo(200);
    }

    @Test
    void beginsAnewWhenTheSessionHasRunOut() {
        String sid = sidOf(Person.ALICE, wish(address, secret));
        mailTo(address);
        letPass(Duration.ofHours(24));
        assertThat(sidOf(Person.ALICE, wish(address, secret))).isNotEqualTo(sid);
        assertThat(allMailsTo(address)).hasSize(2);
    }

    @Test
    void beginsAnewWhenTheSessionWasClosed() {
        Session session = begin(Person.ALICE, wish(address, secret));
        for (int i = 0; i < 5; i++) {
            submit(session, "wrong");
        }
        assertThat(sidOf(Person.ALICE, wish(address, secret))).isNotEqualTo(session.sid());
    }

    @Test
    void givesSessionsUnorderedIds() {
        List<String> sids = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            sids.add(sidOf(Person.ALICE, wish(address, freshSecret())));
        }
        List<String> sorted = new ArrayList<>(sids);
        Collections.sort(sorted);
        assertThat(sids).doesNotHaveDuplicates().isNotEqualTo(sorted);
        assertThat(sids).allSatisfy(sid -> assertThat(sid.length()).as("128 bits and more").isGreaterThanOrEqualTo(22));
    }

    @Test
    void makesOneSessionOfManyEqualRequestsAtOnce() throws InterruptedException, ExecutionException {
        Set<String> sids = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> request = () -> sidOf(Person.ALICE, wish(address, secret));
            for (Future<String> sid : threads.invokeAll(Collections.nCopies(64, request))) {
                sids.add(sid.get());
            }
        }
        assertThat(sids).hasSize(1);
        assertThat(allMailsTo(address)).hasSize(1);
    }

    @Test
    void countsEveryGreaterAttemptOnceThoughTheyComeTogether() throws InterruptedException, ExecutionException {
        String sid = sidOf(Person.ALICE, wish(address, secret));
        Set<String> sids = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> request = () -> sidOf(Person.ALICE,
                    wish(address, secret).with("send_attempt", JsonNumber.of(2)));
            for (Future<String> answer : threads.invokeAll(Collections.nCopies(16, request))) {
                sids.add(answer.get());
            }
        }
        assertThat(sids).containsExactly(sid);
        assertThat(allMailsTo(address)).hasSize(2);
    }

    @Test
    void takesTheLastWordOnBeingFound() {
        begin(Person.ALICE, wish(address, secret));
        mailTo(address);
        Session session = proven(Person.ALICE, wish(address, secret).with("send_attempt", JsonNumber.of(2))
                .with("im.signet.discoverable", "none"));
        assertThat(bind(session).status()).isEqualTo(200);
        assertThat(found(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.org/next", "http://app.example.org", "HTTPS://elsewhere.example.org/"})
    void takesWebAddressesAsNextLink(String url) {
        sidOf(Person.ALICE, wish(address, secret).with("next_link", url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app.example.org", "/next", "//app.example.org/", "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd", "ftp://app.example.org/", "mailto:a@example.org", "https:///path",
        "https:app.example.org",
        "https://user@app.example.org/", "https://app.example.org\r\nX: y", "https://app.example.org/ x",
        "https://app.example.org\\@evil.example", "https://äpp.example.org/", "element://app.example.org/"})
    void refusesOtherNextLinks(String url) {
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish(address, secret).with("next_link", url)).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
        assertThat(allMailsTo(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ALL", "None", "private_only", "false"})
    void refusesOtherWishesToBeFound(String discoverable) {
        assertThat(post(REQUEST_TOKEN, Person.ALICE,
                wish(address, secret).with("im.signet.discoverable", discoverable)).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "new\nline", "trailing\n", "ümlaut", "a/b", "null\0", "a+b", "a,b"})
    void refusesSecretsOutsideTheGrammar(String odd) {
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish(address, odd)).outcome()).isEqualTo("400 M_INVALID_PARAM");
        assertThat(allMailsTo(address)).isEmpty();
    }

    @Test
    void takesTheLongestSecretAndRefusesALongerOne() {
        Session session = proven(Person.ALICE, wish(address, "=".repeat(255)));
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish(address, "a".repeat(256))).outcome())
                .isEqualTo("400 M_INVALID_PARAM");
    }

    @Test
    void forgetsSessionsADayAfterTheyRanOut() {
        Session session = begin(Person.ALICE, wish(address, secret));
        mailTo(address);
        letPass(Duration.ofHours(47));
        validation.deleteOld();
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
        letPass(Duration.ofHours(2));
        validation.deleteOld();
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo("404 M_NO_VALID_SESSION");
        assertThat(rowCounts()).containsEntry("validation_token", 0L).containsEntry("validation_session", 0L);
    }
}
