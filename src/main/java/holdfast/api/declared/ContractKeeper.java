package holdfast.api.declared;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.Contracts;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.buying.Buying;
import holdfast.federation.buying.Deal;
import holdfast.federation.wire.CustomResources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What was bought and sold (fluidos.md 3.6), without anything that gives access. To delete one is to end it.
record ContractKeeper(Engine engine, Buying buying, Contracts sold) implements Stored {
    @Override
    public Sort sort() {
        return Sort.CONTRACT;
    }

    /// As its seller calls it.
    static String name(String contract) {
        return contract.startsWith("contract-") ? contract : Shown.named("contract", contract);
    }

    @Override
    public String type() {
        return Deal.TYPE;
    }

    @Override
    public List<Shown> shown(Tx tx, List<Resource> some) {
        return some.stream().flatMap(one -> shown(one).stream()).toList();
    }

    /// Those between others, which a supernode only passes on, are not shown.
    private Optional<Shown> shown(Resource resource) {
        return contract(resource)
                .map(contract -> Shown.of(sort(), resource, name(contract.id()), spec(contract), status(resource)));
    }

    private static Optional<Contract> contract(Resource resource) {
        if (isBought(resource)) {
            return Optional.of(resource.as(Deal.class).contract());
        }
        return resource.content().has("root")
                ? Optional.of(resource.as(Agreement.class).contract())
                : Optional.empty();
    }

    static boolean isBought(Resource resource) {
        return resource.content().path("side").asString("").equals("buyer");
    }

    private static ObjectNode spec(Contract contract) {
        var spec = Json.object().put("transactionID", contract.transaction()).put("buyerClusterID", contract.cluster());
        var flavor = spec.putObject("flavor");
        flavor.putObject("metadata").put("name", contract.flavor().id()).put("namespace", Sort.NAMESPACE);
        flavor.set("spec", CustomResources.flavor(contract.flavor()));
        contract.configuration().ifPresent(piece -> spec.set("configuration", CustomResources.configuration(piece)));
        spec.set("buyer", CustomResources.identity(contract.buyer()));
        spec.set("seller", CustomResources.identity(contract.seller()));
        spec.putObject("peeringTargetCredentials")
                .put("liqoID", contract.seller().fabric().orElse(""))
                .put("kubeconfig", "");
        contract.expires().ifPresent(end -> spec.put("expirationTime", Shown.time(end)));
        if (!contract.extra().isEmpty()) {
            spec.set("extraInformation", Json.toTree(contract.extra()));
        }
        contract.networkRules().ifPresent(rules -> spec.put("networkRequests", rules));
        return spec;
    }

    private static ObjectNode status(Resource resource) {
        var course = ContractCourse.valueOf(resource.state().toUpperCase(Locale.ROOT));
        var status = Json.object();
        var word = switch (course) {
            case PENDING_SIGNATURE -> "Pending";
            case ACTIVE, EXPIRING -> "Active";
            case EXPIRED, TERMINATED -> "Inactive";
        };
        status.set("phase", SolverKeeper.phase(resource, word, word.equals("Inactive")));
        return status;
    }

    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        var found = engine.resources().find(tx, shown.made().orElseThrow()).orElseThrow();
        boolean bought = isBought(found);
        Access.mayRelease(caller, bought, found.project()).ifPresent(why -> {
            throw new RefusedException(why);
        });
        if (bought) {
            buying.release(tx, found.id(), caller.user(), "deleted").orThrow();
        } else if (found.content().has("root")) {
            sold.release(tx, found.id(), caller.user(), "deleted").orThrow();
        } else {
            throw new RefusedException(Refusal.notYours("it is passed on: end it where it was bought"));
        }
    }
}
