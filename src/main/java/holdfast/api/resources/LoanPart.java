package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.authority.Deployment;
import holdfast.authority.Lent;
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
