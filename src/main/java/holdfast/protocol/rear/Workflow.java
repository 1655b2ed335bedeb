package holdfast.protocol.rear;

import java.util.Optional;
import java.util.stream.Stream;

/// The ways in which domains come to trade (fluidos.md 4).
public enum Workflow {
    /// Two nodes of one domain.
    W1,
    /// A node and the supernode of its domain.
    W2,
    /// Two domains, each with a supernode.
    W3,
    /// Two domains and a catalog.
    W4;

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
