package holdfast.broker;

import holdfast.broker.choice.Ask;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.calendar.Booking.Kind;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a user wants reserved, in whatever language it was asked for.
///
/// @param name for people; need not be unique
/// @param when its term; for a start that is not known yet, the first that it may have
/// @param expiry when what is not in use by then is given back
/// @param offer asks for an offer that can be taken for so long, instead of a reservation
/// @param warnAt when its end is announced
/// @param priority 0 to 100
/// @param pinned hosts are told, so they stay
/// @param lapses whether, without an expiry, it is good for as long as policy says of reservations for now (promise.md
///     4.4); not what a provider keeps, since use of that cannot be seen
/// @param lasts whether one that begins when it is granted lasts as long as `when` from then on, instead of to its end
public record ReservationRequest(
        String name,
        Interval when,
        Optional<FlexibleWindow> flexible,
        Optional<Instant> expiry,
        Optional<Duration> offer,
        Optional<Instant> warnAt,
        int priority,
        boolean pinned,
        Ask.Prefer prefer,
        List<Item> items,
        boolean lapses,
        boolean lasts) {
    /// What most ask for.
    public static final int ORDINARY = 50;

    public ReservationRequest {
        items = List.copyOf(items);
    }

    /// One that is good until its end.
    public ReservationRequest(
            String name,
            Interval when,
            Optional<FlexibleWindow> flexible,
            Optional<Instant> expiry,
            Optional<Duration> offer,
            Optional<Instant> warnAt,
            int priority,
            boolean pinned,
            Ask.Prefer prefer,
            List<Item> items) {
        this(name, when, flexible, expiry, offer, warnAt, priority, pinned, prefer, items, false, false);
    }

    /// The same for now, good for as long as policy says.
    ///
    /// @param whole whether its length was said, and not its end
    public ReservationRequest forNow(boolean whole) {
        return new ReservationRequest(
                name, when, flexible, expiry, offer, warnAt, priority, pinned, prefer, items, true, whole);
    }

    /// The same, whose start is to be in this window.
    ReservationRequest starting(FlexibleWindow window) {
        return new ReservationRequest(
                name, when, Optional.of(window), expiry, offer, warnAt, priority, pinned, prefer, items, lapses, lasts);
    }

    /// Whether it asks for something that exists.
    boolean namesElements() {
        return items.stream().anyMatch(item -> item.need() instanceof Need.Elements);
    }

    /// What is booked for it.
    Kind kind() {
        return offer.isPresent() ? Kind.HOLD : Kind.RESERVATION;
    }

    public static ReservationRequest of(String name, Interval when, List<Item> items) {
        return new ReservationRequest(
                name,
                when,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ORDINARY,
                false,
                Ask.Prefer.TIGHTEST,
                items);
    }
}
