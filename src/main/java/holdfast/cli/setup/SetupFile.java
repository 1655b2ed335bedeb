package holdfast.cli.setup;

import holdfast.platform.Json;
import holdfast.platform.ParseFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A file that says what a cloud broker is to be: collections as the interface calls them, of entries with its fields,
/// where references are names. `${NAME}` stands for a variable of the environment; a credential may be a file.
public final class SetupFile {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    /// Credentials that are not to stand in a file as they are.
    private static final Set<String> SECRET = Set.of("password", "x509private");
    private static final String FILE = "file";

    private final Function<String, Optional<String>> variables;
    private final Function<String, String> files;
    private final List<Item> items = new ArrayList<>();
    private final Set<Wanted.ListOf> lists = new HashSet<>();
    private final Set<Item.Ref> seen = new HashSet<>();
    /// Pools by their own names, without that of the family.
    private final Map<String, String> pools = new HashMap<>();

    private SetupFile(Function<String, Optional<String>> variables, Function<String, String> files) {
        this.variables = variables;
        this.files = files;
    }

    /// @param text YAML or JSON
    /// @param variables values of variables
    /// @param files texts of files that credentials name
    /// @throws SetupException if it is not such a file; the message says where
    public static Wanted read(
            String text, Function<String, Optional<String>> variables, Function<String, String> files) {
        var file = new SetupFile(variables, files);
        file.all(tree(text));
        return new Wanted(file.items, file.lists);
    }

