package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts resources that others are linked with into these, one level deep: one query for each link.
final class Includes {
    private static final int MOST = 10_000;
    private static final Weight WEIGHT = new Weight(RESOURCE, RESOURCE.ID, List.of(RESOURCE.DATA));

    private final Engine engine;
    private final Representation representation;

    Includes(Engine engine, Representation representation) {
        this.engine = engine;
        this.representation = representation;
    }

    List<ObjectNode> all(Tx tx, Ask ask, ResourceType type, List<Resource> page) {
        return all(tx, ask, type, page, ask.all("include"));
    }

    List<ObjectNode> all(Tx tx, Ask ask, ResourceType type, List<Resource> page, List<String> names) {
        var links = names.stream()
                .map(name -> Links.find(ask, type, name)
                        .orElseThrow(() -> Problem.invalid(
                                "InvalidOption",
                                "include",
                                "include is '" + Form.shorten(name) + "'"
                                        + Nearest.hint(name, Links.names(ask, type)))))
                .distinct()
                .toList();
        var drafts = representation.drafts(tx, ask, page);
        var selections = links.stream().map(link -> linked(ask, link, drafts)).toList();
        bound(tx, selections);
        var found = selections.stream()
                .map(which -> representation.drafts(tx, ask, engine.resources().list(tx, which, MOST)))
                .toList();
        var everything = Stream.concat(Stream.of(drafts), found.stream())
                .flatMap(Collection::stream)
                .toList();
        var nodes = representation.finished(tx, ask, everything);
        int from = drafts.size();
        for (int n = 0; n < links.size(); n++) {
            int size = found.get(n).size();
            embed(links.get(n), drafts, nodes, found.get(n), nodes.subList(from, from + size));
            from += size;
        }
        return nodes.subList(0, drafts.size());
    }

    /// What is left out of a list would look as if it were not there; so it is all or nothing.
    private static void bound(Tx tx, List<Condition> selections) {
        var ids = selections.stream().flatMap(which -> ids(tx, which).stream()).toList();
        if (ids.size() > MOST || WEIGHT.fitting(tx, ids) < ids.size()) {
            throw Problem.invalid(
                    "MaxLimitExceeded",
                    "include",
                    "include would bring more than " + MOST + " resources or " + (Weight.MOST >> 20)
                            + " MB; ask for fewer at once with limit, or follow the links");
        }
    }

    private static List<UUID> ids(Tx tx, Condition which) {
        return Pages.within(
                        Pages.PATIENCE,
                        tx.sql().select(RESOURCE.ID).from(RESOURCE).where(which).limit(MOST + 1))
                .getValues(RESOURCE.ID);
    }

    private static Condition linked(Ask ask, Links link, List<Representation.Draft> drafts) {
        return switch (link) {
            case Links.ToOne one -> {
                var ids = drafts.stream()
                        .flatMap(draft -> target(draft, one).stream())
                        .distinct()
                        .toArray(UUID[]::new);
                yield visible(ask, ask.kinds().find(one.target()), RESOURCE.ID.eq(DSL.any(ids)));
            }
            case Links.ToMany many -> {
                var ids = drafts.stream().map(draft -> draft.resource().id()).toList();
                var present = Kinds.isData(many.child()) ? Resources.present() : DSL.noCondition();
                yield visible(ask, Optional.of(many.child()), many.of(ids).and(present));
            }
        };
    }

    private static Condition visible(Ask ask, Optional<ResourceType> type, Condition which) {
        return type.map(known -> {
                    var root = ask.kinds().root(known);
                    return which.and(Resources.typed(root.name()))
                            .and(References.ofKind(known))
                            .and(Access.seenBy(ask.caller(), root.name()));
                })
                .orElse(DSL.falseCondition());
    }

    private static Optional<UUID> target(Representation.Draft draft, Links.ToOne link) {
        return Ids.uuid(draft.own().path(link.field().name()).asString(""));
    }

    private static void embed(
            Links link,
            List<Representation.Draft> drafts,
            List<ObjectNode> nodes,
            List<Representation.Draft> others,
            List<ObjectNode> shown) {
        var byTarget = new HashMap<String, List<ObjectNode>>();
        for (int n = 0; n < others.size(); n++) {
            for (var id : targets(link, others.get(n))) {
                byTarget.computeIfAbsent(id, _ -> new ArrayList<>()).add(shown.get(n));
            }
        }
        for (int n = 0; n < drafts.size(); n++) {
            switch (link) {
                case Links.ToOne one ->
                    nodes.get(n)
                            .set(
                                    link.name(),
                                    target(drafts.get(n), one)
                                            .map(id -> byTarget.get(id.toString()))
                                            .<JsonNode>map(List::getFirst)
                                            .orElse(NullNode.getInstance()));
                case Links.ToMany _ ->
                    nodes.get(n)
                            .putArray(link.name())
                            .addAll(byTarget.getOrDefault(
                                    drafts.get(n).resource().id().toString(), List.of()));
            }
        }
    }

    /// By which ids a linked resource is found: its own, or those of what it refers to.
    private static Set<String> targets(Links link, Representation.Draft other) {
        return switch (link) {
            case Links.ToOne _ -> Set.of(other.resource().id().toString());
            case Links.ToMany many ->
                many.fields().stream()
                        .map(field -> other.own().path(field.name()).asString(""))
                        .collect(Collectors.toSet());
        };
    }
}
