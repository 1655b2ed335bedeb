package holdfast.engine.types;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.platform.ParseFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A file of types: a list of definitions in YAML (see [TypeReader]).
public final class TypeFile {
    private static final String STANDARD = "types.yaml";
    private static final int MOST = 2_000;
    private static final YAMLMapper MAPPER = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final String name;
    private final String text;

    private TypeFile(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /// The types that come with the product.
    public static List<ResourceType> standard() {
        return Standard.TYPES;
    }

    private static final class Standard {
        static final List<ResourceType> TYPES = read(STANDARD, resource()).orThrow();

        private static String resource() {
            try (var file = TypeFile.class.getResourceAsStream("/holdfast/engine/" + STANDARD)) {
                if (file == null) {
                    throw new IllegalStateException(STANDARD + " is missing in the jar");
                }
                return new String(file.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Reads a file, all or nothing.
    ///
    /// @param name of the file, for messages
    /// @param text at most 2000 types
    /// @return the types in the order of the file, or MALFORMED with the line at fault and the reason
    public static Answer<List<ResourceType>> read(String name, String text) {
        try {
            return Answer.yes(new TypeFile(name, text).types());
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private List<ResourceType> types() {
        var top = tree();
        if (!top.isArray() || top.size() > MOST) {
            throw refused(1, "", "must be a list of at most " + MOST + " types, each with a name");
        }
        var types = new ArrayList<ResourceType>();
        for (int index = 0; index < top.size(); index++) {
            types.add(right(index, top.get(index), TypeReader.read(top.get(index), Origin.FILE)));
        }
        unique(top, types);
        var relations = new Relations(types);
        for (int index = 0; index < types.size(); index++) {
            right(index, top.get(index), relations.check(types.get(index)));
        }
        return List.copyOf(types);
    }

    private JsonNode tree() {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw refused(at == null ? 1 : at.getLineNr(), "", "is not YAML: " + ParseFault.words(e));
        }
    }

    private void unique(JsonNode top, List<ResourceType> types) {
        var seen = new HashMap<String, ResourceType>();
        for (int index = 0; index < types.size(); index++) {
            var type = types.get(index);
            if (seen.putIfAbsent(type.name(), type) != null) {
                right(
                        index,
                        top.get(index),
                        Answer.no(Refusal.malformed("name", "two types are called " + type.name())));
            }
        }
    }

    private ResourceType right(int index, JsonNode definition, Answer<ResourceType> read) {
        return switch (read) {
            case Answer.Yes<ResourceType>(var type) -> type;
            case Answer.No<ResourceType>(var why) -> {
                var path = why.field().orElse("");
                var type = definition.path("name").asString("type " + (index + 1));
                throw refused(line(index, path), path.isEmpty() ? type : type + "." + path, why.message());
            }
        };
    }

    private RefusedException refused(int line, String path, String message) {
        var where = path.isEmpty() ? "" : path + ": ";
        return new RefusedException(Refusal.malformed(path, name + ", line " + line + ": " + where + message));
    }

    /// The line of a part, or of the nearest part above it that stands in the file.
    private int line(int index, String path) {
        var lines = lines();
        var pointer = "/" + index + (path.isEmpty() ? "" : "/" + path.replace('.', '/'));
        while (!pointer.isEmpty()) {
            var line = lines.get(pointer);
            if (line != null) {
                return line;
            }
            pointer = pointer.substring(0, pointer.lastIndexOf('/'));
        }
        return 1;
    }

    private Map<String, Integer> lines() {
        var lines = new HashMap<String, Integer>();
        try (var parser = MAPPER.createParser(text)) {
            while (parser.nextToken() != null) {
                lines.putIfAbsent(
                        parser.streamReadContext().pathAsPointer().toString(),
                        parser.currentTokenLocation().getLineNr());
            }
        }
        return lines;
    }
}
