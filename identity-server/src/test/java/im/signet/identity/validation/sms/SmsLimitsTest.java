package im.signet.identity.validation.sms;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** How many SMS can be had, with the limits that a server ships with. */
@TestPropertySource(properties = "signet.limits.enabled=true")
class SmsLimitsTest extends PhoneScene {

    private static final String REFUSED = "429 M_LIMIT_EXCEEDED";

    private Answer ask(String who, String number) {
        return requestToken(who, wish("GB", number, freshSecret()));
    }

    @Test
    void sendsThreeToANumberAndFiveForAnAccount() {
        String number = freshNumber();
        Session session = begin(ALICE, number);
        assertThat(ask(ALICE, number).outcome()).isEqualTo("200");
        assertThat(ask(ALICE, number).outcome()).isEqualTo("200");
        Answer refused = ask(ALICE, number);
        assertThat(refused.outcome()).isEqualTo(REFUSED);
        assertThat(refused.json().integer("retry_after_ms").orElseThrow())
                .isBetween(1L, Duration.ofHours(1).toMillis());
        // Somebody else is not told, and the number gets no more.
        assertThat(ask(BOB, number).outcome()).isEqualTo("200");

        assertThat(ask(ALICE, freshNumber()).outcome()).isEqualTo("200");
        Session last = begin(ALICE, freshNumber());
        assertThat(ask(ALICE, freshNumber()).outcome()).isEqualTo(REFUSED);
        // The gateway is called in turn: what came before the last one is there when that is.
        assertThat(codesTo(last, 1)).hasSize(1);
        assertThat(codesTo(session, 3)).hasSize(3);
    }

    @Test
    void takesNothingForANumberThatItSendsNothingTo() {
        for (int i = 0; i < 10; i++) {
            assertThat(requestToken(BOB, wish("FR", "06 12 34 56 78", freshSecret())).outcome())
                    .isEqualTo("400 M_DESTINATION_REJECTED");
        }
        String number = freshNumber();
        assertThat(ask(BOB, number).outcome()).isEqualTo("200");
    }
}
