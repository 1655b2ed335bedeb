package holdfast.engine.handlers;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which events a subscriber wants (cattle.md 5.10): `instance.start;handler=dns`, `state.change`, `resource.*`.
///
/// @param text what the event's name must be, or begin with
/// @param prefix whether anything may follow
/// @param queue whose subscribers share the event, from `;queue=word`
/// @param source the account that it must come from
public record EventName(String text, boolean prefix, Optional<String> queue, Optional<Source> source) {
    /// An account, and the project whose it is.
    public record Source(String account, String project) {}

    private static final Pattern ALLOWED = Pattern.compile("[._0-9a-zA-Z;=-]{0,255}\\*?");
    private static final String QUEUE = ";queue=";
    private static final String ACCOUNT = ";account=";
    /// Qualifiers of events that are for one receiver.
    private static final List<String> RECEIVERS = List.of(";handler=", ";agent=");

    private static final int MOST = 64;

    /// @throws RefusedException naming what is wrong
    public static List<EventName> all(List<String> texts) {
        if (texts.isEmpty() || texts.size() > MOST) {
            throw wrong("eventNames must name 1 to " + MOST + " events; there are " + texts.size());
        }
        return texts.stream().map(EventName::parse).toList();
    }

    private static EventName parse(String given) {
        if (given.isEmpty() || !ALLOWED.matcher(given).matches()) {
            throw wrong("eventNames holds '" + (given.length() > 60 ? given.substring(0, 60) + "..." : given)
                    + "'; a name is 1 to 256 of the characters A-Z a-z 0-9 . _ - ; = and may end in *");
        }
        int at = given.indexOf(QUEUE);
        if (at < 0) {
            return of(given, Optional.empty());
        }
        var queue = given.substring(at + QUEUE.length());
        if (queue.isEmpty() || queue.indexOf(';') >= 0 || queue.indexOf('*') >= 0) {
            throw wrong("eventNames holds '" + given + "'; one word without * follows queue=, at the end");
        }
        return of(given.substring(0, at), Optional.of(queue));
    }

    private static EventName of(String text, Optional<String> queue) {
        boolean prefix = text.endsWith("*");
        return new EventName(prefix ? text.substring(0, text.length() - 1) : text, prefix, queue, Optional.empty());
    }

    /// The same without what stands behind a semicolon and says whose events are meant. Handlers and agents keep
    /// their names: calls are for their own project anyway.
    public EventName cut() {
        int from = RECEIVERS.stream().anyMatch(text::contains) ? text.indexOf('=') : 0;
        int at = text.indexOf(';', from);
        return at < 0 ? this : new EventName(text.substring(0, at), false, queue, source);
    }

    /// The account that the name asks for.
    public Optional<String> account() {
        int at = text.indexOf(ACCOUNT);
        return at < 0 ? Optional.empty() : Optional.of(text.substring(at + ACCOUNT.length()));
    }

    /// The same name, for events of one account only.
    public EventName in(String account, String project) {
        return new EventName(
                text.substring(0, text.indexOf(ACCOUNT)), false, queue, Optional.of(new Source(account, project)));
    }

    /// What an event of that project is called for who asked so; empty if it is not wanted.
    Optional<String> told(String event, String project) {
        return fits(event) && source.filter(one -> !one.project.equals(project)).isEmpty()
                ? Optional.of(source.map(one -> event + ACCOUNT + one.account).orElse(event))
                : Optional.empty();
    }

    public boolean fits(String event) {
        return prefix ? event.startsWith(text) : event.equals(text);
    }

    private static RefusedException wrong(String message) {
        return new RefusedException(Refusal.malformed("eventNames", message));
    }
}
