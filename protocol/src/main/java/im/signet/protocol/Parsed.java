package im.signet.protocol;

import java.util.Optional;
import java.util.function.Function;

/** What came of reading untrusted text: a value, or the reason why there is none. */
public sealed interface Parsed<T> {
    /** The text was well-formed. Its {@code toString()} names the type of the value only, as the value may be private. */
    record Ok<T>(T value) implements Parsed<T> {
        @Override
        public String toString() {
            return "Ok[" + value.getClass().getSimpleName() + "]";
        }
    }

    /** The text was refused; the reason is plain English, safe to show, and never repeats the text. */
    record Refused<T>(String reason) implements Parsed<T> {}

    /** Returns the outcome that holds {@code value}. */
    static <T> Parsed<T> ok(T value) {
        return new Ok<>(value);
    }

    /** Returns the outcome without a value; {@code reason} must not repeat what was read. */
    static <T> Parsed<T> refused(String reason) {
        return new Refused<>(reason);
    }

    /** Returns whether there is a value. */
    default boolean isOk() {
        return this instanceof Ok;
    }

    /** Returns the value; empty when the text was refused. */
    default Optional<T> toOptional() {
        return this instanceof Ok<T> ok ? Optional.of(ok.value()) : Optional.empty();
    }

    /** Returns the value, or throws what {@code toException} makes of the reason. */
    default T orElseThrow(Function<? super String, ? extends RuntimeException> toException) {
        if (this instanceof Ok<T> ok) {
            return ok.value();
        }
        throw toException.apply(((Refused<T>) this).reason());
    }

    /** Returns the value, or throws an {@link IllegalArgumentException} with the reason. */
    default T orElseThrow() {
        return orElseThrow(IllegalArgumentException::new);
    }

    /** Returns what {@code change} makes of the value, or the same refusal. */
    default <R> Parsed<R> map(Function<? super T, ? extends R> change) {
        return this instanceof Ok<T> ok ? ok(change.apply(ok.value())) : refused(((Refused<T>) this).reason());
    }

    /** Returns what reading on from the value gives, or the same refusal. */
    default <R> Parsed<R> flatMap(Function<? super T, Parsed<R>> next) {
        return this instanceof Ok<T> ok ? next.apply(ok.value()) : refused(((Refused<T>) this).reason());
    }
}
