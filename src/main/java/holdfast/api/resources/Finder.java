package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds the one resource that an address names.
final class Finder {
    private static final int LONGEST_AMBIGUITY = 10;

    private final Engine engine;

    Finder(Engine engine) {
        this.engine = engine;
    }

    /// The resource of that id. What parts of Holdfast keep is found by its name as well: the only one of that name
    /// that is not removed, else the last one that was.
    ///
    /// @throws Problem if there is none that the caller may see, or several of that name
    Resource find(Tx tx, Ask ask, ResourceType type, String idOrName) {
        var root = ask.kinds().root(type);
        var visible = Resources.typed(root.name()).and(Access.seenBy(ask.caller(), root.name()));
        return engine
                .resources()
                .list(tx, visible.and(References.named(root, idOrName)).and(References.ofKind(type)), 1)
                .stream()
                .findFirst()
                .or(() -> Kinds.isData(type) ? Optional.empty() : named(tx, ask.caller(), root, visible, idOrName))
                .orElseThrow(() -> Problem.notThere("there is no " + type.name() + " " + Form.shorten(idOrName)));
    }

    /// A resource of one of the parts.
    Resource find(Tx tx, Ask ask, String type, String idOrName) {
        return find(tx, ask, ask.kinds().find(type).orElseThrow(), idOrName);
    }

    private Optional<Resource> named(Tx tx, Caller caller, ResourceType type, org.jooq.Condition visible, String name) {
        var named = engine.resources()
                .list(tx, visible.and(Resources.named(name)).and(Resources.present()), LONGEST_AMBIGUITY);
        if (named.size() > 1) {
            var own = named.stream()
                    .filter(resource -> resource.project().equals(caller.project()))
                    .toList();
            named = own.size() == 1 ? own : named;
        }
        return switch (named.size()) {
            case 1 -> Optional.of(named.getFirst());
            case 0 -> engine.resources().newest(tx, visible.and(Resources.named(name)));
            default ->
                throw Problem.conflict("several " + type.plural() + " are called " + name + "; name one by its id: "
                        + named.stream()
                                .map(one -> Ids.wire(one.type(), one.number()) + " (of " + one.actor() + ")")
                                .collect(Collectors.joining(", ")));
        };
    }
}
