package holdfast.api.resources;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What is around the members of a collection (cattle.md 5.4).
final class Envelope {
    private Envelope() {}

    /// A collection in one page.
    static ObjectNode of(Ask ask, String type, List<ObjectNode> data) {
        var body = Json.object().put("type", "collection").put("resourceType", type);
        body.putObject("links").put("self", ask.base() + ask.http().target());
        body.putObject("createTypes");
        body.putObject("actions");
        body.putArray("data").addAll(data);
        body.putObject("createDefaults");
        body.putObject("sortLinks");
        body.putNull("sort");
        body.putNull("pagination");
        body.putObject("filters");
        return body;
    }

    /// How it is sorted and filtered, and could be.
    static void order(ObjectNode body, Ask ask, Map<String, Filterable> known, Sorting sorting, Filters filters) {
        var links = (ObjectNode) body.get("sortLinks");
        known.keySet().forEach(name -> links.put(name, Urls.with(ask, Map.of("sort", name))));
        sorting.shown(ask).ifPresent(shown -> body.set("sort", shown));
        body.set("filters", filters.echo(known));
    }
}
