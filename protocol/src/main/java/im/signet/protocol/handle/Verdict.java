package im.signet.protocol.handle;

import java.util.Optional;
import java.util.function.Function;

/** What came of reading or checking a record: its value, or the first reason there is to refuse it. */
public sealed interface Verdict<T> {
    /** The record is valid. */
    record Valid<T>(T value) implements Verdict<T> {}

    /** The record is refused. */
    record Refused<T>(Reason why) implements Verdict<T> {}

    /** Returns the verdict that holds {@code value}. */
    static <T> Verdict<T> valid(T value) {
        return new Valid<>(value);
    }

    /** Returns the verdict without a value. */
    static <T> Verdict<T> refused(Reason reason) {
        return new Refused<>(reason);
    }

    /** Returns whether there is a value. */
    default boolean isValid() {
        return this instanceof Valid;
    }

    /** Returns the reason of the refusal; empty when there is a value. */
    default Optional<Reason> reason() {
        return this instanceof Refused<T> refused ? Optional.of(refused.why()) : Optional.empty();
    }

    /** Returns the value; empty when it was refused. */
    default Optional<T> toOptional() {
        return this instanceof Valid<T> valid ? Optional.of(valid.value()) : Optional.empty();
    }

    /** Returns the value, or throws an {@link IllegalArgumentException} with the words of the reason. */
    default T orElseThrow() {
        if (this instanceof Valid<T> valid) {
            return valid.value();
        }
        throw new IllegalArgumentException(((Refused<T>) this).why().words());
    }

    /** Returns what {@code change} makes of the value, or the same refusal. */
    default <R> Verdict<R> map(Function<? super T, ? extends R> change) {
        return this instanceof Valid<T> valid
                ? valid(change.apply(valid.value()))
                : refused(((Refused<T>) this).why());
    }

    /** Returns what the next check makes of the value, or the same refusal. */
    default <R> Verdict<R> flatMap(Function<? super T, Verdict<R>> next) {
        return this instanceof Valid<T> valid ? next.apply(valid.value()) : refused(((Refused<T>) this).why());
    }
}
