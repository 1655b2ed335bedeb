package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The data of `src/test/resources/rear`, and golden files.
public final class Published {
    private static final Path ROOT = Path.of(System.getProperty("holdfast.root", "."), "src/test/resources");
    private static final Path FOLDER = ROOT.resolve("rear");
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private Published() {}

    static String text(String name) {
        return read(FOLDER.resolve(name));
    }

    /// An example; what it refers to is put in its place.
    static JsonNode example(String name) {
        return resolved(Json.tree(text("examples/" + name + ".json")));
    }

    /// The text conforms to a schema, such as `schemas/flavor` or `wire/node-flavor`.
    public static void assertConforms(String schema, String json) {
        var loaded = SCHEMAS.computeIfAbsent(
                schema, name -> REGISTRY.getSchema(SchemaLocation.of("classpath:rear/" + name + ".schema.json")));
        assertThat(loaded.validate(json, InputFormat.JSON))
                .as(schema + ": " + json)
                .isEmpty();
    }

    /// The text is that of `golden/rear/<name>`; with `-Dholdfast.bless=true`, it is written.
    public static void assertGolden(String name, String text) {
        var file = ROOT.resolve("golden/rear").resolve(name);
        try {
            if (Boolean.getBoolean("holdfast.bless")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(text).as("golden file " + name).isEqualTo(read(file));
    }

    static String pretty(String json) {
        return Json.tree(json).toPrettyString() + "\n";
    }

    private static JsonNode resolved(JsonNode node) {
        if (node.path("$ref").isString()) {
            var file = Path.of(node.path("$ref").stringValue()).getFileName().toString();
            return resolved(Json.tree(read(named(file.replace(".schema", "")))));
        }
        switch (node) {
            case ObjectNode object ->
                object.properties().forEach(member -> object.set(member.getKey(), resolved(member.getValue())));
            case ArrayNode array -> {
                for (int index = 0; index < array.size(); index++) array.set(index, resolved(array.get(index)));
            }
            default -> {}
        }
        return node;
    }

    private static Path named(String file) {
        try (Stream<Path> all = Files.walk(FOLDER.resolve("examples"))) {
            return all.filter(path -> path.getFileName().toString().equals(file))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
