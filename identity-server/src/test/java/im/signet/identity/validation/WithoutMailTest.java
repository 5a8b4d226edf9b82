package im.signet.identity.validation;

import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A server whose operator has set no mail up. */
@TestPropertySource(properties = {"signet.mail.host=", "signet.mail.username=", "signet.mail.password="})
class WithoutMailTest extends IdentityScene {

    @Test
    void saysThatItCannotSend() {
        var before = rowCounts();
        Answer answer = post(REQUEST_TOKEN, Person.ALICE, wish(freshAddress(), freshSecret()));
        assertThat(answer.outcome()).isEqualTo("400 M_EMAIL_SEND_ERROR");
        assertThat(rowCounts()).isEqualTo(before);
        assertThat(mailsWaiting()).isZero();
    }

    @Test
    void stillSaysWhatIsWrongWithARequest() {
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish("not an address", freshSecret())).outcome())
                .isEqualTo("400 M_INVALID_EMAIL");
    }
}
