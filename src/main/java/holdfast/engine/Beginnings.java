package holdfast.engine;

import com.fasterxml.jackson.annotation.JsonRawValue;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Stores resources that have come some way already when they are stored, with what is told of that and what is due:
/// one statement for any number of them.
public final class Beginnings {
    private final Platform platform;
    private final Definitions definitions;
    private final Signal due;
    private final Signal told;

    Beginnings(Platform platform, Definitions definitions, Signal due, Signal told) {
        this.platform = platform;
        this.definitions = definitions;
        this.due = due;
        this.told = told;
    }

    /// A resource and what led to it.
    ///
    /// @param resource as it is now; its version counts the passages
    /// @param passages the states that it came through, the present one last
    /// @param notices what users may hear of it
    /// @param timers what is due later: processes without states of their own
    public record Beginning(
            Resource resource, List<Passage> passages, List<Notice> notices, List<Processes.Request> timers) {
        public Beginning {
            passages = List.copyOf(passages);
            notices = List.copyOf(notices);
            timers = List.copyOf(timers);
        }
    }

    /// How it came into a state.
    public record Passage(String state, String who, String why) {}

    private record Row(
            UUID id,
            String type,
            String actor,
            @Nullable UUID parent,
            String name,
            String state,
            String project,
            Object labels,
            long version,
            @JsonRawValue String data,
            Instant created) {}

    private record Entry(UUID resource, @Nullable String before, String after, String who, String why) {}

    private record Told(
            UUID id,
            String type,
            Instant at,
            String kind,
            UUID object,
            long version,
            String project,
            @Nullable UUID reservation,
            @Nullable String zone,
            JsonNode data) {}

    private record Timer(UUID id, String name, UUID resource, JsonNode arguments, int priority, Instant due) {}

    /// @return the resources as they are stored, in their order
    /// @throws IllegalArgumentException if a timer is a process that leads through states
    public List<Resource> store(Tx tx, List<Beginning> all) {
        var rows = new ArrayList<Row>();
        var entries = new ArrayList<Entry>();
        var notices = new ArrayList<Told>();
        var timers = new ArrayList<Timer>();
        for (var one : all) {
            rows.add(row(one.resource()));
            String before = null;
            for (var passage : one.passages()) {
                entries.add(new Entry(one.resource().id(), before, passage.state(), passage.who(), passage.why()));
                before = passage.state();
            }
            one.notices().forEach(notice -> notices.add(told(notice)));
            one.timers().forEach(request -> timers.add(timer(request)));
        }
        Map<UUID, Long> numbers = new HashMap<>();
        tx.sql()
                .resultQuery(STORE, Json.text(rows), Json.text(entries), Json.text(notices), Json.text(timers))
                .forEach(row -> numbers.put(row.get("id", UUID.class), row.get("number", Long.class)));
        if (!timers.isEmpty()) {
            tx.afterCommit(due::raise);
        }
        if (!notices.isEmpty()) {
            tx.afterCommit(told::raise);
        }
        return all.stream()
                .map(Beginning::resource)
                .map(resource -> resource.numbered(
                        Optional.ofNullable(numbers.get(resource.id())).orElseThrow()))
                .toList();
    }

    private static Row row(Resource resource) {
        return new Row(
                resource.id(),
                resource.type(),
                resource.actor(),
                resource.parent().orElse(null),
                resource.name(),
                resource.state(),
                resource.project(),
                resource.labels(),
                resource.version(),
                resource.data(),
                resource.created());
    }

    private static Told told(Notice notice) {
        return new Told(
                notice.id(),
                notice.type(),
                notice.at(),
                notice.object().kind(),
                notice.object().id(),
                notice.object().version(),
                notice.project(),
                notice.reservation().orElse(null),
                notice.zone().orElse(null),
                notice.data());
    }

    private Timer timer(Processes.Request request) {
        var definition = definitions.get(request.process());
        if (definition.move().isPresent()) {
            throw new IllegalArgumentException(definition.name() + " is no timer");
        }
        var now = platform.now();
        return new Timer(
                platform.newId(),
                definition.name(),
                request.resource(),
                request.arguments(),
                definition.priority(),
                request.runAfter().filter(time -> time.isAfter(now)).orElse(now));
    }

    private static final String STORE = """
            with made as (
                insert into resource (id, type, actor, parent, name, state, project, labels, version, data, created, updated)
                select id, type, actor, parent, name, state, project, labels, version, data, created, created
                  from jsonb_to_recordset(?::jsonb) as g (id uuid, type text, actor text, parent uuid, name text, state text, project text, labels jsonb,
                                                          version bigint, data jsonb, created timestamptz)
                returning *
            ), entered as (
                insert into journal (at, resource, number, type, name, project, actor, from_state, to_state, who, why)
                select m.created, m.id, m.number, m.type, m.name, m.project, m.actor, e.before, e.after, e.who, e.why
                  from rows from (jsonb_to_recordset(?::jsonb) as (resource uuid, before text, after text, who text, why text)) with ordinality
                       as e (resource, before, after, who, why, nr)
                  join made m on m.id = e.resource
                 order by e.nr
            ), told as (
                insert into notice (id, type, at, kind, object, version, project, reservation, zone, data)
                select id, type, at, kind, object, version, project, reservation, zone, data
                  from rows from (jsonb_to_recordset(?::jsonb) as (id uuid, type text, at timestamptz, kind text, object uuid, version bigint,
                                                                   project text, reservation uuid, zone text, data jsonb)) with ordinality
                       as n (id, type, at, kind, object, version, project, reservation, zone, data, nr)
                 order by nr
            ), asked as (
                insert into process (id, name, resource, resource_type, actor, arguments, priority, step_since, run_after, entered, exit_reason,
                                     created)
                select t.id, t.name, m.id, m.type, m.actor, t.arguments, t.priority, t.due, t.due, false, 'SCHEDULED', m.created
                  from jsonb_to_recordset(?::jsonb) as t (id uuid, name text, resource uuid, arguments jsonb, priority int, due timestamptz)
                  join made m on m.id = t.resource
            )
            select id, number from made""";
}
