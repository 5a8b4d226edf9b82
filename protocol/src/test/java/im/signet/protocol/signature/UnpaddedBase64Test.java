package im.signet.protocol.signature;

import im.signet.protocol.Parsed;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UnpaddedBase64Test {
    // RFC 4648 section 10, without padding as in the Matrix specification, appendices, "Unpadded Base64".
    @ParameterizedTest
    @CsvSource({"'', ''", "f, Zg", "fo, Zm8", "foo, Zm9v", "foob, Zm9vYg", "fooba, Zm9vYmE", "foobar, Zm9vYmFy"})
    void encodesThePublishedExamples(String text, String base64) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);

        assertThat(UnpaddedBase64.encode(bytes)).isEqualTo(base64);
        assertThat(UnpaddedBase64.encodeUrl(bytes)).isEqualTo(base64);
        assertThat(UnpaddedBase64.decode(base64).orElseThrow()).isEqualTo(bytes);
        assertThat(UnpaddedBase64.decodeUrl(base64).orElseThrow()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"Zg==, f", "Zm8=, fo", "Zm9v, foo"})
    void acceptsPadding(String base64, String text) {
        assertThat(UnpaddedBase64.decode(base64).orElseThrow()).isEqualTo(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(UnpaddedBase64.decodeUrl(base64).orElseThrow()).isEqualTo(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z", "Zm9vY", "=", "==", "====", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zg==Zg==", "Z=g=",
        "=Zg", "Zh", "Zh==", "Zm9",
        "Zm9=", "Z g", " Zg", "Zg ", "Zg\n", "Zm9v\r\nZm9v", "Zg\0", "Z*", "Z\u00e4", "\uff3ag",
        "\ud800\udc00\udc00\udc00"})
    void refusesEveryOtherText(String text) {
        assertThat(UnpaddedBase64.decode(text)).isInstanceOf(Parsed.Refused.class);
        assertThat(UnpaddedBase64.decodeUrl(text)).isInstanceOf(Parsed.Refused.class);
        assertThat(UnpaddedBase64.decodeEither(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void keepsTheAlphabetsApart() {
        byte[] bytes = {(byte) 0xFB, (byte) 0xFF, (byte) 0xBF};

        assertThat(UnpaddedBase64.encode(bytes)).isEqualTo("+/+/");
        assertThat(UnpaddedBase64.encodeUrl(bytes)).isEqualTo("-_-_");
        assertThat(UnpaddedBase64.decode("-_-_").isOk()).isFalse();
        assertThat(UnpaddedBase64.decodeUrl("+/+/").isOk()).isFalse();
    }

    @Test
    void decodesKeysInEitherAlphabetButNotInBothAtOnce() {
        assertThat(UnpaddedBase64.decodeEither("+/+/").orElseThrow())
                .isEqualTo(UnpaddedBase64.decodeEither("-_-_").orElseThrow());
        assertThat(UnpaddedBase64.decodeEither("+/-_").isOk()).isFalse();
    }

    @Test
    void decodesWhateverItEncodesAndNothingElseToTheSameBytes() {
        Random random = new Random(20261121);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);

            assertThat(UnpaddedBase64.decode(UnpaddedBase64.encode(bytes)).orElseThrow()).isEqualTo(bytes);
            assertThat(UnpaddedBase64.decodeUrl(UnpaddedBase64.encodeUrl(bytes)).orElseThrow()).isEqualTo(bytes);
            assertThat(UnpaddedBase64.decodeEither(UnpaddedBase64.encodeUrl(bytes)).orElseThrow()).isEqualTo(bytes);
        }
    }

    @Test
    void refusesALongTextWithoutRepeatingIt() {
        assertThat(UnpaddedBase64.decode("*".repeat(1_000_000))).isEqualTo(Parsed.refused("not base64"));
    }
}
