package holdfast.drivers.holdfast;

import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.CloudSupply.Image;
import holdfast.core.CloudSupply.Network;
import holdfast.platform.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a peer has for us: the most that it says is available at one time in the near future, with what it holds for us
/// already. It is not promised: what there is for a certain time the peer says when it is to hold it.
final class Discovery {
    private static final Duration AHEAD = Duration.ofDays(90);

    private final Peer peer;
    private final Holds holds;
    private final InstantSource clock;

    Discovery(Peer peer, Holds holds, InstantSource clock) {
        this.peer = peer;
        this.holds = holds;
        this.clock = clock;
    }

    CloudSupply look() {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var profile = Peer.seen(peer.get("/v1/capacity/profile?start=" + now + "&end=" + now.plus(AHEAD)));
        var flavors = new LinkedHashMap<String, Flavor>();
        var images = new LinkedHashMap<String, Image>();
        var networks = new LinkedHashMap<String, Network>();
        for (var pool : peer.all("pools")) {
            read(pool, "flavors", Flavor.class).forEach(one -> flavors.putIfAbsent(one.id(), one));
            read(pool, "images", Image.class).forEach(one -> images.putIfAbsent(one.id(), one));
            read(pool, "networks", Network.class).forEach(one -> networks.putIfAbsent(one.id(), one));
        }
        return new CloudSupply(
                List.of(),
                limits(profile),
                List.of(),
                List.copyOf(flavors.values()),
                List.copyOf(images.values()),
                List.copyOf(networks.values()),
                true);
    }

    private static <T> List<T> read(JsonNode pool, String field, Class<T> type) {
        return pool.path(field)
                .valueStream()
                .map(node -> Json.mapper().treeToValue(node, type))
                .toList();
    }

    private Map<String, Long> limits(JsonNode profile) {
        var total = new HashMap<String, Long>();
        var limits = new HashMap<String, Long>();
        for (var step : profile.path("steps")) {
            for (var figure : step.path("dimensions")) {
                var name = figure.path("dimension").asString("");
                total.merge(name, figure.path("total").asLong(0), Math::max);
                limits.merge(name, Math.max(0, figure.path("available").asLong(0)), Math::max);
            }
        }
        for (var held : holds.all()) {
            for (var item : held.path("items")) {
                Holds.most(item).forEach((name, amount) -> limits.computeIfPresent(name, (_, free) -> free + amount));
            }
        }
        limits.replaceAll((name, most) -> Math.min(most, total.getOrDefault(name, most)));
        return limits;
    }
}
