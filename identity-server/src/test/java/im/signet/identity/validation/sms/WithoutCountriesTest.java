package im.signet.identity.validation.sms;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A gateway alone sends nothing anywhere. */
@TestPropertySource(properties = "signet.sms.countries=")
class WithoutCountriesTest extends PhoneScene {

    @Test
    void rejectsEveryNumber() {
        assertThat(requestToken(ALICE, wish("GB", freshNumber(), freshSecret())).outcome())
                .isEqualTo("400 M_DESTINATION_REJECTED");
    }
}
