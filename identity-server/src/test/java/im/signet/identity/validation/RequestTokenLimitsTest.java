package im.signet.identity.validation;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;
import im.signet.protocol.json.JsonNumber;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** How many mails can be had, with the limits that a server ships with. */
@TestPropertySource(properties = "signet.limits.enabled=true")
class RequestTokenLimitsTest extends IdentityScene {

    private static final String REFUSED = "429 M_LIMIT_EXCEEDED";

    /** All tests share one server and its few accounts. */
    @BeforeEach
    void refill() {
        awaitEmptyOutbox();
        letPass(Duration.ofHours(12));
    }

    private Answer ask(Person who, String address) {
        return post(REQUEST_TOKEN, who, wish(address, freshSecret()));
    }

    private void asks(Person who, String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(ask(who, address).outcome()).isEqualTo("200");
        }
    }

    private String attempt(long number, String address, String secret) {
        return post(REQUEST_TOKEN, Person.ALICE, wish(address, secret).with("send_attempt", JsonNumber.of(number)))
                .outcome();
    }

    @Test
    void sendsThreeMailsToAnAddressAndThenOneAnHour() {
        String address = freshAddress();
        asks(Person.ALICE, address, 3);
        Answer refused = ask(Person.ALICE, address);
        assertThat(refused.outcome()).isEqualTo(REFUSED);
        assertThat(refused.json().members()).containsOnlyKeys("errcode", "error", "retry_after_ms");
        long delay = refused.json().integer("retry_after_ms").orElseThrow();
        assertThat(delay).isBetween(1L, Duration.ofHours(1).toMillis());
        assertThat(refused.header("Retry-After")).isEqualTo(String.valueOf((delay + 999) / 1000));

        letPass(Duration.ofMillis(delay));
        asks(Person.ALICE, address, 1);
        assertThat(ask(Person.ALICE, address).outcome()).isEqualTo(REFUSED);
        assertThat(allMailsTo(address)).hasSize(4);
    }

    @Test
    void sendsFiveMailsForAnAccountAndThenOneInFiveMinutes() {
        for (int i = 0; i < 5; i++) {
            asks(Person.BOB, freshAddress(), 1);
        }
        String next = freshAddress();
        assertThat(ask(Person.BOB, next).outcome()).isEqualTo(REFUSED);
        asks(Person.CAROL, freshAddress(), 1);
        letPass(Duration.ofMinutes(5));
        asks(Person.BOB, next, 1);
        assertThat(ask(Person.BOB, freshAddress()).outcome()).isEqualTo(REFUSED);
    }

    @Test
    void countsWhatIsSentAgain() {
        String secret = freshSecret();
        String address = freshAddress();
        for (int number = 1; number <= 3; number++) {
            assertThat(attempt(number, address, secret)).isEqualTo("200");
        }
        assertThat(attempt(4, address, secret)).isEqualTo(REFUSED);
        // The attempt that was refused was none: it may come again.
        letPass(Duration.ofHours(1));
        assertThat(attempt(4, address, secret)).isEqualTo("200");
        assertThat(allMailsTo(address)).hasSize(4);
    }

    @Test
    void takesNothingForARetry() {
        String address = freshAddress();
        Session session = begin(Person.ALICE, address);
        asks(Person.ALICE, address, 2);
        for (int i = 0; i < 20; i++) {
            Answer again = post(REQUEST_TOKEN, Person.ALICE, wish(address, session.secret()));
            assertThat(again.outcome()).isEqualTo("200");
            assertThat(again.string("sid")).isEqualTo(session.sid());
        }
        asks(Person.ALICE, freshAddress(), 2);
        assertThat(ask(Person.ALICE, freshAddress()).outcome()).isEqualTo(REFUSED);
        assertThat(allMailsTo(address)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not an address", "two@@example.org", ""})
    void takesNothingForABadRequest(String bad) {
        for (int i = 0; i < 10; i++) {
            assertThat(ask(Person.CAROL, bad).status()).isEqualTo(400);
        }
        asks(Person.CAROL, freshAddress(), 3);
    }

    @Test
    void changesNothingWhenItRefuses() {
        String address = freshAddress();
        asks(Person.ALICE, address, 3);
        awaitEmptyOutbox();
        var before = rowCounts();
        for (int i = 0; i < 10; i++) {
            assertThat(ask(Person.ALICE, address).outcome()).isEqualTo(REFUSED);
        }
        assertThat(rowCounts()).isEqualTo(before);
        // What the address refused was not taken from the account either.
        asks(Person.ALICE, freshAddress(), 2);
    }

    @Test
    void sendsNoMoreToAnAddressWhoeverAsksAndTellsNobodyThatOthersAsked() {
        String address = freshAddress();
        asks(Person.ALICE, address, 3);
        Answer other = ask(Person.BOB, address);
        Answer unasked = ask(Person.BOB, freshAddress());
        assertThat(other.outcome()).isEqualTo("200").isEqualTo(unasked.outcome());
        assertThat(other.json().members()).containsOnlyKeys("sid");
        assertThat(allMailsTo(address)).hasSize(3);
        // Nor can it be told from when the own requests are refused.
        asks(Person.BOB, address, 2);
        assertThat(ask(Person.BOB, address).outcome()).isEqualTo(REFUSED);
        assertThat(allMailsTo(address)).hasSize(3);

        letPass(Duration.ofHours(1));
        asks(Person.BOB, address, 1);
        assertThat(allMailsTo(address)).hasSize(4);
    }

    @Test
    void letsExactlyTheBurstThroughOfManyAtOnce() throws Exception {
        List<Callable<String>> requests = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String address = freshAddress();
            requests.add(() -> ask(Person.CAROL, address).outcome());
        }
        List<String> outcomes = new ArrayList<>();
        // As many as there are connections: what is tested is the bucket, not the patience of those who wait for one.
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<String> answer : threads.invokeAll(requests)) {
                outcomes.add(answer.get());
            }
        }
        assertThat(outcomes).filteredOn("200"::equals).hasSize(5);
        assertThat(outcomes).filteredOn(REFUSED::equals).hasSize(59);
    }

    @Test
    void writesNoAddressIntoItsBuckets() {
        String address = freshAddress();
        asks(Person.ALICE, address, 1);
        assertThat(jdbc().sql("SELECT encode(id, 'escape') || encode(state, 'escape') FROM identity.limit_bucket")
                .query(String.class)
                .list()).isNotEmpty().noneMatch(row -> row.contains(address) || row.contains("alice"));
    }
}
