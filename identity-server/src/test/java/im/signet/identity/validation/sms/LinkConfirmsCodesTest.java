package im.signet.identity.validation.sms;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code GET} of {@code submitToken} where the operator keeps to the specification's letter. */
@TestPropertySource(properties = "signet.validation.confirm=link")
class LinkConfirmsCodesTest extends PhoneScene {

    private static final String TARGET = V2 + "/validate/msisdn/submitToken";

    @Test
    void confirmsAtOnce() {
        Session session = begin(ALICE, freshNumber());
        assertThat(get(TARGET + session.query(codeTo(session)), null).status()).isEqualTo(200);
        assertThat(getValidated(session).outcome()).isEqualTo("200");
    }

    @Test
    void countsWrongCodes() {
        Session session = begin(ALICE, freshNumber());
        String code = codeTo(session);
        for (int i = 1; i <= 5; i++) {
            assertThat(get(TARGET + session.query(wrong(code, i)), null).status()).isEqualTo(400);
        }
        assertThat(get(TARGET + session.query(code), null).status()).isEqualTo(400);
        assertThat(getValidated(session).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }
}
