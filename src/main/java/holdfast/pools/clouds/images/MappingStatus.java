package holdfast.pools.clouds.images;

import java.util.Optional;

/// How far an image is at an account (aeolus.md 2.9).
public enum MappingStatus {
    NEW(Optional.of("in progress")),
    PUSHING(Optional.of("in progress")),
    COMPLETE(Optional.empty()),
    FAILED(Optional.of("failed")),
    /// It was there before.
    IMPORTED(Optional.empty());

    private final Optional<String> hindrance;

    MappingStatus(Optional<String> hindrance) {
        this.hindrance = hindrance;
    }

    /// Why it cannot be booted, for people; empty if it can.
    public Optional<String> hindrance() {
        return hindrance;
    }

    /// @param word as it is written, such as `COMPLETE`
    public static Optional<MappingStatus> named(String word) {
        for (var status : values()) {
            if (status.name().equals(word)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