    private static ObjectNode tree(String text) {
        var mapper = YAMLMapper.builder(YAMLFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .build();
        try {
            if (mapper.readTree(text) instanceof ObjectNode object) return object;
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new SetupException((at == null ? "" : "line " + at.getLineNr() + ": ") + ParseFault.words(e));
        }
        throw new SetupException("it must be a mapping of " + names(Kind.tops()));
    }

    private static String names(List<Kind> kinds) {
        return String.join(", ", kinds.stream().map(Kind::collection).toList());
    }

    private void all(ObjectNode root) {
        for (var name : root.propertyNames())
            if (Kind.tops().stream().noneMatch(kind -> kind.collection().equals(name)))
                throw new SetupException("there is no " + name + " to be set up; there are " + names(Kind.tops()));
        for (var kind : Kind.tops()) list(kind, root.path(kind.collection()), kind.collection(), Optional.empty());
    }

    /// @param owner the field by which parts name what they are within, and its key
    private void list(Kind kind, JsonNode entries, String at, Optional<Map.Entry<String, String>> owner) {
        if (entries.isMissingNode() || entries.isNull()) return;
        if (!entries.isArray()) throw new SetupException(at + " must be a list");
        lists.add(new Wanted.ListOf(kind, owner.map(Map.Entry::getValue)));
        for (int i = 0; i < entries.size(); i++) {
            var where = at + "[" + i + "]";
            if (!(entries.get(i) instanceof ObjectNode node)) throw new SetupException(where + " must be a mapping");
            entry(kind, node, where, owner);
        }
    }

    private void entry(Kind kind, ObjectNode node, String where, Optional<Map.Entry<String, String>> owner) {
        known(kind, node, where, owner);
        var fields = new LinkedHashMap<String, JsonNode>();
        owner.ifPresent(one -> fields.put(one.getKey(), StringNode.valueOf(one.getValue())));
        for (var field : kind.fields())
            value(field, node, where, owner).ifPresent(value -> fields.putIfAbsent(field.name(), value));
        var item = new Item(kind, fields);
        check(item, where);
        items.add(item);
        if (kind == Kind.POOL) pools.put(item.text("name"), item.key());
        for (var part : kind.parts()) {
            var inside = Map.entry(kind.singular(), item.key());
            if (part != Kind.SELECTION_STRATEGIES) {
                list(part, node.path(part.collection()), where + "." + part.collection(), Optional.of(inside));
            } else if (node.has(part.collection())) {
                entry(
                        part,
                        Json.object().set(part.collection(), node.path(part.collection())),
                        where,
                        Optional.of(inside));
            }
        }
    }

    private static void known(Kind kind, ObjectNode node, String where, Optional<Map.Entry<String, String>> owner) {
        var known = new ArrayList<>(kind.fields().stream().map(Field::name).toList());
        owner.ifPresent(one -> known.remove(one.getKey()));
        kind.parts().forEach(part -> known.add(part.collection()));
        for (var name : node.propertyNames())
            if (!known.contains(name))
                throw new SetupException("%s: a %s has no %s; it has %s"
                        .formatted(where, kind.called(), name, String.join(", ", known)));
    }

    private Optional<JsonNode> value(
            Field field, ObjectNode node, String where, Optional<Map.Entry<String, String>> owner) {
        var said = node.path(field.name());
        if (said.isMissingNode())
            return field.usual().isEmpty() ? Optional.empty() : Optional.of(StringNode.valueOf(field.usual()));
        try {
            var value = Forms.said(field, plain(field, said));
            return Optional.of(field.of().map(of -> named(of, value, owner)).orElse(value));
        } catch (SetupException e) {
            throw new SetupException(where + ": " + e.getMessage());
        }
    }

    private JsonNode plain(Field field, JsonNode said) {
        return switch (field.shape()) {
            case CREDENTIALS -> secrets(said);
            case TEXT -> isFile(said) ? StringNode.valueOf(text(said)) : filled(said);
            default -> filled(said);
        };
    }

    /// References to pools and to what is in them may leave out where that is.
    private JsonNode named(Kind of, JsonNode value, Optional<Map.Entry<String, String>> owner) {
        if (value.isArray()) {
            var all = Json.array();
            value.forEach(one -> all.add(named(of, one, owner)));
            return all;
        }
        var text = value.asString();
        if (text.isEmpty()) return value;
        if (of == Kind.POOL) return StringNode.valueOf(pool(text));
        if (of.within().filter(Kind.POOL::equals).isEmpty()) return value;
        int end = text.lastIndexOf('/');
        var full = owner.map(within -> within.getValue() + "/" + text)
                .orElse(end < 0 ? text : pool(text.substring(0, end)) + text.substring(end));
        return StringNode.valueOf(full);
    }

    /// A pool that is named without its family is that of the file, or one of the family that is there from the
    /// start.
    private String pool(String name) {
        return name.contains("/") ? name : pools.getOrDefault(name, "default/" + name);
    }

    private void check(Item item, String where) {
        for (var field : item.kind().fields())
            if (field.place() == Field.Place.KEY && item.text(field.name()).isBlank())
                throw new SetupException(where + ": " + field.name() + " is missing");
        var ref = new Item.Ref(item.kind(), item.key());
        if (!seen.add(ref))
            throw new SetupException(where + ": " + item.kind().called() + " " + item.key() + " is there twice");
        if (item.kind() == Kind.PERMISSION) {
            one(item, where, "user", "user_group");
            if (item.refs().size() > 3) throw new SetupException(where + ": a permission is on one thing, or on all");
        }
        if (item.kind() == Kind.IMAGE_MAPPING) one(item, where, "provider_account", "provider");
        if (item.kind() == Kind.DEPLOYABLE) one(item, where, "assemblies", "xml");
    }

    private static void one(Item item, String where, String first, String second) {
        if (item.says(first) == item.says(second))
            throw new SetupException(where + ": say either " + first + " or " + second);
    }

    /// With variables instead of their names.
    private JsonNode filled(JsonNode node) {
        if (node.isString()) return StringNode.valueOf(filled(node.asString()));
        if (node.isArray()) {
            var list = Json.array();
            node.forEach(one -> list.add(filled(one)));
            return list;
        }
        if (!node.isObject()) return node;
        var object = Json.object();
        node.properties().forEach(one -> object.set(one.getKey(), filled(one.getValue())));
        return object;
    }

    private String filled(String text) {
        var found = VARIABLE.matcher(text);
        var out = new StringBuilder();
        while (found.find()) {
            var name = found.group(1);
            var value = variables
                    .apply(name)
                    .orElseThrow(() -> new SetupException(
                            "the variable " + name + " is not set; set it first: export " + name + "=..."));
            found.appendReplacement(out, java.util.regex.Matcher.quoteReplacement(value));
        }
        return found.appendTail(out).toString();
    }

    private JsonNode secrets(JsonNode said) {
        var filled = Json.object();
        said.properties().forEach(one -> {
            var name = one.getKey();
            var value = one.getValue();
            if (isFile(value)) {
                filled.put(name, text(value));
            } else if (SECRET.contains(name)
                    && !VARIABLE.matcher(value.asString("")).find()) {
                throw new SetupException(
                        "the %s of an account does not stand in this file: write ${NAME} and set that variable, or {file: PATH}"
                                .formatted(name));
            } else filled.set(name, filled(value));
        });
        return filled;
    }

    private static boolean isFile(JsonNode value) {
        return value.isObject() && value.size() == 1 && value.has(FILE);
    }

    private String text(JsonNode file) {
        return files.apply(filled(file.path(FILE).asString(""))).strip();
    }
}
