package im.signet.identity.validation.sms;

import im.signet.identity.validation.sms.BodyTemplate.Encoding;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BodyTemplateTest {

    private static final BodyTemplate JSON = new BodyTemplate("{\"to\":\"+{to}\",\"text\":\"{text}\"}", Encoding.JSON);
    private static final BodyTemplate FORM = new BodyTemplate("to=%2B{to}&text={text}&from=Signet", Encoding.FORM);

    @ParameterizedTest
    @ValueSource(strings = {"123456", "\",\"to\":\"+19005550100", "\\", "\\\"", "a\nb\r\n\u0000\u001f\u2028",
        "&to=1&x=%00",
        "{to} {text}", "$1 \\1 ${jndi:ldap://x}", "</x> \u00e9 \ud83d\ude00", "+ %2B =;"})
    void writesHostileTextAsText(String text) {
        JsonObject json = StrictJson.parseObject(JSON.fill("447700900001", text)).orElseThrow();
        assertThat(json.members()).hasSize(2);
        assertThat(json.string("to")).contains("+447700900001");
        assertThat(json.string("text")).contains(text);

        String[] fields = FORM.fill("447700900001", text).split("&", -1);
        assertThat(fields).hasSize(3).startsWith("to=%2B447700900001").endsWith("from=Signet");
        assertThat(URLDecoder.decode(fields[1], StandardCharsets.UTF_8)).isEqualTo("text=" + text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"to\":\"{to}\",\"m\":\"{text}\"} | true",
        "{\"to\":{to},\"m\":\"{text}\"} | true", "{\"to\":\"{to}\",\"m\":{text}} | false", "{\"to\":\"{to}\"} | false",
        "{\"m\":\"{text}\"} | false", "to={to}&text={text} | false", "{\"to\":\"{to}\",\"m\":\"{text}\" | false"})
    void seesAtOnceWhetherATemplateGivesJson(String template, boolean usable) {
        assertThat(new BodyTemplate(template, Encoding.JSON).isUsable()).isEqualTo(usable);
    }

    @ParameterizedTest
    @CsvSource({"application/json, JSON", "Application/JSON; charset=utf-8, JSON", "application/vnd.gateway+json, JSON",
        "application/x-www-form-urlencoded, FORM", "text/plain,", "application/xml,", "'',", "json,"})
    void knowsTheEncodingOfAType(String type, Encoding encoding) {
        assertThat(Encoding.of(type).orElse(null)).isEqualTo(encoding);
    }

    @Test
    void hidesItself() {
        assertThat(JSON).hasToString("BodyTemplate[hidden]");
    }
}
