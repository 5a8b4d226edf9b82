package im.signet.identity.binding;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;
import im.signet.protocol.json.JsonNumber;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.VerifyKey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code POST /3pid/bind}. */
class BindTest extends IdentityScene {

    private static final String NONE = "404 M_NO_VALID_SESSION";

    private final String address = freshAddress();

    private long associations() {
        return rowCounts().getOrDefault("association", -1L);
    }

    @Test
    void answersASignedAssociation() {
        JsonObject association = bind(proven(Person.ALICE, address)).json();
        assertThat(association.members().keySet()).containsExactlyInAnyOrder("address", "medium", "mxid", "not_before",
                "not_after", "ts", "signatures");
        assertThat(association.string("address")).contains(address);
        assertThat(association.string("medium")).contains("email");
        assertThat(association.string("mxid")).contains("@alice:hs.example.org");
        long from = association.integer("not_before").orElseThrow();
        assertThat(association.integer("not_after").orElseThrow()).isGreaterThan(from);
        assertThat(association.integer("ts")).contains(from);
    }

    @Test
    void signsWithTheKeyThatItPublishes() {
        JsonObject association = bind(proven(Person.ALICE, address)).json();
        JsonObject signatures = association.object("signatures").orElseThrow();
        assertThat(signatures.members().keySet()).containsExactly(SERVER.value());
        String keyId = signatures.object(SERVER.value()).orElseThrow().members().keySet().iterator().next();
        VerifyKey key = VerifyKey.parse(get(V2 + "/pubkey/" + keyId, null).string("public_key")).orElseThrow();
        assertThat(SignedJson.verify(association, SERVER, KeyId.of(keyId), key)).isEqualTo(SignedJson.Check.VALID);
        assertThat(SignedJson.verify(association.with("mxid", "@bob:hs.example.org"), SERVER, KeyId.of(keyId), key))
                .isEqualTo(SignedJson.Check.INVALID);
        assertThat(SignedJson.verify(association.with("not_after", JsonNumber.of(1)), SERVER, KeyId.of(keyId), key))
                .isEqualTo(SignedJson.Check.INVALID);
    }

    @Test
    void namesTheAddressInItsCanonicalForm() {
        String typed = "Straße." + address;
        assertThat(bind(proven(Person.ALICE, typed)).string("address")).isEqualTo("strasse." + address);
    }

    @Test
    void bindsNobodyElse() {
        Session session = proven(Person.ALICE, address);
        long before = associations();
        assertThat(post(BIND, Person.ALICE, session.bindBody().with("mxid", "@bob:hs.example.org")).outcome())
                .isEqualTo("403 M_UNAUTHORIZED");
        assertThat(post(BIND, Person.ALICE, session.bindBody().with("mxid", "@ALICE:hs.example.org")).outcome())
                .isEqualTo("403 M_UNAUTHORIZED");
        assertThat(post(BIND, Person.BOB, session.bindBody()).outcome()).isEqualTo("403 M_UNAUTHORIZED");
        assertThat(associations()).isEqualTo(before);
    }

    @Test
    void bindsByTheProofOfThatUserOnly() {
        Session alices = proven(Person.ALICE, address);
        Session other = proven(Person.ALICE, freshAddress());
        long before = associations();
        assertThat(bind(new Session(Person.BOB, address, alices.secret(), alices.sid())).outcome()).isEqualTo(NONE);
        assertThat(bind(new Session(Person.ALICE, address, alices.secret(), other.sid())).outcome()).isEqualTo(NONE);
        assertThat(bind(new Session(Person.ALICE, address, other.secret(), alices.sid())).outcome()).isEqualTo(NONE);
        assertThat(bind(new Session(Person.ALICE, address, "unknown", "unknown")).outcome()).isEqualTo(NONE);
        assertThat(associations()).isEqualTo(before);
        assertThat(found(address)).isEmpty();
    }

    @Test
    void bindsNothingThatIsNotProven() {
        assertThat(bind(begin(Person.ALICE, address)).outcome()).isEqualTo("400 M_SESSION_NOT_VALIDATED");
        assertThat(found(address)).isEmpty();
    }

    @Test
    void bindsTheSameTwice() {
        Session session = proven(Person.ALICE, address);
        assertThat(bind(session).status()).isEqualTo(200);
        long once = associations();
        assertThat(bind(session).status()).isEqualTo(200);
        assertThat(associations()).isEqualTo(once);
        assertThat(found(address)).isEqualTo("@alice:hs.example.org");
    }

    @Test
    void givesAnAddressToWhoeverProvedItLast() {
        bound(Person.ALICE, address);
        long once = associations();
        letPass(Duration.ofMinutes(1));
        bound(Person.BOB, address);
        assertThat(found(address)).isEqualTo("@bob:hs.example.org");
        assertThat(associations()).isEqualTo(once);
    }

    @Test
    void refusesAProofOlderThanThatOfItsHolder() {
        Session alices = proven(Person.ALICE, address);
        letPass(Duration.ofMinutes(1));
        Session bobs = proven(Person.BOB, address);
        assertThat(bind(bobs).status()).isEqualTo(200);
        assertThat(bind(alices).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
        assertThat(found(address)).isEqualTo("@bob:hs.example.org");
    }

    @Test
    void forgetsNoProofOfItsHolderForAnOlderOne() {
        Session first = proven(Person.ALICE, address);
        letPass(Duration.ofMinutes(1));
        Session bobs = proven(Person.BOB, address);
        letPass(Duration.ofMinutes(1));
        Session last = proven(Person.ALICE, address);
        assertThat(bind(last).status()).isEqualTo(200);
        assertThat(bind(first).status()).isEqualTo(200);
        assertThat(bind(bobs).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
        assertThat(found(address)).isEqualTo("@alice:hs.example.org");
    }

    @Test
    void keepsOneAssociationOfAnAddressWhateverComesAtOnce() throws InterruptedException, ExecutionException {
        long before = associations();
        List<Session> sessions = new ArrayList<>();
        for (Person who : List.of(Person.ALICE, Person.BOB, Person.CAROL)) {
            sessions.add(proven(who, address));
            letPass(Duration.ofSeconds(1));
        }
        List<Callable<Answer>> binds = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Session session = sessions.get(i % sessions.size());
            binds.add(() -> bind(session));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(binds)) {
                assertThat(answer.get().outcome()).isIn("200", "400 M_SESSION_EXPIRED");
            }
        }
        assertThat(associations()).isEqualTo(before + 1);
        assertThat(found(address)).as("who proved it last").isEqualTo("@carol:hs.example.org");
    }

    @Test
    void bindsManyAddressesToOneUser() {
        String other = freshAddress();
        bound(Person.ALICE, address);
        bound(Person.ALICE, other);
        assertThat(found(address)).isEqualTo("@alice:hs.example.org");
        assertThat(found(other)).isEqualTo("@alice:hs.example.org");
    }
}
