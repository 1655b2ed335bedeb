package holdfast.api.resources;

import holdfast.authority.Advertising;
import holdfast.authority.Authority;
import holdfast.broker.Broker;
import holdfast.broker.Supply;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.Orchestrator;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Looks at stored resources of any type.
final class Listings {
    private static final int LONGEST_AMBIGUITY = 10;

    private final Database database;
    private final Engine engine;
    private final Shapes shapes;

    Listings(Database database, Engine engine, Shapes shapes) {
        this.database = database;
        this.engine = engine;
        this.shapes = shapes;
    }

    /// Types by the name of their collection, such as `slices`.
    SortedMap<String, String> types() {
        var types = new TreeMap<String, String>();
        Stream.concat(
                        Stream.of(
                                Orchestrator.SLICE,
                                Orchestrator.SLIVER,
                                Broker.RESERVATION,
                                Supply.DELEGATION,
                                Authority.LEASE,
                                Advertising.SITE),
                        engine.definitions().all().stream().map(definition -> definition.type()))
                .forEach(type -> types.put(Shapes.plural(type), type));
        return types;
    }

    private String type(Ask ask) {
        return Optional.ofNullable(types().get(ask.named().getOrDefault("type", "")))
                .orElseThrow();
    }

    /// `GET /v1/{type}`
    HttpReply list(Ask ask) {
        var type = type(ask);
        var page = Page.of(ask);
        boolean inline = includesSlivers(ask, type);
        var which = filter(ask).and(Resources.typed(type));
        if (!ask.flag("removed")) {
            which = which.and(Resources.present());
        }
        return collection(ask, type, page, which, inline);
    }

    /// `GET /v1/slices/{id}/slivers`; those of a dead slice too.
    HttpReply slivers(Ask ask) {
        var slice = database.inTransaction(tx -> find(tx, ask.caller(), Orchestrator.SLICE, ask.id()));
        var which = Resources.partOf(slice.id()).and(Resources.typed(Orchestrator.SLIVER));
        return collection(ask, Orchestrator.SLIVER, Page.of(ask), which, false);
    }

    private HttpReply collection(Ask ask, String type, Page page, Condition which, boolean inline) {
        var from = page.after()
                .map(mark -> Resources.after(mark.created(), mark.id()))
                .orElse(DSL.noCondition());
        var visible = Access.seenBy(ask.caller());
        return database.inTransaction(tx -> {
            var rows = engine.resources().list(tx, which.and(visible).and(from), page.limit() + 1);
            boolean more = rows.size() > page.limit();
            var shown = more ? rows.subList(0, page.limit()) : rows;
            var data = inline
                    ? shapes.withSlivers(tx, ask.caller(), ask.base(), shown)
                    : shapes.all(tx, ask.caller(), ask.base(), shown);
            var next = more
                    ? Optional.of(new Page.Mark(
                            shown.getLast().created(), shown.getLast().id()))
                    : Optional.<Page.Mark>empty();
            return Page.collection(
                    ask, type, data, page.limit(), next.map(mark -> Page.with(ask, "marker", mark.text())));
        });
    }

    private static Condition filter(Ask ask) {
        var which = DSL.noCondition();
        which = ask.one("state").map(Resources::inState).map(which::and).orElse(which);
        which = ask.one("name").map(Resources::named).map(which::and).orElse(which);
        which = ask.one("project").map(Resources::ownedBy).map(which::and).orElse(which);
        return ask.one("actor").map(Resources::keptBy).map(which::and).orElse(which);
    }

    private static boolean includesSlivers(Ask ask, String type) {
        for (var link : ask.all("include")) {
            if (!type.equals(Orchestrator.SLICE) || !link.equals("slivers")) {
                throw Ask.malformed("include", "include is '" + link + "'; only slices include something: slivers");
            }
        }
        return !ask.all("include").isEmpty();
    }

    /// `GET /v1/{type}/{id}`
    HttpReply one(Ask ask) {
        var type = type(ask);
        boolean inline = includesSlivers(ask, type);
        return database.inTransaction(tx -> {
            var found = List.of(find(tx, ask.caller(), type, ask.id()));
            return HttpReply.json(
                    200,
                    inline
                            ? shapes.withSlivers(tx, ask.caller(), ask.base(), found)
                                    .getFirst()
                            : shapes.all(tx, ask.caller(), ask.base(), found).getFirst());
        });
    }

    /// The resource of that id; or the only one of that name that is not removed, else the last one that was.
    ///
    /// @throws RefusedException if there is none that the caller may see, or several of that name
    Resource find(Tx tx, Caller caller, String type, String idOrName) {
        var visible = Resources.typed(type).and(Access.seenBy(caller));
        var id = uuid(idOrName);
        if (id.isPresent()) {
            return engine.resources().list(tx, visible.and(Resources.withId(id.get())), 1).stream()
                    .findFirst()
                    .orElseThrow(() -> notThere(type, idOrName));
        }
        var named = engine.resources()
                .list(tx, visible.and(Resources.named(idOrName)).and(Resources.present()), LONGEST_AMBIGUITY);
        if (named.size() > 1) {
            var own = named.stream()
                    .filter(resource -> resource.project().equals(caller.project()))
                    .toList();
            named = own.size() == 1 ? own : named;
        }
        return switch (named.size()) {
            case 1 -> named.getFirst();
            case 0 ->
                engine.resources()
                        .newest(tx, visible.and(Resources.named(idOrName)))
                        .orElseThrow(() -> notThere(type, idOrName));
            default ->
                throw new RefusedException(Refusal.clash(
                        "several " + Shapes.plural(type) + " are called " + idOrName + "; name one by its id: "
                                + named.stream()
                                        .map(resource -> resource.id() + " (of " + resource.actor() + ")")
                                        .collect(Collectors.joining(", "))));
        };
    }

    private static RefusedException notThere(String type, String idOrName) {
        return new RefusedException(Refusal.notThere("there is no " + type + " " + idOrName));
    }

    static Optional<UUID> uuid(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// `GET /v1`
    HttpReply index(Ask ask) {
        var body = Json.object().put("id", "v1").put("type", "apiVersion");
        var links = body.putObject("links").put("self", ask.base() + "/v1");
        types().keySet().forEach(plural -> links.put(plural, ask.base() + "/v1/" + plural));
        for (var other :
                List.of("capacity", "health", "journal", "openapi.json", "processdefinitions", "processes", "status")) {
            links.put(other, ask.base() + "/v1/" + other);
        }
        links.put("metrics", ask.base() + "/metrics");
        return HttpReply.json(200, body);
    }
}
