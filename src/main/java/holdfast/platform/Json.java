package holdfast.platform;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import holdfast.core.Property;
import holdfast.core.Quantity;
import holdfast.core.Wanted;
import java.io.OutputStream;
import java.util.Optional;
import org.jooq.JSONB;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.ToStringSerializer;

/// Values to JSON and back: records by their components, instants as ISO 8601, unknown fields ignored, sizes and depths
/// bounded.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(70_000_000)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(Wanted.class, Named.class)
            .addMixIn(Property.class, NamedProperty.class)
            .addModule(new SimpleModule()
                    .addSerializer(Quantity.class, new ToStringSerializer(Quantity.class))
                    .addDeserializer(Quantity.class, new AsText()))
            .build();

    /// Values of one of several shapes say which: `core` knows nothing of JSON.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(Wanted.Server.class),
        @JsonSubTypes.Type(Wanted.Instance.class),
        @JsonSubTypes.Type(Wanted.Volume.class),
        @JsonSubTypes.Type(Wanted.Hosts.class),
        @JsonSubTypes.Type(Wanted.Slots.class),
        @JsonSubTypes.Type(Wanted.Addresses.class),
        @JsonSubTypes.Type(Wanted.Amounts.class)
    })
    private interface Named {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(Property.Any.class),
        @JsonSubTypes.Type(Property.Fixed.class),
        @JsonSubTypes.Type(Property.Range.class),
        @JsonSubTypes.Type(Property.OneOf.class)
    })
    private interface NamedProperty {}

    /// A quantity is kept as its text, exact.
    private static final class AsText extends StdScalarDeserializer<Quantity> {
        AsText() {
            super(Quantity.class);
        }

        @Override
        public Quantity deserialize(JsonParser parser, DeserializationContext context) {
            return Quantity.of(parser.getString()).orThrow();
        }
    }

    private static final String NUL = "holds a character that no text may hold";

    private Json() {}

    /// The mapper, for what needs more than the methods here.
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// The same into a stream, which stays open. What an iterator in it brings is written as it comes.
    public static void write(Object value, OutputStream out) {
        MAPPER.writerFor(Object.class)
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .writeValue(out, value);
    }

    public static JSONB jsonb(Object value) {
        return JSONB.valueOf(text(value));
    }

    /// @throws JacksonException if `text` is not JSON of that shape
    public static <T> T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    public static JsonNode tree(String text) {
        return MAPPER.readTree(text);
    }

    public static JsonNode toTree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /// Why a tree from outside cannot be kept: it is nested too deep to be put into others and read again, or holds
    /// what no text in the database may hold.
    ///
    /// @param deepest levels of objects and lists at most
    /// @return the rule that it breaks, to follow the name of the tree; empty if it can be kept
    public static Optional<String> unfit(JsonNode tree, int deepest) {
        if (tree.isString()) {
            return isFit(tree.stringValue()) ? Optional.empty() : Optional.of(NUL);
        }
        if (tree.isContainer() && deepest == 0) {
            return Optional.of("is nested too deep");
        }
        for (var name : tree.propertyNames()) {
            if (!isFit(name)) {
                return Optional.of(NUL);
            }
        }
        for (var part : tree) {
            var problem = unfit(part, deepest - 1);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    /// Halves of characters that need two cannot be written in UTF-8.
    private static boolean isFit(String text) {
        return text.chars().noneMatch(character -> character == 0 || Character.isSurrogate((char) character))
                || text.indexOf('\0') < 0
                        && text.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
