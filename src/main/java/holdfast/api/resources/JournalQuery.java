package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.JournalFilter;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/// Which part of the journal a request is about.
final class JournalQuery {
    private static final List<String> PARAMETERS =
            List.of("after", "kind", "resource", "type", "project", "state", "name", "who", "trace");
    private static final List<String> KINDS = List.of("change", "progress", "state", "step");

    private JournalQuery() {}

    /// What a request may say about it, and `more`.
    static String[] parameters(String... more) {
        return Stream.concat(PARAMETERS.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /// Unless it says otherwise it is about changes of state; of a trace, about its steps.
    static JournalFilter filter(Tx tx, Ask ask) {
        for (var kind : ask.all("kind")) {
            if (!KINDS.contains(kind)) {
                throw Problem.malformed("kind", "kind is '" + Form.shorten(kind) + "'" + Nearest.hint(kind, KINDS));
            }
        }
        return new JournalFilter(
                ask.all("kind").isEmpty() ? usual(ask) : Set.copyOf(ask.all("kind")),
                Set.copyOf(ask.all("type")),
                ask.one("resource").map(text -> resource(tx, ask.caller(), text)),
                ask.one("project"),
                ask.one("state"),
                ask.one("name"),
                ask.one("who"),
                ask.one("trace"));
    }

    private static Set<String> usual(Ask ask) {
        return Set.of(ask.one("trace").isPresent() ? "step" : "state");
    }

    private static UUID resource(Tx tx, Caller caller, String text) {
        return References.find(tx, caller, text)
                .orElseThrow(() -> Problem.malformed(
                        "resource", "resource is '" + Form.shorten(text) + "'; it must be the id of a resource"));
    }

    /// The place to go on from: a `cursor` as it was shown, or the number of an entry.
    ///
    /// @param byNumber finds the place of a number
    static Optional<Cursor> after(Ask ask, LongFunction<Cursor> byNumber) {
        var told = ask.one("after").or(() -> ask.http().header("Last-Event-ID"));
        return told.map(text -> Cursor.parse(text)
                .or(() -> number(text).map(byNumber::apply))
                .orElseThrow(() -> Problem.malformed(
                        "after",
                        "after is '" + Form.shorten(text)
                                + "'; it must be the cursor of an entry, such as 742-19, or its number")));
    }

    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
