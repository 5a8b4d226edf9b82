package im.signet.identity.invitation;

import im.signet.identity.invitation.InvitationScene.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static im.signet.identity.invitation.InvitationScene.newAddress;
import static im.signet.identity.invitation.InvitationScene.tokenOf;
import static im.signet.identity.invitation.InvitationScene.wish;
import static org.assertj.core.api.Assertions.assertThat;

/** How often an account can invite, with slower limits than a server ships with: the clock goes on meanwhile. */
class InvitationLimitsTest {

    private static InvitationScene scene;

    @BeforeAll
    static void open() {
        scene = InvitationScene.open("signet.limits.invites-per-account=3 then 1 per 2h,4 then 4 per 1d");
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @Test
    void refusesWhoInvitesTooOften() {
        String taken = newAddress();
        scene.bind(taken, scene.bob, true);
        assertThat(scene.store(wish(scene.alice, "not an address")).errcode()).isEqualTo("M_INVALID_EMAIL");
        scene.invite(newAddress());
        scene.invite(newAddress());
        // To learn whose an address is costs as much.
        assertThat(scene.store(wish(scene.alice, taken)).errcode()).isEqualTo("M_THREEPID_IN_USE");

        long before = scene.invitations();
        Answer refused = scene.store(wish(scene.alice, newAddress()));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.errcode()).isEqualTo("M_LIMIT_EXCEEDED");
        long delay = refused.json().integer("retry_after_ms").orElseThrow();
        assertThat(refused.headers().firstValue("Retry-After")).contains(String.valueOf((delay + 999) / 1000));
        assertThat(scene.store(wish(scene.alice, taken)).status()).isEqualTo(429);
        assertThat(scene.invitations()).isEqualTo(before);

        assertThat(scene.post("/_matrix/identity/v2/store-invite", tokenOf(scene.bob), wish(scene.bob, newAddress()))
                .status()).isEqualTo(200);
    }
}
