package im.signet.protocol.error;

import im.signet.protocol.Parsed;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ErrorCodeTest {
    @ParameterizedTest
    @CsvSource({"M_UNAUTHORIZED, 401", "M_UNKNOWN_TOKEN, 401", "M_TERMS_NOT_SIGNED, 403", "M_FORBIDDEN, 403",
        "M_UNRECOGNIZED, 404",
        "M_NOT_FOUND, 404", "M_NO_VALID_SESSION, 404", "M_TOO_LARGE, 413", "M_LIMIT_EXCEEDED, 429", "M_UNKNOWN, 500",
        "M_EMAIL_SEND_ERROR, 400", "M_SEND_ERROR, 400", "M_DESTINATION_REJECTED, 400", "M_INVALID_ADDRESS, 400",
        "M_INVALID_EMAIL, 400", "M_INVALID_PARAM, 400", "M_INVALID_PEPPER, 400", "M_MISSING_PARAMS, 400",
        "M_SESSION_EXPIRED, 400",
        "M_SESSION_NOT_VALIDATED, 400", "M_THREEPID_IN_USE, 400", "M_TOKEN_INCORRECT, 400", "M_BAD_JSON, 400",
        "M_NOT_JSON, 400"})
    void hasTheStatusOfTheSpecification(ErrorCode code, int status) {
        assertThat(code.defaultStatus()).isEqualTo(status);
        assertThat(code.because("why").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void readsItsOwnName(ErrorCode code) {
        assertThat(ErrorCode.parse(code.name())).isEqualTo(Parsed.ok(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M_", "m_unknown", "M_UNKNOWN ", "M_MISSING_PARAM", "ORG_EXAMPLE"})
    void refusesOtherNames(String text) {
        assertThat(ErrorCode.parse(text)).isInstanceOf(Parsed.Refused.class);
    }

    @Test
    void becomesAnAnswer() {
        MatrixException answer = ErrorCode.M_UNRECOGNIZED.because(405, "only POST is known here");

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.M_UNRECOGNIZED);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer).hasMessage("only POST is known here");
        assertThat(answer.extra()).isEmpty();
    }

    @Test
    void carriesMoreMembersOnRequest() {
        MatrixException plain = ErrorCode.M_THREEPID_IN_USE.because("the address belongs to a user");
        MatrixException answer = plain.withExtra("mxid", "@alice:example.com").withExtra("b", "1").withExtra("b", "2");

        assertThat(plain.extra()).isEmpty();
        assertThat(answer.extra()).containsExactly(Map.entry("mxid", "@alice:example.com"), Map.entry("b", "2"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer).hasMessage("the address belongs to a user");
        assertThat(answer.getStackTrace()).isEqualTo(plain.getStackTrace());
    }

    @Test
    void saysWhenToTryAgain() {
        MatrixException plain = ErrorCode.M_LIMIT_EXCEEDED.because("too many").withExtra("a", "1");
        MatrixException answer = plain.withRetryAfter(Duration.ofMillis(1500)).withExtra("b", "2");

        assertThat(plain.retryAfter()).isEmpty();
        assertThat(answer.retryAfter()).contains(Duration.ofMillis(1500));
        assertThat(answer.extra()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThat(answer.withRetryAfter(Duration.ZERO).retryAfter()).contains(Duration.ZERO);
        assertThat(answer.getStackTrace()).isEqualTo(plain.getStackTrace());
        assertThatIllegalArgumentException().isThrownBy(() -> plain.withRetryAfter(Duration.ofNanos(-1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"errcode", "error", "retry_after_ms"})
    void keepsItsOwnMembersToItself(String name) {
        MatrixException answer = ErrorCode.M_UNKNOWN.because("why");

        assertThatIllegalArgumentException().isThrownBy(() -> answer.withExtra(name, "x"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 399, 600, 0})
    void isNoSuccess(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> ErrorCode.M_UNKNOWN.because(status, "why"));
    }
}
