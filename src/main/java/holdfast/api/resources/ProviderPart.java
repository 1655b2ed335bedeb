package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.authority.Provider;
import holdfast.broker.Pool;
import holdfast.core.Caller;
import holdfast.core.CloudSupply;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What providers and pools show. Passwords are not among it.
final class ProviderPart implements Part {
    static final String REFRESH = "refresh";

    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, ProviderPart::fields));
    }

    private static ObjectNode fields(Resource resource) {
        var provider = resource.as(Provider.class);
        var account = provider.account();
        var node = Json.object()
                .put("driver", account.driver())
                .put("endpoint", account.endpoint())
                .put("region", account.region().orElse(null))
                .put("username", account.username())
                .put("userDomain", account.userDomain())
                .put("projectName", account.project())
                .put("projectDomain", account.projectDomain())
                .put("enforce", account.enforce())
                .put("cleaningSeconds", account.cleaningSeconds())
                .put("pollSeconds", account.pollSeconds())
                .put("lastSync", provider.lastSync().map(Values::shown).orElse(null))
                .put("unknown", provider.astray().unknown().size());
        node.set("zones", Json.toTree(account.zones()));
        account.behind()
                .ifPresent(behind -> node.put("deltacloudDriver", behind.driver())
                        .put("stoppedDisappear", behind.stoppedDisappear())
                        .put("destroys", behind.destroys().orElse(null))
                        .put("rewriteHosts", behind.rewriteHosts()));
        provider.bus().ifPresent(bus -> {
            node.put("notifications", bus.address().toString())
                    .put("notificationsTrouble", provider.deaf().orElse(null));
            node.set("notificationsTopics", Json.toTree(bus.topics()));
        });
        provider.supply().ifPresent(supply -> seen(node, supply));
        return node;
    }

    private static void seen(ObjectNode node, CloudSupply supply) {
        node.put("enforced", node.path("enforce").booleanValue() && supply.keeper())
                .put("hosts", supply.hosts().size());
        var hosts = node.putArray("hypervisors");
        supply.hosts().forEach(host -> hosts.add(host(host)));
        node.set("limits", Json.toTree(supply.limits()));
        node.set("flavors", Json.toTree(supply.flavors()));
        node.set("images", Json.toTree(supply.images()));
        node.set("networks", Json.toTree(supply.networks()));
    }

    private static ObjectNode host(CloudSupply.Host host) {
        return Json.object()
                .put("name", host.name())
                .put("zone", host.zone())
                .put("up", host.up())
                .set("total", Json.toTree(new TreeMap<>(host.total())));
    }

    @Override
    public List<String> actions(Caller caller, Resource resource) {
        return caller.admin() && resource.removed().isEmpty() ? List.of(REFRESH) : List.of();
    }

    /// What pools show.
    static Map<UUID, ObjectNode> pools(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, ProviderPart::pool));
    }

    private static ObjectNode pool(Resource resource) {
        var pool = resource.as(Pool.class);
        var node = Json.object()
                .put("providerId", pool.provider().toString())
                .put("place", pool.place())
                .put("enforced", pool.enforced());
        node.set("zones", Json.toTree(pool.supply().map(CloudSupply::zones).orElse(List.of())));
        node.set("flavors", Json.toTree(pool.supply().map(CloudSupply::flavors).orElse(List.of())));
        node.set("images", Json.toTree(pool.supply().map(CloudSupply::images).orElse(List.of())));
        node.set(
                "networks", Json.toTree(pool.supply().map(CloudSupply::networks).orElse(List.of())));
        return node;
    }
}
