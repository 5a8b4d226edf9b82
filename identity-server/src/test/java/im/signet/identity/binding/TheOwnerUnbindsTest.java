package im.signet.identity.binding;

import im.signet.identity.association.AssociationRemoved;
import im.signet.identity.association.Associations;
import im.signet.identity.validation.Validation;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whoever has proven to own an address has it unbound, by the session that proves it. */
class TheOwnerUnbindsTest extends UnbindScene {

    private final String address = newAddress();
    private final UserId alice = newUser(HOME);
    private final UserId bob = newUser(FOREIGN);
    private Session ofAlice = new Session("", "", "");

    @Autowired
    private Associations associations;

    @Autowired
    private Validation validation;

    @Autowired
    private ConfigurableApplicationContext context;

    @BeforeEach
    void isBoundToAlice() {
        ofAlice = proveAndBind(alice, address);
        assertThat(rowsOf(alice)).containsExactly(1L, 1L);
        CLOCK.move(Duration.ofMinutes(5));
    }

    private void isUnbound(Answer answer) {
        assertThat(answer.summary()).isEqualTo("200 {}");
        assertThat(lookup(address)).isEmpty();
        assertThat(rowsOf(alice)).containsExactly(0L, 0L);
    }

    private void isRefused(Answer answer, String summary) {
        assertThat(answer.summary()).isEqualTo(summary);
        isStillAlices();
    }

    private void isStillAlices() {
        assertThat(lookup(address)).isEqualTo(alice.value());
        assertThat(rowsOf(alice)).containsExactly(1L, 1L);
    }

    @Test
    void withTheSessionThatBoundIt() {
        isUnbound(unbind(alice, address, ofAlice));
    }

    @Test
    void withAnotherSessionOfTheirs() {
        isUnbound(unbind(alice, address, prove(alice, address)));
    }

    @Test
    void withOrWithoutABearerToken() {
        isUnbound(unbind(body(alice, address).with("sid", ofAlice.sid()).with("client_secret", ofAlice.secret()),
                bearer(bob)));
    }

    @Test
    void whateverTheSpellingOfTheAddress() {
        isUnbound(unbind(alice, address.toUpperCase(Locale.ROOT), ofAlice));
    }

    @Test
    void twiceIsTheSame() {
        isUnbound(unbind(alice, address, ofAlice));
        isUnbound(unbind(alice, address, ofAlice));
    }

    // A number or an address that another person has now: they can have the former owner's binding removed.
    @Test
    void whoHasTheAddressNow() {
        isUnbound(unbind(alice, address, prove(bob, address)));
    }

    @Test
    void butOnlyTheGivenUser() {
        Answer answer = unbind(bob, address, prove(bob, address));
        assertThat(answer.summary()).isEqualTo("200 {}");
        isStillAlices();
    }

    // A flaw of a peer: a session that proves nothing yet was enough.
    @Test
    void notWithASessionThatProvesNothingYet() {
        isRefused(unbind(alice, address, begin(bob, address)), "403 M_SESSION_NOT_VALIDATED");
        isRefused(unbind(alice, address, begin(alice, address)), "403 M_SESSION_NOT_VALIDATED");
    }

    @Test
    void notWithASessionThatRanOut() {
        Session session = prove(bob, address);
        CLOCK.move(Duration.ofDays(1));
        isRefused(unbind(alice, address, session), "403 M_SESSION_EXPIRED");
    }

    @Test
    void notWithASessionOfAnotherAddress() {
        isRefused(unbind(alice, address, prove(bob, newAddress())), "403 M_FORBIDDEN");
        isRefused(unbind(alice, address, prove(alice, newAddress())), "403 M_FORBIDDEN");
    }

    @Test
    void notWithHalfOfAProof() {
        Session other = prove(bob, address);
        isRefused(unbind(alice, address, new Session(ofAlice.sid(), other.secret(), "")), "403 M_NO_VALID_SESSION");
        isRefused(unbind(alice, address, new Session(other.sid(), ofAlice.secret(), "")), "403 M_NO_VALID_SESSION");
        isRefused(unbind(alice, address, new Session("none", ofAlice.secret(), "")), "403 M_NO_VALID_SESSION");
        isRefused(unbind(alice, address, new Session(ofAlice.sid(), "none", "")), "403 M_NO_VALID_SESSION");
        isRefused(unbind(body(alice, address).with("sid", ofAlice.sid())), "400 M_MISSING_PARAMS");
        isRefused(unbind(body(alice, address).with("client_secret", ofAlice.secret())), "400 M_MISSING_PARAMS");
        isRefused(unbind(alice, address, new Session("not a sid", ofAlice.secret(), "")), "400 M_INVALID_PARAM");
        isRefused(unbind(alice, address, new Session(ofAlice.sid(), "\u00e4", "")), "400 M_INVALID_PARAM");
        isRefused(unbind(alice, address, new Session(ofAlice.sid(), "a".repeat(256), "")), "400 M_INVALID_PARAM");
    }

    @Test
    void notWithoutAnyProof() {
        isRefused(unbind(body(alice, address)), "403 M_FORBIDDEN");
    }

    @Test
    void notOfAnotherMedium() {
        JsonObject body = ofAlice.parameters()
                .with("mxid", alice.value())
                .with("threepid", JsonObject.of().with("medium", "msisdn").with("address", "447700900001"));
        isRefused(unbind(body), "403 M_FORBIDDEN");
    }

