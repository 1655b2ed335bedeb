package holdfast.calendar;

import static holdfast.core.Answer.no;
import static holdfast.core.Answer.yes;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Why there is more or less of a place than its total says (promise.md 4.1, 4.6): each change is kept with its reason
/// until it is removed. Runs in the caller's transaction and under the locks of the places.
public final class Entries {
    private final Calendar calendar;

    public Entries(Calendar calendar) {
        this.calendar = calendar;
    }

    /// Writes an entry, whomever it hurts: what is lost is lost. Told twice (same id) is once.
    ///
    /// @return where more is now booked than there is, from its start on; [Refusal.Kind#NOT_THERE] for an unknown
    ///     place
    public Answer<List<Violation>> add(Tx tx, Entry entry) {
        if (Micros.isEmpty(entry.when())) {
            return no(Refusals.tooShort(entry.when()));
        }
        if (calendar.lock(tx, entry.book(), List.of(entry.place())).isEmpty()) {
            return no(Refusals.noSuchPlace(entry.book(), entry.place()));
        }
        if (!EntryRows.insert(tx, entry)) {
            return yes(Totals.overbooked(
                    tx, entry.book(), new String[] {entry.place()}, entry.when().from()));
        }
        return calendar.changeTotal(tx, entry.book(), entry.place(), entry.when(), entry.change());
    }

    /// Writes an entry of less, unless somebody is hurt by it: then only if it is forced.
    ///
    /// @param entry with negative amounts only
    /// @return whether it was taken, and who is hurt or would be; [Refusal.Kind#MALFORMED] if an amount is positive
    public Answer<Impact> decrease(Tx tx, Entry entry, boolean force) {
        return decrease(tx, List.of(entry), force);
    }

    /// The same at several places of a book, all or none.
    public Answer<Impact> decrease(Tx tx, List<Entry> entries, boolean force) {
        return less(tx, entries, force, impact -> force || impact.isEmpty());
    }

    /// What an entry of less would do, were it forced. Changes nothing.
    public Answer<Impact> rehearse(Tx tx, Entry entry) {
        return rehearse(tx, List.of(entry));
    }

    /// The same at several places of a book.
    public Answer<Impact> rehearse(Tx tx, List<Entry> entries) {
        return less(tx, entries, false, _ -> false);
    }

    private Answer<Impact> less(Tx tx, List<Entry> entries, boolean force, Predicate<List<Violation>> taken) {
        for (var entry : entries) {
            var more = entry.change().amounts().entrySet().stream()
                    .filter(amount -> amount.getValue() > 0)
                    .findFirst();
            if (more.isPresent()) {
                return no(Refusals.notLess(more.get().getKey(), more.get().getValue()));
            }
        }
        entries.stream()
                .collect(Collectors.groupingBy(Entry::book, Collectors.mapping(Entry::place, Collectors.toSet())))
                .forEach((book, places) -> calendar.lock(tx, book, places));
        return tx.keptIf(
                () -> {
                    var hurting = new ArrayList<Violation>();
                    for (var entry : entries) {
                        switch (add(tx, entry.forced(force))) {
                            case Answer.No<List<Violation>>(var why) -> {
                                return Answer.<Impact>no(why);
                            }
                            case Answer.Yes<List<Violation>>(var violations) ->
                                hurting.addAll(hurting(entry, violations));
                        }
                    }
                    return yes(new Impact(taken.test(hurting), hurting));
                },
                answer -> answer instanceof Answer.Yes<Impact>(var impact) && impact.taken());
    }

    /// Removes entries as [#remove] does, all or none; what was more is kept if somebody is hurt without it, unless
    /// it is forced.
    ///
    /// @return whether they are removed, and who is hurt or would be
    public Answer<Impact> withdraw(Tx tx, List<UUID> ids, Instant at, boolean force) {
        return tx.keptIf(
                () -> {
                    var hurting = new ArrayList<Violation>();
                    for (var id : ids) {
                        var entry = EntryRows.find(tx, id);
                        switch (remove(tx, id, at)) {
                            case Answer.No<List<Violation>>(var why) -> {
                                return Answer.<Impact>no(why);
                            }
                            case Answer.Yes<List<Violation>>(var violations) ->
                                entry.map(Entry::opposite).ifPresent(gone -> hurting.addAll(hurting(gone, violations)));
                        }
                    }
                    return yes(new Impact(force || hurting.isEmpty(), hurting));
                },
                answer -> answer instanceof Answer.Yes<Impact>(var impact) && impact.taken());
    }

