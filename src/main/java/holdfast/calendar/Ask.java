package holdfast.calendar;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request on its way through a lane of [Admissions], with its answer once there is one.
final class Ask<T, R> {
    private final List<Booking> bookings;
    private final Set<PlaceId> places;
    private final T with;

    @Nullable
    private Answer<R> answer;

    Ask(List<Booking> bookings, T with) {
        this.bookings = bookings.stream().map(Changes::rounded).toList();
        this.places = bookings.stream().map(PlaceId::of).collect(Collectors.toSet());
        this.with = with;
    }

    /// As the database gives them back.
    List<Booking> bookings() {
        return bookings;
    }

    Set<PlaceId> places() {
        return places;
    }

    /// What goes along with the bookings.
    T with() {
        return with;
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

    /// Its bookings are written, and what goes along with them.
    void yes(R made) {
        answer = Answer.yes(made);
    }

    void no(Refusal why) {
        answer = Answer.no(why);
    }

    /// It must be asked otherwise.
    void undecided() {
        answer = null;
    }

    boolean isDecided() {
        return answer != null;
    }

    static List<Booking> bookings(Collection<? extends Ask<?, ?>> asks) {
        return asks.stream().flatMap(ask -> ask.bookings().stream()).toList();
    }

    static Set<PlaceId> places(Collection<? extends Ask<?, ?>> asks) {
        return asks.stream().flatMap(ask -> ask.places().stream()).collect(Collectors.toSet());
    }

    /// Those whose holders hold nothing yet; with the others it may be that the same is asked for again.
    static Predicate<Ask<?, ?>> fresh(Tx tx, Collection<? extends Ask<?, ?>> asks) {
        var holding = new HashSet<>(Bookings.holding(tx, bookings(asks)));
        return ask -> {
            Set<UUID> its = ask.bookings().stream().map(Booking::holder).collect(Collectors.toSet());
            boolean fresh = its.stream().noneMatch(holding::contains);
            holding.addAll(its);
            return fresh;
        };
    }
}
