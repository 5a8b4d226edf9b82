package im.signet.client;

import im.signet.client.transport.PlannedRequest;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** A phone number is proven and published as an e-mail address is, but for the country, and the code that the user types. */
class PhonePublicationTest {
    private static final String REQUEST = "POST /v2/validate/msisdn/requestToken";
    private static final String SUBMIT = "POST /v2/validate/msisdn/submitToken";
    private static final String PROOF = "GET /v2/3pid/getValidated3pid";
    private static final Address PHONE = Scene.CAROLS_PHONE;

    private final Scene scene = new Scene();
    private final Publication publication = scene.publication();

    private PendingAddress pending() {
        return ((TokenRequest.Sent) publication.requestPhoneToken(PHONE, "GB")).pending();
    }

    private Proof proof(String answer) {
        scene.wire.instead(PROOF, 200, answer);
        return publication.proof(pending());
    }

    private static String proofOf(String medium, String number) {
        return "{\"medium\":\"" + medium + "\",\"address\":\"" + number + "\",\"validated_at\":1700000000000}";
    }

    @Test
    void requestsACodeForTheWholeNumber() {
        PendingAddress pending = pending();

        JsonObject sent = scene.wire.bodies(REQUEST).get(0);
        assertThat(sent).isEqualTo(JsonObject.builder()
                .put("client_secret", pending.clientSecret().value())
                .put("country", "GB")
                .put("phone_number", "+447700900123")
                .put("send_attempt", 1)
                .build());
        assertThat(pending.address()).isEqualTo(PHONE);
        assertThat(pending.sessionId()).hasToString("sid2");
    }

    @Test
    void asksAgainForTheSameNumberAndCountry() {
        PendingAddress pending = pending();
        PendingAddress again = ((TokenRequest.Sent) publication.requestAgain(pending)).pending();

        assertThat(again.sendAttempt()).isEqualTo(2);
        List<JsonObject> sent = scene.wire.bodies(REQUEST);
        assertThat(sent.get(1).without("send_attempt")).isEqualTo(sent.get(0).without("send_attempt"));
        assertThat(sent.get(1).integer("send_attempt")).contains(2L);
    }

    @Test
    void sendsNoCodeToAMailbox() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publication.requestPhoneToken(Scene.ALICES_MAIL, "GB"));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "gb", "GBR", "44", "+44", "G\u00df", "GB\n"})
    void wantsACountryOfTwoLetters(String country) {
        assertThatIllegalArgumentException().isThrownBy(() -> publication.requestPhoneToken(PHONE, country));
        assertThat(scene.wire.routes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"M_INVALID_ADDRESS, AddressRefused", "M_DESTINATION_REJECTED, AddressRefused",
        "M_SEND_ERROR, NotSent", "M_INVALID_PARAM, Refused", "M_LIMIT_EXCEEDED, Limited"})
    void tellsWhyNothingIsSent(String errcode, String outcome) {
        scene.wire.instead(REQUEST, 400, Scene.error(errcode));
        assertThat(publication.requestPhoneToken(PHONE, "GB").getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void submitsTheCodeWhereCodesOfPhonesBelong() {
        PendingAddress pending = pending();
        assertThat(publication.submitToken(pending, "123456")).isEqualTo(new TokenCheck.Correct());

        assertThat(scene.wire.bodies(SUBMIT)).containsExactly(JsonObject.builder()
                .put("sid", "sid2")
                .put("client_secret", pending.clientSecret().value())
                .put("token", "123456")
                .build());
    }

    @Test
    void bindsANumberThatIsProven() {
        JsonObject association = Scene.association().with("medium", "msisdn").with("address", PHONE.value());
        scene.wire.instead("POST /v2/3pid/bind", 200, StrictJson.write(Scene.signed(association)));

        Proof.Proven proven = (Proof.Proven) proof(proofOf("msisdn", "447700900123"));
        Binding.Bound bound = (Binding.Bound) publication.bind(proven.address());
        assertThat(bound.association().address()).isEqualTo(PHONE);
        assertThat(scene.wire.bodies("POST /v2/3pid/bind").get(0).string("sid")).contains("sid2");
    }

    @ParameterizedTest
    @CsvSource({"msisdn, 447700900124", "msisdn, 07700900123", "email, 447700900123", "email, alice@example.org"})
    void anotherAddressThanTheUsersIsNotProven(String medium, String address) {
        assertThat(proof(proofOf(medium, address))).isInstanceOf(Failure.Malformed.class);
    }

    @Test
    void showsNeitherNumberNorCodeNorSecret() {
        PendingAddress pending = pending();
        publication.submitToken(pending, "123456");

        assertThat(scene.planned).hasSize(2)
                .extracting(PlannedRequest::toString)
                .noneMatch(text -> text.contains("7700900123") || text.contains("123456")
                        || text.contains(pending.clientSecret().value()));
        assertThat(pending.order().toString()).doesNotContain("7700900123")
                .doesNotContain(pending.clientSecret().value());
    }
}
