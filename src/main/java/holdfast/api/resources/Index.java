package holdfast.api.resources;

import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The way in: what versions there are, and what one of them has.
final class Index {
    private static final List<String> OTHERS = List.of(
            "calendar",
            "capacity",
            "health",
            "journal",
            "notices",
            "openapi.json",
            "processdefinitions",
            "processes",
            "processinstances",
            "processsummary",
            "resourcedefinitions",
            "schemas",
            "status",
            "units");

    /// `GET /`
    HttpReply versions(Ask ask) {
        var answer = Envelope.of(ask, "apiVersion", List.of(version(ask)));
        ((ObjectNode) answer.get("links")).put("latest", ask.base() + "/v1");
        return HttpReply.json(200, answer);
    }

    /// `GET /v1`
    HttpReply show(Ask ask) {
        return HttpReply.json(200, version(ask));
    }

    private static ObjectNode version(Ask ask) {
        var body = Json.object().put("id", "v1").put("type", "apiVersion").put("baseType", "apiVersion");
        var links = body.putObject("links").put("self", ask.base() + "/v1");
        ask.kinds().all().stream()
                .filter(type -> Methods.of(ask.caller(), type, false).contains("GET"))
                .forEach(type -> links.put(type.plural(), Kinds.collection(ask.base(), type)));
        OTHERS.forEach(other -> links.put(other, ask.base() + "/v1/" + other));
        links.put("metrics", ask.base() + "/metrics");
        body.putObject("actions");
        return body;
    }
}
