package holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.Course.News;
import holdfast.engine.types.Course.Change;
import holdfast.engine.types.TypeFile;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CourseTest {
    private static holdfast.engine.types.Course declared() {
        return TypeFile.standard().stream()
                .filter(type -> type.name().equals(Reservations.TYPE))
                .findFirst()
                .flatMap(type -> type.course())
                .orElseThrow();
    }

    @Test
    void news_lead_reservations_as_declared_and_nothing_is_left_out() {
        var does = new HashSet<Change>();
        for (var state : Course.values()) {
            for (var news : News.values()) {
                state.after(news)
                        .ifPresent(next -> does.add(new Change(
                                state.word(),
                                next.word(),
                                news.name().toLowerCase(Locale.ROOT).replace('_', ' '))));
            }
        }
        assertThat(Set.copyOf(declared().changes())).isEqualTo(does);
    }

    @Test
    void nothing_happens_to_what_is_over() {
        var over = Arrays.stream(Course.values()).filter(Course::isOver).collect(Collectors.toSet());
        assertThat(over).hasSize(6);
        for (var state : over)
            for (var news : News.values()) assertThat(state.after(news)).isEmpty();
    }

    @Test
    void every_state_leads_to_an_end() {
        for (var state : Course.values()) {
            var reached = new HashSet<Course>(Set.of(state));
            for (int before = 0; before != reached.size(); ) {
                before = reached.size();
                for (var from : Set.copyOf(reached))
                    for (var news : News.values()) from.after(news).ifPresent(reached::add);
            }
            assertThat(reached).as(state.word()).anyMatch(Course::isOver);
        }
    }
}
