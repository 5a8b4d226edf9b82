package im.signet.identity.validation.sms;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A gateway where nobody listens, and a queue with an end. */
@TestPropertySource(properties = {"signet.sms.url=http://127.0.0.1:1/send", "signet.sms.max-queued=1"})
class FullQueueTest extends PhoneScene {

    @Test
    void refusesFurtherMessages() {
        begin(ALICE, freshNumber());
        assertThat(requestToken(BOB, wish("GB", freshNumber(), freshSecret())).outcome())
                .isEqualTo("400 M_SEND_ERROR");
    }
}
