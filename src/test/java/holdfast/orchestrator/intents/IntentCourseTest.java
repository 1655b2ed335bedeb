package holdfast.orchestrator.intents;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.Course;
import holdfast.engine.types.TypeFile;
import holdfast.orchestrator.intents.IntentCourse.News;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The states of an intent (fluidos.md 3.10).
final class IntentCourseTest {
    @Test
    void the_whole_table_is_as_declared() {
        var does = new HashSet<Course.Change>();
        for (var state : IntentCourse.values()) {
            for (var news : News.values()) {
                state.after(news)
                        .ifPresent(next -> does.add(new Course.Change(
                                state.word(),
                                next.word(),
                                news.name().toLowerCase(Locale.ROOT).replace('_', ' '))));
            }
        }
        var course = TypeFile.standard().stream()
                .filter(type -> type.name().equals(Intents.TYPE))
                .findFirst()
                .flatMap(type -> type.course())
                .orElseThrow();
        assertThat(Set.copyOf(course.changes())).isEqualTo(does);
        assertThat(course.initial()).containsExactly(IntentCourse.RECEIVED.word());
    }

    @Test
    void what_is_over_stays_so() {
        for (var state : IntentCourse.values()) {
            if (state.isOver()) {
                for (var news : News.values()) {
                    assertThat(state.after(news)).as(state + " " + news).isEmpty();
                }
            }
            assertThat(IntentCourse.of(state.word())).isEqualTo(state);
        }
    }

    private static Optional<News> heard(boolean keep, boolean over, Progress... parts) {
        return IntentCourse.heard(List.of(parts), keep, over);
    }

    @Test
    void the_parts_together_tell_how_far_it_is() {
        assertThat(heard(false, false, Progress.ASKED, Progress.RUNNING)).isEmpty();
        assertThat(heard(false, false, Progress.ASKED, Progress.ACQUIRING)).contains(News.NO_ROOM_HERE);
        assertThat(heard(false, false, Progress.PROMISED, Progress.RUNNING)).contains(News.PROMISED);
        assertThat(heard(false, false, Progress.RUNNING, Progress.RUNNING)).contains(News.RUNS);
        assertThat(heard(false, false, Progress.RUNNING, Progress.OVER)).contains(News.PART_FAILED);
        assertThat(heard(true, false, Progress.RUNNING, Progress.OVER)).contains(News.RUNS);
        assertThat(heard(true, false, Progress.OVER, Progress.OVER)).contains(News.PART_FAILED);
        assertThat(heard(false, true, Progress.OVER, Progress.OVER)).contains(News.ENDED);
        assertThat(heard(false, true, Progress.RUNNING, Progress.OVER)).contains(News.RUNS);
    }
}
