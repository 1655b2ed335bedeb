package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PeeringCourseTest {
    @Test
    void the_whole_table_of_both_sides() {
        var table = Arrays.stream(PeeringCourse.values())
                .flatMap(state -> Arrays.stream(PeeringCourse.News.values())
                        .flatMap(news ->
                                state.after(news).map(next -> state + " + " + news + " -> " + next + "\n").stream()))
                .collect(Collectors.joining());
        assertThat(table).isEqualTo("""
                INACTIVE + LENT -> PROVISIONING
                INACTIVE + BEGUN -> PEERING
                INACTIVE + FAILED -> ERROR
                INACTIVE + ENDED -> RELEASING
                PROVISIONING + UP -> ACTIVE
                PROVISIONING + FAILED -> ERROR
                PROVISIONING + ENDED -> RELEASING
                PEERING + UP -> ACTIVE
                PEERING + FAILED -> ERROR
                PEERING + ENDED -> RELEASING
                ACTIVE + FAILED -> ERROR
                ACTIVE + ENDED -> RELEASING
                ERROR + ENDED -> RELEASING
                RELEASING + SETTLED -> RELEASED
                """);
    }
}
