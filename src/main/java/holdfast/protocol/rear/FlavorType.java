package holdfast.protocol.rear;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The types of flavors (fluidos.md 2.6).
public enum FlavorType {
    K8SLICE("k8slice", "K8Slice", Dimension.CPU, Dimension.MEMORY, Dimension.PODS),
    VM("vm", "VM", Dimension.COUNT),
    SERVICE("service", "Service"),
    SENSOR("sensor", "Sensor");

    private final String word;
    private final String identifier;
    private final Set<Dimension> counted;

    FlavorType(String word, String identifier, Dimension... counted) {
        this.word = word;
        this.identifier = identifier;
        this.counted = Set.of(counted);
    }

    /// What each piece of such a flavor must have some of; none if a sale takes nothing away from others.
    public Set<Dimension> counted() {
        return counted;
    }

    /// The name in messages, `type.name`.
    public String word() {
        return word;
    }

    /// The name in declared objects, `typeIdentifier`.
    public String identifier() {
        return identifier;
    }

    /// The type of either name, whatever the case; empty if there is none.
    public static Optional<FlavorType> of(String name) {
        return Stream.of(values())
                .filter(type -> type.word.equalsIgnoreCase(name))
                .findFirst();
    }
}
