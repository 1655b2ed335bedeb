package holdfast.broker.market;

import holdfast.protocol.rear.Flavor;

/// A name under which something of a root is or was offered (fluidos.md 3.8).
///
/// @param flavor what was offered under it
public record Listing(Flavor flavor, State state) {
    /// What has become of it.
    public enum State {
        LISTED,
        /// Another took its place; who knows the name may still reserve by it.
        RETIRED,
        /// Taken back by the operator.
        WITHDRAWN,
        /// Nobody keeps it up to date any more.
        EXPIRED;

        /// Whether the name may be reserved by.
        boolean isKnown() {
            return switch (this) {
                case LISTED, RETIRED -> true;
                case WITHDRAWN, EXPIRED -> false;
            };
        }
    }

    public String id() {
        return flavor.id();
    }

    Listing as(State other) {
        return new Listing(flavor, other);
    }
}
