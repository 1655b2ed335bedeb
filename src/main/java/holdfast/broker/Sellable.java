package holdfast.broker;

import holdfast.broker.market.Offer;
import holdfast.broker.market.Units;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.inventory.Host;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Hosts of ours of which parts may be sold to other domains.
public final class Sellable {
    /// Percent of each host that is kept for ourselves unless more is offered in so many words (fluidos.md 6.12).
    private static final int RESERVE = 10;
    private static final int PERCENT = 100;
    /// What a cluster usually runs on one machine.
    private static final long PODS = 110;

    private final Supply supply;

    Sellable(Supply supply) {
        this.supply = supply;
    }

    /// A host of which a part may be sold.
    ///
    /// @param name what people call it
    /// @param has all of it
    /// @param usual what is offered of it if nothing else is said: less the reserve, in whole cores and gigabytes
    public record Part(Offer.Host host, String name, Vector has, Vector usual) {
        /// The same, when it is offered less what is kept for ourselves: that stays free, whatever we use
        /// besides.
        Part keeping() {
            return new Part(host.keeping(has.minus(usual)), name, has, usual);
        }
    }

    /// Nodes of clusters, which their owners have marked for sale.
    List<Part> ofClusters(Tx tx) {
        return all(tx).stream().filter(part -> part.host().isOfCluster()).toList();
    }

    /// All hosts that can be sold alone.
    List<Part> all(Tx tx) {
        return supply.hosts(tx).stream()
                .filter(host -> host.pool().isEmpty())
                .map(host -> part(tx, host))
                .toList();
    }

    /// @param id the NodeID
    /// @return [Refusal.Kind#NOT_THERE] if no host is called so, [Refusal.Kind#CLASH] if what it has is shared with
    ///     others: then nobody can say what is left of it alone
    public Answer<Part> find(Tx tx, String id) {
        var found = supply.hosts(tx).stream()
                .filter(host -> host.nodeId().equals(id))
                .findFirst();
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no host " + id + " here: take the NodeID of one"));
        }
        var host = found.get();
        if (host.pool().isPresent()) {
            return Answer.no(
                    Refusal.clash("host " + id + " shares what it has with others: such hosts are not for sale"));
        }
        return Answer.yes(part(tx, host));
    }

    private Part part(Tx tx, Host host) {
        var whose = supply.offer(tx, host);
        var units = Units.of(host.delegated());
        return new Part(
                new Offer.Host(
                        whose.authority(),
                        whose.delegation(),
                        host.nodeId(),
                        host.place(),
                        Vector.NONE,
                        Optional.of(units)),
                host.name(),
                vector(host, units, PERCENT),
                vector(host, units, PERCENT - RESERVE));
    }

    /// A node of a cluster has been marked for sale: nothing of it is kept.
    private static Vector vector(Host host, Units units, int percent) {
        return switch (units) {
            case WHOLE -> vector(host, percent);
            case EXACT -> units.vector(host.delegated());
        };
    }

    private static Vector vector(Host host, int percent) {
        return new Vector(Map.of(
                Dimension.CPU, Quantity.of(part(host.delegated(), "core", percent)),
                Dimension.MEMORY, gibi(part(host.delegated(), "ram", percent)),
                Dimension.STORAGE, gibi(part(host.delegated(), "disk", percent)),
                Dimension.PODS, Quantity.of(PODS)));
    }

    private static long part(Capacities has, String dimension, int percent) {
        return has.amounts().getOrDefault(dimension, 0L) * percent / PERCENT;
    }

    private static Quantity gibi(long count) {
        return Quantity.of(count + "Gi").orThrow();
    }
}
