package holdfast.api.resources;

import static java.util.stream.Collectors.toSet;

import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.CandidateCourse;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.peers.Peer;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.FlavorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What peers offer, as it was heard, for administrators (fluidos.md 3.3).
final class CandidatesApi {
    private static final List<String> KINDS =
            Arrays.stream(FlavorType.values()).map(FlavorType::word).toList();
    private static final List<String> STATES = Arrays.stream(CandidateCourse.State.values())
            .map(CandidateCourse.State::word)
            .toList();
    /// Between peer and name in the place to go on from; a name never has it.
    private static final String BETWEEN = "/";

    private final Platform platform;
    private final Database database;
    private final Optional<Candidates> candidates;
    private final Finder finder;

    /// @param candidates empty if this domain deals with no other
    CandidatesApi(Platform platform, Database database, Optional<Candidates> candidates, Finder finder) {
        this.platform = platform;
        this.database = database;
        this.candidates = candidates;
        this.finder = finder;
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/candidates", this::list, "kind", "peer", "state", "after", "limit"));
    }

    /// `GET /v1/candidates`, by peer and name.
    private HttpReply list(Ask ask) {
        Access.mayOperate(ask.caller(), "see what other domains offer").ifPresent(why -> {
            throw Problem.of(why);
        });
        int limit = ask.limit();
        return database.inTransaction(tx -> {
            var filter = new Candidates.Filter(
                    oneOf(ask, "kind", KINDS),
                    ask.one("peer")
                            .map(name -> finder.find(tx, ask, Peer.TYPE, name).id()),
                    oneOf(ask, "state", STATES));
            var found = candidates
                    .map(known -> known.list(tx, filter, after(ask), limit, platform.now()))
                    .orElse(List.of());
            var answer = Envelope.of(ask, "candidate", shown(tx, found));
            answer.set("pagination", pagination(ask, found, limit));
            return HttpReply.json(200, answer);
        });
    }

    private static Optional<String> oneOf(Ask ask, String parameter, List<String> known) {
        var word = ask.one(parameter);
        word.filter(text -> !known.contains(text)).ifPresent(text -> {
            throw Problem.malformed(
                    parameter,
                    parameter + " is '" + Form.shorten(text) + "'; it is one of " + String.join(", ", known));
        });
        return word;
    }

    private static Optional<Candidates.Place> after(Ask ask) {
        return ask.one("after").map(text -> {
            int at = text.indexOf(BETWEEN);
            return Ids.uuid(at < 0 ? "" : text.substring(0, at))
                    .map(peer -> new Candidates.Place(peer, text.substring(at + 1)))
                    .orElseThrow(() -> Problem.malformed(
                            "after", "after is '" + Form.shorten(text) + "'; take it from the link next of a page"));
        });
    }

    private static List<ObjectNode> shown(Tx tx, List<Candidate> found) {
        var peers = References.wire(tx, found.stream().map(Candidate::peer).collect(toSet()));
        return found.stream().map(one -> show(peers, one)).toList();
    }

    private static ObjectNode show(Map<UUID, String> peers, Candidate candidate) {
        var flavor = candidate.flavor();
        var node = Json.object()
                .put("id", candidate.peer() + BETWEEN + flavor.id())
                .put("type", "candidate")
                .put("name", flavor.id())
                .put("kind", flavor.kind().type().word())
                .put("state", candidate.state().word())
                .put("peerId", peers.get(candidate.peer()))
                .put("seller", MarketPart.who(flavor.owner()))
                .put("asOf", candidate.asOf().toString());
        node.set("amounts", MarketPart.amounts(flavor.kind().vector()));
        flavor.price().ifPresent(price -> node.set("price", Json.toTree(price)));
        return node;
    }

    private static ObjectNode pagination(Ask ask, List<Candidate> found, int limit) {
        boolean more = found.size() == limit;
        var node = Json.object().putNull("first").putNull("previous");
        node.put("next", more ? Urls.with(ask, Map.of("after", place(found.getLast()))) : null);
        return node.put("limit", limit).putNull("total").put("partial", more);
    }

    private static String place(Candidate last) {
        return last.peer() + BETWEEN + last.flavor().id();
    }
}
