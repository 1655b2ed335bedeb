package holdfast.broker;

import holdfast.broker.choice.Ask;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Snapshot;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import holdfast.pools.WindowPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What is wrong with a request for a reservation whatever is free, and what it claims (promise.md 4.4).
final class Asking {
    /// How many decisions the search for a start may take.
    private static final int DECISIONS = 200;

    private final Holds holds;
    private final Policies policies;

    Asking(Holds holds, Policies policies) {
        this.holds = holds;
        this.policies = policies;
    }

    Optional<Refusal> fault(Tx tx, String project, ReservationRequest request, Instant now) {
        return fault(project, request, now)
                .or(() -> request.items().stream()
                        .flatMap(item -> holds.fault(tx, item).stream())
                        .findFirst());
    }

    /// What is wrong with its times.
    private Optional<Refusal> fault(String project, ReservationRequest request, Instant now) {
        var policy = policies.window(project);
        return policy.fault(request.when(), now)
                .or(() -> request.flexible().flatMap(flexible -> Waiting.fault(flexible, policy, now)))
                .or(() -> outside(request, policy, now))
                .or(() -> request.flexible().flatMap(flexible -> unsteady(request, flexible)));
    }

    private static Optional<Refusal> unsteady(ReservationRequest request, FlexibleWindow flexible) {
        return request.items().stream()
                .flatMap(item -> Waiting.unsteady(flexible, request.when(), item).stream())
                .findFirst();
    }

    private static Optional<Refusal> outside(ReservationRequest request, WindowPolicy policy, Instant now) {
        var when = request.flexible()
                .map(flexible -> Waiting.possible(flexible, policy, now))
                .orElse(request.when());
        return outside("expiry", request.expiry(), when).or(() -> outside("warnAt", request.warnAt(), when));
    }

    private static Optional<Refusal> outside(String field, Optional<Instant> time, Interval when) {
        return time.filter(instant -> !when.contains(instant))
                .map(instant -> Refusal.malformed(
                        field, field + " is " + instant + "; it must be in the time that is reserved, " + when));
    }

    Ask ask(Caller caller, ReservationRequest request, Instant now) {
        var asked = request.flexible()
                .map(flexible -> Waiting.claimed(flexible, policies.window(), now))
                .orElse(request.when());
        boolean lasts = request.lasts() && request.flexible().isEmpty();
        var begun = lasts ? Interval.of(now, asked.length()) : new Interval(now, asked.until());
        var when = asked.from().isBefore(now) ? begun : asked;
        var items = request.items().stream()
                .map(item -> Waiting.stretched(item, request.when(), when))
                .toList();
        return new Ask(caller.project(), when, true, request.prefer(), items, List.of());
    }

    /// For one whose start is to be found: the earliest at which there is room, if policy allows it.
    ///
    /// @param read asked only if it is needed
    Ask settled(ReservationRequest request, Ask ask, Supplier<Snapshot> read) {
        return request.flexible()
                .filter(flexible -> flexible.mode() == Mode.FIX)
                .flatMap(flexible -> {
                    var snapshot = read.get();
                    var last = policies.window().lastStart(flexible.duration(), snapshot.now());
                    return flexible.startingBy(last).fix(ask, snapshot, DECISIONS);
                })
                .orElse(ask);
    }
}
