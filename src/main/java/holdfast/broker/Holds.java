package holdfast.broker;

import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Spread;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// What providers keep from others for reservations. The item is known to the authority as a sliver, and the
/// reservation as its slice.
final class Holds {
    private final String broker;
    private final String clouds;
    private final Post post;
    private final ProviderSupply supply;

    /// @param clouds the name of the authority that serves providers
    Holds(String broker, String clouds, Engine engine, ProviderSupply supply) {
        this.broker = broker;
        this.clouds = clouds;
        this.post = engine.post();
        this.supply = supply;
    }

    /// The item with the hold that it needs, if its provider can keep it from others.
    Part needed(Tx tx, Part part) {
        if (part.placement().isEmpty()) {
            return part;
        }
        var provider = Places.provider(part.placement().getFirst().place());
        boolean held = supply.pool(tx, provider)
                .map(pool -> pool.as(Pool.class))
                .filter(pool -> switch (part.item().need()) {
                    case Need.Hosts _, Need.Instances _, Need.Addresses _ -> pool.enforced();
                    case Need.Quantity _ -> pool.peer();
                    case Need.Elements _ -> false;
                })
                .isPresent();
        return held ? part.with(new Hold(provider, Hold.Phase.ASKED, Map.of(), 0)) : part;
    }

    /// Whether it is kept by another Holdfast: nobody else keeps amounts.
    static boolean isAtPeer(Part part) {
        return part.hold().isPresent() && part.item().need() instanceof Need.Quantity;
    }

    /// What of an item no hold can keep: one of its hosts at several providers, since a hold is at one.
    Optional<Refusal> fault(Tx tx, Item item) {
        if (item.need() instanceof Need.Elements || item.within() != Spread.ANYWHERE) {
            return Optional.empty();
        }
        var providers = item.zones().stream().map(Places::provider).collect(Collectors.toSet());
        var pools = supply.pools(tx, item.provider()).stream()
                .filter(pool -> providers.isEmpty() || providers.contains(pool.provider()))
                .toList();
        return pools.size() > 1
                        && pools.stream().anyMatch(item.need() instanceof Need.Quantity ? Pool::peer : Pool::enforced)
                ? Optional.of(Refusal.malformed(
                        "within",
                        "within is anywhere, and what is kept from others is kept at one provider; name the provider, or ask"
                                + " for several items, each within a site"))
                : Optional.empty();
    }

    /// Asks for the holds of a reservation, but for those at peers.
    void ask(Tx tx, Resource resource) {
        resource.as(Reservation.class).items().stream()
                .filter(part -> part.hold().isPresent() && !isAtPeer(part))
                .forEach(part -> ask(tx, resource, part));
    }

    /// Asks for one.
    void ask(Tx tx, Resource resource, Part part) {
        var reservation = resource.as(Reservation.class);
        var slice = new SliceInfo(
                new SliceId(resource.id()), resource.name(), resource.project(), reservation.user(), List.of());
        post.send(
                tx,
                broker,
                clouds,
                new Message.Provide(
                        new SliverId(part.item().id()),
                        slice,
                        part.hold().orElseThrow().provider(),
                        reservation.when(),
                        wanted(resource.project(), part)));
    }

    /// Whether the provider of an item has to be asked, for it to become what it is in the other.
    boolean differs(Resource resource, Part before, Part after, Reservation next) {
        return before.hold().filter(hold -> hold.phase() != Hold.Phase.CLOSED).isPresent()
                && !(resource.as(Reservation.class).when().equals(next.when())
                        && wanted(resource.project(), before).equals(wanted(resource.project(), after)));
    }

    /// Asks for another thing or time.
    ///
    /// @param part with the revision that the answer will have
    void amend(Tx tx, Resource resource, Part part, Interval term) {
        var revision = part.hold().orElseThrow().revision();
        post.send(
                tx,
                broker,
                clouds,
                new Message.Amend(new SliverId(part.item().id()), revision, term, wanted(resource.project(), part)));
    }

    private static Wanted wanted(String project, Part part) {
        var id = part.item().id();
        return switch (part.item().need()) {
            case Need.Hosts _ -> new Wanted.Hosts(id, project, names(part));
            case Need.Instances instances -> {
                var flavor = instances.flavor();
                var size = new CloudSupply.Flavor(
                        id.toString(),
                        "reservation:" + id,
                        Math.toIntExact(flavor.vcpus()),
                        Math.toIntExact(flavor.memoryMb()),
                        Math.toIntExact(flavor.diskGb()),
                        Map.of());
                var slots = part.placement().stream()
                        .collect(Collectors.toMap(
                                place -> Places.name(place.place()), place -> Math.toIntExact(place.slots())));
                var together = switch (instances.affinity()) {
                    case TOGETHER -> Optional.of(true);
                    case APART -> Optional.of(false);
                    case NONE -> Optional.<Boolean>empty();
                };
                yield new Wanted.Slots(id, project, size, slots, together);
            }
            case Need.Addresses addresses ->
                new Wanted.Addresses(
                        id,
                        project,
                        Places.name(addresses.network()),
                        part.placement().stream()
                                .map(place -> Places.address(place.place()))
                                .toList());
            case Need.Quantity(var steps) ->
                new Wanted.Amounts(
                        id,
                        project,
                        steps.stream()
                                .map(step -> new Wanted.Stretch(
                                        step.when(), step.amount().amounts()))
                                .toList(),
                        part.hold()
                                .filter(hold -> hold.phase().compareTo(Hold.Phase.OFFERED) >= 0)
                                .isPresent());
            case Need.Elements _ -> throw new IllegalStateException("nothing is held for " + id);
        };
    }

    private static List<String> names(Part part) {
        return part.placement().stream()
                .map(place -> Places.name(place.place()))
                .toList();
    }

    /// Has the servers kept that are in what is held, or a server.
    ///
    /// @param what an item, or an allocation
    void keep(Tx tx, UUID what, long round) {
        post.send(tx, broker, clouds, new Message.Preserve(new SliverId(what), round));
    }

    /// Has the holds of a reservation taken away that are not gone.
    void close(Tx tx, Reservation reservation) {
        reservation.items().forEach(part -> close(tx, part));
    }

    /// The same of one item.
    void close(Tx tx, Part part) {
        part.hold()
                .filter(hold -> hold.phase() != Hold.Phase.CLOSED)
                .ifPresent(_ -> post.send(
                        tx,
                        broker,
                        clouds,
                        new Message.Close(new SliverId(part.item().id()))));
    }

    static Hold.Phase phase(Message.UpdateLease.State state, Part part) {
        return switch (state) {
            case PREPARED -> isAtPeer(part) ? Hold.Phase.OFFERED : Hold.Phase.PREPARED;
            case ACTIVE -> Hold.Phase.OPEN;
            case FAILED, LOST, CLOSED -> Hold.Phase.CLOSED;
            case CLOSE_FAILED -> Hold.Phase.STUCK;
        };
    }
}
