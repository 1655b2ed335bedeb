package holdfast.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Notices for those who wait for the next ones.
class LatestTest {
    @AutoClose
    private final NoticeWorld world = new NoticeWorld();

    private final Latest latest = world.first.notifications.latest();

    private void tell(String type, String project) {
        world.tell(type, project);
        world.first.settle();
    }

    private static List<Long> positions(Page page) {
        return page.notices().stream().map(Numbered::position).toList();
    }

    @Test
    void of_a_hundred_who_wait_one_reads_what_is_new() {
        tell("thing.old", "physics");
        assertThat(latest.after(1, _ -> true, 10).orElseThrow().notices()).isEmpty();
        tell("thing.new", "physics");
        assertThat(Statements.here(this::waits)).isPositive();
        for (int n = 1; n < 100; n++) {
            assertThat(Statements.here(this::waits)).isZero();
        }
    }

    private void waits() {
        assertThat(positions(latest.after(1, _ -> true, 10).orElseThrow())).containsExactly(2L);
    }

    @Test
    void each_gets_what_it_wants_and_goes_on_where_it_was() {
        latest.after(0, _ -> true, 1);
        for (int n = 0; n < 5; n++) {
            tell(n % 2 == 0 ? "thing.even" : "thing.odd", "physics");
        }
        var odd =
                latest.after(0, notice -> notice.type().equals("thing.odd"), 10).orElseThrow();
        assertThat(positions(odd)).containsExactly(2L, 4L);
        assertThat(odd.next()).isEqualTo(5);
        var two = latest.after(1, _ -> true, 2).orElseThrow();
        assertThat(positions(two)).containsExactly(2L, 3L);
        assertThat(two.full()).isTrue();
        assertThat(two.next()).isEqualTo(3);
        assertThat(latest.after(9, _ -> true, 2).orElseThrow().next()).isEqualTo(9);
    }

    @Test
    void what_was_before_it_began_or_is_long_ago_is_on_the_board_only() {
        tell("thing.old", "physics");
        assertThat(latest.after(0, _ -> true, 10)).isEmpty();
        for (int n = 0; n < 1_002; n++) {
            world.tell("thing.new", "physics");
            if (n % 100 == 0) {
                world.first.settle();
                latest.after(1, _ -> true, 1);
            }
        }
        world.first.settle();
        assertThat(latest.after(1, _ -> true, 10)).isEmpty();
        assertThat(latest.after(1_002, _ -> true, 10).orElseThrow().notices()).hasSize(1);
    }
}
