package holdfast.pools.clouds.choice;

import holdfast.protocol.Match;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One way to launch all assemblies of a launch, at one account and in one realm of it.
///
/// @param realm key of the provider's realm; empty = any
/// @param matches by assembly
public record Candidate(UUID account, Optional<String> realm, List<Match> matches) {
    public Candidate {
        matches = List.copyOf(matches);
    }
}
