package holdfast.broker;

import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Hold.Phase;
import holdfast.broker.Reservation.Part;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/// A reservation over several brokers (promise.md 6.5): what is at peers is held there one after the other, in the
/// order of their ids, when all other providers keep their part; then it is taken at all of them. What is held lapses
/// by itself, so that nobody waits for one who died; who takes it too late is refused, and then the others are let go.
final class Taking {
    private final String broker;
    private final Resources resources;
    private final Holds holds;

    Taking(String broker, Resources resources, Holds holds) {
        this.broker = broker;
        this.resources = resources;
        this.holds = holds;
    }

    /// Asks whoever is next; repeating it asks nobody twice for another thing.
    ///
    /// @return the reservation as it is then
    Resource goOn(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        if (Course.of(resource.state()) != Course.INITIALIZED || !othersKeepTheirs(reservation)) {
            return resource;
        }
        var peers = peers(reservation);
        var next = peers.stream()
                .filter(part -> part.hold().orElseThrow().phase() == Phase.ASKED)
                .findFirst();
        if (next.isPresent()) {
            holds.ask(tx, resource, next.get());
            return resource;
        }
        return take(tx, resource, peers);
    }

    private static boolean othersKeepTheirs(Reservation reservation) {
        return reservation.items().stream()
                .filter(part -> !Holds.isAtPeer(part))
                .flatMap(part -> part.hold().stream())
                .allMatch(hold -> hold.phase().compareTo(Phase.PREPARED) >= 0);
    }

    private static List<Part> peers(Reservation reservation) {
        return reservation.items().stream()
                .filter(Holds::isAtPeer)
                .sorted(Comparator.comparing(
                                (Part part) -> part.hold().orElseThrow().provider())
                        .thenComparing(part -> part.item().id()))
                .toList();
    }

    private Resource take(Tx tx, Resource resource, List<Part> peers) {
        var held = new TreeSet<UUID>();
        peers.stream()
                .filter(part -> part.hold()
                        .filter(hold -> hold.phase() == Phase.OFFERED && hold.revision() == 0)
                        .isPresent())
                .forEach(part -> held.add(part.item().id()));
        if (held.isEmpty()) {
            return resource;
        }
        var known = resource.as(Reservation.class);
        var taking = known.with(known.items().stream()
                .map(part -> held.contains(part.item().id())
                        ? part.hold().map(Hold::revised).map(part::with).orElse(part)
                        : part)
                .toList());
        var after = resources.update(
                tx, resource.state(), resource.withData(taking), broker, "all peers hold it; it is taken");
        peers(taking).stream()
                .filter(part -> held.contains(part.item().id()))
                .forEach(part -> holds.amend(tx, after, part, taking.when()));
        return after;
    }
}
