package holdfast.broker;

import holdfast.broker.Admission.Admitted;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Spread;
import holdfast.broker.decisions.Matter;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Makes allocations from what is free.
final class Unreserved {
    private final Platform platform;
    private final ProviderSupply supply;
    private final Units units;
    private final Admission admission;
    private final AllocationLife life;

    Unreserved(Platform platform, ProviderSupply supply, Units units, Admission admission, AllocationLife life) {
        this.platform = platform;
        this.supply = supply;
        this.units = units;
        this.admission = admission;
        this.life = life;
    }

    /// As [Allocations#create].
    Answer<Resource> create(Tx tx, Caller caller, AllocationRequest request) {
        var now = platform.now();
        if (request.end().filter(end -> !end.isAfter(now)).isPresent()) {
            return Answer.no(
                    Refusal.malformed("end", "end is " + request.end().get() + ", which is over; now is " + now));
        }
        if (request.item().isPresent() || request.atStart()) {
            var field = request.item().isPresent() ? "item" : "allocateOnStart";
            return Answer.no(Refusal.malformed(field, field + " says something of a reservation; name one"));
        }
        var when = AllocationLife.since(now, request.preemptible() ? Optional.empty() : request.end());
        var id = platform.newId();
        var orders = new ArrayList<ServerOrder>();
        var wrong = Optional.<Refusal>empty();
        for (var pool : pools(tx, request)) {
            switch (ServerOrder.of(pool, request)) {
                case Answer.Yes<ServerOrder>(var order) -> orders.add(order);
                case Answer.No<ServerOrder>(var why) -> wrong = wrong.isPresent() ? wrong : Optional.of(why);
            }
        }
        if (orders.isEmpty()) {
            return Answer.no(wrong.orElseGet(() -> Refusal.clash("there is no provider to make it")));
        }
        var asks = orders.stream()
                .map(order -> new Ask(
                        caller.project(),
                        when,
                        !request.preemptible(),
                        Ask.Prefer.TIGHTEST,
                        List.of(item(tx, id, order, request, when)),
                        List.of()))
                .toList();
        var matter = Matter.allocation(caller.user(), caller.project(), id, Optional.empty());
        return admission.allot(tx, matter, asks, now).map(admitted -> {
            var order = orders.get(asks.indexOf(admitted.ask()));
            return life.begin(
                    tx,
                    caller,
                    id,
                    Optional.empty(),
                    placed(caller, request, order, admitted, id, now),
                    AllocationCourse.INITIALIZED);
        });
    }

    /// The providers that may make it: where zones are named, those that have one of them.
    private List<Pool> pools(Tx tx, AllocationRequest request) {
        return supply.pools(tx, request.provider()).stream()
                .filter(pool ->
                        request.zones().isEmpty() || request.zones().stream().anyMatch(zone -> isIn(pool, zone)))
                .toList();
    }

    private static boolean isIn(Pool pool, String zone) {
        return zone.startsWith(pool.place() + "/");
    }

    /// One instance on a host; where hosts are not seen, its amounts of the account.
    private Item item(Tx tx, UUID id, ServerOrder order, AllocationRequest request, Interval when) {
        var size = order.size();
        var zones = request.zones().stream()
                .filter(zone -> isIn(order.pool(), zone))
                .toList();
        var need = units.hosts(tx, order.pool().provider()).isEmpty()
                ? Need.Quantity.of(
                        ProviderSupply.above(Drawing.ofHost(size).amounts())
                                .plus(Capacities.of(Dimensions.INSTANCE, 1)),
                        when)
                : new Need.Instances(size, 1, 1, Affinity.NONE, PropertyQuery.everything());
        return new Item(id, Optional.of(order.pool().place()), zones, Spread.SITE, need, List.of());
    }

    private static Allocation placed(
            Caller caller, AllocationRequest request, ServerOrder order, Admitted admitted, UUID id, Instant now) {
        var place = admitted.grant().placements().getOrDefault(id, List.of()).stream()
                .map(Placement::place)
                .filter(name -> !Places.isAccount(name))
                .findFirst();
        var zone = place.filter(Places::isZone).map(Places::name);
        var host = place.filter(name -> !Places.isZone(name)).map(Places::name);
        return new Allocation(
                caller.user(),
                Optional.empty(),
                order.pool().provider(),
                order.on(zone, host),
                Drawing.ofHost(order.size()),
                !request.preemptible(),
                AllocationLife.since(now, request.end()),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }
}