    /// Only what is too little of what is taken, and while it is.
    private static List<Violation> hurting(Entry entry, List<Violation> violations) {
        return violations.stream()
                .filter(violation -> violation instanceof Violation.Overbooked less
                        && less.when().overlaps(entry.when())
                        && entry.change().get(less.dimension()) < 0)
                .toList();
    }

    /// From `at` on the entry counts no longer. What was until then stays as it was. Repeating does nothing.
    ///
    /// @return where more is now booked than there is, if it was an entry of more; [Refusal.Kind#NOT_THERE] if
    ///     there is
    ///     none of that id, or no longer
    public Answer<List<Violation>> remove(Tx tx, UUID id, Instant at) {
        var found = EntryRows.find(tx, id);
        if (found.isEmpty()) {
            return no(Refusals.noSuchEntry(id));
        }
        var entry = found.get();
        calendar.lock(tx, entry.book(), List.of(entry.place()));
        if (!EntryRows.remove(tx, id, at)) {
            return no(Refusals.noSuchEntry(id));
        }
        var from = at.isAfter(entry.when().from()) ? at : entry.when().from();
        return Micros.of(from) >= Micros.of(entry.when().until())
                ? yes(List.of())
                : calendar.changeTotal(
                        tx,
                        entry.book(),
                        entry.place(),
                        new Interval(from, entry.when().until()),
                        Capacities.NONE.minus(entry.change()));
    }

    /// The entries of these places that count and overlap the window, by place and start. One query.
    public List<Entry> list(Tx tx, String book, Collection<String> places, Interval when) {
        return EntryRows.list(tx, book, places, when);
    }

    /// The holder's time is over and what it had is still there. Where nobody comes later the booking goes on;
    /// where somebody does, the place has less from the booking's end on, so that the successor is told that it
    /// must wait, and so it is for what was lent. A unit is not in it: its booking would refuse a successor anyway.
    /// Repeating does nothing.
    ///
    /// @param ids makes ids for new entries
    /// @return where there is too little now, at the places that got an entry by this call
    public List<Violation> overrun(Tx tx, String book, UUID holder, String project, Instant now, Supplier<UUID> ids) {
        var known = EntryRows.ofSource(tx, book, holder.toString()).stream()
                .map(Entry::place)
                .collect(Collectors.toSet());
        return Changes.holdOn(tx, book, holder, known).stream()
                .filter(booking -> !booking.amount().nothing())
                .flatMap(booking -> add(
                        tx,
                        new Entry(
                                ids.get(),
                                book,
                                booking.place(),
                                new Interval(booking.when().until(), Instant.MAX),
                                Capacities.NONE.minus(booking.amount()),
                                Entry.Origin.OVERRUN,
                                holder.toString(),
                                project,
                                true,
                                now))
                        .orThrow()
                        .stream())
                .distinct()
                .toList();
    }

    /// What the holder had is gone at last: its bookings end at `at`, and so do the entries of its overrun.
    /// Repeating does nothing.
    ///
    /// @return how many bookings and entries were ended
    public int gone(Tx tx, String book, UUID holder, Instant at) {
        return gone(tx, book, holder, at, Duration.ZERO);
    }

    /// The same where a place has to be cleaned before others get it.
    public int gone(Tx tx, String book, UUID holder, Instant at, Duration cleaning) {
        int ended = calendar.release(tx, book, holder, at, cleaning);
        for (var entry : EntryRows.ofSource(tx, book, holder.toString())) {
            remove(tx, entry.id(), at).orThrow();
            ended++;
        }
        return ended;
    }

    /// The entry, if it counts.
    public Optional<Entry> find(Tx tx, UUID id) {
        return EntryRows.find(tx, id);
    }
}
