package holdfast.inventory;

import holdfast.core.RefusedException;
import holdfast.inventory.Validation.Findings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the value of each property must look like.
final class PropertyRules {
    private static final List<String> CAPACITY_LIKE = List.of(Property.CAPACITIES, Property.CAPACITY_ALLOCATIONS);
    private static final List<String> LABEL_LIKE =
            List.of(Property.LABELS, Property.LABEL_ALLOCATIONS, Property.PEER_LABELS, Property.GATEWAY);
    private static final List<String> DELEGATION_LIKE =
            List.of(Property.CAPACITY_DELEGATIONS, Property.LABEL_DELEGATIONS);
    private static final Map<String, Integer> LONGEST = Map.of(
            Property.USER_DATA,
            2048,
            Property.MEASUREMENT_DATA,
            4096,
            Property.LAYOUT_DATA,
            1024,
            Property.BOOT_SCRIPT,
            1023);
    private static final Set<String> LAYERS = Set.of("L0", "L1", "L2", "L3");
    private static final Set<String> DIRECTIONS = Set.of("Both", "RX_Only", "TX_Only");
    private static final Set<String> MAINTENANCE_STATES = Set.of("Active", "PreMaint", "Maint", "Unknown");
    private static final Pattern TAG = Pattern.compile("[\\w-]{1,255}");

    private PropertyRules() {}

    /// Rules for every graph.
    static void anywhere(Vertex vertex, Findings findings) {
        CAPACITY_LIKE.forEach(property -> shape(findings, () -> vertex.capacities(property)));
        LABEL_LIKE.forEach(property -> labels(vertex, property, findings));
        DELEGATION_LIKE.forEach(property -> shape(
                findings,
                () -> vertex.delegations(property)
                        .values()
                        .forEach(delegation -> delegation
                                .labels()
                                .broken()
                                .forEach(broken -> findings.add(vertex, property, broken)))));
        shape(findings, vertex::location);
        shape(findings, vertex::flags);
        shape(findings, vertex::instanceType);
        word(vertex, Property.LAYER, LAYERS, findings);
        json(vertex, Property.TAGS, findings, PropertyRules::brokenTags);
        json(
                vertex,
                Property.NODE_MAP,
                findings,
                node -> need(isPairOfTexts(node), "a list of a graph id and a node id"));
        json(vertex, Property.RESERVATION_INFO, findings, node -> need(node.isObject(), "an object"));
        json(vertex, Property.STRUCTURAL_INFO, findings, node -> need(node.isObject(), "an object"));
        json(vertex, Property.MAINTENANCE_INFO, findings, PropertyRules::brokenMaintenance);
        json(vertex, Property.ERO, findings, node -> brokenPath(node, Set.of("Path")));
        json(vertex, Property.PATH_INFO, findings, node -> brokenPath(node, Set.of("Path", "Graph")));
    }

    /// Rules for what users write.
    static void inSlice(Vertex vertex, Findings findings) {
        LONGEST.forEach((property, most) -> vertex.get(property)
                .filter(text -> text.length() > most)
                .ifPresent(text -> findings.add(
                        vertex,
                        property,
                        "%s has %d characters; at most %d are allowed".formatted(property, text.length(), most))));
        vertex.get(Property.IMAGE_REF)
                .filter(image -> !image.matches("[^,]+,[^,]+"))
                .ifPresent(image -> findings.add(
                        vertex,
                        Property.IMAGE_REF,
                        "ImageRef is %s, where a name and a type are needed, such as default_rocky_9,qcow2"
                                .formatted(Json.shorten(image))));
        vertex.get(Property.MGMT_IP)
                .filter(address -> !IpText.isV4(address) && !IpText.isV6(address))
                .ifPresent(address -> findings.add(
                        vertex,
                        Property.MGMT_IP,
                        "MgmtIp is %s, where an IP address is needed".formatted(Json.shorten(address))));
        word(vertex, Property.MIRROR_DIRECTION, DIRECTIONS, findings);
    }

    /// Labels of a vertex; none if they do not have their shape, which is told elsewhere.
    static Labels labels(Vertex vertex) {
        try {
            return vertex.labels();
        } catch (RefusedException _) {
            return Labels.NONE;
        }
    }

    private static void labels(Vertex vertex, String property, Findings findings) {
        shape(
                findings,
                () -> vertex.labels(property)
                        .broken()
                        .forEach(broken -> findings.add(vertex, property, property + ": " + broken)));
    }

    private static void word(Vertex vertex, String property, Set<String> words, Findings findings) {
        vertex.get(property)
                .filter(word -> !words.contains(word))
                .ifPresent(word -> findings.add(
                        vertex,
                        property,
                        "%s is %s, where one of %s is needed"
                                .formatted(
                                        property,
                                        Json.shorten(word),
                                        words.stream().sorted().toList())));
    }

    private static void shape(Findings findings, Runnable view) {
        try {
            view.run();
        } catch (RefusedException e) {
            findings.seen(e.refusal());
        }
    }

    private interface Rule {
        /// What is needed instead, if the rule is broken.
        Optional<String> broken(JsonNode value);
    }

    private static void json(Vertex vertex, String property, Findings findings, Rule rule) {
        vertex.get(property).ifPresent(text -> {
            try {
                rule.broken(Json.read(text))
                        .ifPresent(needed -> findings.add(
                                vertex,
                                property,
                                "%s is %s, where %s is needed".formatted(property, Json.shorten(text), needed)));
            } catch (Json.Unfit unfit) {
                findings.add(vertex, property, property + " " + unfit.getMessage());
            }
        });
    }

    private static Optional<String> need(boolean holds, String needed) {
        return holds ? Optional.empty() : Optional.of(needed);
    }

    private static boolean isPairOfTexts(JsonNode node) {
        return node.isArray()
                && node.size() == 2
                && node.get(0).isString()
                && node.get(1).isString();
    }

    private static Optional<String> brokenTags(JsonNode node) {
        boolean holds = node.isArray();
        for (var tag : node) {
            holds &= tag.isString() && TAG.matcher(tag.stringValue()).matches();
        }
        return need(holds, "a list of words of letters, digits, _ and -");
    }

    private static Optional<String> brokenMaintenance(JsonNode node) {
        boolean holds = node.isObject();
        for (var entry : node) {
            holds &= MAINTENANCE_STATES.contains(entry.path("state").asString(""));
        }
        return need(holds, "an object of entries with a state of Active, PreMaint, Maint or Unknown");
    }

    private static Optional<String> brokenPath(JsonNode node, Set<String> types) {
        var type = node.path("type").asString("");
        var payload = node.path("payload");
        boolean holds = types.contains(type)
                && (type.equals("Graph")
                        ? payload.isString()
                        : payload.path("a2z").isArray() && payload.path("z2a").isArray());
        return need(
                holds,
                "an object with type (one of " + types.stream().sorted().toList()
                        + ") and payload (lists a2z and z2a)");
    }
}
