package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.authority.Advertising;
import holdfast.authority.Authority;
import holdfast.authority.DelegationMade;
import holdfast.authority.Deployment;
import holdfast.authority.ForeignNode;
import holdfast.authority.Lent;
import holdfast.authority.Providers;
import holdfast.authority.Site;
import holdfast.authority.Tenancy;
import holdfast.broker.Allocations;
import holdfast.broker.Borrowing;
import holdfast.broker.Broker;
import holdfast.broker.DelegationClaim;
import holdfast.broker.ProviderSupply;
import holdfast.broker.Reservations;
import holdfast.broker.Supply;
import holdfast.broker.Tickets;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.Offer;
import holdfast.broker.market.Sale;
import holdfast.broker.services.Blueprint;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.Tasks;
import holdfast.federation.buying.Peering;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Solver;
import holdfast.federation.peers.Peer;
import holdfast.notifications.Subscription;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.Intents;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What is special about the types of resources that parts of Holdfast keep. Their fields, states and rights are
/// declared with all other types.
final class Parts {
    private final Map<String, Part> parts;

    /// @param broker this server's
    Parts(Engine engine, Broker broker) {
        parts = Map.ofEntries(
                Map.entry(RuntimeSettings.TYPE, SettingsApi.part(engine.settings())),
                Map.entry(Tasks.TYPE, new TasksApi.TaskPart(engine.tasks())),
                Map.entry(Orchestrator.SLICE, new SlicePart()),
                Map.entry(Intents.TYPE, new IntentPart()),
                Map.entry(Orchestrator.SLIVER, new SliverPart(engine)),
                Map.entry(Tickets.TYPE, (Part) (tx, page) -> page.stream().collect(toMap(Resource::id, Parts::slice))),
                Map.entry(Authority.LEASE, (Part)
                        (tx, page) -> page.stream().collect(toMap(Resource::id, Parts::slice))),
                Map.entry(Supply.DELEGATION, new DelegationPart(broker.name())),
                Map.entry(Providers.TYPE, new ProviderPart()),
                Map.entry(ProviderSupply.POOL, (Part) ProviderPart::pools),
                Map.entry(Subscription.TYPE, SubscriptionsApi.PART),
                Map.entry(Reservations.TYPE, new ReservationPart(engine)),
                Map.entry(Allocations.TYPE, new AllocationPart()),
                Map.entry(Offer.TYPE, new MarketPart(broker.market())),
                Map.entry(Sale.TYPE, (Part) MarketPart::sales),
                Map.entry(Blueprint.TYPE, BlueprintsApi.PART),
                Map.entry(Agreement.TYPE, new ContractPart()),
                Map.entry(Peer.TYPE, PeersApi.part(engine::now)),
                Map.entry(Solver.TYPE, new SolversApi.SolverPart()),
                Map.entry(Purchase.TYPE, (Part) BoughtPart::purchases),
                Map.entry(Peering.TYPE, (Part) (tx, page) -> BoughtPart.peerings(engine.resources(), tx, page)),
                Map.entry(Lent.TYPE, (Part) LoanPart::lent),
                Map.entry(Deployment.TYPE, (Part) LoanPart::deployed),
                Map.entry(Tenancy.TYPE, (Part) LoanPart::tenancies),
                Map.entry(ForeignNode.TYPE, (Part) LoanPart::nodes),
                Map.entry(Borrowing.TYPE, (Part) LoanPart::borrowed),
                Map.entry(Advertising.SITE, (Part)
                        (tx, page) -> page.stream().collect(toMap(Resource::id, Parts::site))));
    }

    /// What is special about a type; empty for those that are data.
    Optional<Part> of(String type) {
        return Optional.ofNullable(parts.get(type));
    }

    /// Everything that may ever be done to a part's resources.
    static List<String> actions(String type, boolean admin) {
        return switch (type) {
            case Orchestrator.SLICE, Intents.TYPE -> List.of("delete");
            case Tasks.TYPE -> admin ? List.of(Tasks.EXECUTE) : List.of();
            case Reservations.TYPE -> List.of(ReservationPart.CONFIRM, ReservationPart.CANCEL);
            case Providers.TYPE -> admin ? List.of(ProviderPart.REFRESH) : List.of();
            case Supply.DELEGATION -> admin ? List.of("reclaim") : List.of();
            case Offer.TYPE -> admin ? List.of(MarketPart.WITHDRAW) : List.of();
            case Agreement.TYPE -> List.of(ContractPart.RELEASE, ContractPart.READMIT);
            case Solver.TYPE -> List.of(SolversApi.RAISE);
            default -> List.of();
        };
    }

    /// The field that names the slice that a resource is part of.
    static ObjectNode slice(Resource resource) {
        return Json.object()
                .put(Storage.PART_OF, resource.parent().map(UUID::toString).orElse(null));
    }

    private static ObjectNode site(Resource resource) {
        var site = resource.as(Site.class);
        return Json.object().put("code", site.code()).put("driver", site.driver());
    }

    /// A delegation, which the broker can give back.
    private record DelegationPart(String broker) implements Part {
        @Override
        public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
            return page.stream().collect(toMap(Resource::id, this::fields));
        }

        /// Broker and authority each show the other side.
        private ObjectNode fields(Resource resource) {
            return resource.actor().equals(broker)
                    ? Json.object()
                            .put("authority", resource.as(DelegationClaim.class).authority())
                    : Json.object()
                            .put(
                                    "claimant",
                                    resource.as(DelegationMade.class).claimant().orElse(null));
        }

        @Override
        public List<String> actions(holdfast.core.Caller caller, Resource resource) {
            boolean possible = caller.admin()
                    && resource.actor().equals(broker)
                    && resource.state().equals("delegated");
            return possible ? List.of("reclaim") : List.of();
        }
    }
}
