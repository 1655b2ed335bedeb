package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.resale.ResaleCourse.Act;
import holdfast.federation.resale.ResaleCourse.News;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// What a supernode holds for others (fluidos.md 6.7).
final class ResaleCourseTest {
    /// What is there below, whatever we know of it.
    private enum Below {
        NOTHING,
        HELD,
        BOUGHT,
        UNKNOWN
    }

    /// What happens below is heard of, sooner or later; what cannot happen there is not heard of.
    @Property(tries = 5_000)
    void whatever_dies_when_nothing_below_stays_bought_unless_it_is_bought_here_or_told_in_doubt(
            @ForAll @Size(max = 12) List<News> all) {
        var state = ResaleCourse.ASKED;
        var below = Below.NOTHING;
        boolean asked = false;
        boolean buying = false;
        for (var news : all) {
            boolean possible = switch (news) {
                case HELD_BELOW, TOO_SHORT, REFUSED_BELOW -> !asked;
                case BOUGHT_BELOW -> buying && below == Below.HELD;
                case LOST_BELOW, DOUBT -> buying;
                case WANTED, LAPSED, GIVEN_UP -> true;
            };
            if (!possible) {
                continue;
            }
            asked |=
                    List.of(News.HELD_BELOW, News.TOO_SHORT, News.REFUSED_BELOW).contains(news);
            below = switch (news) {
                case HELD_BELOW, TOO_SHORT -> Below.HELD;
                case BOUGHT_BELOW -> Below.BOUGHT;
                case DOUBT -> Below.UNKNOWN;
                default -> below;
            };
            buying &= !List.of(News.BOUGHT_BELOW, News.LOST_BELOW, News.DOUBT).contains(news);
            var turn = state.after(news);
            if (turn.isPresent()) {
                state = turn.get().state();
                buying |= turn.get().act() == Act.BUY;
                below = switch (turn.get().act()) {
                    case CANCEL -> below == Below.BOUGHT ? below : Below.NOTHING;
                    case RELEASE -> Below.NOTHING;
                    case NOTHING, BUY, SELL -> below;
                };
            }
        }
        assertThat(below == Below.BOUGHT).as("%s: %s", all, state).isEqualTo(state == ResaleCourse.PURCHASED);
        if (below == Below.HELD) assertThat(state).isIn(ResaleCourse.HELD, ResaleCourse.BUYING);
        if (below == Below.UNKNOWN) assertThat(state).isEqualTo(ResaleCourse.IN_DOUBT);
    }

    @Test
    void what_is_over_stays_over_and_a_hold_that_comes_late_is_given_up() {
        for (var state : List.of(ResaleCourse.EXPIRED, ResaleCourse.CANCELLED, ResaleCourse.REFUSED)) {
            assertThat(state.after(News.HELD_BELOW)).contains(new ResaleCourse.Turn(state, Act.CANCEL));
            assertThat(state.after(News.BOUGHT_BELOW)).contains(new ResaleCourse.Turn(state, Act.RELEASE));
            assertThat(state.after(News.WANTED)).isEqualTo(Optional.empty());
        }
        assertThat(ResaleCourse.PURCHASED.after(News.GIVEN_UP)).isEmpty();
        assertThat(ResaleCourse.BUYING.after(News.LAPSED)).as("bought in time").isEmpty();
    }

    @Test
    void it_is_shown_as_a_transaction() {
        for (var state : ResaleCourse.values()) {
            for (var news : News.values()) {
                state.after(news)
                        .ifPresent(turn -> assertThat(state.shown())
                                .as("%s on %s", state, news)
                                .satisfiesAnyOf(
                                        before -> assertThat(before)
                                                .isEqualTo(turn.state().shown()),
                                        before -> assertThat(before.isOver()).isFalse()));
            }
        }
    }
}
