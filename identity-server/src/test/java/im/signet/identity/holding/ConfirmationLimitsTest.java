package im.signet.identity.holding;

import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.holding.Ending;
import im.signet.kit.holding.Holdings;
import im.signet.kit.page.Audience;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Links that confirm an ending count as any other message to an address. */
@TestPropertySource(properties = {"signet.limits.enabled=true", "signet.limits.mail-per-address=3 then 1 per 1h"})
class ConfirmationLimitsTest extends IdentityScene {

    @Autowired
    private Holdings holdings;

    @Test
    void areThoseOfTheAddress() {
        String address = freshAddress();
        bound(Person.ALICE, address);
        String id = holdings.of(Person.ALICE.user()).getFirst().id();
        ConfirmationLink link = new ConfirmationLink(URI.create("https://id.example.org/x"), Ending.ERASED,
                Duration.ofHours(1), new Audience(Locale.ENGLISH, Optional.empty()));
        // The mail that proved it was the first.
        assertThat(holdings.send(Person.ALICE.user(), id, link)).isTrue();
        assertThat(holdings.send(Person.ALICE.user(), id, link)).isTrue();
        assertThat(holdings.send(Person.ALICE.user(), id, link)).isFalse();
        letPass(Duration.ofHours(1));
        assertThat(holdings.send(Person.ALICE.user(), id, link)).isTrue();
    }
}
