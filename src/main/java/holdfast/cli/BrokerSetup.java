package holdfast.cli;

import holdfast.cli.setup.Directory;
import holdfast.cli.setup.Item;
import holdfast.cli.setup.Kind;
import holdfast.cli.setup.Request;
import holdfast.cli.setup.Step;
import holdfast.cli.setup.There;
import holdfast.cli.setup.Wanted;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// How a cloud broker is set up: what it tells of that, and how a step is taken.
final class BrokerSetup {
    private final Broker broker;
    private final Directory directory = new Directory();

    BrokerSetup(Broker broker) {
        this.broker = broker;
    }

    /// What there is of the kinds that are wanted or whose lists are named, and of those that they refer to.
    There look(Wanted wanted) {
        var kinds = EnumSet.noneOf(Kind.class);
        var pools = new TreeSet<String>();
        for (var item : wanted.items()) {
            kinds.add(item.kind());
            item.refs().stream().filter(ref -> ref.kind() == Kind.POOL).forEach(ref -> pools.add(ref.key()));
        }
        for (var list : wanted.lists()) {
            kinds.add(list.kind());
            Stream.of(Kind.values()).filter(list.kind()::takes).forEach(kinds::add);
            list.owner().filter(_ -> list.kind().belowPool()).ifPresent(pools::add);
        }
        List.copyOf(kinds).forEach(kind -> kind.needs().forEach(kinds::add));
        var found = new ArrayList<Item>();
        for (var kind : kinds) { // in their order: what they refer to is known by then
            if (!kind.belowPool()) found.addAll(read(kind));
            else
                pools.forEach(
                        pool -> directory.id(Kind.POOL, pool).ifPresent(id -> found.addAll(below(kind, pool, id))));
        }
        return new There(found, directory.staying());
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
        switch (step.verb()) {
            case CREATE -> {
                var id = Nodes.text(sent(request, parts), "id");
                if (!id.isEmpty()) directory.put(step.item().kind(), step.item().key(), id);
            }
            case CHANGE -> sent(request, parts);
            case REMOVE -> gone(Broker.path(parts));
        }
    }

    private JsonNode sent(Request request, String... parts) {
        return request.method().equals("POST") ? broker.post(request.body(), parts) : broker.put(request.body(), parts);
    }

    /// What is gone already went with something else, or somebody else was faster.
    private void gone(String path) {
        try {
            broker.client().delete(path);
        } catch (CliException e) {
            if (e.exitCode() != ExitCode.NOT_THERE) throw e;
        }
    }
}
