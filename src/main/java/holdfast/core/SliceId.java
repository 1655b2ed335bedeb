package holdfast.core;

import java.util.UUID;

/// Names a slice; the same at every actor.
public record SliceId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
