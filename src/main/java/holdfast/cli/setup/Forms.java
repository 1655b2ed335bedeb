package holdfast.cli.setup;

import holdfast.platform.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Values in one form, whether a file says them or a server shows them, so that they can be compared.
final class Forms {
    /// What servers show instead of secrets.
    static final String MASK = "********";

    private static final String NIL = "nil";
    private static final String UNLIMITED = "unlimited";
    private static final String VALUE = "value";
    static final String NAME = "name";
    private static final String ENTRIES = "entries";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");

    private Forms() {}

    /// As files have it.
    ///
    /// @throws SetupException if it is not of the shape
    static JsonNode said(Field field, JsonNode node) {
        return switch (field.shape()) {
            case TEXT, REF -> StringNode.valueOf(scalar(field, node));
            case FLAG -> flag(field, scalar(field, node));
            case NUMBER -> number(field, scalar(field, node));
            case PRICE -> plain(field, scalar(field, node));
            case WORDS -> words(field, node);
            case STRATEGIES -> Rows.strategies(field, node);
            case PRIVILEGES -> Rows.privileges(field, node);
            case ASSEMBLIES -> Rows.assemblies(field, node);
            case SET, REFS -> sorted(words(field, node));
            case ARCHITECTURES -> node.isArray() ? words(field, node) : one(field, node);
            case QUOTA -> quota(field, object(field, node));
            case MEASURE -> measure(field, node);
            case DEFINITIONS -> Rows.definitions(field, node);
            case CREDENTIALS -> texts(field, object(field, node));
        };
    }

    /// As servers show it; what they do not show is what they have if nothing is said.
    static JsonNode shown(Field field, JsonNode node, Directory names) {
        return switch (field.shape()) {
            case REF -> StringNode.valueOf(named(field, node, names));
            case REFS -> {
                var all = Json.array();
                for (var one : node) all.add(named(field, one, names));
                yield sorted(all);
            }
            case ARCHITECTURES -> {
                if (node.path(ENTRIES).isArray()) yield said(field, node.path(ENTRIES));
                var value = node.path(VALUE);
                yield value.asString(NIL).equals(NIL) ? Json.array() : said(field, value);
            }
            case STRATEGIES -> {
                var on = Json.array();
                for (var one : node) if (one.path("enabled").asBoolean(false)) on.add(one);
                yield said(field, on);
            }
            case QUOTA, CREDENTIALS -> said(field, node.isObject() ? node : Json.object());
            case WORDS, SET, DEFINITIONS, PRIVILEGES, ASSEMBLIES -> said(field, node.isArray() ? node : Json.array());
            case FLAG -> Json.toTree(node.asBoolean(false));
            case TEXT, NUMBER, PRICE, MEASURE -> said(field, node.isMissingNode() ? Json.toTree("") : node);
        };
    }

    private static String named(Field field, JsonNode node, Directory names) {
        var id = (node.isObject() ? node.path("id") : node).asString("");
        return id.isEmpty() ? "" : names.key(field.of().orElseThrow(), id);
    }

    /// As it is sent.
    static JsonNode sent(Field field, JsonNode node, UnaryOperator<String> ids) {
        return switch (field.shape()) {
            case REF -> node.asString().isEmpty() ? node : reference(ids, node);
            case REFS -> {
                var all = Json.array();
                node.forEach(one -> all.add(reference(ids, one)));
                yield all;
            }
            case ARCHITECTURES ->
                node.isEmpty() ? Json.toTree(NIL) : Json.object().set(ENTRIES, node);
            case MEASURE -> node.isObject() ? node : Json.object().set(VALUE, node);
            case STRATEGIES -> {
                var all = Json.array();
                node.forEach(one -> all.add(((ObjectNode) one.deepCopy()).put("enabled", true)));
                yield all;
            }
            case PRIVILEGES -> Rows.sentPrivileges(node);
            case TEXT, FLAG, NUMBER, PRICE, WORDS, SET, QUOTA, DEFINITIONS, ASSEMBLIES, CREDENTIALS -> node;
        };
    }

    private static ObjectNode reference(UnaryOperator<String> ids, JsonNode name) {
        return Json.object().put("id", ids.apply(name.asString()));
    }

    /// Whether what is there is what is wanted, as far as can be seen: a secret that is there may be any.
    static boolean same(Field field, JsonNode wanted, JsonNode there) {
        return switch (field.shape()) {
            case CREDENTIALS ->
                wanted.properties().stream().allMatch(one -> {
                    var shown = there.path(one.getKey());
                    return shown.equals(one.getValue()) || shown.asString("").equals(MASK);
                });
            case STRATEGIES -> sameStrategies(wanted, there);
            default -> wanted.equals(there);
        };
    }

    /// What is not said of the numbers of a strategy may be as it is.
    private static boolean sameStrategies(JsonNode wanted, JsonNode there) {
        if (wanted.size() != there.size()) return false;
        for (int i = 0; i < wanted.size(); i++) {
            var one = wanted.get(i);
            if (!one.path(NAME).equals(there.get(i).path(NAME))) return false;
            if (one.has("config") && !one.path("config").equals(there.get(i).path("config"))) return false;
        }
        return true;
    }

