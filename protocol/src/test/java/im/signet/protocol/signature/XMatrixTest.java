package im.signet.protocol.signature;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class XMatrixTest {
    private static final String SIG = UnpaddedBase64.encode(new byte[64]);
    private static final XMatrix WHOLE = new XMatrix(ServerName.of("a.example:8448"), Optional.of("id.example"),
            KeyId.of("ed25519:1"), SIG);
    private static final XMatrix WITHOUT_DESTINATION = new XMatrix(WHOLE.origin(), Optional.empty(), WHOLE.key(), SIG);

    @ParameterizedTest
    @ValueSource(strings = {
        "X-Matrix origin=\"a.example:8448\",destination=\"id.example\",key=\"ed25519:1\",sig=\"SIG\"",
        // What old servers send, and what the specification wants to be taken: colons without quotes.
        "X-Matrix origin=a.example:8448,destination=id.example,key=ed25519:1,sig=\"SIG\"",
        "X-Matrix origin=a.example:8448,destination=id.example,key=ed25519:1,sig=SIG",
        "X-Matrix sig=\"SIG\",key=\"ed25519:1\",destination=\"id.example\",origin=\"a.example:8448\"",
        "x-mATRIX ORIGIN=\"a.example:8448\",Destination=\"id.example\",kEY=\"ed25519:1\",SIG=\"SIG\"",
        "X-Matrix   origin = \"a.example:8448\" ,\t destination\t=\"id.example\" , key= \"ed25519:1\" , sig =\"SIG\" ",
        "X-Matrix\torigin=\"a.example:8448\",destination=\"id.example\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix ,,origin=\"a.example:8448\",, destination=\"id.example\", ,key=\"ed25519:1\",sig=\"SIG\",",
        "X-Matrix origin=\"\\a.\\e\\xample\\:8448\",destination=\"id.example\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a.example:8448\",destination=\"id.example\",key=\"ed25519:1\",signature=\"SIG\"",
        "X-Matrix signature=\"nonsense\",origin=\"a.example:8448\",destination=\"id.example\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a.example:8448\",destination=\"id.example\",key=\"ed25519:1\",sig=\"SIG==\"",
        "X-Matrix new=\"a,b=c \\\"\\\\ \u00e4\",origin=\"a.example:8448\",destination=\"id.example\",key=\"ed25519:1\","
                + "sig=\"SIG\",empty=\"\",token=!#$%&'*+-.^_`|~"})
    void readsWhatRfc9110Allows(String header) {
        assertThat(XMatrix.parse(header.replace("SIG\"", SIG + "\"")
                .replace("=SIG", "=" + SIG)
                .replace("SIG==",
                        SIG + "=="))
                .orElseThrow()).isEqualTo(WHOLE);
    }

    @Test
    void takesAnAbsentDestination() {
        assertThat(XMatrix.parse("X-Matrix origin=a.example:8448,key=ed25519:1,sig=\"" + SIG + "\"").orElseThrow())
                .isEqualTo(WITHOUT_DESTINATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "X-Matrix", "X-Matrix ", "X-Matrix ,,,", "Bearer abc",
        "X-Matrixorigin=a,key=b,sig=c",
        "X-Matrix: origin=\"a\",key=\"ed25519:1\",sig=\"SIG\"", " X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\"", "X-Matrix origin=\"a\",sig=\"SIG\"",
        "X-Matrix key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",origin=\"a\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",Origin=\"b\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIG\",sig=\"SIG\"",
        "X-Matrix x=1,x=2,origin=\"a\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\" key=\"ed25519:1\",sig=\"SIG\"", "X-Matrix origin=\"a\";key=\"ed25519:1\";sig=\"SIG\"",
        "X-Matrix origin=\"a\"b,key=\"ed25519:1\",sig=\"SIG\"", "X-Matrix origin=\"a,key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=,key=\"ed25519:1\",sig=\"SIG\"", "X-Matrix origin,key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix =\"a\",key=\"ed25519:1\",sig=\"SIG\"", "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIG",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIG\\", "X-Matrix origin=\"a\\\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"\",key=\"ed25519:1\",sig=\"SIG\"", "X-Matrix origin=\"a/b\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"u@a\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=[::1]:1,key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a b\",key=\"ed25519:1\",sig=\"SIG\"", "X-Matrix origin=\"a\",key=\"ed25519\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",key=\"ed25519:\",sig=\"SIG\"", "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"AAAA\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIGAAAA\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"!SIG\"", "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\" SIG\"",
        "X-Matrix origin=\"a\",destination=\"\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",destination=\"a b\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",destination=\"\u00e4\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\0\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIG\"\r\n",
        "X-Matrix x=\"\u20ac\",origin=\"a\",key=\"ed25519:1\",sig=\"SIG\"",
        "X-Matrix origin=\"a\",key=\"ed25519:1\",sig=\"SIG\", X-Matrix origin=\"b\",key=\"ed25519:1\",sig=\"SIG\""})
    void refusesAllElse(String header) {
        assertThat(XMatrix.parse(header.replace("SIG", SIG))).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void boundsLengths() {
        String start = "X-Matrix origin=a,key=ed25519:1,sig=\"" + SIG + "\"";
        assertThat(XMatrix.parse(start + ",x=" + "y".repeat(4096 - start.length() - 3)).isOk()).isTrue();
        assertThat(XMatrix.parse(start + ",x=" + "y".repeat(4097 - start.length() - 3)).isOk()).isFalse();
        assertThat(XMatrix.parse(start + ",destination=" + "y".repeat(512)).isOk()).isTrue();
        assertThat(XMatrix.parse(start + ",destination=" + "y".repeat(513)).isOk()).isFalse();
    }

    @Test
    void neverRepeatsWhatItRefuses() {
        assertThat(XMatrix.parse("X-Matrix origin=\"s3cret\",key=\"s3cret\",sig=\"s3cret\"").toString())
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({"X-Matrix, true", "x-matrix a=b, true", "X-Matrix\torigin, true", "X-Matrixes a=b, false",
        "Bearer X-Matrix, false", "'', false", "X-Matri, false"})
    void knowsItsScheme(String header, boolean meant) {
        assertThat(XMatrix.isMeantBy(header)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example", "id.example:8448/path", "a\"b\\c,d=e", "[::1]:8448"})
    void writesWhatItReads(String destination) {
        XMatrix header = new XMatrix(WHOLE.origin(), Optional.of(destination), WHOLE.key(), SIG);

        assertThat(XMatrix.parse(header.toHeader()).orElseThrow()).isEqualTo(header);
        assertThat(XMatrix.parse(WITHOUT_DESTINATION.toHeader()).orElseThrow()).isEqualTo(WITHOUT_DESTINATION);
    }

    @Test
    void cannotBeWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new XMatrix(WHOLE.origin(), Optional.of("a b"), WHOLE.key(), SIG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new XMatrix(WHOLE.origin(), Optional.empty(), WHOLE.key(), "AAAA"));
    }
}
