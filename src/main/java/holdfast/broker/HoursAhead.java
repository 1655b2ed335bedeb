package holdfast.broker;

import holdfast.broker.choice.Step;
import holdfast.broker.choice.VectorHours;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Refusal;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Keeps a project from reserving all for ever (promise.md 6.10): what it has reserved from now on is limited in hours
/// of capacity, amounts times hours.
final class HoursAhead {
    private final String broker;
    private final Platform platform;
    private final Calendar calendar;
    private final Items items;
    private final Policies policies;

    HoursAhead(String broker, Platform platform, Calendar calendar, Items items, Policies policies) {
        this.broker = broker;
        this.platform = platform;
        this.calendar = calendar;
        this.items = items;
        this.policies = policies;
    }

    /// Does what changes the reservations of a project, and takes it back if the project then had more ahead than
    /// before and than it may. One after the other for each project, so to be called before other locks are taken.
    ///
    /// @param denied hears why it was taken back
    /// @return what `work` answers, or [Refusal.Kind#NOT_YOURS] with both numbers
    <T> Answer<T> within(Tx tx, String project, Supplier<Answer<T>> work, Consumer<Refusal> denied) {
        var limits = policies.hoursAhead(project);
        if (limits.isEmpty()) {
            return work.get();
        }
        tx.sql().fetch("select pg_advisory_xact_lock(hashtextextended(?, 0))", "hours ahead of " + project);
        var before = ahead(tx, project, List.of());
        var tried = tx.keptIf(
                () -> {
                    var done = work.get();
                    return new Tried<T>(
                            done,
                            done instanceof Answer.Yes
                                    ? fault(project, limits, before, ahead(tx, project, List.of()))
                                    : Optional.empty());
                },
                one -> one.fault.isEmpty());
        tried.fault.ifPresent(denied);
        return tried.fault.<Answer<T>>map(Answer::no).orElse(tried.done);
    }

    private record Tried<T>(Answer<T> done, Optional<Refusal> fault) {}

    /// Whether anything is limited for the project.
    boolean limits(String project) {
        return !policies.hoursAhead(project).isEmpty();
    }

    /// What is wrong with booking these, too.
    Optional<Refusal> fault(Tx tx, String project, List<Booking> more) {
        var limits = policies.hoursAhead(project);
        return limits.isEmpty()
                ? Optional.empty()
                : fault(project, limits, ahead(tx, project, List.of()), ahead(tx, project, more));
    }

    private static Optional<Refusal> fault(
            String project, Map<String, Long> limits, Capacities before, Capacities after) {
        return limits.entrySet().stream()
                .filter(limit -> after.get(limit.getKey()) > Math.max(limit.getValue(), before.get(limit.getKey())))
                .findFirst()
                .map(limit -> Refusal.notYours("project " + project + " would have "
                                + hours(after.get(limit.getKey())) + " hours of " + limit.getKey()
                                + " reserved from now on; it may have " + limit.getValue()
                                + "; ask for less or for a shorter time")
                        .because("policy", Optional.empty(), true));
    }

    private static String hours(long hours) {
        return hours == Long.MAX_VALUE ? "endless" : Long.toString(hours);
    }

    /// What its reservations have from now on; accounts count all of it.
    private Capacities ahead(Tx tx, String project, List<Booking> more) {
        var held = calendar.held(tx, broker, items.live(tx, project)).values().stream()
                .flatMap(List::stream);
        var steps = Stream.concat(held, more.stream())
                .filter(booking -> Places.isAccount(booking.place()))
                .map(booking -> new Step(booking.when(), booking.amount()))
                .toList();
        return VectorHours.ahead(steps, platform.now());
    }
}
