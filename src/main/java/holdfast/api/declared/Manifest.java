package holdfast.api.declared;

import holdfast.platform.Json;
import holdfast.platform.ParseFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What somebody sends: an object, or changes of one, as JSON or YAML.
record Manifest(ObjectNode tree) {
    /// In bytes.
    static final int LARGEST = 256 << 10;

    private static final int DEEPEST = 32;
    private static final int MOST_MARKS = 64;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST = 65_536;
    private static final String METADATA = "metadata";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    /// JSON is YAML.
    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(100)
                            .maxStringLength(LARGEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static Manifest read(String text) {
        try {
            var tree = YAML.readTree(text);
            Json.unfit(tree, DEEPEST).ifPresent(why -> {
                throw KubeProblem.badRequest("the body " + why);
            });
            if (tree instanceof ObjectNode object) {
                return new Manifest(object);
            }
        } catch (JacksonException e) {
            var at = e.getLocation();
            var where = at == null || at.getLineNr() < 1 ? "" : " in line " + at.getLineNr();
            throw KubeProblem.badRequest("the body is neither JSON nor YAML" + where + ": " + ParseFault.words(e));
        }
        throw KubeProblem.badRequest("the body is no object: send one, with metadata and spec");
    }

    /// The same in the other language.
    static String yaml(JsonNode tree) {
        return YAML.writeValueAsString(tree);
    }

    /// That it is what the path says.
    void check(Sort sort, String namespace) {
        same("apiVersion", tree.path("apiVersion"), sort.apiVersion());
        same("kind", tree.path("kind"), sort.kind());
        same("metadata.namespace", tree.path(METADATA).path("namespace"), namespace);
    }

    private static void same(String field, JsonNode said, String wanted) {
        if (!said.isMissingNode() && !said.asString("").equals(wanted)) {
            throw KubeProblem.badRequest(field + " is " + shorten(said.toString()) + ", and the path says " + wanted);
        }
    }

    private static String shorten(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    String name() {
        var name = tree.path(METADATA).path("name").asString("");
        if (!NAME.matcher(name).matches()) {
            throw KubeProblem.invalid(
                    "metadata.name",
                    "metadata.name must be 1 to 253 lower-case letters, digits, - and ., with a letter or digit at both"
                            + " ends");
        }
        return name;
    }

    /// Of the object that whoever sends this has seen.
    Optional<String> version() {
        return Optional.of(tree.path(METADATA).path("resourceVersion").asString(""))
                .filter(text -> !text.isEmpty());
    }

    JsonNode spec() {
        if (!tree.path("spec").isObject()) {
            throw KubeProblem.invalid("spec", "spec is missing: it must be an object");
        }
        return tree.path("spec");
    }

    Map<String, String> labels() {
        return marks("labels", LONGEST_LABEL);
    }

    Map<String, String> annotations() {
        return marks("annotations", LONGEST);
    }

    private Map<String, String> marks(String what, int longest) {
        var field = METADATA + "." + what;
        var marks = new LinkedHashMap<String, String>();
        tree.path(METADATA).path(what).properties().forEach(mark -> {
            if (!mark.getValue().isString()
                    || mark.getValue().stringValue().length() > longest
                    || mark.getKey().length() > 317) {
                throw KubeProblem.invalid(field, field + " must be texts of at most " + longest + " characters");
            }
            marks.put(mark.getKey(), mark.getValue().stringValue());
        });
        if (marks.size() > MOST_MARKS) {
            throw KubeProblem.invalid(field, field + " are more than " + MOST_MARKS);
        }
        return marks;
    }

    /// An object with these changes (RFC 7396): what is null goes.
    static ObjectNode merged(ObjectNode object, ObjectNode changes) {
        changes.properties().forEach(change -> {
            var name = change.getKey();
            if (change.getValue().isNull()) {
                object.remove(name);
            } else if (change.getValue() instanceof ObjectNode inner) {
                var old = object.path(name) instanceof ObjectNode had ? had : Json.object();
                object.set(name, merged(old, inner));
            } else {
                object.set(name, change.getValue());
            }
        });
        return object;
    }
}
