package im.signet.standalone;

import im.signet.client.Consent;
import im.signet.client.Failure;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.TokenRequest;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The client library reads from the server's own answer how long it has to wait, with the limits that it ships with. */
class TheClientIsToldToWaitTest {

    @Test
    void untilTheNextMailMayBeSent() {
        try (Town town = Town.start(Map.of())) {
            Consent<Purpose.PublishAddress> consent = town.consent(Purpose.PUBLISH_ADDRESS);
            Publication publication = town.session(town.homeserver.register("alice"), consent).publication(consent);
            Address address = Address.of(Medium.EMAIL, "alice@example.org");
            for (int i = 0; i < 3; i++) {
                assertThat(publication.requestEmailToken(address)).isInstanceOf(TokenRequest.Sent.class);
            }
            assertThat(publication.requestEmailToken(address)).isInstanceOfSatisfying(Failure.Limited.class,
                    limited -> assertThat(limited.retryAfter()).hasValueSatisfying(
                            wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofHours(1))));
        }
    }
}
