package im.signet.identity.binding;

import im.signet.demo.CaughtMail;
import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a binding when the owner of the address says on the page that it was not them. */
class ThatWasNotMeTest extends IdentityScene {

    private static final String DISOWN = "/_signet/validate/disown";
    private static final String ALICE = "@alice:hs.example.org";
    private static final String BOB = "@bob:hs.example.org";
    private static final String OVER = "400 M_SESSION_EXPIRED";

    @Autowired
    private PlatformTransactionManager transactions;

    private final String address = freshAddress();

    /** A session whose token was submitted, and the fields of its page's forms. */
    private record Proven(Session session, Map<String, String> fields) {}

    private Proven prove(Person who) {
        Session session = begin(who, address);
        CaughtMail mail = mailTo(address);
        Map<String, String> fields = linkParams(mail);
        assertThat(submit(session, fields.getOrDefault("token", "")).status()).isEqualTo(200);
        return new Proven(session, fields);
    }

    private Answer disown(Proven proven) {
        Answer page = postForm(DISOWN, proven.fields());
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        return page;
    }

    @Test
    void undoesWhatWasBoundByTheSession() {
        Proven proven = prove(Person.BOB);
        assertThat(bind(proven.session()).status()).isEqualTo(200);
        assertThat(found(address)).isEqualTo(BOB);
        assertThat(disown(proven).body()).contains("that is undone");
        assertThat(found(address)).isEmpty();
        assertThat(bind(proven.session()).outcome()).isEqualTo(OVER);
        disown(proven);
        assertThat(found(address)).isEmpty();
    }

    @Test
    void bindsNothingAnyMore() {
        Proven proven = prove(Person.BOB);
        disown(proven);
        assertThat(bind(proven.session()).outcome()).isEqualTo(OVER);
        assertThat(found(address)).isEmpty();
    }

    @Test
    void leavesWhatTheSameUserHasProvenSince() {
        Proven older = prove(Person.ALICE);
        assertThat(bind(older.session()).status()).isEqualTo(200);
        letPass(Duration.ofMinutes(1));
        Proven newer = prove(Person.ALICE);
        assertThat(bind(newer.session()).status()).isEqualTo(200);
        disown(older);
        assertThat(found(address)).isEqualTo(ALICE);
        disown(newer);
        assertThat(found(address)).isEmpty();
    }

    @Test
    void leavesWhatSomebodyElseHasProvenSince() {
        Proven bobs = prove(Person.BOB);
        assertThat(bind(bobs.session()).status()).isEqualTo(200);
        letPass(Duration.ofMinutes(1));
        bound(Person.ALICE, address);
        disown(bobs);
        assertThat(found(address)).isEqualTo(ALICE);
    }

    @Test
    void leavesWhatWasBoundByAnotherSession() {
        bound(Person.ALICE, address);
        letPass(Duration.ofMinutes(1));
        Proven bobs = prove(Person.BOB);
        disown(bobs);
        assertThat(found(address)).isEqualTo(ALICE);
    }

    @Test
    void letsTheOwnerPublishItAgain() {
        Proven owners = prove(Person.ALICE);
        assertThat(bind(owners.session()).status()).isEqualTo(200);
        letPass(Duration.ofMinutes(1));
        Proven strangers = prove(Person.BOB);
        assertThat(bind(strangers.session()).status()).isEqualTo(200);
        disown(strangers);
        assertThat(bind(owners.session()).outcome()).as("an older proof than the one that was disowned")
                .isEqualTo(OVER);
        letPass(Duration.ofMinutes(1));
        bound(Person.ALICE, address);
        assertThat(found(address)).isEqualTo(ALICE);
    }

    @Test
    void unbindsNothingAnyMore() {
        bound(Person.ALICE, address);
        letPass(Duration.ofMinutes(1));
        Proven strangers = prove(Person.BOB);
        disown(strangers);
        String unbind = """
                {"mxid":"%s","threepid":{"medium":"email","address":"%s"},"sid":"%s","client_secret":"%s"}"""
                .formatted(ALICE, address, strangers.session().sid(), strangers.session().secret());
        assertThat(post(V2 + "/3pid/unbind", null, unbind).outcome()).isEqualTo("403 M_SESSION_EXPIRED");
        assertThat(found(address)).isEqualTo(ALICE);
    }

    /** Whichever is first, nothing stays bound: the proof is read under the lock that a disowning takes, too. */
    @Test
    void winsEveryRaceAgainstTheBinding() throws Exception {
        for (int round = 0; round < 12; round++) {
            Proven proven = prove(Person.BOB);
            List<Callable<Answer>> both = List.of(() -> bind(proven.session()),
                    () -> postForm(DISOWN, proven.fields()));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Answer>> answers = threads.invokeAll(round % 2 == 0 ? both : both.reversed());
                for (Future<Answer> answer : answers) {
                    assertThat(answer.get().status()).isIn(200, 400);
                }
            }
            assertThat(found(address)).as("round %d", round).isEmpty();
            letPass(Duration.ofMinutes(1));
        }
    }

    /** A disowning that has closed the session and is not committed yet: the binding waits for it. */
    @Test
    void aBindingWaitsForADisowningUnderWay() throws Exception {
        Proven proven = prove(Person.BOB);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> binding = new TransactionTemplate(transactions).execute(_ -> {
                jdbc().sql("UPDATE identity.validation_session SET disowned_at = modified_at WHERE sid = ?")
                        .param(proven.session().sid())
                        .update();
                Future<Answer> under = threads.submit(() -> bind(proven.session()));
                awaitSomebodyWhoWaits();
                return under;
            });
            assertThat(binding).isNotNull();
            assertThat(binding.get().outcome()).isEqualTo(OVER);
        }
        assertThat(found(address)).isEmpty();
    }

    /** Within a transaction: until somebody waits for it. */
    private void awaitSomebodyWhoWaits() {
        for (int i = 0; i < 1000; i++) {
            boolean waits = jdbc().sql("""
                    SELECT EXISTS (SELECT FROM pg_locks
                                   WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))""")
                    .query(Boolean.class)
                    .single();
            if (waits) {
                return;
            }
            pause();
        }
        throw new AssertionError("the binding did not wait");
    }
}