    // The newest proof of an address wins: who had it earlier cannot unbind who has it now.
    @Test
    void notOnAnOlderProofThanTheOneItIsBoundBy() {
        proveAndBind(bob, address);
        assertThat(unbind(bob, address, ofAlice).summary()).isEqualTo("403 M_SESSION_EXPIRED");
        // Neither does a guess tell whose it is.
        assertThat(unbind(alice, address, ofAlice).summary()).isEqualTo("403 M_SESSION_EXPIRED");
        assertThat(lookup(address)).isEqualTo(bob.value());
        assertThat(rowsOf(bob)).containsExactly(1L, 1L);
    }

    @Test
    void onAnOlderProofOfTheirOwn() {
        proveAndBind(alice, address);
        isUnbound(unbind(alice, address, ofAlice));
    }

    @Test
    void mayBindAgainWithTheSameSession() {
        isUnbound(unbind(alice, address, ofAlice));
        assertThat(bind(alice, ofAlice).status()).isEqualTo(200);
        isStillAlices();
    }

    @Test
    void cannotBeBoundAgainByAnOlderProof() {
        isUnbound(unbind(alice, address, prove(bob, address)));
        assertThat(bind(alice, ofAlice).summary()).isEqualTo("400 M_SESSION_EXPIRED");
        assertThat(lookup(address)).isEmpty();
        // Once they have proven it anew, they can.
        CLOCK.move(Duration.ofMinutes(1));
        assertThat(bind(alice, prove(alice, address)).status()).isEqualTo(200);
        isStillAlices();
    }

    @Test
    void cannotBeBoundForTheFirstTimeByAnOlderProof() {
        String fresh = newAddress();
        Session older = prove(alice, fresh);
        CLOCK.move(Duration.ofMinutes(1));
        assertThat(unbind(alice, fresh, prove(bob, fresh)).summary()).isEqualTo("200 {}");
        assertThat(bind(alice, older).summary()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    // Bob had it, and his homeserver unbound it: Alice's older proof is worth nothing all the same.
    @Test
    void cannotBeBoundAgainByAProofOlderThanTheBindingThatAHomeserverUndid() {
        proveAndBind(bob, address);
        JsonObject body = body(bob, address);
        assertThat(unbind(body, FOREIGN.xMatrix("POST", UNBIND, NAME, body)).summary()).isEqualTo("200 {}");
        assertThat(bind(alice, ofAlice).summary()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void keepsTheNewestOfOnesOwnProofs() {
        Session second = prove(bob, address);
        CLOCK.move(Duration.ofMinutes(1));
        proveAndBind(alice, address);
        assertThat(bind(alice, ofAlice).status()).isEqualTo(200);
        // Bob's proof is newer than the one that Alice bound with last, and older than her newest.
        assertThat(bind(bob, second).summary()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void forgetsThatItWasBoundOnceNoOlderProofCanBeUsed() {
        unbind(alice, address, ofAlice);
        assertThat(count("SELECT count(*) FROM identity.unbound_address")).isPositive();
        CLOCK.move(Duration.ofHours(23));
        associations.forgetProofsBefore(validation.oldestUsableProof());
        assertThat(count("SELECT count(*) FROM identity.unbound_address")).isPositive();
        CLOCK.move(Duration.ofHours(1));
        associations.forgetProofsBefore(validation.oldestUsableProof());
        assertThat(count("SELECT count(*) FROM identity.unbound_address")).isZero();
    }

    @Test
    void forgetsThatItWasUnboundOnceItIsBoundAgain() {
        CLOCK.move(Duration.ofDays(2));
        associations.forgetProofsBefore(validation.oldestUsableProof());
        unbind(alice, address, prove(bob, address));
        assertThat(count("SELECT count(*) FROM identity.unbound_address")).isEqualTo(1);
        proveAndBind(alice, address);
        assertThat(count("SELECT count(*) FROM identity.unbound_address")).isZero();
    }

    @Test
    void tellsTheRestOfTheServerOnce() {
        List<AssociationRemoved> told = listen();
        isUnbound(unbind(alice, address, ofAlice));
        unbind(alice, address, ofAlice);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().association().user()).isEqualTo(alice);
        assertThat(told.getFirst().toString()).doesNotContain(address).doesNotContain(alice.value());
    }

    @Test
    void changesNothingWhenTheRestOfTheServerCannotFollow() {
        ApplicationListener<PayloadApplicationEvent<AssociationRemoved>> failing = ApplicationListener
                .forPayload(_ -> {
                    throw new IllegalStateException("a listener that fails");
                });
        context.addApplicationListener(failing);
        try {
            isRefused(unbind(alice, address, ofAlice), "500 M_UNKNOWN");
            Address bound = Address.of(Medium.EMAIL, address);
            assertThatThrownBy(() -> associations.remove(bound, alice)).hasMessage("a listener that fails");
            isStillAlices();
        } finally {
            context.removeApplicationListener(failing);
        }
    }

    @Test
    void isUnboundOnceWhenManyAskTogether() throws Exception {
        List<AssociationRemoved> told = listen();
        Callable<Answer> asking = () -> unbind(alice, address, ofAlice);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Answer>> answers = IntStream.range(0, 16).mapToObj(_ -> threads.submit(asking)).toList();
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().summary()).isEqualTo("200 {}");
            }
        }
        assertThat(told).hasSize(1);
        assertThat(rowsOf(alice)).containsExactly(0L, 0L);
    }

    private List<AssociationRemoved> listen() {
        List<AssociationRemoved> told = new CopyOnWriteArrayList<>();
        context.addApplicationListener(ApplicationListener.forPayload((AssociationRemoved event) -> told.add(event)));
        return told;
    }
}
