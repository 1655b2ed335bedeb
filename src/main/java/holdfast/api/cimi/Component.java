package holdfast.api.cimi;

import holdfast.orchestrator.instances.Launch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/// What a system is made of: machines that are alike (aeolus.md 5.4.3).
///
/// @param name of the machine; if there are more, each has its number behind it
/// @param quantity 1..100
/// @param descriptor as it was sent; what it says of itself is said of each machine
/// @param template of the machines, whole
record Component(String name, int quantity, ObjectNode descriptor, ObjectNode template) {
    static final String DESCRIPTORS = "componentDescriptors";
    static final String QUANTITY = "quantity";
    private static final String MACHINE = "machineTemplate";
    private static final int MOST = 100;

    /// Those of a template of systems.
    ///
    /// @param machines templates that they may refer to
    static List<Component> all(Face face, ObjectNode template, Kept machines) {
        var descriptors = Fields.list(template, DESCRIPTORS);
        if (descriptors.isEmpty()) {
            throw Problem.malformed("Required attributes not set: systemTemplate." + DESCRIPTORS);
        }
        var all = new ArrayList<Component>();
        for (var descriptor : descriptors) {
            all.add(read(face, descriptor, machines, all.size() + 1));
            if (all.stream().mapToInt(Component::quantity).sum() > MOST) {
                throw Problem.malformed("a system has at most " + MOST + " machines");
            }
        }
        return all;
    }

    /// References in a template that is shown lead to here, whatever host they named.
    static void lead(Face face, ObjectNode template) {
        for (var descriptor : Fields.list(template, DESCRIPTORS)) {
            Fields.object(descriptor, MACHINE).ifPresent(machine -> {
                Fields.reference(descriptor, MACHINE)
                        .ifPresent(id -> machine.put(Notation.HREF, face.at(Shape.MACHINE.path(), id)));
                Shape.MACHINE.lead(face, machine);
            });
        }
    }

    private static Component read(Face face, ObjectNode descriptor, Kept machines, int number) {
        var name = Fields.name(descriptor).orElse("machine-" + number);
        Fields.text(descriptor, "type")
                .map(Fields::last)
                .filter(type -> !type.equals("Machine"))
                .ifPresent(type -> {
                    throw Problem.malformed(
                            "component " + name + " is a " + type + "; systems are made of machines here");
                });
        var quantity = Fields.number(descriptor, QUANTITY).orElse(BigDecimal.ONE);
        if (quantity.compareTo(BigDecimal.ONE) < 0
                || quantity.compareTo(BigDecimal.valueOf(MOST)) > 0
                || quantity.stripTrailingZeros().scale() > 0) {
            throw Problem.malformed(QUANTITY + " of component " + name + " must be a whole number from 1 to " + MOST);
        }
        return new Component(name, quantity.intValue(), descriptor, machines.whole(face, descriptor, MACHINE));
    }

    /// What all of them have in common, since they go to one account.
    static Optional<String> realm(List<Component> all) {
        var realms = all.stream()
                .flatMap(one -> Fields.text(one.template, "realm").stream())
                .distinct()
                .toList();
        if (realms.size() > 1) {
            throw Problem.malformed(
                    "all machines of a system are in one realm, not in " + String.join(" and ", realms));
        }
        return realms.stream().findFirst();
    }

    List<Launch> launches(Face face) {
        return IntStream.rangeClosed(1, quantity)
                .mapToObj(number -> quantity == 1 ? name : name + "-" + number)
                .map(each -> Machines.launch(
                        face, template, descriptor, Optional.of(each), Optional.empty(), Optional.empty()))
                .toList();
    }
}
