package holdfast.api.rear;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Market;
import holdfast.broker.market.Sale;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// What we answer and nodes of others need not know (fluidos.md 5.9): a peer asks for `capabilities` first.
final class Extensions {
    private static final List<String> KNOWN = List.of("request-id", "flavor", "cancel", "release", "renew", "direct");
    private static final int LONGEST = 500;

    private final NodeIdentity node;
    private final Market market;

    Extensions(NodeIdentity node, Market market) {
        this.node = node;
        this.market = market;
    }

    /// `GET capabilities`
    Reply capabilities(Tx tx, Asked asked) {
        var shown = Json.object()
                .put("nodeID", node.id())
                .put("domain", node.domain())
                .put("role", "node");
        var dialects = shown.putArray("dialects");
        Arrays.stream(Dialect.values()).map(Dialect::name).forEach(dialects::add);
        var types = shown.putArray("flavorTypes");
        Arrays.stream(FlavorType.values()).map(FlavorType::word).forEach(types::add);
        var extensions = shown.putArray("extensions");
        KNOWN.forEach(extensions::add);
        shown.put("ttpSeconds", HoldPolicy.USUAL.life().toSeconds()).put("maxHops", 0);
        shown.putArray("auth").add("none");
        return Asked.json(200, Json.text(shown));
    }

    /// `GET transactions/{id}`, for its buyer.
    Reply transaction(Tx tx, Asked asked) {
        var found = sale(tx, asked);
        var shown = asked.dialect().writer().transaction(found.as(Sale.class).transaction());
        return Asked.json(200, Json.text(withState(shown, found)));
    }

    /// `DELETE transactions/{id}`: what was held is free at once. Told twice is once.
    Reply cancel(Tx tx, Asked asked) {
        var sale = sale(tx, asked).as(Sale.class);
        var held = sale.transaction();
        market.sales()
                .cancel(tx, new Buyer(held.buyer(), sale.key(), held.cluster()), held.id())
                .orThrow();
        return Asked.empty(204);
    }

    private Resource sale(Tx tx, Asked asked) {
        return market.sales()
                .find(tx, asked.name())
                .filter(resource ->
                        asked.passport().mayActFor(resource.as(Sale.class).key()))
                .orElseThrow(() -> RearProblem.of(404, "there is no transaction " + asked.name()));
    }

    /// `GET contracts/{id}`, for its buyer.
    Reply contract(Tx tx, Asked asked) {
        return Asked.json(200, shown(asked, agreed(tx, asked)));
    }

    /// `DELETE contracts/{id}?reason=`: it is over; what was lent for it is taken back. Told twice is once.
    Reply release(Tx tx, Asked asked) {
        var found = agreed(tx, asked);
        var reason = asked.parameter("reason").filter(text -> !text.isBlank()).orElse("released by its buyer");
        if (reason.length() > LONGEST) {
            throw RearProblem.malformed(
                    "reason", "reason has " + reason.length() + " characters: write at most " + LONGEST);
        }
        var who = found.as(Agreement.class).key();
        return Asked.json(
                202,
                shown(
                        asked,
                        market.contracts().release(tx, found.id(), who, reason).orThrow()));
    }

    /// `POST contracts/{id}/renew` with `until`: 409 if the time after its end belongs to others.
    Reply renew(Tx tx, Asked asked) {
        var until = RearReader.until(asked.call().body()).orThrow();
        var found = agreed(tx, asked);
        var who = found.as(Agreement.class).key();
        return Asked.json(
                200,
                shown(
                        asked,
                        market.contracts().renew(tx, found.id(), until, who).orThrow()));
    }

    private Resource agreed(Tx tx, Asked asked) {
        return market.contracts()
                .find(tx, asked.name())
                .filter(resource ->
                        asked.passport().mayActFor(resource.as(Agreement.class).key()))
                .orElseThrow(() -> RearProblem.of(Refusal.notThere("there is no contract " + asked.name())));
    }

    private static String shown(Asked asked, Resource contract) {
        var text =
                asked.dialect().writer().contract(contract.as(Agreement.class).contract());
        return Json.text(withState(text, contract));
    }

    private static ObjectNode withState(String json, Resource resource) {
        return ((ObjectNode) Json.tree(json)).put("state", resource.state().toUpperCase(Locale.ROOT));
    }
}
