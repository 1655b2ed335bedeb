package holdfast.engine.handlers;

import holdfast.core.Caller;
import holdfast.engine.Journal;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.JournalFilter;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jooq.Condition;

/// What a subscriber wants to hear, and may.
///
/// @param calls selects the names of calls; empty if it wants none
/// @param entries selects entries of the journal; empty if it wants none
/// @param seen the entries that the caller may see
/// @param seenBy the same for the database
/// @param after where in the journal to begin; empty for now
/// @param still whether the caller may go on
public record Interest(
        Caller caller,
        Optional<Predicate<String>> calls,
        Optional<JournalFilter> entries,
        Predicate<Journal.Entry> seen,
        Condition seenBy,
        Optional<Cursor> after,
        BooleanSupplier still) {

    /// The same, restricted to what events of these names can tell.
    Interest of(List<EventName> names) {
        var kinds = Events.kinds(names);
        Predicate<String> named = event -> names.stream().anyMatch(name -> name.fits(event));
        return new Interest(
                caller,
                Optional.of(named),
                kinds.isEmpty() ? Optional.empty() : entries.map(filter -> filter.withKinds(kinds)),
                seen,
                seenBy,
                after,
                still);
    }

    /// All that the caller may hear, from now on.
    public static Interest in(JournalFilter entries, Caller caller, Predicate<Journal.Entry> seen, Condition seenBy) {
        return new Interest(caller, Optional.empty(), Optional.of(entries), seen, seenBy, Optional.empty(), () -> true);
    }

    public Interest from(Optional<Cursor> place) {
        return new Interest(caller, calls, entries, seen, seenBy, place, still);
    }

    /// @param may tells, at each ping, whether the caller may go on
    public Interest asLongAs(BooleanSupplier may) {
        return new Interest(caller, calls, entries, seen, seenBy, after, may);
    }

    boolean wants(Journal.Entry entry) {
        return entries.filter(filter -> filter.fits(entry) && seen.test(entry)).isPresent();
    }

    /// Calls are for members of the handler's project.
    boolean wants(Call call) {
        return !caller.readOnly() // who may not answer takes nothing away from those who may
                && (caller.admin() || caller.project().equals(call.project()))
                && calls.filter(names -> names.test(call.name())).isPresent();
    }
}