    /// For people. No credential is told, not even one that is no secret.
    static String told(Field field, JsonNode node) {
        return switch (field.shape()) {
            case CREDENTIALS ->
                node.propertyStream().map(one -> one.getKey() + "=" + MASK).collect(Collectors.joining(", "));
            default -> brief(node);
        };
    }

    private static String brief(JsonNode node) {
        if (node.isArray())
            return node.valueStream()
                    .map(one -> one.isObject() ? "{" + brief(one) + "}" : brief(one))
                    .collect(Collectors.joining(", ", "[", "]"));
        if (node.isObject())
            return node.propertyStream()
                    .map(one -> one.getKey() + "=" + brief(one.getValue()))
                    .collect(Collectors.joining(", "));
        var lines = node.asString("").lines().toList();
        return switch (lines.size()) {
            case 0 -> "-";
            case 1 -> lines.getFirst();
            default -> lines.getFirst() + " ...";
        };
    }

    // shapes

    static SetupException wrong(Field field, String what) {
        return new SetupException(field.name() + " " + what);
    }

    static String scalar(Field field, JsonNode node) {
        if (node.isContainer()) throw wrong(field, "must be one value, no list and no mapping");
        var text = node.isNull() ? "" : node.asString("").strip();
        if (text.chars().anyMatch(sign -> Character.isISOControl(sign) && "\t\r\n".indexOf(sign) < 0))
            throw wrong(field, "has control characters");
        return text;
    }

    static ObjectNode object(Field field, JsonNode node) {
        if (node instanceof ObjectNode object) return object;
        throw wrong(field, "must be a mapping");
    }

    private static JsonNode flag(Field field, String text) {
        return switch (text) {
            case "true" -> Json.toTree(true);
            case "false" -> Json.toTree(false);
            default -> throw wrong(field, "must be true or false");
        };
    }

    static JsonNode number(Field field, String text) {
        if (text.isEmpty()) return StringNode.valueOf("");
        if (!NUMBER.matcher(text).matches()) throw wrong(field, "must be a whole number");
        return Json.toTree(Integer.parseInt(text));
    }

    /// An amount as text, so that 512 and 512.0 are the same.
    private static JsonNode plain(Field field, String text) {
        if (!DECIMAL.matcher(text).matches()) throw wrong(field, "must be a number");
        var amount = new BigDecimal(text).stripTrailingZeros();
        return StringNode.valueOf(amount.signum() == 0 ? "0" : amount.toPlainString());
    }

    static ArrayNode words(Field field, JsonNode node) {
        if (!node.isArray()) throw wrong(field, "must be a list");
        var words = Json.array();
        node.forEach(one -> words.add(scalar(field, one)));
        return words;
    }

    private static ArrayNode one(Field field, JsonNode node) {
        var text = scalar(field, node);
        return text.isEmpty() || text.equals(NIL) ? Json.array() : Json.array().add(text);
    }

    static ArrayNode sorted(ArrayNode words) {
        var set = new TreeSet<String>();
        words.forEach(word -> set.add(word.asString()));
        var sorted = Json.array();
        set.forEach(sorted::add);
        return sorted;
    }

    private static ObjectNode texts(Field field, ObjectNode node) {
        var texts = new TreeMap<String, String>();
        node.properties().forEach(one -> texts.put(one.getKey(), scalar(field, one.getValue())));
        var sorted = Json.object();
        texts.forEach(sorted::put);
        return sorted;
    }

    static void only(Field field, ObjectNode node, String... known) {
        for (var name : node.propertyNames())
            if (!List.of(known).contains(name))
                throw wrong(field, "knows no " + name + "; it has " + String.join(", ", known));
    }

    /// Both limits, for what is not said of a quota is unlimited.
    private static ObjectNode quota(Field field, ObjectNode node) {
        only(field, node, "maximum_running_instances", "maximum_total_instances");
        var quota = Json.object();
        for (var name : new String[] {"maximum_running_instances", "maximum_total_instances"}) {
            var text = scalar(field, node.path(name));
            quota.set(name, text.isEmpty() || text.equals(UNLIMITED) ? Json.toTree(UNLIMITED) : number(field, text));
        }
        return quota;
    }

    /// A number, `nil`, or a mapping of `kind`, `value` and either `first` and `last` or `entries`.
    private static JsonNode measure(Field field, JsonNode node) {
        if (node.isArray()) return measure(field, Json.object().set(ENTRIES, node));
        if (!(node instanceof ObjectNode object)) return amount(field, scalar(field, node));
        only(field, object, "id", "unit", "kind", VALUE, "first", "last", ENTRIES);
        var value = amount(field, scalar(field, object.path(VALUE)));
        if (object.has(ENTRIES)) {
            var entries = Json.array();
            words(field, object.path(ENTRIES)).forEach(one -> entries.add(plain(field, one.asString())));
            return Json.object().put("kind", "enum").set(ENTRIES, entries).set(VALUE, value);
        }
        if (!object.has("first") && !object.has("last")) return value;
        return Json.object()
                .put("kind", "range")
                .set("first", plain(field, scalar(field, object.path("first"))))
                .set("last", plain(field, scalar(field, object.path("last"))))
                .set(VALUE, value);
    }

    private static JsonNode amount(Field field, String text) {
        return Optional.of(text)
                .filter(said -> !said.isEmpty() && !said.equals(NIL))
                .map(said -> plain(field, said))
                .orElseGet(() -> StringNode.valueOf(NIL));
    }
}
