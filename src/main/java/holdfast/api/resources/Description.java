package holdfast.api.resources;

import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The OpenAPI document of this interface. It is written by hand: it is the contract, and tests hold the code to it.
final class Description {
    private static final String FILE = "/holdfast/api/openapi.yaml";

    private final byte[] document;

    Description(About about) {
        var read = (ObjectNode) read();
        ((ObjectNode) read.get("info")).put("version", about.version());
        document = Json.text(read).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static JsonNode read() {
        try (var in = Description.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the product lacks its file " + FILE);
            }
            return new YAMLMapper().readTree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `GET /v1/openapi.json`
    HttpReply show(Ask ask) {
        return new HttpReply.Content(200, "application/json; charset=utf-8", document, Map.of());
    }
}
