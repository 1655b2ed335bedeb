package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.CandidateCourse;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.wire.CustomResources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What peers offer, as far as it is known (fluidos.md 3.3), for administrators, as in the native interface.
record CandidateKeeper(Platform platform, Candidates candidates) implements Keeper {
    private static final String PREFIX = "peeringcandidate-";

    @Override
    public Sort sort() {
        return Sort.PEERING_CANDIDATE;
    }

    static String name(Flavor flavor) {
        return PREFIX + flavor.id();
    }

    /// The name of the flavor of a candidate.
    static Optional<String> flavor(String name) {
        return name.startsWith(PREFIX) ? Optional.of(name.substring(PREFIX.length())) : Optional.empty();
    }

    @Override
    public List<Shown> list(Tx tx, Caller caller) {
        var any = new Candidates.Filter(Optional.empty(), Optional.empty(), Optional.empty());
        return caller.admin()
                ? candidates.list(tx, any, Optional.empty(), MOST, platform.now()).stream()
                        .map(CandidateKeeper::shown)
                        .toList()
                : List.of();
    }

    @Override
    public Optional<Shown> made(Tx tx, UUID made) {
        return Optional.empty();
    }

    private static Shown shown(Candidate candidate) {
        var flavor = Json.object();
        flavor.putObject("metadata").put("name", candidate.flavor().id()).put("namespace", Sort.NAMESPACE);
        flavor.set("spec", CustomResources.flavor(candidate.flavor()));
        boolean available =
                candidate.state() == CandidateCourse.State.FRESH || candidate.state() == CandidateCourse.State.STALE;
        var spec = Json.object().put("available", available);
        spec.putArray("interestedSolverIDs");
        spec.set("flavor", flavor);
        var status = Json.object().put("lastUpdateTime", Shown.time(candidate.asOf()));
        return new Shown(
                Sort.PEERING_CANDIDATE,
                UUID.nameUUIDFromBytes(
                        (candidate.peer() + "/" + candidate.flavor().id()).getBytes(StandardCharsets.UTF_8)),
                Sort.NAMESPACE,
                name(candidate.flavor()),
                Map.of(
                        "peer",
                        candidate.peer().toString(),
                        "state",
                        candidate.state().word()),
                Map.of(),
                8 * candidate.asOf().toEpochMilli() + step(candidate.state()),
                candidate.asOf(),
                spec,
                status,
                Optional.empty());
    }

    private static int step(CandidateCourse.State state) {
        return switch (state) {
            case FRESH -> 0;
            case STALE -> 1;
            case HELD -> 2;
            case BOUGHT -> 3;
            case GONE -> 4;
        };
    }
}
