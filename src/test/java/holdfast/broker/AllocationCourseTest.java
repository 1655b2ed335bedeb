package holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.AllocationCourse.News;
import holdfast.engine.types.Course.Change;
import holdfast.engine.types.TypeFile;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AllocationCourseTest {
    @Test
    void news_lead_allocations_as_declared_and_nothing_is_left_out() {
        var declared = TypeFile.standard().stream()
                .filter(type -> type.name().equals(Allocations.TYPE))
                .findFirst()
                .flatMap(type -> type.course())
                .orElseThrow();
        var does = new HashSet<Change>();
        for (var state : AllocationCourse.values()) {
            for (var news : News.values()) {
                state.after(news)
                        .ifPresent(next -> does.add(new Change(
                                state.word(), next.word(), news.name().toLowerCase(Locale.ROOT))));
            }
        }
        assertThat(Set.copyOf(declared.changes())).isEqualTo(does);
    }

    @Test
    void whatever_has_room_can_be_made_to_leave() {
        var over = List.of(AllocationCourse.DELETED, AllocationCourse.LOST, AllocationCourse.CANCELLED);
        for (var state : AllocationCourse.values()) {
            var next = state.after(News.UNWANTED);
            if (over.contains(state) || state == AllocationCourse.DELETING) {
                assertThat(next).as(state.word()).isEmpty();
            } else {
                assertThat(next.orElseThrow()).isIn(AllocationCourse.DELETING, AllocationCourse.CANCELLED);
            }
        }
    }

    @Test
    void what_is_told_twice_happens_once() {
        for (var state : AllocationCourse.values()) {
            for (var news : News.values()) {
                state.after(news)
                        .ifPresent(next -> assertThat(next.after(news))
                                .as(state + " " + news)
                                .isEmpty());
            }
        }
    }
}
