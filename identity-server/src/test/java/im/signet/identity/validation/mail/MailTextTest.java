package im.signet.identity.validation.mail;

import im.signet.demo.CaughtMail;
import im.signet.identity.IdentityScene;
import im.signet.identity.Person;
import im.signet.protocol.json.StrictJson;

import java.net.http.HttpRequest;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The mail with the token, as its reader sees it. */
class MailTextTest extends IdentityScene {

    private final String address = freshAddress();

    private CaughtMail mail() {
        begin(Person.ALICE, address);
        return mailTo(address);
    }

    @Test
    void namesWhoAsks() {
        CaughtMail mail = mail();
        assertThat(mail.text()).contains("@alice:hs.example.org").contains("id.example.org").contains("not you");
        assertThat(mail.html()).contains("@alice:hs.example.org").contains("id.example.org").contains("not you");
        assertThat(mail.subject()).isEqualTo("Confirm your address for id.example.org");
    }

    @Test
    void isInTheLanguageOfTheRequest() {
        send(request(REQUEST_TOKEN, Person.ALICE).header("Content-Type", "application/json")
                .header("Accept-Language", "fr-CA, fr;q=0.9")
                .POST(HttpRequest.BodyPublishers.ofString(StrictJson.write(wish(address, freshSecret()))))
                .build());
        CaughtMail mail = mailTo(address);
        assertThat(mail.subject()).isEqualTo("Confirmez votre adresse pour id.example.org");
        assertThat(mail.header("Content-Language")).contains("fr");
        assertThat(mail.html()).contains("<html lang=\"fr\" dir=\"ltr\">");
        assertThat(mail.text()).contains("Le compte Matrix @alice:hs.example.org");
    }

    @Test
    void isOfNoBrandThatTheOperatorHasNot() {
        post(REQUEST_TOKEN + "?brand=../../etc", Person.ALICE, wish(address, freshSecret()));
        assertThat(mailTo(address).raw()).doesNotContain("brand");
    }

    @Test
    void goesToTheAddressAndNobodyElse() {
        CaughtMail mail = mail();
        assertThat(mail.recipients()).containsExactly(address);
        assertThat(mail.header("To")).contains(address);
        assertThat(mail.header("Cc")).isEmpty();
        assertThat(mail.header("Bcc")).isEmpty();
        assertThat(mail.from()).isEqualTo("noreply@id.example.org");
        assertThat(mail.returnPath()).isEqualTo("noreply@id.example.org");
    }

    @Test
    void hasOneLinkAndTheSameInBothParts() {
        CaughtMail mail = mail();
        assertThat(mail.links()).hasSize(1);
        String link = mail.links().getFirst().toString();
        assertThat(link).startsWith("https://id.example.org" + SUBMIT_TOKEN + "?");
        assertThat(linkParams(mail).keySet()).containsExactlyInAnyOrder("sid", "client_secret", "token");
        assertThat(linkParams(mail).get("token")).as("128 bits and more").hasSizeGreaterThanOrEqualTo(22);
        assertThat(mail.html()).contains("href=\"" + link.replace("&", "&amp;") + "\"");
    }

    @Test
    void saysThatAMachineWroteIt() {
        CaughtMail mail = mail();
        assertThat(mail.header("Auto-Submitted")).contains("auto-generated");
        assertThat(mail.header("Date")).isPresent();
        assertThat(mail.header("MIME-Version")).contains("1.0");
        assertThat(mail.header("Message-ID")).get().asString().matches("<[A-Za-z0-9_-]{20,}@id\\.example\\.org>");
        assertThat(mail.headers()).extracting(field -> field.value().toLowerCase(Locale.ROOT))
                .noneMatch(value -> value.contains("java") || value.contains("angus"));
    }

    @Test
    void escapesWhatTheAskerChose() {
        String odd = "a&b" + address;
        begin(Person.ALICE, odd);
        CaughtMail mail = mailTo(odd);
        assertThat(mail.recipients()).containsExactly(odd);
        assertThat(mail.html()).doesNotContain("a&b");
    }
}
