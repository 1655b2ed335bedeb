package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.authority.Deployment;
import holdfast.authority.ForeignNode;
import holdfast.authority.Lent;
import holdfast.authority.Tenancy;
import holdfast.broker.Borrowing;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// A part of a host that is lent under a contract, as lender and borrower see it.
final class LoanPart {
    private LoanPart() {}

    static Map<UUID, ObjectNode> lent(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var lent = resource.as(Lent.class);
            return fields(lent.contract(), lent.loan().term(), lent.loan().amounts())
                    .put("hostId", lent.loan().hostId());
        }));
    }

    /// A service that runs under one. What is secret of it is not shown.
    static Map<UUID, ObjectNode> deployed(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var deployment = resource.as(Deployment.class);
            var node = Json.object()
                    .put("contractId", deployment.contract().toString())
                    .put("hosting", deployment.hosting().word());
            deployment.peer().ifPresent(peer -> node.put("peer", peer));
            return node;
        }));
    }

    /// Other clusters that have a part of ours. How they get in is not shown.
    static Map<UUID, ObjectNode> tenancies(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var tenancy = resource.as(Tenancy.class);
            var loan = tenancy.loan();
            var node = fields(tenancy.contract(), loan.term(), loan.amounts()).put("cluster", tenancy.cluster());
            loan.tenant().ifPresent(tenant -> node.put("peer", tenant.cluster()));
            tenancy.since().ifPresent(since -> node.put("admittedAt", since.toString()));
            return node;
        }));
    }

    /// Parts of other clusters that are nodes of ours. How we get in there is not shown.
    static Map<UUID, ObjectNode> nodes(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var foreign = resource.as(ForeignNode.class);
            var bought = foreign.bought();
            var node = Json.object()
                    .put("contractId", bought.contract().toString())
                    .put("peer", foreign.cluster())
                    .put("start", bought.term().from().toString())
                    .put("end", bought.term().until().toString());
            var granted = node.putObject("granted");
            foreign.granted().forEach((name, amount) -> granted.put(name, amount.text()));
            return node;
        }));
    }

    static Map<UUID, ObjectNode> borrowed(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var borrowing = resource.as(Borrowing.class);
            var node = Json.object()
                    .put("contract", borrowing.contract().toString())
                    .put("authority", borrowing.authority());
            borrowing
                    .term()
                    .ifPresent(term -> node.setAll(fields(
                            borrowing.contract(), term, borrowing.granted().orElse(Capacities.NONE))));
            return node;
        }));
    }

    private static ObjectNode fields(UUID contract, Interval term, Capacities amounts) {
        return Json.object()
                .put("contract", contract.toString())
                .put("start", term.from().toString())
                .put("end", term.until().toString())
                .set("capacities", Json.tree(Json.text(amounts.amounts())));
    }
}
