package holdfast.federation.wire;

import holdfast.platform.Json;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Transaction;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Writes messages in one dialect, as JSON. Times at which something ends are whole seconds. [RearReader] reads them.
public abstract sealed class RearWriter permits NodeDialect, DocDialect {
    RearWriter() {}

    /// The answer to LIST_FLAVORS.
    public final String flavors(List<Flavor> flavors) {
        var list = Json.array();
        flavors.forEach(flavor -> list.add(tree(flavor)));
        return Json.text(list);
    }

    /// One flavor.
    public final String flavor(Flavor flavor) {
        return Json.text(tree(flavor));
    }

    /// RESERVE_FLAVOR. Nothing in it gives access to the buyer's cluster.
    public final String reserve(Transaction.Ask ask) {
        return Json.text(tree(ask));
    }

    /// The answer to RESERVE_FLAVOR.
    public final String transaction(Transaction transaction) {
        return Json.text(tree(transaction));
    }

    /// PURCHASE_FLAVOR.
    public final String purchase(Contract.Ask ask) {
        return Json.text(tree(ask));
    }

    /// The answer to PURCHASE_FLAVOR. Holds what gives access to the seller: for the buyer alone.
    public final String contract(Contract contract) {
        return Json.text(tree(contract));
    }

    abstract JsonNode tree(Flavor flavor);

    abstract JsonNode tree(Transaction.Ask ask);

    abstract JsonNode tree(Transaction transaction);

    abstract JsonNode tree(Contract.Ask ask);

    abstract JsonNode tree(Contract contract);
}
