package holdfast.protocol.rear;

import java.util.Optional;
import java.util.stream.Stream;

/// The types of flavors (fluidos.md 2.6).
public enum FlavorType {
    K8SLICE("k8slice", "K8Slice"),
    VM("vm", "VM"),
    SERVICE("service", "Service"),
    SENSOR("sensor", "Sensor");

    private final String word;
    private final String identifier;

    FlavorType(String word, String identifier) {
        this.word = word;
        this.identifier = identifier;
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
