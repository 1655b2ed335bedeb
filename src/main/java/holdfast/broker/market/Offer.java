package holdfast.broker.market;

import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Prices;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The record of a root: what is for sale (fluidos.md 6.4). States of the resource: those of [Root.Standing].
///
/// @param offered at most so much
/// @param whole all that there is of it now, for the price of that part of what is offered
/// @param from when it may be used first
/// @param backing the host that it is a part of; empty for what is not made here, such as a service
public record Offer(Flavor offered, Flavor whole, Instant from, Optional<Host> backing) {
    public static final String TYPE = "flavor";

    /// All of it is there.
    public Offer(Flavor offered, Instant from, Optional<Host> backing) {
        this(offered, offered, from, backing);
    }

    /// A host of ours.
    ///
    /// @param authority whose it is, by `delegation`
    /// @param id its NodeID
    /// @param place where the broker's book counts what is used of it
    /// @param kept what is not sold of it, whatever is free
    /// @param counted none: as machines count
    public record Host(
            String authority, UUID delegation, String id, String place, Vector kept, Optional<Units> counted) {
        /// A machine.
        public Host(String authority, UUID delegation, String id, String place, Vector kept) {
            this(authority, delegation, id, place, kept, Optional.empty());
        }

        Units units() {
            return counted.orElse(Units.WHOLE);
        }

        /// Whether it is a node of a cluster, whose buyers come with clusters of their own.
        public boolean isOfCluster() {
            return units() == Units.EXACT;
        }

        /// The same, of which so much is not sold.
        public Host keeping(Vector less) {
            return new Host(authority, delegation, id, place, less, counted);
        }
    }

    /// The same, when the host has so much that nobody else uses. What is not counted there is as it was offered.
    Offer measured(Vector room) {
        var free = room.minus(backing.map(Host::kept).orElse(Vector.NONE)).max(Vector.NONE);
        var now = offered.kind().within(free);
        return with(now.equals(offered.kind().vector()) ? offered : offered.with(now, price(now)));
    }

    private Optional<Price> price(Vector part) {
        return offered.price()
                .map(price -> Prices.piece(offered, part)
                        .map(quote -> price.with(quote.amount()))
                        .orElse(price));
    }

    Offer with(Flavor other) {
        return new Offer(offered, other, from, backing);
    }
}
