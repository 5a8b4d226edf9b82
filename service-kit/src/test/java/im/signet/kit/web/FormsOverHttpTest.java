package im.signet.kit.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** Form bodies are read where an endpoint says so, strictly, and nowhere else. */
@SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class FormsOverHttpTest {

    private static final String FORM = "application/x-www-form-urlencoded";

    @LocalServerPort
    private int port;

    private Wire.Answer post(String path, String type, String body) throws IOException {
        return Wire.send(port, "POST", path, Map.of("Content-Type", type), body);
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, FORM + ";charset=UTF-8", "Application/X-WWW-Form-Urlencoded ; charset=utf-8",
        "application/x-form-www-urlencoded"})
    void readsAForm(String type) throws IOException {
        Wire.Answer answer = post("/form", type, "text=a&number=7");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().string("text")).contains("a");
        assertThat(answer.json().integer("number")).contains(7L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"text=a+b%2Bc&number=1|a b+c", "number=1&text=stra%C3%9Fe|stra\u00dfe",
        "text=stra\u00dfe&number=1|stra\u00dfe", "&&number=1&text=a%26b%3D=c&|a&b==c", "t%65xt=%7B&number=1|{",
        "text&number=1|''"})
    void decodesNamesAndValues(String body, String text) throws IOException {
        Wire.Answer answer = post("/form", FORM, body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().string("text")).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text=a&text=a&number=1", "text=%&number=1", "text=%4&number=1", "text=%zz&number=1",
        "text=%-1&number=1", "text=%C3&number=1", "text=%ED%A0%80&number=1", "text=%C0%80&number=1",
        "text=123456789&number=1", "text=a&number=x", "text=a&number=1.0", "text=a&number=-1"})
    void refusesWhatCannotBeRead(String body) throws IOException {
        Wire.Answer answer = post("/form", FORM, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text=a", "number=1", "&", "=", "%74ext=a"})
    void saysWhatIsMissing(String body) throws IOException {
        Wire.Answer answer = post("/form", FORM, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo("M_MISSING_PARAMS");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + FORM
                + "\r\nContent-Length: 15\r\n\r\ntext=").getBytes(StandardCharsets.ISO_8859_1));
        request.write(0xff);
        request.writeBytes("&number=1".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Wire.send(port, request.toByteArray()).errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @Test
    void limitsItsLength() throws IOException {
        assertThat(post("/form", FORM, "number=1&text=" + "a".repeat(ParamsResolver.DEFAULT_LIMIT_BYTES)).status())
                .isEqualTo(413);
    }

    @Test
    void takesManyFields() throws IOException {
        StringBuilder body = new StringBuilder("text=a&number=1");
        for (int i = 0; i < 40_000; i++) {
            body.append("&f").append(i).append('=');
        }
        assertThat(post("/form", FORM, body.toString()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, "application/json", "text/plain"})
    void stillReadsJson(String type) throws IOException {
        assertThat(post("/form", type, " \n{\"text\":\"a\",\"number\":1}").status()).isEqualTo(200);
    }

    @Test
    void readsNoFormUnderAnotherTypeOrElsewhere() throws IOException {
        assertThat(post("/form", "text/plain", "text=a&number=1").errcode()).isEqualTo("M_NOT_JSON");
        assertThat(post("/echo", FORM, "text=a&number=1").errcode()).isEqualTo("M_NOT_JSON");
    }
}
