package holdfast.calendar;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request on its way through a lane of [Admissions], with its answer once there is one.
final class Ask<R> {
    private final List<Booking> bookings;
    private final Set<PlaceId> places;
    private final BiFunction<Tx, List<Booking>, R> then;

    @Nullable
    private Answer<R> answer;

    Ask(List<Booking> bookings, BiFunction<Tx, List<Booking>, R> then) {
        this.bookings = bookings.stream().map(Changes::rounded).toList();
        this.places = bookings.stream().map(PlaceId::of).collect(Collectors.toSet());
        this.then = then;
    }

    /// As the database gives them back.
    List<Booking> bookings() {
        return bookings;
    }

    Set<PlaceId> places() {
        return places;
    }

    /// Null as long as nothing is decided.
    @Nullable
    Answer<R> answer() {
        return answer;
    }

    private record Key(UUID holder, PlaceId place, Interval when) {}

    /// Units, and what is lent, have rules of their own, and what is said twice is booked once.
    boolean isSimple() {
        var keys = bookings.stream()
                .map(booking -> new Key(booking.holder(), PlaceId.of(booking), booking.when()))
                .distinct();
        return !bookings.isEmpty()
                && keys.count() == bookings.size()
                && bookings.stream()
                        .allMatch(booking ->
                                booking.firm() && booking.units().isEmpty() && !Micros.isEmpty(booking.when()));
    }

    /// Its bookings are written.
    void yes(Tx tx) {
        answer = Answer.yes(then.apply(tx, bookings));
    }

    void no(Refusal why) {
        answer = Answer.no(why);
    }

    static List<Booking> bookings(List<Ask<?>> asks) {
        return asks.stream().flatMap(ask -> ask.bookings.stream()).toList();
    }

    static Set<PlaceId> places(List<Ask<?>> asks) {
        return asks.stream().flatMap(ask -> ask.places.stream()).collect(Collectors.toSet());
    }

    /// Those whose holders hold nothing yet; with the others it may be that the same is asked for again.
    static Predicate<Ask<?>> fresh(Tx tx, List<Ask<?>> asks) {
        var holding = new HashSet<>(Bookings.holding(tx, bookings(asks)));
        return ask -> {
            Set<UUID> its = ask.bookings.stream().map(Booking::holder).collect(Collectors.toSet());
            boolean fresh = its.stream().noneMatch(holding::contains);
            holding.addAll(its);
            return fresh;
        };
    }
}
