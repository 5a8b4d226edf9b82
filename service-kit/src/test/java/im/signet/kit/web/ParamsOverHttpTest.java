package im.signet.kit.web;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies are read strictly, and each refusal has its errcode. */
@SpringBootTest(classes = TinyService.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ParamsOverHttpTest {

    @LocalServerPort
    private int port;

    private Wire.Answer post(String path, String body) throws IOException {
        return Wire.send(port, "POST", path, Map.of("Content-Type", "application/json"), body);
    }

    private void refuses(String path, String body, String errcode) throws IOException {
        Wire.Answer answer = post(path, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errcode()).isEqualTo(errcode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"text\":}", "{\"text\":\"a\",\"text\":\"b\",\"number\":1}",
        "{\"number\":1e400}",
        "{\"text\":\"\\ud800\"}", "{}{}", "\uFEFF{}", "{'text':1}", "{\"number\":01}", "{\"number\":NaN}", "{\"a\":1,}",
        "// c\n{}", "text=a&number=1"})
    void refusesWhatIsNotStrictJson(String body) throws IOException {
        refuses("/echo", body, "M_NOT_JSON");
    }

    @Test
    void refusesWhatIsNestedTooDeep() throws IOException {
        refuses("/echo", "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}", "M_NOT_JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "1", "null", "true"})
    void refusesWhatIsNotAnObject(String body) throws IOException {
        refuses("/echo", body, "M_BAD_JSON");
    }

    @Test
    void namesEverythingThatIsMissing() throws IOException {
        refuses("/echo", "{}", "M_MISSING_PARAMS");
        refuses("/echo", "{\"text\":\"a\"}", "M_MISSING_PARAMS");
        assertThat(post("/echo", "{\"text\":\"a\"}").body()).contains("number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\":1,\"number\":1}", "{\"text\":null,\"number\":1}",
        "{\"text\":[\"a\"],\"number\":1}",
        "{\"text\":{},\"number\":1}", "{\"text\":\"123456789\",\"number\":1}", "{\"text\":\"a\",\"number\":\"x\"}",
        "{\"text\":\"a\",\"number\":1.5}", "{\"text\":\"a\",\"number\":-1}", "{\"text\":\"a\",\"number\":101}",
        "{\"text\":\"a\",\"number\":\"\"}", "{\"text\":\"a\",\"number\":\"99999999999999999999\"}",
        "{\"text\":\"a\",\"number\":true}", "{\"text\":\"a\",\"number\":\"1 \"}"})
    void refusesOtherTypesAndLengths(String body) throws IOException {
        refuses("/echo", body, "M_INVALID_PARAM");
    }

    @ParameterizedTest
    @CsvSource(value = {"{\"text\":\"a\",\"number\":1}|1", "{\"text\":\"a\",\"number\":\"1\"}|1",
        "{\"text\":\"a\",\"number\":1e1}|10", "{\"number\":7,\"text\":\"b\",\"more\":[null]}|7"}, delimiter = '|')
    void readsNumbersAlsoFromStringsOfDigits(String body, long number) throws IOException {
        Wire.Answer answer = post("/echo", body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().integer("number")).contains(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"list\":\"a\"}", "{\"list\":[1]}", "{\"list\":[null]}", "{\"list\":[\"12345\"]}",
        "{\"list\":{}}"})
    void refusesListsOfOtherThings(String body) throws IOException {
        refuses("/list", body, "M_INVALID_PARAM");
    }

    @Test
    void refusesListsThatAreTooLong() throws IOException {
        refuses("/list", "{\"list\":[\"a\",\"b\",\"c\",\"d\"]}", "M_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/octet-stream", "nonsense",
        "application/json;charset=utf-16"})
    void readsJsonWhateverTheContentTypeSays(String type) throws IOException {
        Wire.Answer answer = Wire.send(port, "POST", "/echo", Map.of("Content-Type", type),
                "{\"text\":\"a\",\"number\":1}");
        assertThat(answer.status()).isEqualTo(200);
    }
}
