package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;
import static java.util.stream.Collectors.toMap;

import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// Reads collections of resources of any type, and single ones (cattle.md 5.4).
final class Collections {
    private static final Pages PAGES = new Pages(RESOURCE, RESOURCE.ID, RESOURCE.NUMBER, List.of(RESOURCE.DATA));

    private final Database database;
    private final Engine engine;
    private final Finder finder;
    private final Representation representation;
    private final Includes includes;

    Collections(Database database, Engine engine, Finder finder, Representation representation) {
        this.database = database;
        this.engine = engine;
        this.finder = finder;
        this.representation = representation;
        this.includes = new Includes(engine, representation);
    }

    /// `GET /v1/{type}`
    HttpReply list(Ask ask) {
        var type = ask.type();
        ask.need(type, 'r', false);
        return database.inTransaction(tx -> HttpReply.json(200, list(tx, ask, type, DSL.noCondition(), false)));
    }

    /// `GET /v1/{type}/{id}`
    HttpReply one(Ask ask) {
        var type = ask.type();
        ask.need(type, 'r', true);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, type, ask.id());
            return HttpReply.json(
                    200, includes.all(tx, ask, type, List.of(found)).getFirst());
        });
    }

    /// `GET /v1/{type}/{id}/{link}`
    HttpReply link(Ask ask) {
        var type = ask.type();
        ask.need(type, 'r', true);
        var name = ask.named().getOrDefault("link", "");
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, type, ask.id());
            var link = Links.find(ask, type, name)
                    .orElseThrow(() -> Problem.notThere(type.name() + " has no link " + Form.shorten(name)
                            + Nearest.hint(name, Links.names(ask, type))));
            return HttpReply.json(
                    200,
                    switch (link) {
                        case Links.ToOne one -> one(tx, ask, found, one);
                        case Links.ToMany many -> {
                            var answer = list(
                                    tx, ask, many.child(), many.of(List.of(found.id())), !Kinds.isData(many.child()));
                            ((ObjectNode) answer.get("createDefaults"))
                                    .put(many.field().name(), Ids.wire(found.type(), found.number()));
                            yield answer;
                        }
                    });
        });
    }

    private ObjectNode one(Tx tx, Ask ask, Resource from, Links.ToOne link) {
        var draft = representation.drafts(tx, ask, List.of(from)).getFirst();
        var target = draft.own().path(link.field().name()).asString("");
        var type = ask.kinds().find(link.target());
        if (type.isEmpty() || target.isEmpty()) {
            throw Problem.notThere("there is nothing at " + link.name());
        }
        return representation.one(tx, ask, finder.find(tx, ask, type.get(), target));
    }

    /// @param history whether removed ones are shown as well
    private ObjectNode list(Tx tx, Ask ask, ResourceType type, Condition which, boolean history) {
        var root = ask.kinds().root(type);
        var known = ResourceFilters.of(ask.kinds(), type);
        var filters = Filters.of(ask, known);
        var sorting = Sorting.of(ask, known, RESOURCE.NUMBER, false);
        boolean all = history || ask.flag("_removed") || filters.mention("removed");
        var page = PAGES.find(
                tx,
                ask,
                which.and(Resources.typed(root.name()))
                        .and(References.ofKind(type))
                        .and(Access.seenBy(ask.caller(), root.name()))
                        .and(filters.condition(tx, ask))
                        .and(all ? DSL.noCondition() : Resources.present()),
                sorting);
        var answer = Envelope.of(ask, type.name(), includes.all(tx, ask, type, read(tx, page.ids())));
        Envelope.order(answer, ask, known, sorting, filters);
        answer.set("pagination", page.pagination(ask));
        createTypes(ask, type, (ObjectNode) answer.get("createTypes"));
        return answer;
    }

    private static void createTypes(Ask ask, ResourceType type, ObjectNode node) {
        var family = ask.kinds().family(type);
        if (family.size() > 1) {
            family.stream()
                    .filter(one -> Methods.may(ask.caller(), one, 'c'))
                    .forEach(one -> node.put(one.name(), Kinds.collection(ask.base(), one)));
        }
    }

    /// In the order of the ids.
    private List<Resource> read(Tx tx, List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<UUID, Resource> byId =
                engine.resources().list(tx, RESOURCE.ID.eq(DSL.any(ids.toArray(UUID[]::new))), ids.size()).stream()
                        .collect(toMap(Resource::id, Function.identity()));
        return ids.stream()
                .map(id -> Optional.ofNullable(byId.get(id)).orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }

    /// One resource with what the request wants included, for one who has just changed it.
    ObjectNode show(Tx tx, Ask ask, Resource resource, List<String> included) {
        var type = ask.kinds().find(resource.type()).orElseThrow();
        return includes.all(tx, ask, type, List.of(resource), included).getFirst();
    }
}
