package im.signet.identity.validation.sms;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A server whose operator has set up no gateway. */
@TestPropertySource(properties = "signet.sms.url=")
class WithoutGatewayTest extends PhoneScene {

    @Test
    void saysThatItCannotSend() {
        assertThat(requestToken(ALICE, wish("GB", freshNumber(), freshSecret())).outcome())
                .isEqualTo("400 M_SEND_ERROR");
        assertThat(requestToken(ALICE, wish("GB", "12", freshSecret())).outcome()).isEqualTo("400 M_INVALID_ADDRESS");
    }
}
