package holdfast.federation.peers;

import static holdfast.federation.peers.PeerCourse.State.DOWN;
import static holdfast.federation.peers.PeerCourse.State.FORGOTTEN;
import static holdfast.federation.peers.PeerCourse.State.SUSPECT;
import static holdfast.federation.peers.PeerCourse.State.UP;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.Course;
import holdfast.engine.types.TypeFile;
import holdfast.federation.peers.PeerCourse.News;
import holdfast.federation.peers.PeerCourse.State;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The states of a peer (fluidos.md 3.9).
final class PeerCourseTest {
    private static final Map<State, List<State>> TABLE = Map.of(
            UP, List.of(UP, UP, SUSPECT, DOWN, FORGOTTEN),
            SUSPECT, List.of(UP, SUSPECT, SUSPECT, DOWN, FORGOTTEN),
            DOWN, List.of(UP, DOWN, DOWN, DOWN, FORGOTTEN),
            FORGOTTEN, List.of(FORGOTTEN, FORGOTTEN, FORGOTTEN, FORGOTTEN, FORGOTTEN));

    @Test
    void the_whole_table() {
        TABLE.forEach((state, next) -> {
            assertThat(Stream.of(News.values()).map(news -> PeerCourse.after(state, news)))
                    .as("after " + state)
                    .containsExactlyElementsOf(next);
        });
        assertThat(TABLE).hasSameSizeAs(State.values());
    }

    @Test
    void it_is_as_declared() {
        var does = new HashSet<Course.Change>();
        for (var state : State.values()) {
            for (var news : News.values()) {
                var next = PeerCourse.after(state, news);
                if (next != state) {
                    does.add(new Course.Change(
                            state.word(), next.word(), news.name().toLowerCase(Locale.ROOT)));
                }
            }
        }
        var declared = TypeFile.standard().stream()
                .filter(type -> type.name().equals(Peer.TYPE))
                .findFirst()
                .flatMap(type -> type.course())
                .orElseThrow();
        assertThat(Set.copyOf(declared.changes())).isEqualTo(does);
        assertThat(declared.initial()).containsExactlyInAnyOrder(UP.word(), SUSPECT.word());
    }

    @Test
    void two_questions_without_an_answer_make_it_suspect_and_two_minutes_of_silence_down() {
        assertThat(PeerCourse.missed(1, Duration.ofSeconds(30))).isEqualTo(News.MISSED);
        assertThat(PeerCourse.missed(2, Duration.ofSeconds(60))).isEqualTo(News.MISSED_AGAIN);
        assertThat(PeerCourse.missed(3, Duration.ofMillis(119_999))).isEqualTo(News.MISSED_AGAIN);
        assertThat(PeerCourse.missed(1, Duration.ofMinutes(2))).isEqualTo(News.SILENT);
    }
}
