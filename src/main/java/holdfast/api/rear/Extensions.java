package holdfast.api.rear;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.Market;
import holdfast.broker.market.Sale;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.Capabilities;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Vault;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What we answer and nodes of others need not know (fluidos.md 5.9): a peer asks for `capabilities` first.
final class Extensions {
    private static final List<String> KNOWN = List.of(
            "request-id",
            "flavor",
            "cancel",
            "release",
            "renew",
            "direct",
            "term",
            "mail",
            "signatures",
            "credentials");
    private static final int LONGEST = 500;

    private final NodeIdentity node;
    private final Market market;
    private final Vault vault;
    private final Gateway.Roles roles;
    private final Gateway.Standing standing;
    private final Optional<Supernode> supernode;

    Extensions(NodeIdentity node, Market market, Vault vault, Gateway.Roles roles) {
        this.node = node;
        this.market = market;
        this.vault = vault;
        this.roles = roles;
        this.standing = roles.standing();
        this.supernode = roles.resale().map(Resale::supernode);
    }

    /// `GET capabilities`
    Reply capabilities(Tx tx, Asked asked) {
        boolean catalog = roles.shop().isPresent();
        var shown = Json.object()
                .put("nodeID", node.id())
                .put("domain", node.domain())
                .put("role", catalog ? Capabilities.CATALOG : supernode.isPresent() ? "supernode" : "node")
                .put("outside", supernode.isPresent() && !catalog ? "supernodes" : "none");
        var dialects = shown.putArray("dialects");
        Arrays.stream(Dialect.values()).map(Dialect::name).forEach(dialects::add);
        var types = shown.putArray("flavorTypes");
        Arrays.stream(FlavorType.values()).map(FlavorType::word).forEach(types::add);
        var extensions = shown.putArray("extensions");
        KNOWN.forEach(extensions::add);
        if (roles.telling().isPresent()) {
            extensions.add("subscriptions");
        }
        if (roles.machines().isPresent()) {
            extensions.add("connect");
        }
        if (catalog) {
            extensions.add(supernode.isPresent() ? "catalog-brokered" : "catalog-referral");
        } else {
            supernode.ifPresent(_ -> extensions.add("domain"));
        }
        int hops = catalog ? 0 : supernode.map(some -> some.rules().maxHops()).orElse(0);
        shown.put("ttpSeconds", market.policy().life().toSeconds()).put("maxHops", hops);
        shown.putArray("auth").add(standing.door().way().word());
        if (!standing.jwk().isEmpty()) {
            var jwk = shown.putObject("jwk");
            new TreeMap<>(standing.jwk()).forEach(jwk::put);
            shown.put("signatures", standing.bothSign() ? "both" : "seller");
        }
        return Asked.json(200, Json.text(shown));
    }

    /// `GET transactions/{id}`, for its buyer.
    Reply transaction(Tx tx, Asked asked) {
        var found = sale(tx, asked);
        var sale = found.as(Sale.class);
        var shown = asked.dialect().writer().transaction(vault.opened(sale.key(), sale.transaction()));
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
        var reason = reason(asked);
        var who = found.as(Agreement.class).key();
        return Asked.json(
                202,
                shown(
                        asked,
                        market.contracts().release(tx, found.id(), who, reason).orThrow()));
    }

    static String reason(Asked asked) {
        var reason = asked.parameter("reason").filter(text -> !text.isBlank()).orElse("released by its buyer");
        if (reason.length() > LONGEST) {
            throw RearProblem.malformed(
                    "reason", "reason has " + reason.length() + " characters: write at most " + LONGEST);
        }
        return reason;
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

    /// `POST contracts/{id}/credentials`: what lets the buyer in is made anew, and told when it purchases once
    /// more.
    Reply credentials(Tx tx, Asked asked) {
        var found = agreed(tx, asked);
        return Asked.json(
                202, shown(asked, market.contracts().readmit(tx, found.id()).orThrow()));
    }

    /// `POST contracts/{id}/signatures` with `jws`: the buyer signs the contract that the seller has signed.
    Reply sign(Tx tx, Asked asked) {
        var jws = RearReader.signature(asked.call().body()).orThrow();
        var found = agreed(tx, asked);
        var key = key(asked);
        return Asked.json(
                200,
                shown(
                        asked,
                        market.contracts().sign(tx, found.id(), jws, key, key).orThrow()));
    }

    /// Of who asks.
    ///
    /// @throws RearProblem if it is not known, so that what is signed with it says nothing
    static String key(Asked asked) {
        return switch (asked.passport()) {
            case Passport.Proved(var pin) -> pin.fingerprint();
            case Passport.Unproved _, Passport.Stranger _ ->
                throw RearProblem.of(409, "your key is not known here, so your signature says nothing");
        };
    }

    private Resource agreed(Tx tx, Asked asked) {
        return market.contracts()
                .find(tx, asked.name())
                .filter(resource ->
                        asked.passport().mayActFor(resource.as(Agreement.class).key()))
                .orElseThrow(() -> RearProblem.of(Refusal.notThere("there is no contract " + asked.name())));
    }

    private String shown(Asked asked, Resource contract) {
        var agreement = contract.as(Agreement.class);
        var text = asked.dialect().writer().contract(vault.opened(agreement.key(), agreement.contract()));
        return Json.text(withState(text, contract));
    }

    private static ObjectNode withState(String json, Resource resource) {
        return ((ObjectNode) Json.tree(json)).put("state", resource.state().toUpperCase(Locale.ROOT));
    }
}
