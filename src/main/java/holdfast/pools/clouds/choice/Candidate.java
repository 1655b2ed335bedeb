package holdfast.pools.clouds.choice;

import holdfast.protocol.Match;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One way to launch all assemblies of a launch, at one account and in one realm of it.
///
/// @param realm key of the provider's realm; empty = any
/// @param matches by assembly
/// @param sizes all that is known of each assembly's measures, also what the create call does not say
public record Candidate(UUID account, Optional<String> realm, List<Match> matches, List<Map<String, String>> sizes) {
    public Candidate {
        matches = List.copyOf(matches);
        sizes = List.copyOf(sizes);
    }
}
