package holdfast.federation.discovery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What came of a discovery.
///
/// @param asked how many peers
/// @param candidates how many offers came that were asked for
/// @param left how many offers were left out: not asked for, not for sale, not readable, or too many
/// @param failed the peers of which nothing came
public record Found(int asked, int candidates, int left, List<Failed> failed) {
    public Found {
        failed = List.copyOf(failed);
    }

    /// With more that may be chosen from.
    Found with(int more) {
        return new Found(asked, candidates + more, left, failed);
    }

    /// A peer of which nothing came.
    ///
    /// @param name what people call it here
    /// @param why for people
    public record Failed(UUID peer, String name, String why) {}

    /// Why it has failed; empty if there is anything to choose from (fluidos.md 6.6).
    public Optional<String> failure() {
        if (candidates > 0) {
            return Optional.empty();
        }
        return Optional.of(asked == 0 ? "no peers" : failed.size() == asked ? "no peer answered" : "No Flavors found");
    }
}
