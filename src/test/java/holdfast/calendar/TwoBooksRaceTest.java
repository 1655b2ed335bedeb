package holdfast.calendar;

import static holdfast.calendar.Race.together;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Interval;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sixty-four at once, in the book of places and in the one of what is inside of reservations.
class TwoBooksRaceTest extends CalendarFixture {
    private static final String INSIDE = "broker.in";

    @BeforeEach
    void places_of_a_hundred_cores() {
        for (var place : List.of("a", "b", "c")) {
            in(tx -> calendar.setTotal(tx, BOOK, place, cores(100), NOON));
        }
    }

    @Test
    void of_64_who_book_and_carve_in_two_books_as_many_succeed_as_there_is_room_for() {
        var item = new UUID(9, 9);
        var inside40 = List.of(new Profile.Step(hours(0, 2), cores(40)));
        in(tx -> calendar.carve(tx, INSIDE, item.toString(), inside40));
        var accepted = together(64, racer -> {
            int reserved = 0;
            int allocated = 0;
            for (int i = 0; i < 3; i++) {
                var holder = new UUID(racer, i);
                var core = cores(1);
                var outside = new Booking(BOOK, holder, "a", hours(0, 2), core, Set.of());
                var inside = new Booking(INSIDE, holder, item.toString(), hours(0, 2), core, Set.of());
                reserved += isBooked(outside) ? 1 : 0;
                allocated += isBooked(inside) ? 1 : 0;
            }
            return List.of(reserved, allocated);
        });
        assertThat(accepted.stream().mapToInt(List::getFirst).sum()).isEqualTo(100);
        assertThat(accepted.stream().mapToInt(List::getLast).sum()).isEqualTo(40);
        assertThat(audit()).isEmpty();
    }

    @Test
    void of_64_who_reserve_lend_replace_and_move_none_gets_what_is_not_there() {
        var accepted = together(64, racer -> {
            var random = new SplittableRandom(racer);
            var kinds = new TreeSet<String>();
            for (int i = 0; i < 8; i++) {
                var holder = new UUID(racer, i);
                var place = List.of("a", "b", "c").get(random.nextInt(3));
                var unit = random.nextInt(4) == 0 ? Set.of("gpu-" + random.nextInt(3)) : Set.<String>of();
                var booking = new Booking(BOOK, holder, place, someHours(random), cores(random.nextInt(1, 30)), unit);
                if (i % 2 == 0 && isBooked(booking)) {
                    kinds.add("firm");
                } else if (unit.isEmpty() && isBooked(booking.lent())) {
                    kinds.add("lent");
                }
                var earlier = new UUID(racer, random.nextInt(i + 1));
                var other = new UUID(random.nextInt(64), random.nextInt(8));
                if (!earlier.equals(other) && moved(earlier, other)) {
                    kinds.add("moved");
                }
                if (random.nextInt(3) == 0) {
                    in(tx -> calendar.release(tx, BOOK, earlier, NOON));
                }
            }
            return kinds;
        });
        assertThat(accepted.stream().flatMap(Set::stream)).contains("firm", "lent", "moved");
        assertThat(audit()).isEmpty();
    }

    /// Both take what the other had; whether that was something.
    private boolean moved(UUID one, UUID other) {
        Answer<List<Booking>> answer = in(tx -> calendar.moveAll(
                tx,
                List.of(
                        new Move(BOOK, one, as(one, calendar.held(tx, BOOK, other))),
                        new Move(BOOK, other, as(other, calendar.held(tx, BOOK, one))))));
        return answer instanceof Answer.Yes<List<Booking>>(var moved) && !moved.isEmpty();
    }

    private static List<Booking> as(UUID holder, List<Booking> bookings) {
        return bookings.stream()
                .map(booking -> new Booking(
                        booking.book(),
                        holder,
                        booking.place(),
                        booking.when(),
                        booking.amount(),
                        booking.units(),
                        booking.kind(),
                        booking.firm()))
                .toList();
    }

    private boolean isBooked(Booking booking) {
        return answered(booking) instanceof Answer.Yes;
    }

    private static Interval someHours(SplittableRandom random) {
        int from = random.nextInt(40);
        return hours(from, from + random.nextInt(1, 30));
    }
}
