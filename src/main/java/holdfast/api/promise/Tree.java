package holdfast.api.promise;

import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.broker.Pool;
import holdfast.broker.Reservations;
import holdfast.core.Caller;
import holdfast.core.CloudSupply;
import holdfast.engine.Resource;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What there is, as a tree to read (promise.md 5.1). Writing it would bypass admission, so only the policy is written.
final class Tree {
    private static final String POOL = "pool";
    private static final int MOST_POOLS = 1_000;

    private final Parts parts;
    private final Map<String, Branch> branches = new LinkedHashMap<>();

    /// A list of things that have an `id`.
    private interface Branch {
        List<ObjectNode> list(Tx tx, Caller caller);
    }

    Tree(Parts parts) {
        this.parts = parts;
        branches.put("providers", this::providers);
        branches.put("reservations", this::reservations);
    }

    /// @param path what follows `promise`
    HttpReply answer(Caller caller, HttpRequest request, List<String> path) {
        if (path.size() > 2 || !path.isEmpty() && !branches.containsKey(path.getFirst())) {
            throw ComplaintException.notThere("there is nothing at " + Fields.shorten(request.rawPath()));
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> HttpReply.json(200, parts.in(tx -> show(tx, caller, path)));
            case "REPORT" -> HttpReply.json(200, parts.in(tx -> report(tx, caller)));
            case "OPTIONS" -> HttpReply.json(200, Map.of("GET", Map.of("description", "what there is")))
                    .with("Allow", allowed());
            default ->
                throw ComplaintException.wrongMethod(
                        request.method(), Fields.shorten(request.rawPath()), allowed());
        };
    }

    private static String allowed() {
        return "GET, HEAD, OPTIONS, REPORT";
    }

    private Object show(Tx tx, Caller caller, List<String> path) {
        if (path.isEmpty()) {
            var all = Json.object();
            branches.forEach((name, branch) -> all.set(name, Json.toTree(branch.list(tx, caller))));
            return all;
        }
        var list = branches.get(path.getFirst()).list(tx, caller);
        if (path.size() == 1) {
            return list;
        }
        var id = Ref.of(path.get(1)).name();
        return list.stream()
                .filter(one -> one.get("id").stringValue().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        ComplaintException.notThere("there is no " + path.getFirst() + "/" + Fields.shorten(id)));
    }

    private ObjectNode report(Tx tx, Caller caller) {
        var counts = Json.object();
        branches.forEach((name, branch) -> counts.put(name, branch.list(tx, caller).size()));
        return counts;
    }

    private List<ObjectNode> reservations(Tx tx, Caller caller) {
        var view = ReservationView.read(tx, parts.resources(), parts.now());
        return parts.mine().present(tx, caller, Reservations.TYPE).stream().map(view::show).toList();
    }

    /// What is for sale of each is for everybody to see; how it is reached, for administrators.
    private List<ObjectNode> providers(Tx tx, Caller caller) {
        var accounts = parts.mine().present(tx, caller, Providers.TYPE).stream()
                .collect(Collectors.toMap(Resource::id, Function.identity()));
        var shown = new ArrayList<ObjectNode>();
        for (var pool : parts.resources().ofType(tx, POOL, MOST_POOLS)) {
            shown.add(provider(pool, pool.as(Pool.class), accounts.get(pool.as(Pool.class).provider())));
        }
        return shown;
    }

    private static ObjectNode provider(Resource pool, Pool sold, @org.jspecify.annotations.Nullable Resource account) {
        var node = Json.object().put("id", sold.provider().toString()).put("name", sold.name());
        var compute = node.putObject("services").putObject("compute");
        if (account != null) {
            compute.put("endpoint", account.as(Provider.class).account().endpoint());
        }
        var flavors = compute.putArray("flavors");
        sold.supply().map(CloudSupply::flavors).orElse(List.of()).forEach(flavor -> flavors.addObject()
                .put("id", flavor.id())
                .put("name", flavor.name())
                .put("vcpus", flavor.vcpus())
                .put("ram", flavor.memoryMb())
                .put("disk", flavor.diskGb()));
        node.putArray("pools").add(pool.id().toString());
        return node;
    }

}
