package holdfast.api.promise;

import holdfast.api.promise.CapacityIntents.Figure;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.broker.Allocation;
import holdfast.broker.Allocations;
import holdfast.broker.CapacityMap;
import holdfast.broker.Directory.Where;
import holdfast.broker.Pool;
import holdfast.broker.Reservations;
import holdfast.calendar.Entry;
import holdfast.core.Caller;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What there is, as a tree to read (promise.md 5.1): lists of things with an `id`, and objects. Writing it would
/// bypass admission, so it is not written.
final class Tree {
    private static final String POOL = "pool";
    private static final int MOST_POOLS = 1_000;
    private static final String READ = "GET, HEAD, OPTIONS, REPORT";

    private final Parts parts;
    private final Map<String, Branch> branches = new LinkedHashMap<>();

    private interface Branch {
        JsonNode show(Tx tx, Caller caller);
    }

    Tree(Parts parts) {
        this.parts = parts;
        branches.put("providers", this::providers);
        branches.put("pools", this::pools);
        branches.put("reservations", this::reservations);
        branches.put("allocations", this::allocations);
        branches.put("capacity", this::capacity);
        branches.put("policy", (_, _) -> parts.policy().show());
    }

    /// @param path what follows `promise`
    HttpReply answer(Caller caller, HttpRequest request, List<String> path) {
        if (path.size() > 2 || !path.isEmpty() && !branches.containsKey(path.getFirst())) {
            throw ComplaintException.notThere("there is nothing at " + Fields.shorten(request.rawPath()));
        }
        var allowed = path.equals(List.of("policy")) ? READ + ", PUT" : READ;
        return switch (request.method()) {
            case "GET", "HEAD" -> HttpReply.json(200, parts.in(tx -> show(tx, caller, path)));
            case "REPORT" -> HttpReply.json(200, parts.in(tx -> report(tx, caller)));
            case "OPTIONS" ->
                HttpReply.json(200, Map.of("GET", Map.of("description", "what there is")))
                        .with("Allow", allowed);
            case "PUT" -> {
                if (!allowed.endsWith("PUT")) {
                    throw ComplaintException.wrongMethod("PUT", Fields.shorten(request.rawPath()), allowed);
                }
                yield HttpReply.json(200, parts.policy().put(caller, Fields.of(PromiseApi.body(request))));
            }
            default ->
                throw ComplaintException.wrongMethod(request.method(), Fields.shorten(request.rawPath()), allowed);
        };
    }

    private JsonNode show(Tx tx, Caller caller, List<String> path) {
        if (path.isEmpty()) {
            var all = Json.object();
            branches.forEach((name, branch) -> all.set(name, branch.show(tx, caller)));
            return all;
        }
        var shown = branch(path.getFirst()).show(tx, caller);
        if (path.size() == 1) {
            return shown;
        }
        var name = Ref.of(path.get(1)).name();
        var found = shown instanceof ArrayNode list
                ? list.valueStream()
                        .filter(one -> one.get("id").stringValue().equals(name))
                        .findFirst()
                : shown.optional(name);
        return found.orElseThrow(
                () -> ComplaintException.notThere("there is no " + path.getFirst() + "/" + Fields.shorten(name)));
    }

    private Branch branch(String name) {
        return Objects.requireNonNull(branches.get(name));
    }

    private ObjectNode report(Tx tx, Caller caller) {
        var counts = Json.object();
        branches.forEach(
                (name, branch) -> counts.put(name, branch.show(tx, caller).size()));
        return counts;
    }

    private static ArrayNode list(List<ObjectNode> some) {
        var list = Json.mapper().createArrayNode();
        some.forEach(list::add);
        return list;
    }

    private List<Resource> sold(Tx tx) {
        return parts.resources().ofType(tx, POOL, MOST_POOLS);
    }

    private JsonNode reservations(Tx tx, Caller caller) {
        var view = ReservationView.read(tx, parts);
        return list(parts.mine().present(tx, caller, Reservations.TYPE).stream()
                .map(one -> view.show(one, AllocationIntents.under(tx, parts, one)))
                .toList());
    }

