package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;
import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.SellerPeering;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Peering;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Solver;
import holdfast.federation.buying.SolverCourse.Phase;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Filter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// What is bought of other domains, as our own people see it: searches, purchases, and peerings, also of what was sold
/// (fluidos.md 3.1, 3.4, 3.7).
/// Credentials are not among it.
final class BoughtPart {
    private BoughtPart() {}

    static Map<UUID, ObjectNode> solvers(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var solver = resource.as(Solver.class);
            var node = Json.object()
                    .put("sliverId", solver.isByHand() ? null : solver.sliver().toString());
            var wants = node.putArray("wants");
            SolversApi.words(solver.flags()).forEach(wants::add);
            var wanted = node.putObject("wanted");
            for (var filter : solver.selector().filters()) {
                least(filter.test())
                        .ifPresent(text -> wanted.put(filter.attribute().word(), text));
            }
            node.put("objective", solver.wish().objective().word());
            var hard = node.putArray("hard");
            solver.wish().hard().forEach(one -> hard.add(one.toString()));
            var soft = node.putArray("soft");
            solver.wish().soft().forEach(one -> soft.add(one.toString()));
            var course = solver.course();
            node.put("find", word(course.find())).put("buy", word(course.buy())).put("peer", word(course.peer()));
            node.put("looks", solver.looks());
            node.put("contractId", solver.contract().map(UUID::toString).orElse(null));
            return term(node, solver.term()).put("trace", solver.wish().trace().id());
        }));
    }

    private static String word(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> least(Filter.Test test) {
        return switch (test) {
            case Filter.Amount(var value) -> Optional.of(value.text());
            case Filter.Range(var least, var _) -> least.map(amount -> amount.text());
            case Filter.Text _, Filter.Found _ -> Optional.empty();
        };
    }

    static Map<UUID, ObjectNode> purchases(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var purchase = resource.as(Purchase.class);
            var node = Json.object()
                    .put("solverId", purchase.solver().toString())
                    .put("peerId", purchase.peer().toString())
                    .put("seller", MarketPart.who(purchase.flavor().owner()))
                    .put("flavor", purchase.flavor().id())
                    .put("rank", purchase.rank());
            node.set("amounts", MarketPart.amounts(purchase.amounts()));
            purchase.flavor().price().ifPresent(price -> node.set("price", Json.toTree(price)));
            purchase.held()
                    .ifPresent(held -> node.put("transaction", held.id())
                            .put("expires", held.expires().toString()));
            return term(node, purchase.term()).put("trace", purchase.trace().id());
        }));
    }

    /// Of both sides.
    ///
    /// @param resources where their contracts are
    static Map<UUID, ObjectNode> peerings(Resources resources, Tx tx, List<Resource> page) {
        var ids = page.stream().flatMap(resource -> resource.parent().stream()).toArray(UUID[]::new);
        var contracts = resources.list(tx, RESOURCE.ID.eq(DSL.any(ids)), page.size()).stream()
                .collect(toMap(Resource::id, Function.identity()));
        return page.stream().collect(toMap(Resource::id, resource -> {
            var contract = resource.parent().map(contracts::get);
            return ContractPart.isBought(resource) ? bought(resource, contract) : sold(resource, contract);
        }));
    }

    private static ObjectNode bought(Resource resource, Optional<Resource> contract) {
        var peering = resource.as(Peering.class);
        var node = Json.object()
                .put("side", "buyer")
                .put("contractId", peering.contract().toString())
                .put("solverId", peering.solver().toString())
                .put("site", resource.name());
        contract.map(one -> one.as(Deal.class))
                .ifPresent(deal -> term(node, deal.term())
                        .put("contract", deal.contract().id())
                        .put("peerId", deal.peer().toString())
                        .put("seller", MarketPart.who(deal.contract().seller())));
        node.set("wanted", amounts(peering.wanted()));
        peering.granted().ifPresent(granted -> node.set("granted", amounts(granted)));
        return since(node, peering.activeAt());
    }

    private static ObjectNode sold(Resource resource, Optional<Resource> contract) {
        var peering = resource.as(SellerPeering.class);
        var node = Json.object()
                .put("side", peering.side())
                .put("contractId", peering.contract().toString())
                .put("contract", resource.name());
        contract.map(one -> one.as(Agreement.class))
                .ifPresent(sold -> term(node, sold.term())
                        .put("flavor", sold.contract().flavor().id())
                        .put("buyer", MarketPart.who(sold.contract().buyer())));
        node.set("lent", MarketPart.amounts(peering.amounts()));
        return since(node, peering.activeAt());
    }

    private static ObjectNode since(ObjectNode node, Optional<Instant> active) {
        return node.put("activeAt", active.map(Object::toString).orElse(null));
    }

    private static ObjectNode amounts(Capacities capacities) {
        return (ObjectNode) Json.toTree(capacities.amounts());
    }

    private static ObjectNode term(ObjectNode node, Interval term) {
        return node.put("start", term.from().toString()).put("end", term.until().toString());
    }
}
