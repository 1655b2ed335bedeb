package holdfast.core;

import java.util.function.Function;

/// Yes with a value, or no with the reason.
public sealed interface Answer<T> {
    record Yes<T>(T value) implements Answer<T> {}

    record No<T>(Refusal why) implements Answer<T> {}

    static <T> Answer<T> yes(T value) {
        return new Yes<>(value);
    }

    static <T> Answer<T> no(Refusal why) {
        return new No<>(why);
    }

    default <R> Answer<R> map(Function<T, R> function) {
        return switch (this) {
            case Yes<T>(var value) -> yes(function.apply(value));
            case No<T>(var why) -> no(why);
        };
    }

    /// As [#map], where the function may refuse, too.
    default <R> Answer<R> flatMap(Function<T, Answer<R>> function) {
        return switch (this) {
            case Yes<T>(var value) -> function.apply(value);
            case No<T>(var why) -> no(why);
        };
    }

    /// The value, or the refusal thrown.
    default T orThrow() {
        return switch (this) {
            case Yes<T>(var value) -> value;
            case No<T>(var why) -> throw new RefusedException(why);
        };
    }
}
