package im.signet.standalone;

import im.signet.client.Binding;
import im.signet.client.Consent;
import im.signet.client.Lookup;
import im.signet.client.Proof;
import im.signet.client.Publication;
import im.signet.client.Purpose;
import im.signet.client.TokenCheck;
import im.signet.client.TokenRequest;
import im.signet.client.contact.AddressBook;
import im.signet.client.contact.DiscoveredContact;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/** A phone number, from the code that comes by SMS to the friend who finds it, by the client library over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AFriendFindsMeByPhoneTest {

    private static final Address PHONE = Address.of(Medium.MSISDN, "447400100100");

    private final SmsGateway gateway = SmsGateway.start();
    private Town town;

    @BeforeAll
    void start() {
        town = Town.start(Map.of("signet.sms.url", gateway.url(), "signet.sms.body",
                "{\"to\":\"{to}\",\"text\":\"{text}\"}", "signet.sms.countries", "GB"));
    }

    @AfterAll
    void stop() {
        town.close();
        gateway.close();
    }

    @Test
    void findsTheNumberThatWasProvenByItsCode() {
        UserId alice = town.homeserver.register("alice");
        Consent<Purpose.PublishAddress> toPublish = town.consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = town.session(alice, toPublish).publication(toPublish);

        TokenRequest.Sent sent = (TokenRequest.Sent) publication.requestPhoneToken(PHONE, "GB");
        String code = gateway.awaitCode();
        assertThat(publication.proof(sent.pending())).isEqualTo(new Proof.NotYet());
        String wrong = code.startsWith("1") ? "2" + code.substring(1) : "1" + code.substring(1);
        assertThat(publication.submitToken(sent.pending(), wrong)).isEqualTo(new TokenCheck.Wrong());
        assertThat(publication.submitToken(sent.pending(), code)).isEqualTo(new TokenCheck.Correct());
        Proof.Proven proven = (Proof.Proven) publication.proof(sent.pending());
        assertThat(publication.bind(proven.address())).isInstanceOf(Binding.Bound.class);

        Consent<Purpose.DiscoverContacts> toFind = town.consent(Purpose.DISCOVER_CONTACTS);
        Lookup lookup = town.session(town.homeserver.register("carol"), toFind)
                .discovery(toFind)
                .lookup(AddressBook.empty().with("Alice", PHONE));
        assertThat(((Lookup.Found) lookup).contacts()).extracting(DiscoveredContact::userId).containsExactly(alice);
    }

    @Test
    void isToldThatNoMessagesGoToAnotherCountry() {
        Consent<Purpose.PublishAddress> consent = town.consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = town.session(town.homeserver.register("erin"), consent).publication(consent);

        assertThat(publication.requestPhoneToken(Address.of(Medium.MSISDN, "33612345678"), "FR"))
                .isInstanceOf(TokenRequest.AddressRefused.class);
    }

    @Test
    void nobodyIsWrittenToWhoseNumberTheOperatorBlocked() {
        Address one = Address.of(Medium.MSISDN, "447400200200");
        Address another = Address.of(Medium.MSISDN, "447400300300");
        Consent<Purpose.PublishAddress> consent = town.consent(Purpose.PUBLISH_ADDRESS);
        Publication publication = town.session(town.homeserver.register("mallory"), consent).publication(consent);

        // Of one number nobody is told; that a range is not served is no secret.
        assertThat(town.operator("block", "address", "+447400200200", "--yes").status()).isZero();
        assertThat(publication.requestPhoneToken(one, "GB")).isInstanceOf(TokenRequest.Sent.class);
        assertThat(publication.requestPhoneToken(another, "GB")).isInstanceOf(TokenRequest.Sent.class);
        gateway.awaitCode();
        assertThat(gateway.recipients()).anyMatch(to -> to.endsWith(another.value()))
                .noneMatch(to -> to.endsWith(one.value()));
        assertThat(town.operator("unblock", "address", "+447400200200").status()).isZero();
        assertThat(town.operator("block", "numbers", "+447400200", "--yes").status()).isZero();
        assertThat(publication.requestPhoneToken(one, "GB")).isInstanceOf(TokenRequest.AddressRefused.class);

        assertThat(town.operator("unblock", "numbers", "+447400200").status()).isZero();
        assertThat(publication.requestPhoneToken(one, "GB")).isInstanceOf(TokenRequest.Sent.class);
        gateway.awaitCode();
        assertThat(gateway.recipients()).anyMatch(to -> to.endsWith(one.value()));
    }
}
