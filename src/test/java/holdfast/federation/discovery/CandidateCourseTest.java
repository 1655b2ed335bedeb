package holdfast.federation.discovery;

import static holdfast.federation.discovery.CandidateCourse.State.BOUGHT;
import static holdfast.federation.discovery.CandidateCourse.State.FRESH;
import static holdfast.federation.discovery.CandidateCourse.State.GONE;
import static holdfast.federation.discovery.CandidateCourse.State.HELD;
import static holdfast.federation.discovery.CandidateCourse.State.STALE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.discovery.CandidateCourse.News;
import holdfast.federation.discovery.CandidateCourse.State;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The states of what a peer offers (fluidos.md 3.3).
final class CandidateCourseTest {
    /// In the order of News: listed, aged, missing, reserved, taken, withdrawn, given up, purchased.
    private static final Map<State, List<State>> TABLE = Map.of(
            FRESH, List.of(FRESH, STALE, GONE, HELD, STALE, GONE, FRESH, BOUGHT),
            STALE, List.of(FRESH, STALE, GONE, HELD, STALE, GONE, STALE, BOUGHT),
            HELD, List.of(HELD, HELD, HELD, HELD, HELD, GONE, FRESH, BOUGHT),
            BOUGHT, List.of(FRESH, BOUGHT, BOUGHT, HELD, BOUGHT, BOUGHT, FRESH, BOUGHT),
            GONE, List.of(FRESH, GONE, GONE, HELD, GONE, GONE, GONE, BOUGHT));

    @Test
    void the_whole_table() {
        TABLE.forEach((state, next) -> {
            assertThat(Stream.of(News.values()).map(news -> CandidateCourse.after(state, news)))
                    .as("after " + state)
                    .containsExactlyElementsOf(next);
        });
        assertThat(TABLE).hasSameSizeAs(State.values());
    }
}
