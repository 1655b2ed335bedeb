package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing.Nic;
import holdfast.orchestrator.instances.Wish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Network interfaces of machines (aeolus.md 5.4.3). Providers make none without a machine, so `machine` must be said.
record NetworkPorts(Kept templates) implements ThingKind<Nic> {
    static final String PATH = "network_ports";
    static final String NEEDS = "network_interfaces";
    /// Whose interface it is; CIMI 1.0 has no word for that.
    static final String MACHINE = "machine";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "NetworkPort";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("networkPorts");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(NEEDS);
    }

    @Override
    public List<String> extensions() {
        return List.of(MACHINE, "ip");
    }

    @Override
    public Class<Nic> thing() {
        return Nic.class;
    }

    @Override
    public ObjectNode document(Face face, Nic nic) {
        var at = face.at(PATH, nic.id());
        var node = Face.common(at, nic.name(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        node.put("state", Networks.state(nic.state()));
        nic.network().ifPresent(id -> node.set("network", face.reference(Networks.PATH, id)));
        node.put("portType", "ACCESS");
        nic.instance().ifPresent(id -> node.set(MACHINE, face.reference(Machines.PATH, id.toString())));
        nic.ip().ifPresent(ip -> node.put("ip", ip));
        Face.operation(node, "delete", at);
        return node;
    }

    @Override
    public Nic make(Face face, ObjectNode body) {
        var template = templates.whole(face, body, "networkPortTemplate");
        var network = required(template, "network");
        var machine = required(template, MACHINE);
        var instance = Machines.find(face, machine).orElseThrow(() -> Problem.nothing("machine " + machine));
        var wish = new Wish.NewNic(instance.id(), network, Fields.name(body));
        return face.things().make(wish).orThrow();
    }

    private static String required(ObjectNode template, String field) {
        return Fields.reference(template, field)
                .orElseThrow(() -> Problem.malformed("Required attributes not set: networkPortTemplate." + field));
    }
}
