package holdfast.broker;

import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
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
/// @param done what of it has happened already that happens once: its warning, its expiry
/// @param update the last change of it that its providers had to agree to, unless they did
/// @param released what was given back before its end, as much as it was at most at one instant
/// @param images of its servers, if some are kept before its end
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
        Optional<Refusal> refusal,
        Set<What> done,
        Optional<Update> update,
        Capacities released,
        Optional<Images> images) {
    public Reservation {
        items = List.copyOf(items);
        done = Set.copyOf(done);
    }

    /// An item with what it got.
    ///
    /// @param placement where it is
    /// @param hold what keeps it from others at its provider; none if that is not done there
    public record Part(Item item, List<Placement> placement, Optional<Hold> hold) {
        public Part {
            placement = List.copyOf(placement);
        }

        /// Whether nothing is left of it, because nobody used it in time.
        boolean isGivenBack() {
            return placement.isEmpty();
        }

        /// On how many slots of hosts it is.
        long slots() {
            return placement.stream().mapToLong(Placement::slots).sum();
        }

        /// The item wherever it may go: what a provider keeps stays at that provider.
        Item wherever() {
            return hold.map(kept -> new Item(
                            item.id(),
                            Optional.of(Places.account(kept.provider())),
                            item.zones(),
                            item.within(),
                            item.need(),
                            item.kept()))
                    .orElse(item);
        }

        Part with(Hold next) {
            return new Part(item, placement, Optional.of(next));
        }
    }

    /// How far a hold is.
    ///
    /// @param facts what the provider said: `held.flavor_id`, `held.aggregate_id`, ...
    /// @param revision of the last amendment that was asked for; 0 = none yet
    public record Hold(UUID provider, Phase phase, Map<String, String> facts, long revision) {
        public Hold {
            facts = Map.copyOf(facts);
        }

        /// In the order in which a hold goes through them.
        public enum Phase {
            /// Or to be asked for, when those before it are held.
            ASKED,
            /// Held by a peer, until it lapses or is taken.
            OFFERED,
            PREPARED,
            OPEN,
            /// To be taken away, and still there.
            STUCK,
            CLOSED
        }

        Hold in(Phase next, Map<String, String> told) {
            return new Hold(provider, next, told.isEmpty() ? facts : told, revision);
        }

        Hold revised() {
            return new Hold(provider, phase, facts, revision + 1);
        }
    }

    /// Its servers as they are kept before its end.
    ///
    /// @param round tells those of one warning from those of the next
    /// @param waits items and allocations whose provider has not answered
    /// @param made names of the images that there are
    /// @param refusal why some could not be made
    public record Images(long round, Set<UUID> waits, List<String> made, Optional<Refusal> refusal) {
        public Images {
            waits = Set.copyOf(waits);
            made = List.copyOf(made);
        }

        Images answered(UUID who, List<String> more, Optional<Refusal> why) {
            var open = new TreeSet<>(waits);
            open.remove(who);
            var all = new ArrayList<>(made);
            all.addAll(more);
            return new Images(round, open, all, refusal.or(() -> why));
        }

        /// The reservation ends before they are all there.
        Images cut() {
            return waits.isEmpty()
                    ? this
                    : new Images(
                            round,
                            Set.of(),
                            made,
                            refusal.or(() -> Optional.of(
                                    Refusal.silent("it ended before the images of its servers were made"))));
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

    /// Whether providers have still to agree to a change of it.
    public boolean isUpdating() {
        return update.filter(state -> !(state instanceof Update.Refused)).isPresent();
    }

    /// Why the last change of it was not agreed to.
    public Optional<Refusal> notUpdated() {
        return update.filter(Update.Refused.class::isInstance)
                .map(Update.Refused.class::cast)
                .map(Update.Refused::why);
    }

    /// Whether its term has begun.
    boolean hasBegun(Instant now) {
        return !when.from().isAfter(now);
    }

    Optional<Part> part(UUID item) {
        return items.stream().filter(part -> part.item().id().equals(item)).findFirst();
    }

    /// The items as they are before and after a change that is under way: each as it has fewer slots.
    List<Part> lasting() {
        return update.orElse(null) instanceof Update.Asked asked
                ? items.stream()
                        .map(part -> asked.next()
                                .part(part.item().id())
                                .filter(next -> next.slots() < part.slots())
                                .map(next -> new Part(part.item(), next.placement(), part.hold()))
                                .orElse(part))
                        .toList()
                : items;
    }

    /// What it is after a change that is under way.
    Reservation then() {
        return update.orElse(null) instanceof Update.Asked asked ? asked.next() : this;
    }

    /// The names of its hosts and zones.
    List<String> places() {
        return items.stream()
                .flatMap(part -> part.placement().stream())
                .map(Placement::place)
                .filter(place -> !Places.isAccount(place))
                .map(Places::name)
                .distinct()
                .toList();
    }

    Reservation with(List<Part> others) {
        return with(copy -> copy.items = others);
    }

    Reservation withItem(UUID id, UnaryOperator<Part> change) {
        var changed = new ArrayList<Part>();
        items.forEach(part -> changed.add(part.item().id().equals(id) ? change.apply(part) : part));
        return with(changed);
    }

    Reservation during(Interval other) {
        return with(copy -> copy.when = other);
    }

    /// At risk, and degraded if it has begun; or neither.
    Reservation risking(boolean risk, Instant now) {
        return with(copy -> {
            copy.atRisk = risk;
            copy.degraded = risk && hasBegun(now);
        });
    }

    Reservation because(Refusal why) {
        return with(copy -> copy.refusal = Optional.of(why));
    }

    Reservation having(What happened) {
        var more = EnumSet.of(happened);
        more.addAll(done);
        return with(copy -> copy.done = more);
    }

    Reservation in(Optional<Update> state) {
        return with(copy -> copy.update = state);
    }

    Reservation keeping(Optional<Images> those) {
        return with(copy -> copy.images = those);
    }

    /// In another time, with what it asks for in steps.
    Reservation moved(Interval other) {
        return during(other)
                .with(items.stream()
                        .map(part ->
                                new Part(Waiting.stretched(part.item(), when, other), part.placement(), part.hold()))
                        .toList());
    }

    /// With a start that is known.
    Reservation fixed() {
        return with(copy -> copy.flexible = Optional.empty());
    }

    /// With more that was given back.
    Reservation releasing(Capacities amount) {
        return with(copy -> copy.released = released.plus(amount));
    }

    /// With other terms; what happens once may then happen again where its time has changed.
    Reservation on(Interval term, Optional<Instant> expires, Optional<Instant> warns, int weight) {
        var left = EnumSet.noneOf(What.class);
        left.addAll(done);
        if (!expires.equals(expiry)) {
            left.remove(What.EXPIRY);
        }
        if (!warns.equals(warnAt)) {
            left.remove(What.WARNING);
        }
        return with(copy -> {
            copy.when = term;
            copy.expiry = expires;
            copy.warnAt = warns;
            copy.priority = weight;
            copy.done = left;
            copy.images = warns.equals(warnAt) ? images : Optional.empty();
        });
    }

    private Reservation with(Consumer<Copy> change) {
        var copy = new Copy();
        change.accept(copy);
        return copy.made();
    }

    /// This reservation while it is made into another: what may change is here, the rest stays.
    private final class Copy {
        private Interval when = Reservation.this.when;
        private Optional<FlexibleWindow> flexible = Reservation.this.flexible;
        private Optional<Instant> expiry = Reservation.this.expiry;
        private Optional<Instant> warnAt = Reservation.this.warnAt;
        private int priority = Reservation.this.priority;
        private boolean atRisk = Reservation.this.atRisk;
        private boolean degraded = Reservation.this.degraded;
        private List<Part> items = Reservation.this.items;
        private Optional<Refusal> refusal = Reservation.this.refusal;
        private Set<What> done = Reservation.this.done;
        private Optional<Update> update = Reservation.this.update;
        private Capacities released = Reservation.this.released;
        private Optional<Images> images = Reservation.this.images;

        Reservation made() {
            return new Reservation(
                    user, when, flexible, expiry, goodUntil, warnAt, priority, pinned, atRisk, degraded, items, refusal,
                    done, update, released, images);
        }
    }
}
