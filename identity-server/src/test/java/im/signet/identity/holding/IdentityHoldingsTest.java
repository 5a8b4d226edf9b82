package im.signet.identity.holding;

import im.signet.demo.CaughtMail;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holding;
import im.signet.kit.holding.Holdings;
import im.signet.kit.page.Audience;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/** What this service keeps of a user is shown to them, confirmed with them, and ended at their wish. */
class IdentityHoldingsTest extends IdentityScene {

    private static final Duration HOUR = Duration.ofHours(1);

    @Autowired
    private Holdings holdings;
    @Autowired
    private Clock now;

    @BeforeEach
    void nothingIsKept() {
        for (Person person : Person.values()) {
            holdings.end(person.user(), Ending.ERASED, soon());
        }
    }

    private Instant soon() {
        return now.instant().plusSeconds(1);
    }

    private static ConfirmationLink link(Ending ending, String language) {
        return new ConfirmationLink(URI.create("https://id.example.org/_signet/terms/end?token=secret-7d2f"), ending,
                HOUR, new Audience(Locale.forLanguageTag(language), Optional.empty()));
    }

    private List<Holding> of(Person person) {
        return holdings.of(person.user());
    }

    @Test
    void showsAddressesRedacted() {
        String address = freshAddress();
        bound(Person.ALICE, address);
        assertThat(of(Person.BOB)).isEmpty();
        assertThat(of(Person.ALICE)).singleElement().satisfies(holding -> {
            assertThat(holding.kind()).isEqualTo("email");
            assertThat(holding.shown()).isEqualTo("p\u2022\u2022\u2022@m\u2022\u2022\u2022.org");
            assertThat(holding.reachable()).isTrue();
            assertThat(holding.id()).matches("[0-9a-f]{32}").isEqualTo(of(Person.ALICE).getFirst().id());
        });
        assertThat(holdings.service()).isEqualTo("identity");
    }

    // Else the address that a thief bound in between would be the oldest, and the only one that confirms.
    @Test
    void saysSinceWhenAnAddressIsHeldHoweverOftenItIsBound() {
        String address = freshAddress();
        bound(Person.ALICE, address);
        Instant since = of(Person.ALICE).getFirst().since();
        bound(Person.ALICE, address);
        assertThat(of(Person.ALICE)).singleElement().extracting(Holding::since).isEqualTo(since);
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheLinkToTheAddress(Ending ending) {
        String address = freshAddress();
        bound(Person.ALICE, address);
        String id = of(Person.ALICE).getFirst().id();
        for (String language : List.of("en", "de", "fr", "es")) {
            assertThat(holdings.send(Person.ALICE.user(), id, link(ending, language))).isTrue();
            CaughtMail mail = mailTo(address);
            assertThat(mail.links()).containsExactly(link(ending, language).url());
            assertThat(mail.html()).contains(Person.ALICE.user().value(), "secret-7d2f", "60");
        }
    }

    @Test
    void sendsNothingToAddressesThatTheUserHasNot() {
        String address = freshAddress();
        bound(Person.ALICE, address);
        String id = of(Person.ALICE).getFirst().id();
        allMailsTo(address);
        int before = allMailsTo(address).size();
        assertThat(holdings.send(Person.BOB.user(), id, link(Ending.ERASED, "en"))).isFalse();
        assertThat(holdings.send(Person.ALICE.user(), "x", link(Ending.ERASED, "en"))).isFalse();
        holdings.end(Person.ALICE.user(), Ending.WITHDRAWN, soon());
        assertThat(holdings.send(Person.ALICE.user(), id, link(Ending.ERASED, "en"))).isFalse();
        assertThat(allMailsTo(address)).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource
    void unbindsAndEndsProofs(Ending ending) {
        String address = freshAddress();
        String other = freshAddress();
        String bobs = freshAddress();
        bound(Person.ALICE, address);
        bound(Person.ALICE, other);
        bound(Person.BOB, bobs);
        Session proven = proven(Person.ALICE, freshAddress());
        Session open = begin(Person.ALICE, freshAddress());
        String token = linkParams(mailTo(open.address())).getOrDefault("token", "");
        assertThat(found(address)).isEqualTo(Person.ALICE.user().value());
        holdings.end(Person.ALICE.user(), ending, soon());
        assertThat(of(Person.ALICE)).isEmpty();
        assertThat(found(address)).isEmpty();
        assertThat(found(other)).isEmpty();
        assertThat(found(bobs)).isEqualTo(Person.BOB.user().value());
        assertThat(bind(proven).status()).isEqualTo(404);
        assertThat(submit(open, token).status()).isEqualTo(404);
        assertThat(dump()).doesNotContain(Person.ALICE.user().value());
        // Once more does no harm.
        holdings.end(Person.ALICE.user(), ending, soon());
        assertThat(found(bobs)).isEqualTo(Person.BOB.user().value());
    }

    @Test
    void sparesWhatCameAfter() {
        String before = freshAddress();
        String after = freshAddress();
        bound(Person.ALICE, before);
        Session oldProof = proven(Person.ALICE, freshAddress());
        letPass(Duration.ofSeconds(10));
        Instant returned = now.instant();
        letPass(Duration.ofSeconds(10));
        bound(Person.ALICE, after);
        Session newProof = proven(Person.ALICE, freshAddress());
        holdings.end(Person.ALICE.user(), Ending.ERASED, returned);
        assertThat(found(before)).isEmpty();
        assertThat(found(after)).isEqualTo(Person.ALICE.user().value());
        assertThat(bind(oldProof).status()).isEqualTo(404);
        assertThat(bind(newProof).status()).isEqualTo(200);
    }

    @Test
    void takesInvitationsAlongOnlyWhenErased() {
        invite(Person.ALICE);
        invite(Person.BOB);
        holdings.end(Person.ALICE.user(), Ending.WITHDRAWN, soon());
        assertThat(invitations()).isEqualTo(2);
        holdings.end(Person.ALICE.user(), Ending.ERASED, now.instant().minusSeconds(60));
        assertThat(invitations()).isEqualTo(2);
        holdings.end(Person.ALICE.user(), Ending.ERASED, soon());
        assertThat(invitations()).isEqualTo(1);
        holdings.end(Person.BOB.user(), Ending.ERASED, soon());
        assertThat(invitations()).isZero();
    }

    private void invite(Person inviter) {
        assertThat(post(V2 + "/store-invite", inviter, JsonObject.builder()
                .put("medium", "email")
                .put("address", freshAddress())
                .put("room_id", "!garden:example.org")
                .put("sender", inviter.user().value())
                .build()).status()).isEqualTo(200);
    }

    private long invitations() {
        return Map.copyOf(rowCounts()).getOrDefault("invitation", 0L);
    }
}
