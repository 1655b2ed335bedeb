package holdfast.broker.market;

import holdfast.protocol.rear.Flavor;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The record of a root: what is for sale (fluidos.md 6.4). States of the resource: those of [Root.Standing].
///
/// @param whole all of it
/// @param from when it may be used first
/// @param backing the host that it is a part of; empty for what is not made here, such as a service
public record Offer(Flavor whole, Instant from, Optional<Host> backing) {
    public static final String TYPE = "flavor";

    /// A host of ours.
    ///
    /// @param authority whose it is, by `delegation`
    /// @param id its NodeID
    /// @param place where the broker's book counts what is used of it
    public record Host(String authority, UUID delegation, String id, String place) {}
}
