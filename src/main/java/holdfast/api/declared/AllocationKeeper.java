package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.Buying;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Peering;
import holdfast.federation.peers.Peers;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.PeeringCourse;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What was bought as something that may be used (fluidos.md 3.7). To declare one is to peer a contract.
record AllocationKeeper(Engine engine, Buying buying) implements Keeper {
    private static final String CONTRACT = "contract";
    private static final int FEW = 10;

    @Override
    public Sort sort() {
        return Sort.ALLOCATION;
    }

    @Override
    public List<Shown> list(Tx tx, Caller caller) {
        var mine = Resources.typed(Peering.TYPE).and(Resources.present()).and(Access.seenBy(caller, Peering.TYPE));
        return engine.resources().list(tx, mine, MOST).stream()
                .flatMap(one -> engine
                        .resources()
                        .find(tx, one.parent().orElseThrow())
                        .map(contract -> shown(contract, Optional.of(one)))
                        .stream())
                .toList();
    }

    /// @param made the contract
    @Override
    public Optional<Shown> made(Tx tx, UUID made) {
        return engine.resources()
                .find(tx, made)
                .map(contract -> shown(
                        contract,
                        engine.resources().parts(tx, made, Peering.TYPE).stream()
                                .findFirst()));
    }

    private Shown shown(Resource contract, Optional<Resource> peering) {
        var spec = Json.object().put("forwarding", false);
        spec.putObject(CONTRACT)
                .put("name", ContractKeeper.name(contract.name()))
                .put("namespace", Sort.NAMESPACE);
        var name = ContractKeeper.name(contract.name()).replaceFirst("^contract", "allocation");
        var status = status(contract, peering);
        long version = contract.version() + peering.map(Resource::version).orElse(0L);
        return new Shown(
                sort(),
                peering.orElse(contract).id(),
                Sort.NAMESPACE,
                name,
                contract.labels(),
                Map.of(),
                version,
                peering.orElse(contract).created(),
                spec,
                status,
                Optional.of(contract.id()));
    }

    private static ObjectNode status(Resource contract, Optional<Resource> peering) {
        var last = peering.orElse(contract);
        var course = peering.map(one -> PeeringCourse.of(one.state()));
        boolean over = contract.removed().isPresent();
        var status = Json.object()
                .put("status", course.map(AllocationKeeper::word).orElse(over ? "Released" : "Inactive"))
                .put("lastUpdateTime", Shown.time(last.updated()))
                .put(
                        "message",
                        course.equals(Optional.of(PeeringCourse.RELEASING))
                                ? "releasing"
                                : last.message().orElse(""));
        peering.ifPresent(one -> status.putObject("resourceRef")
                .put("kind", isBought(one) ? "Site" : "Node")
                .put("name", one.name()));
        return status;
    }

    private static boolean isBought(Resource peering) {
        return peering.actor().equals(Peers.ACTOR);
    }

    private static String word(PeeringCourse course) {
        return switch (course) {
            case INACTIVE -> "Inactive";
            case PROVISIONING -> "Provisioning";
            case PEERING -> "Peering";
            case ACTIVE, RELEASING -> "Active";
            case ERROR -> "Error";
            case RELEASED -> "Released";
        };
    }

    @Override
    public Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        var wanted = Wishes.named(spec, CONTRACT);
        if (Wishes.truth(spec, "forwarding")) {
            throw Wishes.wrong("forwarding", "is for those who pass on what others sell: leave it out");
        }
        var contract = List.of(wanted, wanted.replaceFirst("^contract-", "")).stream()
                .flatMap(one -> bought(tx, caller, one).stream())
                .max(Comparator.comparing(Resource::created))
                .orElseThrow(() -> Wishes.wrong(CONTRACT + ".name", "is no contract that was bought here"));
        buying.staged().peer(tx, contract, caller.user()).orThrow();
        return Optional.of(contract.id());
    }

    private List<Resource> bought(Tx tx, Caller caller, String name) {
        var mine = Resources.typed(Deal.TYPE)
                .and(Resources.named(name))
                .and(Resources.present())
                .and(Access.seenBy(caller, Deal.TYPE));
        return engine.resources().list(tx, mine, FEW).stream()
                .filter(ContractKeeper::isBought)
                .toList();
    }

    /// Its contract ends.
    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        buying.release(tx, shown.made().orElseThrow(), caller.user(), "its allocation was deleted")
                .orThrow();
    }
}
