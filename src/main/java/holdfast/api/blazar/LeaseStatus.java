package holdfast.api.blazar;

import holdfast.broker.Reservation;
import holdfast.engine.Resource;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The states of a lease, and what they say of its reservations and events (promise.md 3.4, 3.5). All of it is derived
/// from the state of our reservation, so that no two of them can disagree.
enum LeaseStatus {
    CREATING(Event.UNDONE, Event.UNDONE, "initialized"),
    PENDING(Event.UNDONE, Event.UNDONE, "reserved"),
    STARTING(Event.IN_PROGRESS, Event.UNDONE, "starting"),
    ACTIVE(Event.DONE, Event.UNDONE, "active"),
    /// Providers are still to agree to a change.
    UPDATING(Event.UNDONE, Event.UNDONE),
    TERMINATING(Event.DONE, Event.IN_PROGRESS, "ending", "expiring"),
    TERMINATED(Event.DONE, Event.DONE, "ended", "expired"),
    ERROR(Event.ERROR, Event.UNDONE, "failed"),
    DELETING(Event.UNDONE, Event.UNDONE, "cancelling");

    private final Event start;
    private final Event end;
    private final Set<String> states;

    /// The states of an event.
    enum Event {
        UNDONE,
        IN_PROGRESS,
        DONE,
        ERROR
    }

    /// @param states of our reservation
    LeaseStatus(Event start, Event end, String... states) {
        this.start = start;
        this.end = end;
        this.states = Set.of(states);
    }

    /// The states of reservations of ours that are seen as leases. Offers are not, nor is what is gone.
    static final Set<String> STATES =
            Arrays.stream(values()).flatMap(status -> status.states.stream()).collect(Collectors.toUnmodifiableSet());

    /// @param state of a reservation of ours
    /// @param updating whether its providers are still to agree to a change
    /// @return empty if no lease is seen of it
    static Optional<LeaseStatus> of(String state, boolean updating) {
        return Arrays.stream(values())
                .filter(status -> status.states.contains(state))
                .findFirst()
                .map(status -> updating && status.isChangeable() ? UPDATING : status);
    }

    static Optional<LeaseStatus> of(Resource resource) {
        return of(resource.state(), resource.as(Reservation.class).isUpdating());
    }

    /// Whether more than its name may change.
    boolean isChangeable() {
        return this == PENDING || this == ACTIVE;
    }

    /// Whether it may be deleted: not while it is being started or ended (bug 1791741).
    boolean isDeletable() {
        return switch (this) {
            case CREATING, PENDING, ACTIVE, UPDATING, TERMINATED, ERROR, DELETING -> true;
            case STARTING, TERMINATING -> false;
        };
    }

    /// Whether nothing of it is left but the record.
    boolean isOver() {
        return this == TERMINATED || this == ERROR;
    }

    /// The event `start_lease` at `from`; what is being changed or deleted keeps what it had.
    Event start(Instant from, Instant now) {
        return this == UPDATING || this == DELETING ? past(from, now) : start;
    }

    /// The event `end_lease`.
    Event end() {
        return end;
    }

    /// The event `before_end_lease`: it happens in between.
    Event warning(Instant at, Instant now) {
        return switch (this) {
            case CREATING, PENDING, STARTING -> Event.UNDONE;
            case ACTIVE, UPDATING, ERROR, DELETING -> past(at, now);
            case TERMINATING, TERMINATED -> Event.DONE;
        };
    }

    private static Event past(Instant at, Instant now) {
        return at.isAfter(now) ? Event.UNDONE : Event.DONE;
    }

    /// The status of its reservations, which is in lower case; `from` is the start of the lease.
    String ofReservations(Instant from, Instant now) {
        return switch (this) {
            case CREATING, PENDING, STARTING -> "pending";
            case ACTIVE, TERMINATING -> "active";
            case TERMINATED -> "deleted";
            case ERROR -> "error";
            case UPDATING, DELETING -> start(from, now) == Event.DONE ? "active" : "pending";
        };
    }
}
