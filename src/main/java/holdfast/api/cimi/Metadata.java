package holdfast.api.cimi;

import holdfast.orchestrator.instances.VirtualCloud.Realm;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// What is special about each kind of resources here (aeolus.md 5.4.3, 5.4.7): the entry point first, then machines.
final class Metadata implements Kind {
    static final String PATH = "resource_metadata";
    private static final String CLOUD = "CloudEntryPoint";

    private final Supplier<List<Kind>> kinds;

    /// @param kinds all that there are
    Metadata(Supplier<List<Kind>> kinds) {
        this.kinds = kinds;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "ResourceMetadata";
    }

    @Override
    public String members() {
        return "resourceMetadata";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("resourceMetadata");
    }

    @Override
    public List<ObjectNode> all(Face face) {
        var all = new ArrayList<ObjectNode>();
        all.add(document(face, CLOUD, List.of()));
        kinds.get().stream()
                .filter(kind -> kind != this
                        && face.offer()
                                .collections()
                                .containsAll(kind.needs().stream().toList()))
                .forEach(kind -> all.add(document(face, kind.type(), kind.extensions())));
        return all;
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return all(face).stream()
                .filter(one -> one.path("id").asString().endsWith("/" + id))
                .findFirst();
    }

    private static ObjectNode document(Face face, String type, List<String> extensions) {
        var snake = type.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        var node =
                Face.common(face.at(PATH, snake), type, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        node.put("typeUri", Notation.NAMESPACE + "/" + type);
        if (!extensions.isEmpty()) {
            var attributes = node.putArray("attributes");
            extensions.forEach(name -> attributes.add(attribute(face, type, name)));
        }
        if (type.equals("Machine")) {
            var capabilities = node.putArray("capabilities");
            capabilities.add(capability("DefaultInitialState", "what a machine is at first", "STARTED"));
            capabilities.add(capability("InitialStates", "what a machine may be at first", "STARTED,STOPPED"));
        }
        return node;
    }

    private static ObjectNode attribute(Face face, String type, String name) {
        var attribute = Json.object()
                .put("name", name)
                .put("namespace", "http://deltacloud.org/cimi/" + type + "/" + name)
                .put("type", "text")
                .put("required", "false");
        if (name.equals("realm")) {
            var allowed = attribute.putArray("constraints");
            face.cloud().realms().stream()
                    .map(Realm::realm)
                    .forEach(realm -> allowed.addObject().put("value", realm.name()));
        }
        return attribute;
    }

    private static ObjectNode capability(String name, String description, String value) {
        return Json.object()
                .put("name", name)
                .put("uri", Notation.NAMESPACE + "/capability/Machine/" + name)
                .put("description", description)
                .put("value", value);
    }
}
