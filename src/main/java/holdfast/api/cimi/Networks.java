package holdfast.api.cimi;

import holdfast.core.Answer;
import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.AccountThing.Nic;
import holdfast.orchestrator.instances.AccountThing.Subnet;
import holdfast.orchestrator.instances.Wish;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Networks of CIMI are what providers call subnets (aeolus.md 5.4.3). One that is in no forwarding group has a network
/// of the provider for itself, which is made and goes with it.
record Networks(Kept templates, Kept configurations) implements ThingKind<Subnet> {
    static final String PATH = "networks";
    static final String NEEDS = "subnets";
    /// Addresses such as `10.0.0.0/16`; CIMI 1.0 has no word for them.
    static final String BLOCK = "addressBlock";

    static final String STANDARD_BLOCK = "10.0.0.0/16";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "Network";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("networks");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(NEEDS);
    }

    @Override
    public List<String> extensions() {
        return List.of(BLOCK);
    }

    @Override
    public Class<Subnet> thing() {
        return Subnet.class;
    }

    @Override
    public ObjectNode document(Face face, Subnet subnet) {
        var at = face.at(PATH, subnet.id());
        var node = Face.common(at, subnet.name(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        node.put("state", state(subnet.state()));
        node.put("networkType", "PRIVATE");
        subnet.block().ifPresent(block -> node.put(BLOCK, block));
        node.set("networkPorts", face.reference(PATH, subnet.id(), "networkPorts"));
        node.set("forwardingGroup", face.reference(ForwardingGroups.PATH, subnet.network()));
        Face.operation(node, "delete", at);
        return node;
    }

    /// @param there the provider's word
    static String state(String there) {
        return switch (there.toUpperCase(Locale.ROOT)) {
            case "DOWN", "STOPPED" -> "STOPPED";
            case "CREATING", "PENDING", "BUILD" -> "CREATING";
            case "DELETING" -> "DELETING";
            case "ERROR", "FAILED" -> "ERROR";
            default -> "STARTED";
        };
    }

    @Override
    public Subnet make(Face face, ObjectNode body) {
        var template = templates.wholeOrEmpty(face, body, "networkTemplate");
        var configuration = configurations.wholeOrEmpty(face, template, "networkConfig");
        var block = Stream.of(body, template, configuration)
                .flatMap(node -> Fields.text(node, BLOCK, 64).stream())
                .findFirst()
                .orElse(STANDARD_BLOCK);
        var name = Fields.name(body);
        var group = Fields.reference(template, "forwardingGroup");
        var around = group.orElseGet(() -> face.things()
                .make(new Wish.NewNetwork(name, List.of(block)))
                .orThrow()
                .id());
        var made = face.things().make(new Wish.NewSubnet(around, block, name));
        if (made instanceof Answer.No && group.isEmpty()) {
            face.things().delete(AccountThing.Network.class, around);
        }
        return made.orThrow();
    }

    @Override
    public Done delete(Face face, String id) {
        var gone = face.things().delete(Subnet.class, id).orThrow();
        if (face.things().list(Subnet.class).stream()
                .noneMatch(other -> other.network().equals(gone.network()))) {
            face.things().delete(AccountThing.Network.class, gone.network());
        }
        return Done.nothing(200);
    }

    @Override
    public Optional<Part> part(Face face, String id, String name) {
        if (!name.equals("networkPorts") || !face.offers(NetworkPorts.NEEDS)) {
            return Optional.empty();
        }
        return face.things()
                .find(Subnet.class, id)
                .map(subnet -> Part.fixed(
                        "NetworkNetworkPort",
                        "networkNetworkPorts",
                        face.things().list(Nic.class).stream()
                                .filter(nic -> nic.network()
                                        .filter(subnet.id()::equals)
                                        .isPresent())
                                .map(nic -> port(face, subnet, nic))
                                .toList()));
    }

    private static ObjectNode port(Face face, Subnet subnet, Nic nic) {
        var at = face.at(PATH, subnet.id(), "networkPorts", nic.id());
        var node = Face.common(at, nic.name(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        node.set("networkPort", face.reference(NetworkPorts.PATH, nic.id()));
        return node;
    }
}
