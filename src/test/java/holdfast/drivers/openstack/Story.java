package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Told;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/// What was said between us and a real OpenStack, kept in a file: one line for each exchange.
///
/// @param at when it was recorded
record Story(Instant at, List<Exchange> exchanges) {
    static final String PASSWORD = "secret";

    /// @param asked what identifies the request: method, path and body
    record Exchange(String asked, Told told) {}

    /// Method, path and body; the order of fields in a body does not count.
    static String identity(Asked asked) {
        return asked.body().isBlank() ? asked.line() : asked.line() + " " + sorted(asked.body());
    }

    /// Whether a request of that identity changes something; who asks for a token does not.
    static boolean changes(String identity) {
        return !identity.startsWith("GET ") && !identity.contains("/auth/tokens");
    }

    private static String sorted(String json) {
        return Json.mapper()
                .writer()
                .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(Json.mapper().readValue(json, Object.class));
    }

    private static Path file(String name) {
        return Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/openstack", name + ".json");
    }

    static Story read(String name) {
        try {
            var tree = Json.tree(Files.readString(file(name)));
            var exchanges = new ArrayList<Exchange>();
            for (var line : tree.path("exchanges")) exchanges.add(exchange(line));
            return new Story(Instant.parse(tree.path("at").stringValue()), exchanges);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Exchange exchange(JsonNode line) {
        var headers = new TreeMap<String, String>();
        line.path("headers")
                .properties()
                .forEach(entry -> headers.put(entry.getKey(), entry.getValue().stringValue()));
        var body = line.path("body");
        return new Exchange(
                line.path("asked").stringValue(),
                new Told(line.path("status").intValue(), headers, body.isMissingNode() ? "" : body.toString()));
    }

    void write(String name) {
        var lines = new ArrayList<String>();
        for (var exchange : exchanges) {
            var line = Json.object();
            line.put("asked", exchange.asked());
            line.put("status", exchange.told().status());
            if (!exchange.told().headers().isEmpty())
                line.set("headers", Json.toTree(exchange.told().headers()));
            if (!exchange.told().body().isBlank())
                line.set("body", Json.tree(exchange.told().body()));
            lines.add(line.toString());
        }
        try {
            Files.createDirectories(file(name).getParent());
            Files.writeString(
                    file(name),
                    "{\"at\": " + Json.text(Map.of("at", at)).replaceAll("^\\{\"at\":|\\}$", "")
                            + ", \"exchanges\": [\n" + String.join(",\n", lines) + "\n]}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
