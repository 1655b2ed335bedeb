package holdfast.api.cimi;

import holdfast.core.Answer;
import holdfast.orchestrator.instances.AccountThing.Address;
import holdfast.orchestrator.instances.Wish;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Addresses at the accounts of a pool (aeolus.md 5.4.3); `resource` is the machine that has one.
record Addresses(Kept templates) implements ThingKind<Address> {
    static final String PATH = "addresses";
    static final String NEEDS = "addresses";
    private static final String RESOURCE = "resource";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "Address";
    }

    @Override
    public String members() {
        return "addresses";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("addresses");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(NEEDS);
    }

    @Override
    public Class<Address> thing() {
        return Address.class;
    }

    @Override
    public ObjectNode document(Face face, Address address) {
        var at = face.at(PATH, address.id());
        var node = Face.common(at, address.ip(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        node.put("ip", address.ip());
        node.put("allocation", "dynamic");
        node.put("protocol", protocol(address.ip()));
        address.instance().ifPresent(id -> node.set(RESOURCE, face.reference(Machines.PATH, id.toString())));
        Face.operation(node, "delete", at);
        return node;
    }

    static String protocol(String ip) {
        return ip.contains(":") ? "IPv6" : "IPv4";
    }

    /// What it is like, the provider decides; only where it leads to is ours to say.
    @Override
    public Address make(Face face, ObjectNode body) {
        var template = templates.wholeOrEmpty(face, body, "addressTemplate");
        var machine = machine(face, template);
        var made = face.things().make(new Wish.NewAddress()).orThrow();
        if (machine.isEmpty()) {
            return made;
        }
        var given = face.things().make(new Wish.Associate(made.id(), machine.get()));
        if (given instanceof Answer.No) {
            face.things().delete(Address.class, made.id());
        }
        return given.orThrow();
    }

    private static Optional<UUID> machine(Face face, ObjectNode node) {
        return Fields.reference(node, RESOURCE)
                .map(id -> Machines.find(face, id)
                        .orElseThrow(() -> Problem.nothing("machine " + id))
                        .id());
    }

    /// Gives it to another machine, or to none.
    @Override
    public Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var before = there(face, id);
        var machine = face.query().changes(RESOURCE) ? machine(face, body) : before.instance();
        if (!machine.equals(before.instance())) {
            Wish<Address> wish =
                    machine.isPresent() ? new Wish.Associate(id, machine.get()) : new Wish.Disassociate(id);
            face.things().make(wish).orThrow();
        }
        return ThingKind.super.edit(face, id, body, version);
    }
}
