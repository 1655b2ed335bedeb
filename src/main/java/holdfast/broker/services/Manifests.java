package holdfast.broker.services;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Objects as one text in YAML, document after document.
final class Manifests {
    private static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    static String yaml(List<? extends JsonNode> objects) {
        var text = new StringBuilder();
        objects.forEach(object -> text.append(YAML.writeValueAsString(object)));
        return text.toString();
    }
}
