package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.Agreement;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.federation.contracts.Renewal;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Middle;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Signatures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Contracts of both sides: what was sold here, which only administrators see, and what was bought for a project.
/// Credentials are not among it.
final class ContractPart implements Part {
    static final String RELEASE = "release";
    static final String RENEW = "renew";
    static final String READMIT = "readmit";

    private static final SortedMap<String, String> SIGNERS =
            new TreeMap<>(Map.of(Signatures.SELLER, "seller", Signatures.BUYER, "buyer"));

    /// Whether it was bought of others.
    static boolean isBought(Resource contract) {
        return contract.actor().equals(Peers.ACTOR);
    }

    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, ContractPart::fields));
    }

    /// Whether it rests on a contract with another: it ends with that one, and when its customer says so.
    static boolean isResold(Resource contract) {
        return isBought(contract) && contract.as(Middle.class).side().equals(Middle.MIDDLE);
    }

    private static ObjectNode fields(Resource contract) {
        if (isResold(contract)) {
            return resold(contract);
        }
        return isBought(contract) ? bought(contract) : sold(contract);
    }

    private static ObjectNode resold(Resource resource) {
        var middle = resource.as(Middle.class);
        var node = fields(Middle.MIDDLE, middle.contract(), middle.term())
                .put("peerId", middle.peer().toString())
                .put("trace", middle.trace().id());
        return renewal(node, middle.renewal());
    }

    private static ObjectNode bought(Resource resource) {
        var deal = resource.as(Deal.class);
        var node = fields("buyer", deal.contract(), deal.term())
                .put("peerId", deal.peer().toString())
                .put("solverId", deal.solver().toString())
                .put("trace", deal.trace().id());
        node.set("amounts", MarketPart.amounts(deal.amounts()));
        return renewal(node, deal.renewal());
    }

    private static ObjectNode renewal(ObjectNode node, Optional<Renewal> renewal) {
        renewal.ifPresent(wish -> {
            var shown = node.putObject("renewal").put("until", wish.until().toString());
            shown.put("state", wish.refusal().isPresent() ? "refused" : "asked");
            wish.refusal().ifPresent(no -> shown.put("why", no.why()));
        });
        return node;
    }

    private static ObjectNode sold(Resource resource) {
        var agreement = resource.as(Agreement.class);
        var node = fields("seller", agreement.contract(), agreement.term());
        agreement.trace().ifPresent(trace -> node.put("trace", trace.id()));
        return node;
    }

    private static ObjectNode fields(String side, Contract contract, Interval term) {
        var node = Json.object()
                .put("side", side)
                .put("flavor", contract.flavor().id())
                .put("transaction", contract.transaction())
                .put("buyer", MarketPart.who(contract.buyer()))
                .put("seller", MarketPart.who(contract.seller()))
                .put("start", term.from().toString())
                .put("end", term.until().toString());
        contract.configuration().ifPresent(piece -> node.set("configuration", MarketPart.piece(piece)));
        var price = node.putObject("price");
        new TreeMap<>(contract.extra()).forEach((key, value) -> {
            if (key.startsWith(Quote.PRICE)) {
                price.put(key, value);
            }
        });
        var signed = node.putArray("signed");
        SIGNERS.forEach((signature, who) -> {
            if (contract.extra().containsKey(signature)) {
                signed.add(who);
            }
        });
        return node;
    }

    @Override
    public List<String> actions(Caller caller, Resource resource) {
        boolean possible = resource.removed().isEmpty()
                && !isResold(resource)
                && Access.mayRelease(caller, isBought(resource), resource.project())
                        .isEmpty();
        if (!possible) {
            return List.of();
        }
        boolean renewable =
                isBought(resource) && ContractCourse.of(resource.state()).isLive();
        return Stream.of(
                        Optional.of(RELEASE),
                        Optional.of(RENEW).filter(_ -> renewable),
                        Optional.of(READMIT).filter(_ -> isOfCluster(resource)))
                .flatMap(Optional::stream)
                .toList();
    }

    /// Whether something lets its buyer into a cluster.
    private static boolean isOfCluster(Resource resource) {
        var contract = isBought(resource)
                ? resource.as(Deal.class).contract()
                : resource.as(Agreement.class).contract();
        return contract.extra().containsKey(Contract.CLUSTER);
    }
}
