package holdfast.broker.choice;

import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// All that is known of a pool over a window, as step functions of time: from it [Quadruple] takes its figures.
///
/// @param dimensions that are counted
/// @param total what there is
/// @param committed what reservations have
/// @param inside what is allocated under them; never more than `committed`
/// @param firm what is allocated under none of them and lasts
/// @param lent what is allocated and makes way
/// @param now what is lent counts now and before, not in the future (promise.md 10.23)
public record Ledger(
        Set<String> dimensions,
        Profile total,
        Profile committed,
        Profile inside,
        Profile firm,
        Profile lent,
        Instant now) {
    /// Adds up what is told of a pool. Lives for one question and one thread.
    public static final class Builder {
        private final Set<String> dimensions;
        private final Map<UUID, List<Step>> uses;
        private final Map<UUID, List<Step>> owners = new HashMap<>();
        private final Profile committed;
        private final Profile firm;
        private final Profile lent;

        /// @param dimensions amounts of others are left out
        /// @param uses what is allocated under reservations, by the holder of the reservation
        public Builder(Collection<String> dimensions, Map<UUID, List<Step>> uses) {
            this.dimensions = new TreeSet<>(dimensions);
            this.uses = uses;
            this.committed = new Profile(this.dimensions);
            this.firm = new Profile(this.dimensions);
            this.lent = new Profile(this.dimensions);
        }

        /// Of a reservation.
        public void committed(UUID holder, Interval when, Capacities amount) {
            var counted = counted(amount);
            committed.add(when, counted);
            if (uses.containsKey(holder)) {
                owners.computeIfAbsent(holder, _ -> new ArrayList<>()).add(new Step(when, counted));
            }
        }

        /// Under no reservation.
        public void allocated(Interval when, Capacities amount, boolean isFirm) {
            (isFirm ? firm : lent).add(when, counted(amount));
        }

        /// @param total in the same dimensions, or fewer
        public Ledger build(Profile total, Instant now) {
            var inside = new Profile(dimensions);
            owners.forEach((holder, has) -> least(has, uses.getOrDefault(holder, List.of()))
                    .forEach(step -> inside.add(step.when(), step.amount())));
            return new Ledger(dimensions, total, committed, inside, firm, lent, now);
        }

        /// What is used of what somebody has: one who has several places here and elsewhere uses no more here
        /// than is here.
        private List<Step> least(List<Step> has, List<Step> uses) {
            var here = profile(has);
            var used = profile(uses);
            var steps = new ArrayList<Step>();
            for (var wide : here.steps(Interval.since(Instant.MIN))) {
                for (var step : used.steps(wide.when())) {
                    var both = Dimensions.least(wide.amount(), step.amount());
                    if (!both.nothing()) {
                        steps.add(new Step(step.when(), both));
                    }
                }
            }
            return steps;
        }

        private Profile profile(List<Step> steps) {
            var profile = new Profile(dimensions);
            steps.forEach(step -> profile.add(step.when(), counted(step.amount())));
            return profile;
        }

        private Capacities counted(Capacities amount) {
            return Dimensions.only(dimensions, amount);
        }
    }

    /// The instants of the window from which on something is otherwise, the first one of it among them.
    public Collection<Instant> instants(Interval window) {
        var instants = new TreeSet<Instant>();
        for (var profile : List.of(total, committed, inside, firm, lent)) {
            profile.steps(window).forEach(step -> instants.add(step.when().from()));
        }
        var later = now.plusNanos(1_000);
        if (window.contains(later)) {
            instants.add(later);
        }
        return instants;
    }
}
