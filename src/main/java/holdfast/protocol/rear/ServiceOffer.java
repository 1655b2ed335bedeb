package holdfast.protocol.rear;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A managed service, made anew for each buyer: a sale takes nothing away from others.
///
/// @param category such as `database`
/// @param hosting the first is the usual one; none means [HostingPolicy#PROVIDER]
/// @param template a JSON Schema that the buyer's settings must satisfy; must not be changed
public record ServiceOffer(
        String name,
        String description,
        String category,
        List<String> tags,
        List<HostingPolicy> hosting,
        JsonNode template)
        implements Kind {
    public ServiceOffer {
        tags = List.copyOf(tags);
        hosting = List.copyOf(hosting);
    }

    /// Where it may run, the usual one first.
    public List<HostingPolicy> hosted() {
        return hosting.isEmpty() ? List.of(HostingPolicy.PROVIDER) : hosting;
    }

    @Override
    public FlavorType type() {
        return FlavorType.SERVICE;
    }

    @Override
    public Vector vector() {
        return Vector.NONE;
    }

    @Override
    public Policy policy() {
        return Policy.FREE;
    }

    @Override
    public Properties properties() {
        return Properties.NONE;
    }

    @Override
    public ServiceOffer with(Vector amounts) {
        return this;
    }
}
