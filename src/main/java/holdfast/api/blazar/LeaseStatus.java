package holdfast.api.blazar;

import holdfast.broker.Reservation;
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
    TERMINATING(Event.DONE, Event.IN_PROGRESS, "ending", "expiring"),
    TERMINATED(Event.DONE, Event.DONE, "ended", "expired"),
    ERROR(Event.ERROR, Event.UNDONE, "failed"),
    /// What its events were before stays.
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
    /// @return empty if no lease is seen of it
    static Optional<LeaseStatus> of(String state) {
        return Arrays.stream(values())
                .filter(status -> status.states.contains(state))
                .findFirst();
    }

    /// Whether it may be deleted: not while it is being started or ended (bug 1791741).
    boolean isDeletable() {
        return switch (this) {
            case CREATING, PENDING, ACTIVE, TERMINATED, ERROR, DELETING -> true;
            case STARTING, TERMINATING -> false;
        };
    }

    /// Whether nothing of it is left but the record.
    boolean isOver() {
        return this == TERMINATED || this == ERROR;
    }

    /// The event `start_lease`.
    Event start(Reservation reservation, Instant now) {
        return this == DELETING ? past(reservation.when().from(), now) : start;
    }

    /// The event `end_lease`.
    Event end() {
        return end;
    }

    /// The event `before_end_lease`: it happens in between.
    Event warning(Instant at, Instant now) {
        return switch (this) {
            case CREATING, PENDING, STARTING -> Event.UNDONE;
            case ACTIVE, ERROR, DELETING -> past(at, now);
            case TERMINATING, TERMINATED -> Event.DONE;
        };
    }

    private static Event past(Instant at, Instant now) {
        return at.isAfter(now) ? Event.UNDONE : Event.DONE;
    }

    /// The status of its reservations, which is in lower case.
    String ofReservations(Reservation reservation, Instant now) {
        return switch (this) {
            case CREATING, PENDING, STARTING -> "pending";
            case ACTIVE, TERMINATING -> "active";
            case TERMINATED -> "deleted";
            case ERROR -> "error";
            case DELETING -> start(reservation, now) == Event.DONE ? "active" : "pending";
        };
    }
}
