package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// What a node said to a question.
public sealed interface Told<T> {
    /// It did it, or told it.
    record Yes<T>(T value) implements Told<T> {}

    /// It answered, and did not do it.
    ///
    /// @param status of its answer, in the meaning of fluidos.md 5.5 and 5.6
    /// @param retryAfter when it may be worth asking again, if it said so
    record No<T>(int status, Refusal why, Optional<Duration> retryAfter) implements Told<T> {}

    /// Nothing came that can be understood.
    ///
    /// @param reached whether the question may have had its effect; if not, it surely had none
    /// @param why without naming the node
    record Silent<T>(boolean reached, String why) implements Told<T> {}

    /// The value as something else.
    default <R> Told<R> map(Function<T, R> function) {
        return switch (this) {
            case Yes<T>(var value) -> new Yes<>(function.apply(value));
            case No<T>(var status, var why, var retryAfter) -> new No<>(status, why, retryAfter);
            case Silent<T>(var reached, var why) -> new Silent<>(reached, why);
        };
    }

    /// What was read of an answer: who says yes in words that nobody can read may have done it.
    static <T> Told<T> read(Answer<T> read) {
        return switch (read) {
            case Answer.Yes<T>(var value) -> new Yes<>(value);
            case Answer.No<T>(var why) -> new Silent<>(true, "its answer cannot be read: " + why.message());
        };
    }
}
