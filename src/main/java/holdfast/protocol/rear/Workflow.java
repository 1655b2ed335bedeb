package holdfast.protocol.rear;

import java.util.Optional;
import java.util.stream.Stream;

/// The ways in which domains come to trade (fluidos.md 4).
public enum Workflow {
    /// Two nodes that know each other, of one domain or of two.
    W1,
    /// A node and the supernode of its domain.
    W2,
    /// Two domains, each with a supernode.
    W3,
    /// Two domains and a catalog.
    W4;

    /// The one in which an offer is bought, by the way that it has come to its buyer: found by a catalog the
    /// fourth; from its owner itself the first one; over supernodes the second if it is of the buyer's own domain,
    /// else the third. Who says nothing of its domain is of ours unless it came over two of them.
    ///
    /// @param home the domain of the buyer
    /// @param supernode whether it was heard of a supernode; what ours owns itself is bought as what it passes on
    public static Workflow of(Flavor offer, String home, boolean supernode) {
        var from = Provenance.of(offer);
        if (from.catalog().isPresent()) {
            return W4;
        }
        boolean again = !from.path().isEmpty() || FlavorIds.tag(offer.id()).isPresent();
        if (!again) {
            return supernode && offer.owner().domain().equals(home) ? W2 : W1;
        }
        return from.domain().map(home::equals).orElse(from.path().size() < 2) ? W2 : W3;
    }

    /// Who takes part in them.
    public enum Role {
        /// The consumer's node.
        C,
        /// The supernode of the consumer's domain; in workflow 2 the only one.
        SC,
        /// The supernode of the provider's domain.
        SP,
        /// The provider's node.
        P,
        /// The catalog.
        K
    }

    /// The workflow of that name, such as `W3`; empty if there is none.
    public static Optional<Workflow> of(String name) {
        return Stream.of(values())
                .filter(workflow -> workflow.name().equals(name))
                .findFirst();
    }
}
