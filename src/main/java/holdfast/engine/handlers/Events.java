package holdfast.engine.handlers;

import static java.util.Objects.requireNonNull;

import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Puts what a subscriber hears into events (cattle.md 2.5, 4.8).
final class Events implements Audience {
    private static final String RESOURCE_CHANGE = "resource.change";
    private static final Map<String, String> BY_KIND =
            Map.of("state", "state.change", "change", "api.change", "progress", "resource.progress");
    /// How often at most the change of one resource is told.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int MOST_AT_ONCE = 50;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Claims claims;
    private final View view;
    private final Interest interest;
    private final List<EventName> names;
    private final Consumer<ObjectNode> out;
    private final Map<UUID, Journal.Entry> changed = new LinkedHashMap<>();
    private final Map<UUID, Instant> told = new HashMap<>();

    Events(
            Platform platform,
            Database database,
            Engine engine,
            Claims claims,
            View view,
            Interest interest,
            List<EventName> names,
            Consumer<ObjectNode> out) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.claims = claims;
        this.view = view;
        this.interest = interest;
        this.names = names;
        this.out = out;
    }

    /// The kinds of entries that events of these names are made of.
    static Set<String> kinds(List<EventName> names) {
        if (names.stream().anyMatch(name -> name.fits(RESOURCE_CHANGE))) {
            return BY_KIND.keySet();
        }
        return BY_KIND.entrySet().stream()
                .filter(kind -> names.stream().anyMatch(name -> name.fits(kind.getValue())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void ping() {
        out.accept(event("ping"));
    }

    @Override
    public void entry(Journal.Entry entry) {
        var name = BY_KIND.getOrDefault(entry.kind(), "state.change");
        told(name, entry.project()).ifPresent(asked -> {
            var event = event(asked);
            event.put("resourceType", entry.type())
                    .put("resourceId", view.id(entry.type(), entry.number()))
                    .put("uuid", entry.resource().toString());
            event.put("cursor", entry.cursor().text());
            var data = event.putObject("data");
            data.put("previousState", entry.from().orElse(null)).put("state", entry.to());
            data.put("accountId", entry.project()).put("name", entry.name());
            data.put("who", entry.who()).put("why", entry.why());
            data.put("at", entry.at().toString());
            out.accept(event);
        });
        if (told(RESOURCE_CHANGE, entry.project()).isPresent()) {
            changed.put(entry.resource(), entry);
            tick();
        }
    }

    /// Tells of the resources whose last word is a second old; others wait.
    @Override
    public void tick() {
        if (changed.isEmpty()) {
            return;
        }
        var now = platform.now();
        told.values().removeIf(at -> !now.isBefore(at.plus(PAUSE)));
        var due = changed.keySet().stream()
                .filter(id -> !told.containsKey(id))
                .limit(MOST_AT_ONCE)
                .toList();
        for (var id : due) {
            var cause = requireNonNull(changed.remove(id));
            told.put(id, now);
            change(id, cause);
        }
    }

    private void change(UUID id, Journal.Entry cause) {
        Optional<ObjectNode> shown = database.inTransaction(tx -> engine.resources()
                .find(tx, id)
                .map(resource -> resourceChange(resource, cause, view.show(tx, interest.caller(), resource))));
        shown.ifPresent(out);
    }

    private ObjectNode resourceChange(Resource resource, Journal.Entry cause, ObjectNode shown) {
        var event = event(told(RESOURCE_CHANGE, cause.project()).orElse(RESOURCE_CHANGE));
        event.put("resourceType", resource.type()).put("resourceId", view.id(resource.type(), resource.number()));
        event.put("cursor", cause.cursor().text());
        event.putObject("data").set("resource", shown);
        return event;
    }

    /// A call goes to the subscriber once: for itself, or as the one of a queue.
    @Override
    public void call(UUID subscriber, Call call) {
        var queues = new HashSet<Optional<String>>();
        names.stream()
                .filter(name -> name.fits(call.name()))
                .forEach(name -> queues.add(name.queue().or(call::queue)));
        boolean mine = queues.contains(Optional.<String>empty())
                || queues.stream().flatMap(Optional::stream).anyMatch(queue -> claims.take(call, queue, subscriber));
        if (mine) {
            out.accept(call.event());
        }
    }

    /// What the subscriber calls an event of that project, if it wants it.
    private Optional<String> told(String event, String project) {
        return names.stream()
                .flatMap(name -> name.told(event, project).stream())
                .findFirst();
    }

    private ObjectNode event(String name) {
        return Json.object()
                .put("id", platform.newId().toString())
                .put("name", name)
                .put("time", platform.now().toEpochMilli());
    }
}
