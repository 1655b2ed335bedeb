package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.AccountThing.Network;
import holdfast.orchestrator.instances.AccountThing.Subnet;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.Wish;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Networks of providers that have more than one subnet (aeolus.md 5.4.3). Those with less are not listed, but found by
/// whoever follows a reference of their subnet.
record ForwardingGroups(Kept templates) implements ThingKind<Network> {
    static final String PATH = "forwarding_groups";
    static final String NETWORKS = "networks";
    private static final int MOST = 50;

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "ForwardingGroup";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("forwardingGroups");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(Networks.NEEDS);
    }

    @Override
    public Class<Network> thing() {
        return Network.class;
    }

    @Override
    public boolean isShown(Network network) {
        return network.subnets().size() > 1;
    }

    @Override
    public ObjectNode document(Face face, Network network) {
        var at = face.at(PATH, network.id());
        var node = Face.common(at, network.name(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        var networks = node.putArray(NETWORKS);
        network.subnets().forEach(id -> networks.add(face.reference(Networks.PATH, id)));
        if (network.subnets().isEmpty()) {
            Face.operation(node, "delete", at);
        }
        return node;
    }

    /// With networks that are described; those that are there cannot be moved.
    @Override
    public Network make(Face face, ObjectNode body) {
        var template = templates.whole(face, body, "forwardingGroupTemplate");
        var networks = Fields.list(template, NETWORKS);
        if (networks.isEmpty() || networks.size() > MOST) {
            throw Problem.malformed("forwardingGroupTemplate.networks describes 1 to " + MOST + " networks");
        }
        var wishes = networks.stream().map(ForwardingGroups::wish).toList();
        var block = Fields.text(template, Networks.BLOCK, 64).orElse(Networks.STANDARD_BLOCK);
        var things = face.things();
        var around = things.make(new Wish.NewNetwork(Fields.name(body), List.of(block)))
                .orThrow();
        filled(things, around, wishes);
        return there(face, around.id());
    }

    private static Wish.NewSubnet wish(ObjectNode network) {
        if (network.has(Notation.HREF)) {
            throw new Problem(409, "networks that are there cannot be moved into another group; describe new ones");
        }
        var block = Fields.text(network, Networks.BLOCK, 64)
                .orElseThrow(() -> Problem.malformed("Required attributes not set: networks." + Networks.BLOCK));
        return new Wish.NewSubnet("", block, Fields.name(network));
    }

    /// All of them, or nothing of it.
    private static void filled(AccountThings things, Network around, List<Wish.NewSubnet> wishes) {
        Deque<AccountThing> made = new ArrayDeque<>();
        try {
            for (var wish : wishes) {
                made.push(things.make(new Wish.NewSubnet(around.id(), wish.block(), wish.name()))
                        .orThrow());
            }
        } catch (RuntimeException e) {
            made.forEach(one -> things.delete(Subnet.class, one.id()));
            things.delete(Network.class, around.id());
            throw e;
        }
    }

    @Override
    public Done delete(Face face, String id) {
        if (!there(face, id).subnets().isEmpty()) {
            throw new Problem(409, "there are networks in it; it goes with the last of them");
        }
        return ThingKind.super.delete(face, id);
    }
}
