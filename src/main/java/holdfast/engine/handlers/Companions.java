package holdfast.engine.handlers;

import static holdfast.db.Tables.RESOURCE;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import holdfast.engine.Definitions;
import holdfast.engine.Engine;
import holdfast.engine.Registry;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.handlers.Handler.Config;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// The rows beside a handler (cattle.md 2.4, 3.6): one for each process as it is hooked into, shared by all who hook
/// into
/// it, and one that maps a handler to such a process. A handler takes part while all three are active.
final class Companions {
    static final String PROCESS = "externalHandlerProcess";
    static final String MAP = "externalHandlerExternalHandlerProcessMap";
    private static final String HANDLER_ID = "externalHandlerId";
    private static final String PROCESS_ID = "externalHandlerProcessId";
    private static final String EVENT = "eventName";
    private static final String ON_ERROR = "onError";
    private static final String ACTIVE = "active";
    private static final int MOST = 100_000;

    private final Platform platform;
    private final Resources resources;
    private final Definitions definitions;
    private final Registry registry;

    Companions(Platform platform, Engine engine) {
        this.platform = platform;
        this.resources = engine.resources();
        this.definitions = engine.definitions();
        this.registry = engine.registry();
    }

    /// Keeps the rows in step with the handlers, in the transactions in which these are activated and removed.
    void follow() {
        after("externalhandler.activate", this::open);
        after("externalhandler.remove", this::close);
    }

    private interface Sequel {
        void write(Tx tx, Resource handler);
    }

    private void after(String process, Sequel sequel) {
        definitions.add(definitions.get(process).endingWith((tx, handler, refusal) -> {
            if (refusal.isEmpty()) {
                sequel.write(tx, handler);
            }
        }));
    }

    /// What handlers hook into now, by the id of the handler, in the order in which the rows were made.
    Map<String, List<Config>> active(Tx tx) {
        var processes = resources.list(tx, active(PROCESS), MOST).stream()
                .collect(toMap(process -> process.id().toString(), Resource::name));
        return resources.list(tx, active(MAP), MOST).stream()
                .sorted(Comparator.comparingLong(Resource::number))
                .map(Resource::content)
                .filter(map -> processes.containsKey(map.path(PROCESS_ID).asString("")))
                .collect(groupingBy(
                        map -> map.path(HANDLER_ID).asString(""), mapping(map -> config(map, processes), toList())));
    }

    private static Config config(ObjectNode map, Map<String, String> processes) {
        var process = requireNonNull(processes.get(map.path(PROCESS_ID).asString("")));
        return new Config(process, Handler.text(map, EVENT), Handler.text(map, ON_ERROR));
    }

    private static Condition active(String type) {
        return Resources.typed(type)
                .and(RESOURCE.STATE.in(ACTIVE, "updating-active"))
                .and(Resources.present());
    }

    /// Makes the rows that are missing, and activates maps that rest. A process that somebody has switched off
    /// stays so.
    private void open(Tx tx, Resource handler) {
        var maps = maps(tx, handler); // before the registry, as whoever changes one of them does
        registry.changed(tx); // whoever looks for the same processes at this moment waits
        for (var config : Handler.configs(handler)) {
            var process = process(tx, handler, config.process());
            var content = Json.object().put("kind", MAP);
            content.put(HANDLER_ID, handler.id().toString()).put(PROCESS_ID, process.toString());
            config.event().ifPresent(event -> content.put(EVENT, event));
            config.onError().ifPresent(onError -> content.put(ON_ERROR, onError));
            boolean missing = maps.stream()
                    .map(Resource::content)
                    .noneMatch(map -> map.path(PROCESS_ID).equals(content.get(PROCESS_ID))
                            && Handler.text(map, EVENT).equals(config.event()));
            if (missing) {
                insert(tx, handler, MAP, "", content);
            }
        }
        maps.stream()
                .filter(map -> map.state().equals("inactive"))
                .forEach(map -> change(tx, map, map.withState(ACTIVE, Optional.empty()), handler));
    }

    private UUID process(Tx tx, Resource handler, String name) {
        return resources
                .list(tx, Resources.typed(PROCESS).and(Resources.named(name)).and(Resources.present()), 1)
                .stream()
                .findFirst()
                .map(Resource::id)
                .orElseGet(
                        () -> insert(tx, handler, PROCESS, name, Json.object().put("kind", PROCESS)));
    }

    private UUID insert(Tx tx, Resource handler, String type, String name, ObjectNode content) {
        var fresh = resources.fresh(
                platform.newId(), type, handler.actor(), Optional.empty(), name, ACTIVE, handler.project(), content);
        resources.insert(tx, fresh, handler.name(), "handler activated");
        return fresh.id();
    }

    private void close(Tx tx, Resource handler) {
        var finish = definitions.get(MAP.toLowerCase(Locale.ROOT) + ".remove").finish();
        maps(tx, handler)
                .forEach(map -> change(
                        tx, map, finish.apply(map.withState("removed", Optional.empty()), platform.now()), handler));
    }

    private void change(Tx tx, Resource before, Resource after, Resource handler) {
        resources.update(tx, before.state(), after, handler.name(), "follows its handler");
    }

    /// Those of one handler, locked.
    private List<Resource> maps(Tx tx, Resource handler) {
        var refers = Json.text(Json.object().put(HANDLER_ID, handler.id().toString()));
        return resources
                .list(
                        tx,
                        Resources.typed(MAP)
                                .and(Resources.present())
                                .and(DSL.condition("data @> ?::jsonb and data ?? 'kind'", refers)),
                        MOST)
                .stream()
                .flatMap(map -> resources.lock(tx, map.id()).stream())
                .toList();
    }
}
