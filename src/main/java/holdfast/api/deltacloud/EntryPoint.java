package holdfast.api.deltacloud;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What is found at `/api` itself (aeolus.md 5.3.2).
final class EntryPoint {
    static final String VERSION = "1.1.3";
    private static final String FEATURES = "features";

    private EntryPoint() {}

    /// @param collections that are offered, in alphabetical order
    static Document of(Ask ask, List<String> collections) {
        var xml = Element.of(
                        "api", collections.stream().map(name -> link(ask, name)).toList())
                .with("driver", ask.driver())
                .with("version", VERSION)
                .with("provider", ask.provider());
        var api = Json.object()
                .put("version", VERSION)
                .put("driver", ask.driver())
                .put("provider", ask.provider().orElse("default"));
        var links = api.putArray("links");
        collections.forEach(name -> links.add(json(ask, name)));
        var json = Json.object();
        json.set("api", api);
        return new Document("Deltacloud API", xml, json);
    }

    private static Element link(Ask ask, String name) {
        var features = Features.of(ask.driver(), name, ask.offer()).stream()
                .map(feature -> Element.of("feature")
                        .with("name", feature.name())
                        .with("rel", feature.operation())
                        .and(feature.fields().stream()
                                .map(field -> Element.of("param").with("name", field))
                                .toArray(Element[]::new))
                        .and(Features.bounds(ask.driver(), feature).entrySet().stream()
                                .map(bound -> Element.text("constraint", bound.getValue())
                                        .with("name", bound.getKey()))
                                .toArray(Element[]::new)))
                .toList();
        return Element.of("link", features)
                .with("rel", name)
                .with("href", ask.links().collection(name));
    }

    /// Clients expect an array around each feature.
    private static JsonNode json(Ask ask, String name) {
        var link = Json.object().put("rel", name).put("href", ask.links().collection(name));
        var features = link.putArray(FEATURES);
        for (var feature : Features.of(ask.driver(), name, ask.offer())) {
            var told =
                    features.addArray().addObject().put("name", feature.name()).put("rel", feature.operation());
            var params = told.putArray("params");
            feature.fields().forEach(field -> params.add(field + ":string:optional"));
            var constraints = told.putObject("constraints");
            Features.bounds(ask.driver(), feature).forEach((key, value) -> constraints.put(key, value));
        }
        return link;
    }

    /// For whom it is checked who they are, though nothing here is secret.
    static boolean forced(Map<String, String> fields) {
        var word = fields.getOrDefault("force_auth", "");
        return word.equals("1") || word.equals("true");
    }
}
