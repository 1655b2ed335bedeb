package holdfast.broker;

import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Images;
import holdfast.broker.Reservation.Part;
import holdfast.broker.Timers.Timer;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// What is done when the end of a reservation is near (promise.md 4.2, step 12): its users are told, and servers in it
/// are kept as images where that is wanted. Nothing of it puts the end off.
final class Keepsakes {
    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Items items;
    private final Holds holds;
    private final Policies policies;
    private final Life life;

    Keepsakes(
            String broker,
            Platform platform,
            Engine engine,
            Items items,
            Holds holds,
            Policies policies,
            Timers timers,
            Life life) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.items = items;
        this.holds = holds;
        this.policies = policies;
        this.life = life;
        timers.when(Timer.WARN, this::warn);
    }

    /// What is due during an update waits for its outcome, which sets all times anew.
    private void warn(Tx tx, Resource resource) {
        var known = resource.as(Reservation.class);
        if (known.isUpdating()) {
            return;
        }
        var warned = known.having(What.WARNING);
        var wanted = wanted(tx, resource);
        var images = new Images(platform.now().getEpochSecond(), wanted, List.of(), Optional.empty());
        var next = wanted.isEmpty() ? warned : warned.keeping(Optional.of(images));
        life.tell(
                tx,
                resources.update(tx, resource.state(), resource.withData(next), broker, "warned"),
                "expiring",
                known.warnAt().map(life::missed).orElseGet(Json::object));
        wanted.forEach(one -> holds.keep(tx, one, images.round()));
    }

    /// What is held and open, of items whose servers are to be kept; of those in which no provider holds room for
    /// servers, the servers that were made in them here.
    private Set<UUID> wanted(Tx tx, Resource resource) {
        var wanted = new TreeSet<UUID>();
        var loose = new TreeSet<UUID>();
        for (var part : resource.as(Reservation.class).items()) {
            if (policies.keepsServers(part.item().beforeEnd())) {
                if (part.hold().isEmpty() || !holdsServers(part)) {
                    loose.add(part.item().id());
                } else if (part.hold()
                        .filter(hold -> hold.phase() == Hold.Phase.OPEN)
                        .isPresent()) {
                    wanted.add(part.item().id());
                }
            }
        }
        if (!loose.isEmpty()) {
            resources.parts(tx, resource.id(), Allocations.TYPE).stream()
                    .filter(one -> one.state().equals(AllocationCourse.ACTIVE.word()))
                    .filter(one -> one.as(Allocation.class)
                            .item()
                            .filter(loose::contains)
                            .isPresent())
                    .forEach(one -> wanted.add(one.id()));
        }
        return wanted;
    }

    private static boolean holdsServers(Part part) {
        return switch (part.item().need()) {
            case Need.Hosts _, Need.Instances _ -> true;
            case Need.Quantity _, Need.Addresses _, Need.Elements _ -> false;
        };
    }

    /// A provider has kept what could be kept.
    void heard(Tx tx, Message.Preserved told) {
        var who = told.sliver().value();
        reservation(tx, who)
                .flatMap(id -> resources.lock(tx, id))
                .filter(resource -> resource.removed().isEmpty())
                .ifPresent(resource -> resource.as(Reservation.class)
                        .images()
                        .filter(images ->
                                images.round() == told.round() && images.waits().contains(who))
                        .ifPresent(images -> kept(tx, resource, images.answered(who, told.images(), told.refusal()))));
    }

    private Optional<UUID> reservation(Tx tx, UUID who) {
        return items.reservation(tx, who).or(() -> resources.find(tx, who).flatMap(Resource::parent));
    }

    private void kept(Tx tx, Resource resource, Images images) {
        var next = resource.as(Reservation.class).keeping(Optional.of(images));
        var after = resources.update(tx, resource.state(), resource.withData(next), broker, "servers were kept");
        if (images.waits().isEmpty()) {
            var data = Json.object();
            data.set("images", Json.toTree(images.made()));
            images.refusal().map(Refusal::message).ifPresent(why -> data.put("reason", why));
            life.tell(tx, after, images.refusal().isEmpty() ? "kept" : "not-kept", data);
        }
    }
}
