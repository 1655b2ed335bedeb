package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType.Plain;
import holdfast.engine.types.ResourceType;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Describes every type to its callers, each as far as it may use it: a client that knows nothing else can do all there
/// is (cattle.md 5.5, 5.12).
final class Schemas {
    private final Map<String, Map<String, Filterable>> filters;

    /// @param filters of collections that are no resources, by type
    Schemas(Map<String, Map<String, Filterable>> filters) {
        this.filters = filters;
    }

    /// `GET /v1/schemas`
    HttpReply list(Ask ask) {
        return HttpReply.json(200, Envelope.of(ask, "schema", all(ask)));
    }

    /// `GET /v1/schemas/{id}`
    HttpReply one(Ask ask) {
        return HttpReply.json(
                200,
                all(ask).stream()
                        .filter(schema -> schema.get("id").stringValue().equalsIgnoreCase(ask.id())
                                || schema.get("pluralName").stringValue().equalsIgnoreCase(ask.id()))
                        .findFirst()
                        .orElseThrow(() -> Problem.notThere("there is no schema " + Form.shorten(ask.id()))));
    }

    private List<ObjectNode> all(Ask ask) {
        var schemas = new ArrayList<ObjectNode>();
        ask.kinds().all().stream()
                .filter(type -> !Methods.of(ask.caller(), type, true).isEmpty())
                .forEach(type -> schemas.add(of(ask, type)));
        Specials.ALL.forEach(special -> schemas.add(of(ask, special)));
        schemas.sort(Comparator.comparing(schema -> schema.get("id").stringValue()));
        return schemas;
    }

    private static ObjectNode of(Ask ask, ResourceType type) {
        var schema = head(
                ask,
                type.name(),
                type.plural(),
                Methods.of(ask.caller(), type, true),
                Methods.of(ask.caller(), type, false));
        schema.put("description", type.description());
        var fields = (ObjectNode) schema.get("resourceFields");
        for (var field : ask.kinds().allFields(type)) {
            var shape = fields.set(field.name(), field(field, type, ask.caller()));
            if (field.name().equals("state")) {
                ((ObjectNode) shape.get("state"))
                        .set("options", Json.toTree(ask.kinds().states(type)));
            }
        }
        actions(ask, type, (ObjectNode) schema.get("resourceActions"));
        filters((ObjectNode) schema.get("collectionFilters"), ResourceFilters.of(ask.kinds(), type));
        schema.set("includeableLinks", Json.toTree(Links.names(ask, type)));
        return schema;
    }

    private ObjectNode of(Ask ask, Specials special) {
        var schema =
                head(ask, special.name(), special.plural(), special.resourceMethods(), special.collectionMethods());
        var fields = (ObjectNode) schema.get("resourceFields");
        special.fields()
                .forEach(
                        (name, type) -> fields.putObject(name).put("type", type).put("nullable", true));
        var actions = (ObjectNode) schema.get("resourceActions");
        if (ProcessInstances.mayMend(ask.caller())) {
            special.actions().forEach(verb -> action(actions, verb, special.name()));
        }
        filters((ObjectNode) schema.get("collectionFilters"), filters.getOrDefault(special.name(), Map.of()));
        return schema;
    }

    private static ObjectNode head(
            Ask ask, String id, String plural, List<String> resourceMethods, List<String> collectionMethods) {
        var schema = Json.object().put("id", id).put("type", "schema").put("baseType", "schema");
        var links = schema.putObject("links").put("self", ask.base() + "/v1/schemas/" + id);
        if (collectionMethods.contains("GET")) {
            links.put("collection", ask.base() + "/v1/" + plural.toLowerCase(java.util.Locale.ROOT));
        }
        schema.putObject("actions");
        schema.put("pluralName", plural);
        schema.set("resourceMethods", Json.toTree(resourceMethods));
        schema.putObject("resourceFields");
        schema.putObject("resourceActions");
        schema.set("collectionMethods", Json.toTree(collectionMethods));
        schema.putObject("collectionFields");
        schema.putObject("collectionActions");
        schema.putObject("collectionFilters");
        schema.putArray("includeableLinks");
        return schema;
    }

