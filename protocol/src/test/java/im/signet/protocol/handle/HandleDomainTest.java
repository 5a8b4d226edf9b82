package im.signet.protocol.handle;

import java.util.Random;

import com.ibm.icu.text.IDNA;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HandleDomainTest {
    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.NONTRANSITIONAL_TO_UNICODE | IDNA.USE_STD3_RULES);

    // RFC 3492 section 7.1, those in lower case.
    @ParameterizedTest
    @CsvSource({"\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587, ihqwcrb4cv8a8dqg056pqjye",
        "\u5b89\u5ba4\u5948\u7f8e\u6075-with-super-monkeys, -with-super-monkeys-pc58ag80a8qai00g7n9n",
        "\u3072\u3068\u3064\u5c4b\u6839\u306e\u4e0b2, 2-u9tlzr9756bt3uc0v", "b\u00fccher, bcher-kva"})
    void readsAndWritesPunycode(String text, String punycode) {
        int[] codePoints = text.codePoints().toArray();

        assertThat(Punycode.encode(codePoints)).isEqualTo(punycode);
        assertThat(Punycode.decode(punycode)).hasValue(codePoints);
    }

    /** Whatever UTS #46 takes as it is, is taken here: nobody is locked out of their domain. */
    @Test
    void refusesNoLabelThatUts46Allows() {
        int allowed = 0;
        for (int codePoint = 0x80; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                continue;
            }
            String label = "a" + Character.toString(codePoint) + "a";
            IDNA.Info info = new IDNA.Info();
            String ascii = UTS46.labelToASCII(label, new StringBuilder(), info).toString();
            IDNA.Info back = new IDNA.Info();
            boolean stays = !info.hasErrors()
                    && label.contentEquals(UTS46.labelToUnicode(ascii, new StringBuilder(), back))
                    && !back.hasErrors();
            if (stays) {
                allowed++;
                assertThat(HandleDomain.parse(ascii + ".example").isValid()).as("U+%04X", codePoint).isTrue();
            }
        }
        assertThat(allowed).isGreaterThan(100_000);
    }

    @Test
    void decodesOnlyWhatItWouldEncode() {
        Random random = new Random(20261121);
        String alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder label = new StringBuilder("xn--");
            for (int length = random.nextInt(12) + 1; length > 0; length--) {
                label.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            if (HandleDomain.parse(label + ".example").isValid()) {
                accepted++;
                int[] decoded = Punycode.decode(label.substring(4)).orElseThrow();
                assertThat("xn--" + Punycode.encode(decoded)).isEqualTo(label.toString());
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    @Test
    void encodesWhateverItDecodes() {
        Random random = new Random(20261121);
        for (int i = 0; i < 20_000; i++) {
            int[] codePoints = random.ints(random.nextInt(15) + 1L, 0x80, 0xD800).toArray();
            for (int j = 0; j < codePoints.length; j++) {
                codePoints[j] = random.nextInt(3) == 0 ? 'a' + random.nextInt(26) : codePoints[j];
            }
            assertThat(Punycode.decode(Punycode.encode(codePoints))).hasValue(codePoints);
        }
    }

    @Test
    void takesNoTimeToSpeakOfOnLongNames() {
        assertThat(HandleDomain.parse("a.".repeat(10_000_000)).isValid()).isFalse();
        assertThat(Handle.parse("@".repeat(10_000_000)).isValid()).isFalse();
        assertThat(HandleDomain.parse("xn--" + "9".repeat(59) + ".example").isValid()).isFalse();
        assertThat(HandleDomain.parse("xn--" + "a".repeat(59) + ".example").isValid()).isFalse();
    }
}
