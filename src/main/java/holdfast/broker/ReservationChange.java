package holdfast.broker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is to change of a reservation; what is not named stays (promise.md 4.4, 5.4). All of it is done or nothing.
///
/// @param name for people
/// @param start cannot change once it has begun; up to 60 s past is read as now
/// @param end now ends it; up to 60 s past is read as now
/// @param expiry when what is not in use by then is given back; [Instant#MAX] = never
/// @param warnAt when its end is announced, before its end; [Instant#MAX] = never
/// @param priority 0 to 100
/// @param items changes of its items, at most one of each
public record ReservationChange(
        Optional<String> name,
        Optional<Instant> start,
        Optional<Instant> end,
        Optional<Instant> expiry,
        Optional<Instant> warnAt,
        Optional<Integer> priority,
        List<ItemChange> items) {
    /// Changes nothing.
    public static final ReservationChange NONE = new ReservationChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    public ReservationChange {
        items = List.copyOf(items);
    }

    /// The same, and the name.
    public ReservationChange named(String other) {
        return new ReservationChange(Optional.of(other), start, end, expiry, warnAt, priority, items);
    }

    /// The same, and the start.
    public ReservationChange from(Instant other) {
        return new ReservationChange(name, Optional.of(other), end, expiry, warnAt, priority, items);
    }

    /// The same, and the end.
    public ReservationChange until(Instant other) {
        return new ReservationChange(name, start, Optional.of(other), expiry, warnAt, priority, items);
    }

    /// The same, and when what is not in use is given back.
    public ReservationChange expiring(Instant other) {
        return new ReservationChange(name, start, end, Optional.of(other), warnAt, priority, items);
    }

    /// The same, and when its end is announced.
    public ReservationChange warning(Instant other) {
        return new ReservationChange(name, start, end, expiry, Optional.of(other), priority, items);
    }

    /// The same, and these items instead of those named so far.
    public ReservationChange of(List<ItemChange> others) {
        return new ReservationChange(name, start, end, expiry, warnAt, priority, others);
    }

    /// Whether nothing but the name changes, which is always allowed.
    boolean isOnlyName() {
        return new ReservationChange(Optional.empty(), start, end, expiry, warnAt, priority, items).equals(NONE);
    }
}
