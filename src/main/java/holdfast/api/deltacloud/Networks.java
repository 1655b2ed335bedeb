package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.AccountThing.Listener;
import holdfast.orchestrator.instances.AccountThing.LoadBalancer;
import holdfast.orchestrator.instances.AccountThing.Network;
import holdfast.orchestrator.instances.AccountThing.Nic;
import holdfast.orchestrator.instances.AccountThing.Subnet;
import holdfast.orchestrator.instances.Wish;
import holdfast.platform.Json;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Networks, subnets, interfaces and load balancers (aeolus.md 5.3.8).
final class Networks {
    private static final String NETWORKS = "networks";
    private static final String SUBNETS = "subnets";
    private static final String BLOCK = "address_block";
    private static final int PORTS = 65_535;

    private Networks() {}

    static List<Collection> collections() {
        var networks = new Things<>(NETWORKS, "network", Network.class, Networks::network);
        var subnets = new Things<>(SUBNETS, "subnet", Subnet.class, Networks::subnet);
        var nics = new Things<>("network_interfaces", "network_interface", Nic.class, Networks::nic);
        return List.of(
                Collection.offered(
                        NETWORKS,
                        networks.index(),
                        networks.show(),
                        networks.create(
                                "address_block name",
                                ask -> new Wish.NewNetwork(
                                        ask.field("name"),
                                        ask.field(BLOCK).stream().toList())),
                        networks.destroy()),
                Collection.offered(
                        SUBNETS,
                        subnets.index(),
                        subnets.show(),
                        subnets.create(
                                "network_id* address_block* name",
                                ask -> new Wish.NewSubnet(
                                        ask.required("network_id"), ask.required(BLOCK), ask.field("name"))),
                        subnets.destroy()),
                Collection.offered(
                        "network_interfaces",
                        nics.index(),
                        nics.show(),
                        nics.create(
                                "instance* network* name",
                                ask -> new Wish.NewNic(
                                        Ids.instance(ask.required("instance")),
                                        ask.required("network"),
                                        ask.field("name"))),
                        nics.destroy()),
                balancers());
    }

    private static Collection balancers() {
        var balancers = new Things<>("load_balancers", "load_balancer", LoadBalancer.class, Networks::balancer);
        return Collection.offered(
                "load_balancers",
                balancers.index(),
                balancers.show(),
                balancers.create(
                        "name* realm_id* listener_protocol*=HTTP|TCP listener_balancer_port* listener_instance_port*",
                        ask -> new Wish.NewLoadBalancer(
                                ask.required("name"),
                                ask.required("realm_id"),
                                new Listener(
                                        ask.required("listener_protocol"),
                                        ask.number("listener_balancer_port", 1, PORTS),
                                        ask.number("listener_instance_port", 1, PORTS)))),
                balancers.destroy(),
                balancers.changed(
                        "register",
                        200,
                        "instance_id*",
                        ask -> new Wish.Register(ask.id(), Ids.instance(ask.required("instance_id")))),
                balancers.changed(
                        "unregister",
                        200,
                        "instance_id*",
                        ask -> new Wish.Unregister(ask.id(), Ids.instance(ask.required("instance_id")))));
    }

    private static void network(Entity entity, Ask ask, Network network) {
        entity.text("name", network.name())
                .text("state", network.state())
                .texts("address_blocks", BLOCK, network.blocks())
                .refs(SUBNETS, "subnet", network.subnets(), id -> ask.links().member(SUBNETS, id))
                .actions(List.of(entity.destroy()));
    }

    private static void subnet(Entity entity, Ask ask, Subnet subnet) {
        entity.text("name", subnet.name())
                .text("state", subnet.state())
                .text(BLOCK, subnet.block())
                .text("network", subnet.network())
                .actions(List.of(entity.destroy()));
        subnet.type().ifPresent(type -> entity.json("type", Json.toTree(type)));
    }

    private static void nic(Entity entity, Ask ask, Nic nic) {
        entity.text("name", nic.name()).text("state", nic.state()).text("ip_address", nic.ip());
        nic.network().ifPresent(id -> {
            var href = ask.links().member(SUBNETS, id);
            entity.field(
                    Element.text("network", id)
                            .with("rel", "subnet")
                            .with("href", href)
                            .with("id", id),
                    "network",
                    Json.object().put("id", id).put("href", href).put("rel", "subnet"));
        });
        Access.instance(entity, ask, nic.instance().map(Object::toString));
        entity.actions(List.of(entity.destroy()));
    }

    private static void balancer(Entity entity, Ask ask, LoadBalancer balancer) {
        var realm = balancer.realm().orElse(Realms.ANY);
        var listeners = Json.array();
        balancer.listeners()
                .forEach(one -> listeners
                        .addObject()
                        .put("protocol", one.protocol())
                        .put("load_balancer_port", one.port())
                        .put("instance_port", one.instancePort()));
        var instances = Json.array();
        balancer.instances()
                .forEach(id -> instances
                        .addObject()
                        .put("id", id.toString())
                        .put("href", ask.links().member(Instances.NAME, id.toString()))
                        .put("rel", "instance"));
        entity.actions(List.of(entity.post("register"), entity.post("unregister"), entity.destroy()))
                .texts("public_addresses", "address", balancer.addresses())
                .time("created_at", "created_at", balancer.created().map(time -> time.truncatedTo(ChronoUnit.SECONDS)))
                .ref("realm", realm, ask.links().member("realms", realm))
                .field(
                        Element.of(
                                "listeners",
                                balancer.listeners().stream()
                                        .map(Networks::listener)
                                        .toList()),
                        "listeners",
                        listeners)
                .field(
                        Element.of(
                                "instances",
                                balancer.instances().stream()
                                        .map(id -> member(entity, ask, id.toString()))
                                        .toList()),
                        "instances",
                        instances)
                .json("name", Json.toTree(balancer.name()));
    }

    private static Element listener(Listener listener) {
        return Element.of(
                        "listener",
                        Element.text("load_balancer_port", String.valueOf(listener.port())),
                        Element.text("instance_port", String.valueOf(listener.instancePort())))
                .with("protocol", listener.protocol());
    }

    private static Element member(Entity balancer, Ask ask, String id) {
        return Element.of(
                        "instance",
                        new Entity.Link("unregister", "post", balancer.href() + "/unregister;instance_id=" + id).xml())
                .with("href", ask.links().member(Instances.NAME, id))
                .with("id", id);
    }
}
