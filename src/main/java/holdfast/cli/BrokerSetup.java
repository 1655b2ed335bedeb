package holdfast.cli;

import holdfast.cli.setup.Directory;
import holdfast.cli.setup.Item;
import holdfast.cli.setup.Kind;
import holdfast.cli.setup.Request;
import holdfast.cli.setup.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// How a cloud broker is set up: what it tells of that, and how a step is taken.
final class BrokerSetup {
    private final Broker broker;
    private final Directory directory = new Directory();

    BrokerSetup(Broker broker) {
        this.broker = broker;
    }

    /// What there is of the kinds that are wanted, and of those that they refer to.
    List<Item> look(List<Item> wanted) {
        var kinds = EnumSet.noneOf(Kind.class);
        var pools = new TreeSet<String>();
        for (var item : wanted) {
            kinds.add(item.kind());
            item.kind().needs().forEach(kinds::add);
            item.refs().stream().filter(ref -> ref.kind() == Kind.POOL).forEach(ref -> pools.add(ref.key()));
        }
        var found = new ArrayList<Item>();
        for (var kind : kinds) { // in their order: what they refer to is known by then
            if (!kind.belowPool()) found.addAll(read(kind));
            else
                pools.forEach(
                        pool -> directory.id(Kind.POOL, pool).ifPresent(id -> found.addAll(below(kind, pool, id))));
        }
        return found;
    }

    private List<Item> read(Kind kind) {
        var parameters =
                Map.of("provider", kind == Kind.PROVIDER_PROFILE ? Optional.of("any") : Optional.<String>empty());
        return items(kind, broker.list(List.of(kind.collection()), parameters), Optional.empty());
    }

    private List<Item> below(Kind kind, String pool, String id) {
        var path = Broker.path(Kind.POOL.collection(), id, kind.collection());
        var answer = broker.client().get(path);
        var found = kind == Kind.SELECTION_STRATEGIES ? List.of(answer) : Nodes.items(Broker.inside(answer));
        return items(kind, found, Optional.of(pool));
    }

    private List<Item> items(Kind kind, List<JsonNode> found, Optional<String> pool) {
        return found.stream()
                .flatMap(one -> Request.shown(kind, one, pool, directory).stream())
                .toList();
    }

    /// Has the server do what a step says.
    void take(Step step) {
        for (var ref : step.item().refs())
            if (ref.kind().onlySeen() && directory.id(ref.kind(), ref.key()).isEmpty()) read(ref.kind());
        var request = Request.of(step, directory);
        var parts = request.path().toArray(String[]::new);
        var answer = request.method().equals("POST")
                ? broker.post(request.body(), parts)
                : broker.put(request.body(), parts);
        var id = Nodes.text(answer, "id");
        if (step.creates() && !id.isEmpty())
            directory.put(step.item().kind(), step.item().key(), id);
    }
}
