package holdfast.notifications;

import static holdfast.db.Tables.NOTICE;

import holdfast.engine.Notice;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Which notices somebody wants to hear (promise.md 5.3). What is empty restricts nothing; the rest holds all at once.
///
/// @param events types of notices, at most [#MOST]; `reservation.*` are all that begin so, `*` are all
/// @param reservation of these
/// @param lease likewise: a lease and a reservation are one thing, so either list is enough
/// @param object about these, or of them if they are reservations
/// @param project of that one
/// @param zone in that one
/// @param threshold when to hear `capacity.threshold`; of no meaning to other notices
public record NoticeFilter(
        List<String> events,
        List<UUID> reservation,
        List<UUID> lease,
        List<UUID> object,
        Optional<String> project,
        Optional<String> zone,
        Optional<Threshold> threshold) {
    /// The most entries of a list.
    public static final int MOST = 64;

    public static final NoticeFilter ALL = new NoticeFilter(
            List.of(), List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String ANY = "*";
    private static final Pattern EVENT =
            Pattern.compile("\\*|[a-z][a-z0-9_-]{0,39}(\\.[A-Za-z0-9_-]{1,40}){0,5}(\\.\\*)?");

    public NoticeFilter {
        events = List.copyOf(events);
        reservation = List.copyOf(reservation);
        lease = List.copyOf(lease);
        object = List.copyOf(object);
    }

    /// Whether it may stand among `events`.
    public static boolean isEvent(String name) {
        return EVENT.matcher(name).matches();
    }

    public NoticeFilter withEvents(List<String> some) {
        return new NoticeFilter(some, reservation, lease, object, project, zone, threshold);
    }

    public boolean fits(Notice notice) {
        var things = things();
        return (events.isEmpty() || events.contains(notice.type()) || prefixes().anyMatch(notice.type()::startsWith))
                && (things.isEmpty()
                        || things.contains(notice.object().id())
                        || notice.reservation().filter(things::contains).isPresent())
                && project.map(notice.project()::equals).orElse(true)
                && zone.map(wanted -> notice.zone().filter(wanted::equals).isPresent())
                        .orElse(true);
    }

    /// The same as [#fits], for the database.
    public Condition condition() {
        var things = things().toArray(UUID[]::new);
        return DSL.and(
                events.isEmpty() ? DSL.noCondition() : named(),
                things.length == 0
                        ? DSL.noCondition()
                        : NOTICE.OBJECT.eq(DSL.any(things)).or(NOTICE.RESERVATION.eq(DSL.any(things))),
                project.map(NOTICE.PROJECT::eq).orElse(DSL.noCondition()),
                zone.map(NOTICE.ZONE::eq).orElse(DSL.noCondition()));
    }

    private Condition named() {
        return NOTICE.TYPE
                .eq(DSL.any(events.toArray(String[]::new)))
                .or(DSL.condition(
                        "exists (select from unnest({0}) prefix where starts_with({1}, prefix))",
                        DSL.val(prefixes().toArray(String[]::new)), NOTICE.TYPE));
    }

    private Stream<String> prefixes() {
        return events.stream()
                .filter(event -> event.endsWith(ANY))
                .map(event -> event.substring(0, event.length() - ANY.length()));
    }

    private List<UUID> things() {
        return Stream.of(reservation, lease, object).flatMap(List::stream).toList();
    }
}
