package holdfast.engine;

import static holdfast.db.Tables.JOURNAL;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// Which entries of the journal are wanted: those that fit all that is given, here and in the database alike.
///
/// @param kinds of entries, see [Journal.Entry]; empty for all
/// @param types of resources; empty for all
/// @param state that it came to
/// @param trace of the workflow that it is a step of
public record JournalFilter(
        Set<String> kinds,
        Set<String> types,
        Optional<UUID> resource,
        Optional<String> project,
        Optional<String> state,
        Optional<String> name,
        Optional<String> who,
        Optional<String> trace) {
    public static final JournalFilter ALL = new JournalFilter(
            Set.of(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public JournalFilter {
        kinds = Set.copyOf(kinds);
        types = Set.copyOf(types);
    }

    public JournalFilter withKinds(Set<String> some) {
        return new JournalFilter(some, types, resource, project, state, name, who, trace);
    }

    public JournalFilter withTypes(Set<String> some) {
        return new JournalFilter(kinds, some, resource, project, state, name, who, trace);
    }

    public boolean fits(Journal.Entry entry) {
        return (kinds.isEmpty() || kinds.contains(entry.kind()))
                && (types.isEmpty() || types.contains(entry.type()))
                && resource.map(entry.resource()::equals).orElse(true)
                && project.map(entry.project()::equals).orElse(true)
                && state.map(entry.to()::equals).orElse(true)
                && name.map(entry.name()::equals).orElse(true)
                && who.map(entry.who()::equals).orElse(true)
                && (trace.isEmpty() || trace.equals(entry.trace()));
    }

    /// The same as [#fits], for the database.
    public Condition condition() {
        return DSL.and(
                among(JOURNAL.KIND, kinds),
                among(JOURNAL.TYPE, types),
                given(JOURNAL.RESOURCE, resource),
                given(JOURNAL.PROJECT, project),
                given(JOURNAL.TO_STATE, state),
                given(JOURNAL.NAME, name),
                given(JOURNAL.WHO, who),
                given(JOURNAL.TRACE, trace));
    }

    private static Condition among(Field<String> field, Set<String> some) {
        return some.isEmpty() ? DSL.noCondition() : field.in(some);
    }

    private static <T> Condition given(Field<T> field, Optional<T> value) {
        return value.map(field::eq).orElse(DSL.noCondition());
    }
}
