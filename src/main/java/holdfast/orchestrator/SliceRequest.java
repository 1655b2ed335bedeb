package holdfast.orchestrator;

import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.protocol.rear.Wish;
import java.util.List;
import java.util.Optional;

/// What a user asks for, in whatever language it was asked.
///
/// @param name 3 to 100 characters; unique among the project's slices that are not dead
/// @param term when it shall exist
/// @param demands one for each sliver, names distinct
/// @param sshKeys public keys to be let in
/// @param graph the request as the user wrote it, kept for the manifest
/// @param elsewhere room may be bought in other domains when there is none here, and this is wanted of it
public record SliceRequest(
        String name,
        Interval term,
        List<Demand> demands,
        List<String> sshKeys,
        Optional<String> graph,
        Optional<Wish> elsewhere) {
    public SliceRequest {
        demands = List.copyOf(demands);
        sshKeys = List.copyOf(sshKeys);
    }
}
