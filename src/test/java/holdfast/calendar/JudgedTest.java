package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What its owner has judged is believed, for as long as nobody else has changed the place.
final class JudgedTest {
    private static final String BOOK = "broker.market";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Capacities ALL = new Capacities(Map.of("core", 10L));

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Calendar calendar = new Calendar();

    private <T> T run(Function<Tx, T> work) {
        return test.database().inTransaction(work);
    }

    private static Booking booking(String place, long cores) {
        var day = Interval.of(NOW, Duration.ofDays(1));
        return new Booking(BOOK, UUID.randomUUID(), place, day, new Capacities(Map.of("core", cores)), Set.of());
    }

    private boolean book(Tx tx, Booking booking, Map<String, Long> judged) {
        return Judged.book(tx, BOOK, List.of(booking), judged);
    }

    private long left(String place) {
        var day = Interval.of(NOW, Duration.ofDays(1));
        return run(tx -> calendar.free(tx, BOOK, List.of(place), day))
                .get(place)
                .least()
                .get("core");
    }

    @BeforeEach
    void places() {
        run(tx -> calendar.setTotal(tx, BOOK, "a", ALL, NOW));
        run(tx -> calendar.setTotal(tx, BOOK, "b", ALL, NOW));
    }

    @Test
    void what_was_judged_at_just_this_version_is_not_summed_up_again() {
        assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 11), Judged.lock(tx, BOOK, List.of("a")))))
                .as("its owner is believed, even where it is wrong")
                .isTrue();
        assertThat(this.<List<Violation>>run(calendar::audit)).hasSize(1);
    }

    @Test
    void what_was_judged_at_another_version_or_not_at_all_is_summed_up() {
        var before = run(tx -> Judged.lock(tx, BOOK, List.of("a")));
        assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 8), before))).isTrue();
        assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 3), before))).isFalse();
        assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 3), Map.of()))).isFalse();
        assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 2), before))).isTrue();
        assertThat(left("a")).isZero();
    }

    @Test
    void all_or_nothing_is_booked_and_only_places_that_were_judged_are_believed() {
        var a = booking("a", 10);
        var b = booking("b", 11);
        assertThat(this.<Boolean>run(tx -> Judged.book(tx, BOOK, List.of(a, b), Judged.lock(tx, BOOK, List.of("a")))))
                .isFalse();
        assertThat(left("a")).isEqualTo(10);
        assertThat(this.<Boolean>run(tx -> book(tx, booking("nowhere", 1), Map.of())))
                .isFalse();
    }

    @Test
    void what_is_believed_once_is_not_believed_later_in_the_same_transaction() {
        assertThat(this.<Answer<Booking>>run(tx -> {
                    var judged = Judged.lock(tx, BOOK, List.of("a", "b"));
                    assertThat(book(tx, booking("a", 10), judged)).isTrue();
                    return calendar.book(tx, booking("b", 11));
                }))
                .isInstanceOf(Answer.No.class);
    }

    @Test
    void where_somebody_else_knows_the_place_by_heart_he_is_told_and_all_is_summed_up() {
        try (var server = HotServer.of(UUID.randomUUID(), test.database(), calendar)) {
            server.heat(new PlaceId(BOOK, "a"));
            assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 11), Judged.lock(tx, BOOK, List.of("a")))))
                    .isFalse();
            assertThat(this.<Boolean>run(tx -> book(tx, booking("a", 9), Judged.lock(tx, BOOK, List.of("a")))))
                    .isTrue();
            assertThat(server.book(List.of(booking("a", 2)))).isInstanceOf(Answer.No.class);
            assertThat(server.book(List.of(booking("a", 1)))).isInstanceOf(Answer.Yes.class);
        }
    }

    @Test
    void it_is_seen_whether_just_these_are_booked() {
        var some = List.of(booking("a", 1), booking("a", 2));
        some.forEach(one -> run(tx -> calendar.book(tx, one)));
        assertThat(isExactly(ALL, some)).isTrue();
        assertThat(isExactly(ALL, some.subList(0, 1))).isFalse();
        assertThat(isExactly(
                        ALL, List.of(some.get(0), some.get(1).taking(some.get(0).amount()))))
                .isFalse();
        assertThat(isExactly(new Capacities(Map.of("core", 11L)), some)).isFalse();
    }

    private boolean isExactly(Capacities total, List<Booking> some) {
        return run(tx -> Judged.isExactly(tx, BOOK, "a", total, some, NOW));
    }
}