    private JsonNode allocations(Tx tx, Caller caller) {
        var pools = sold(tx).stream()
                .collect(Collectors.toMap(
                        pool -> pool.as(Pool.class).provider(),
                        pool -> pool.id().toString()));
        return list(parts.mine().present(tx, caller, Allocations.TYPE).stream()
                .map(one -> AllocationIntents.show(
                        one, pools.getOrDefault(one.as(Allocation.class).provider(), "")))
                .toList());
    }

    /// What is for sale of each is for everybody to see; how it is reached, for administrators.
    private JsonNode providers(Tx tx, Caller caller) {
        var accounts = parts.mine().present(tx, caller, Providers.TYPE).stream()
                .collect(Collectors.toMap(Resource::id, Function.identity()));
        var totals = totals(tx);
        return list(sold(tx).stream()
                .map(pool -> provider(
                        pool,
                        totals.get(pool.as(Pool.class).provider()),
                        accounts.get(pool.as(Pool.class).provider())))
                .toList());
    }

    private static ObjectNode provider(Resource pool, @Nullable ObjectNode total, @Nullable Resource account) {
        var sold = pool.as(Pool.class);
        var node = Json.object().put("id", sold.provider().toString()).put("name", sold.name());
        node.set("capacity", total);
        var compute = node.putObject("services").putObject("compute");
        if (account != null) {
            compute.put("endpoint", account.as(Provider.class).account().endpoint());
        }
        var flavors = compute.putArray("flavors");
        sold.supply()
                .map(CloudSupply::flavors)
                .orElse(List.of())
                .forEach(flavor -> flavors.addObject()
                        .put("id", flavor.id())
                        .put("name", flavor.name())
                        .put("vcpus", flavor.vcpus())
                        .put("ram", flavor.memoryMb())
                        .put("disk", flavor.diskGb()));
        node.putArray("pools").add(pool.id().toString());
        return node;
    }

    /// How much each provider has now.
    private Map<UUID, ObjectNode> totals(Tx tx) {
        var totals = new HashMap<UUID, ObjectNode>();
        parts
                .broker()
                .capacity()
                .quadruple(tx, Where.EVERYWHERE, CapacityMap.instant(parts.now()))
                .orThrow()
                .parts()
                .stream()
                .filter(part -> part.area().zone().isEmpty())
                .forEach(part -> totals.put(
                        part.area().id(),
                        Figure.TOTAL.shown(
                                part.standing().quadruple(), part.standing().unlimited())));
        return totals;
    }

    /// What providers have, and behind each, why there is more or less of it for a time.
    private JsonNode pools(Tx tx, Caller caller) {
        var totals = totals(tx);
        var shown = Json.mapper().createArrayNode();
        for (var pool : sold(tx)) {
            var provider = pool.as(Pool.class).provider();
            var whole =
                    collection(pool.id(), Ref.Kind.PROVIDER.of(provider), Interval.since(pool.created()), parts.now());
            whole.set("capacity", totals.get(provider));
            whole.putArray("elements");
            shown.add(whole);
            parts.broker()
                    .entries()
                    .list(tx, pool, Interval.since(parts.now()))
                    .forEach(entry -> shown.add(entry(pool, entry)));
        }
        return shown;
    }

    private ObjectNode entry(Resource pool, Entry entry) {
        var node = collection(entry.id(), Ref.Kind.POOL.of(pool.id()), entry.when(), parts.now());
        node.set("capacity", Keys.shown(entry.change()));
        node.putArray("elements");
        return node;
    }

    private static ObjectNode collection(UUID id, String source, Interval when, Instant now) {
        return Json.object()
                .put("id", id.toString())
                .put("source", source)
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null)
                .put("active", when.contains(now));
    }

    private JsonNode capacity(Tx tx, Caller caller) {
        return CapacityIntents.figures(parts.broker()
                .capacity()
                .quadruple(tx, Where.EVERYWHERE, CapacityMap.instant(parts.now()))
                .orThrow()
                .whole());
    }
}
