package holdfast.broker;

import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Placement;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// A user's claim on capacity for a time (promise.md 2.4): what Promise calls a reservation and Blazar a lease. Its
/// states are those of [Course].
///
/// @param user who asked for it
/// @param when its term; what is claimed of a start that is not known yet is longer
/// @param flexible how its start may move
/// @param expiry when what is not in use by then is given back
/// @param goodUntil until when an offer can be taken
/// @param warnAt when its end is announced
/// @param priority 0 to 100; the weak make way for the strong when capacity is lost
/// @param pinned stays where it was placed, because the user was told
/// @param atRisk some of its capacity was lost
/// @param degraded it does not have all that was promised
/// @param items what it consists of; the id of each is the holder of its bookings
/// @param refusal why it was rejected, or failed
public record Reservation(
        String user,
        Interval when,
        Optional<FlexibleWindow> flexible,
        Optional<Instant> expiry,
        Optional<Instant> goodUntil,
        Optional<Instant> warnAt,
        int priority,
        boolean pinned,
        boolean atRisk,
        boolean degraded,
        List<Part> items,
        Optional<Refusal> refusal) {
    public Reservation {
        items = List.copyOf(items);
    }

    /// An item with what it got.
    ///
    /// @param placement where it is
    /// @param hold what keeps it from others at its provider; none if that is not done there
    public record Part(Item item, List<Placement> placement, Optional<Hold> hold) {
        public Part {
            placement = List.copyOf(placement);
        }

        Part with(Hold next) {
            return new Part(item, placement, Optional.of(next));
        }
    }

    /// How far a hold is.
    ///
    /// @param facts what the provider said: `held.flavor_id`, `held.aggregate_id`, ...
    public record Hold(UUID provider, Phase phase, Map<String, String> facts) {
        public Hold {
            facts = Map.copyOf(facts);
        }

        /// In the order in which a hold goes through them.
        public enum Phase {
            ASKED,
            PREPARED,
            OPEN,
            /// To be taken away, and still there.
            STUCK,
            CLOSED
        }

        Hold in(Phase next, Map<String, String> told) {
            return new Hold(provider, next, told.isEmpty() ? facts : told);
        }
    }

    /// Whether all holds have come as far as `phase`.
    boolean allAre(Hold.Phase phase) {
        return items.stream()
                .flatMap(part -> part.hold().stream())
                .allMatch(hold -> hold.phase().compareTo(phase) >= 0);
    }

    boolean hasHolds() {
        return items.stream().anyMatch(part -> part.hold().isPresent());
    }

    Reservation with(List<Part> others) {
        return new Reservation(
                user, when, flexible, expiry, goodUntil, warnAt, priority, pinned, atRisk, degraded, others, refusal);
    }

    Reservation withItem(UUID id, UnaryOperator<Part> change) {
        var changed = new ArrayList<Part>();
        items.forEach(part -> changed.add(part.item().id().equals(id) ? change.apply(part) : part));
        return with(changed);
    }

    Reservation during(Interval other) {
        return new Reservation(
                user, other, flexible, expiry, goodUntil, warnAt, priority, pinned, atRisk, degraded, items, refusal);
    }

    Reservation risking(boolean now) {
        return new Reservation(
                user, when, flexible, expiry, goodUntil, warnAt, priority, pinned, now, degraded, items, refusal);
    }

    Reservation because(Refusal why) {
        return new Reservation(
                user,
                when,
                flexible,
                expiry,
                goodUntil,
                warnAt,
                priority,
                pinned,
                atRisk,
                degraded,
                items,
                Optional.of(why));
    }
}
