package im.signet.identity.invitation;

import im.signet.identity.invitation.InvitationScene.Answer;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static im.signet.identity.invitation.InvitationScene.newAddress;
import static im.signet.identity.invitation.InvitationScene.tokenOf;
import static im.signet.identity.invitation.InvitationScene.wish;
import static org.assertj.core.api.Assertions.assertThat;

/** To invite an address is to ask whether it is bound: it counts as looking it up. */
class InvitationsAreLookupsTest {

    private static final String STORE = "/_matrix/identity/v2/store-invite";
    private static final String V2 = "/_matrix/identity/v2/";

    private static InvitationScene scene;

    @BeforeAll
    static void open() {
        scene = InvitationScene.open(
                "signet.limits.lookups-per-account=6 then 1 per 1h",
                "signet.limits.invites-per-account=1000 then 1 per 1s");
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    private static Answer invite(UserId inviter, String address) {
        return scene.post(STORE, tokenOf(inviter), wish(inviter, address));
    }

    private static Answer lookUp(UserId asker, String address) {
        Pepper pepper = Pepper.of(scene.get(V2 + "hash_details?access_token=" + tokenOf(asker)).text("lookup_pepper"));
        return scene.post(V2 + "lookup", tokenOf(asker), JsonObject.builder()
                .put("algorithm", "sha256")
                .put("pepper", pepper.value())
                .put("addresses", JsonArray.ofStrings(List.of(LookupHash.of(Medium.EMAIL, address, pepper).value())))
                .build());
    }

    private static String boundAddress() {
        String address = newAddress();
        scene.bind(address, scene.bob, true);
        return address;
    }

    @Test
    void someAreAnsweredAndThenNeitherWhatIsBoundNorWhatIsNot() {
        UserId inviter = UserId.of("@inviter:one.example.org");
        List<String> asked = new ArrayList<>();
        Answer last = invite(inviter, boundAddress());
        // Of a few addresses one may be taken for another by the sketch, rarely.
        for (int i = 0; i < 12 && last.status() != 429; i++) {
            assertThat(last.errcode()).isEqualTo("M_THREEPID_IN_USE");
            asked.add(boundAddress());
            last = invite(inviter, asked.getLast());
        }
        assertThat(asked.size()).isBetween(5, 8);
        assertThat(last.status()).isEqualTo(429);
        assertThat(last.errcode()).isEqualTo("M_LIMIT_EXCEEDED");
        assertThat(last.json().members().keySet()).containsExactlyInAnyOrder("errcode", "error", "retry_after_ms");
        assertThat(last.headers().firstValue("Retry-After")).isPresent();
        assertMostAreRefused(() -> invite(inviter, newAddress()));
        assertMostAreRefused(() -> invite(inviter, boundAddress()));
        assertMostAreRefused(() -> lookUp(inviter, boundAddress()));
        assertThat(invite(inviter, asked.getFirst()).errcode()).as("a repeat").isEqualTo("M_THREEPID_IN_USE");
    }

    private static void assertMostAreRefused(Supplier<Answer> request) {
        List<Answer> refused = Stream.generate(request).limit(5).filter(answer -> answer.status() == 429).toList();
        assertThat(refused).hasSizeGreaterThanOrEqualTo(3);
    }

    /** Homeservers look an address up before they store an invitation to it. */
    @Test
    void anAddressThatWasLookedUpCountsOnce() {
        UserId inviter = UserId.of("@inviter:two.example.org");
        for (int i = 0; i < 5; i++) {
            String address = i % 2 == 0 ? boundAddress() : newAddress();
            assertThat(lookUp(inviter, address).status()).isEqualTo(200);
            assertThat(invite(inviter, address).status()).isEqualTo(i % 2 == 0 ? 400 : 200);
            assertThat(lookUp(inviter, address).status()).isEqualTo(200);
        }
    }
}
