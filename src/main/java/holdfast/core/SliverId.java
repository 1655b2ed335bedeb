package holdfast.core;

import java.util.UUID;

/// Names a sliver, and with it the broker's ticket and the authority's lease for it (the reservation id of
/// fabric.md 2.3).
public record SliverId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