    private static ObjectNode field(Field field, ResourceType type, Caller caller) {
        var shape = Json.object().put("type", field.type().text());
        if (!field.description().isEmpty()) {
            shape.put("description", field.description());
        }
        field.standard().ifPresent(standard -> shape.set("default", standard));
        boolean isData = Kinds.isData(type);
        shape.put("create", isData && field.create() && Methods.may(caller, type, 'c'));
        shape.put("update", isData && field.update() && Methods.may(caller, type, 'u'));
        shape.put("required", field.required())
                .put("nullable", field.nullable())
                .put("unique", field.unique());
        if (field.secret()) {
            shape.put("readOnCreateOnly", true);
        }
        if (field.type() == Plain.ENUM || !field.options().isEmpty()) {
            shape.set("options", Json.toTree(field.options()));
        }
        field.min().ifPresent(min -> shape.put("min", min));
        field.max().ifPresent(max -> shape.put("max", max));
        field.minLength().ifPresent(min -> shape.put("minLength", min));
        field.maxLength().ifPresent(max -> shape.put("maxLength", max));
        field.validChars().ifPresent(valid -> shape.put("validChars", valid));
        field.invalidChars().ifPresent(invalid -> shape.put("invalidChars", invalid));
        return shape;
    }

    private static void actions(Ask ask, ResourceType type, ObjectNode node) {
        if (Kinds.isData(type)) {
            ask.kinds().processes(type).stream()
                    .filter(process -> Actions.may(ask.caller(), type, process.verb()))
                    .forEach(process -> action(node, process.verb(), type.name()));
        }
        if (!ask.caller().readOnly()) {
            Parts.actions(type.name(), ask.caller().admin()).forEach(verb -> action(node, verb, type.name()));
        }
    }

    private static void action(ObjectNode node, String verb, String output) {
        node.putObject(verb).putNull("input").put("output", output);
    }

    private static void filters(ObjectNode node, Map<String, Filterable> known) {
        known.forEach((name, filter) -> {
            var shape = node.putObject(name);
            shape.set(
                    "modifiers",
                    Json.toTree(filter.modifiers().stream().map(Modifier::word).toList()));
            if (!filter.options().isEmpty()) {
                shape.set("options", Json.toTree(filter.options()));
            }
        });
    }

    /// A collection of something that is no resource.
    ///
    /// @param fields types by name
    record Specials(
            String name,
            String plural,
            List<String> resourceMethods,
            List<String> collectionMethods,
            Map<String, String> fields,
            Set<String> actions) {
        private static final List<String> GET = List.of("GET");
        static final List<Specials> ALL = List.of(
                new Specials(
                        "schema",
                        "schemas",
                        GET,
                        GET,
                        fields("pluralName string, resourceMethods array[string]"
                                + ", resourceFields map[json], resourceActions map[json], collectionMethods array[string]"
                                + ", collectionFilters map[json], includeableLinks array[string]"),
                        Set.of()),
                new Specials("apiVersion", "apiVersions", GET, List.of(), fields("links map[string]"), Set.of()),
                new Specials(
                        "collection",
                        "collections",
                        List.of(),
                        List.of(),
                        fields("data array[json]"
                                + ", resourceType string, pagination json, sort json, filters map[json]"
                                + ", createTypes map[string], createDefaults map[json], sortLinks map[string]"),
                        Set.of()),
                new Specials(
                        "error",
                        "errors",
                        List.of(),
                        List.of(),
                        fields("status int, code string, slug string"
                                + ", message string, detail string, fieldName string"),
                        Set.of()),
                new Specials(
                        "processInstance",
                        "processInstances",
                        GET,
                        GET,
                        fields(ProcessInstances.FIELDS),
                        ProcessInstances.ACTIONS),
                new Specials(
                        "processExecution",
                        "processExecutions",
                        List.of(),
                        List.of(),
                        fields("processInstanceId reference[processInstance], log json"),
                        Set.of()),
                new Specials(
                        "processSummary",
                        "processSummary",
                        List.of(),
                        GET,
                        fields("processName string, running int, ready int, delay int"),
                        Set.of()),
                new Specials(
                        "processDefinition",
                        "processDefinitions",
                        GET,
                        GET,
                        fields("name string"
                                + ", resourceType string, extensionBased boolean, stateTransitions array[json]"),
                        Set.of()),
                new Specials("resourceDefinition", "resourceDefinitions", GET, GET, fields("name string"), Set.of()),
                new Specials(
                        "journalEntry",
                        "journal",
                        List.of(),
                        GET,
                        fields("at date, resource string"
                                + ", resourceType string, name string, project string, actor string, from string"
                                + ", to string, who string, why string"),
                        Set.of()));

        private static Map<String, String> fields(String text) {
            var fields = new TreeMap<String, String>();
            for (var part : text.split(", ")) {
                var sides = part.split(" ", 2);
                fields.put(sides[0], sides[1]);
            }
            return fields;
        }
    }
}
