package holdfast.protocol.rear;

import java.util.Optional;
import java.util.stream.Stream;

/// Where a service may run once it is bought.
public enum HostingPolicy {
    PROVIDER("Provider"),
    CONSUMER("Consumer"),
    SHARED("Shared");

    private final String word;

    HostingPolicy(String word) {
        this.word = word;
    }

    /// The name in messages.
    public String word() {
        return word;
    }

    /// The policy of that name, also as `ProviderSide` (fluidos.md 2.6); empty if there is none.
    public static Optional<HostingPolicy> of(String name) {
        return Stream.of(values())
                .filter(policy -> name.equals(policy.word) || name.equals(policy.word + "Side"))
                .findFirst();
    }
}
