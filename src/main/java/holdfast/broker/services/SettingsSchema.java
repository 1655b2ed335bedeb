package holdfast.broker.services;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import holdfast.protocol.rear.Regex;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// A JSON Schema (draft 7) that the settings of a service must satisfy (`configurationTemplate`). It comes from
/// somebody else: it refers to nothing, not even to itself, and its patterns take linear time.
///
/// What it says of settings never names a value of them, as they may hold passwords.
final class SettingsSchema {
    private static final int LARGEST = 65_536;
    private static final int MOST_KEYWORDS = 2_000;
    private static final int DEEPEST = 16;
    private static final Set<String> REFERRING = Set.of("$ref", "$dynamicRef", "$recursiveRef", "$id");
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_7,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .regularExpressionFactory(pattern -> regex(pattern)::finds)
                            .build()));
    private static final Schema OF_SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema#"));

    private final Schema schema;

    private SettingsSchema(Schema schema) {
        this.schema = schema;
    }

    /// @param where the field that it is in
    /// @throws RefusedException if it is no such schema
    static SettingsSchema of(JsonNode tree, String where) {
        if (!tree.isObject() || !tree.path("type").asString("object").equals("object")) {
            throw refused(where, "must be a JSON Schema of type object");
        }
        if (tree.toString().length() > LARGEST) {
            throw refused(where, "is longer than " + LARGEST + " characters; shorten it");
        }
        Json.unfit(tree, DEEPEST).ifPresent(rule -> {
            throw refused(where, rule);
        });
        check(tree, where, new AtomicInteger());
        OF_SCHEMAS.validate(tree).stream().findFirst().ifPresent(fault -> {
            throw refused(
                    where + path(fault.getInstanceLocation().toString()),
                    "is no JSON Schema: " + fault.getMessage() + "; write one of draft 7");
        });
        try {
            var plain = Json.object().setAll((tools.jackson.databind.node.ObjectNode) tree);
            plain.remove("$schema"); // it is read as draft 7, whatever it says
            var schema = REGISTRY.getSchema(plain);
            schema.initializeValidators();
            return new SettingsSchema(schema);
        } catch (SchemaException | IllegalArgumentException e) {
            throw refused(where, "is no JSON Schema: " + e.getMessage());
        }
    }

    private static void check(JsonNode node, String where, AtomicInteger count) {
        if (count.incrementAndGet() > MOST_KEYWORDS) {
            throw refused(where, "has too much in it; write a schema of at most " + MOST_KEYWORDS + " parts");
        }
        if (node.isObject()) {
            node.properties().forEach(member -> {
                var at = where + "." + member.getKey();
                if (REFERRING.contains(member.getKey()) && member.getValue().isString()) {
                    throw refused(at, "is not taken: a schema of settings refers to nothing; write out what it names");
                }
                if (member.getKey().equals("pattern")
                        && member.getValue().isString()
                        && Regex.of(member.getValue().stringValue()) instanceof Answer.No<Regex>(var why)) {
                    throw refused(at, why.message());
                }
                check(member.getValue(), at, count);
            });
        } else if (node.isArray()) {
            node.forEach(each -> check(each, where, count));
        }
    }

    private static Regex regex(String pattern) {
        return switch (Regex.of(pattern)) {
            case Answer.Yes<Regex>(var regex) -> regex;
            case Answer.No<Regex>(var why) -> throw new IllegalArgumentException(why.message());
        };
    }

    /// The first thing that is wrong with settings; nothing if they satisfy it. Names no value.
    List<Refusal> faults(JsonNode settings, String where) {
        return schema.validate(settings).stream()
                .limit(1)
                .map(fault -> {
                    var field = where + path(fault.getInstanceLocation().toString());
                    return Refusal.malformed(
                            field,
                            field + ": " + fault.getMessage()
                                    + "; what may be set is in the configurationTemplate of the flavor");
                })
                .toList();
    }

    private static String path(String pointer) {
        return pointer.replace('/', '.');
    }

    private static RefusedException refused(String field, String rule) {
        return new RefusedException(Refusal.malformed(field, field + " " + rule));
    }
}
