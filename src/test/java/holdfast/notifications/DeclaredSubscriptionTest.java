package holdfast.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.TypeFile;
import holdfast.notifications.Subscription.State;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the file of types says of subscriptions is what there is.
class DeclaredSubscriptionTest {
    @Test
    void the_declared_states_are_those_that_there_are() {
        var course = TypeFile.standard().stream()
                .filter(type -> type.name().equals(Subscription.TYPE))
                .findFirst()
                .flatMap(type -> type.course())
                .orElseThrow();
        assertThat(course.initial()).containsExactly(State.ACTIVE.word());
        assertThat(course.changes().stream()
                        .flatMap(change -> Stream.of(change.from(), change.to()))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(State.values()).map(State::word).toList());
        assertThat(course.changes().stream().map(change -> change.from()))
                .as("nothing leads on from there")
                .doesNotContain(State.REMOVED.word());
    }
}
