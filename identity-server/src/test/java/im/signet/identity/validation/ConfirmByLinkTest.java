package im.signet.identity.validation;

import im.signet.demo.CaughtMail;
import im.signet.demo.walk.PageForm;
import im.signet.identity.Answer;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.identity.Session;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** With {@code validation.confirm: link} the link confirms at once, as the specification's letter has it. */
@TestPropertySource(properties = "signet.validation.confirm=link")
class ConfirmByLinkTest extends IdentityScene {

    private final String address = freshAddress();

    @Test
    void confirmsWhenTheLinkIsOpened() {
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        for (String title : List.of("Your address is confirmed", "This link was used already",
                "This link was used already")) {
            Answer page = get(target(mail), null);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<title>" + title + "</title>");
        }
        assertThat(getValidated(session, Person.ALICE).status()).isEqualTo(200);
    }

    /** A mail scanner may have been first: whoever comes after it can still take it back. */
    @Test
    void offersToTakeItBack() {
        Session session = begin(Person.BOB, address);
        PageForm disown = PageForm.in(get(target(mailTo(address)), null).body()).getFirst();
        assertThat(disown.action()).isEqualTo("/_signet/validate/disown");
        assertThat(postForm(disown.action(), disown.fields()).status()).isEqualTo(200);
        assertThat(getValidated(session, Person.BOB).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }

    @Test
    void sendsPeopleOn() {
        begin(Person.ALICE, wish(address, freshSecret()).with("next_link", "https://" + NEXT_HOST + "/done"));
        Answer answer = get(target(mailTo(address)), null);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("https://" + NEXT_HOST + "/done");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'");
    }

    @Test
    void staysWithUsForOtherHosts() {
        begin(Person.ALICE, wish(address, freshSecret()).with("next_link", "https://evil.example/"));
        assertThat(get(target(mailTo(address)), null).status()).isEqualTo(200);
    }

    @Test
    void answersAWrongLinkWithAPageAndCountsIt() {
        Session session = begin(Person.ALICE, address);
        CaughtMail mail = mailTo(address);
        String wrong = target(mail) + "x";
        for (int i = 0; i < 5; i++) {
            Answer page = get(wrong, null);
            assertThat(page.status()).isEqualTo(400);
            assertThat(page.body()).contains("That is not the right link");
        }
        assertThat(get(target(mail), null).body()).contains("Too many wrong codes were tried");
        assertThat(getValidated(session, Person.ALICE).outcome()).isEqualTo("400 M_SESSION_EXPIRED");
    }
}
