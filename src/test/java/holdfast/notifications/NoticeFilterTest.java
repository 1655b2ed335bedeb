package holdfast.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Notice;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class NoticeFilterTest {
    private static final List<String> TYPES = List.of(
            "reservation.started",
            "reservation.ended",
            "reservation.endedtoo",
            "lease.event.start_lease",
            "capacity.changed");
    private static final List<String> EVENTS = List.of(
            "*", "reservation.*", "reservation.ended", "lease.*", "lease.event.*", "capacity", "capacity.changed");
    private static final List<String> PROJECTS = List.of("", "physics", "biology");
    private static final List<String> ZONES = List.of("nova", "west");

    @AutoClose
    private final NoticeWorld world = new NoticeWorld();

    private final SplittableRandom random = new SplittableRandom(11);
    private final List<UUID> things =
            IntStream.range(0, 4).mapToObj(n -> new UUID(7, n)).toList();

    private <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private <T> Optional<T> maybe(List<T> some) {
        return random.nextBoolean() ? Optional.of(one(some)) : Optional.empty();
    }

    private <T> List<T> few(List<T> some) {
        var few = new ArrayList<T>();
        while (random.nextInt(3) == 0) {
            few.add(one(some));
        }
        return few;
    }

    private Notice notice() {
        return new Notice(
                world.platform.newId(),
                one(TYPES),
                world.platform.now(),
                new Notice.Thing("thing", one(things), 1),
                one(PROJECTS),
                maybe(things),
                maybe(ZONES),
                Json.object());
    }

    private NoticeFilter filter() {
        return new NoticeFilter(
                few(EVENTS), few(things), few(things), few(things), maybe(PROJECTS), maybe(ZONES), Optional.empty());
    }

    @Test
    void the_database_selects_just_what_fits() {
        world.first.database.inTransaction(tx -> {
            for (int n = 0; n < 300; n++) {
                world.tell(tx, notice());
            }
            return true;
        });
        world.first.settle();
        var all = world.board();
        int selected = 0;
        for (int n = 0; n < 200; n++) {
            var filter = filter();
            var page = world.first.database.inTransaction(
                    tx -> world.first.notifications.board().read(tx, filter.condition(), 0, 1_000));
            assertThat(page.notices())
                    .as(filter.toString())
                    .isEqualTo(all.stream()
                            .filter(one -> filter.fits(one.notice()))
                            .toList());
            selected += page.notices().size();
        }
        assertThat(selected).as("something is selected, and not all").isBetween(1_000, 59_000);
    }

    @Test
    void a_name_with_a_star_stands_for_all_that_begin_so() {
        var ended = NoticeFilter.ALL.withEvents(List.of("reservation.ended"));
        assertThat(TYPES.stream().filter(type -> ended.fits(typed(type)))).containsExactly("reservation.ended");
        var reservations = NoticeFilter.ALL.withEvents(List.of("reservation.*"));
        assertThat(TYPES.stream().filter(type -> reservations.fits(typed(type))))
                .hasSize(3);
        assertThat(TYPES.stream().filter(type -> NoticeFilter.ALL.fits(typed(type))))
                .hasSize(TYPES.size());
    }

    private Notice typed(String type) {
        return world.notice(type, "physics", new UUID(1, 1), 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "reservation.*", "reservation.at-risk", "allocation.ACTIVE", "lease.event.start_lease"})
    void names_of_events(String name) {
        assertThat(NoticeFilter.isEvent(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "**", "reservation*", "*.ended", "Reservation.ended", "a b", "reservation..ended", ".*"})
    void what_is_no_name_of_events(String name) {
        assertThat(NoticeFilter.isEvent(name)).isFalse();
    }
}
