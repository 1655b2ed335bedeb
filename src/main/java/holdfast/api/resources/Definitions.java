package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Hooks;
import holdfast.engine.Hooks.Hook;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.engine.handlers.Handlers;
import holdfast.engine.pictures.Dot;
import holdfast.engine.pictures.Logic;
import holdfast.engine.pictures.Picture;
import holdfast.engine.pictures.Picture.Painter;
import holdfast.engine.pictures.Svg;
import holdfast.engine.types.Move;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What can happen to resources, as data (cattle.md 5.8).
final class Definitions {
    private static final String PROCESS = "1pd!";
    private static final String RESOURCE = "1rd!";

    private final Database database;
    private final Engine engine;
    private final Supplier<Set<String>> addresses;

    /// @param addresses words that stand for something else where the name of a type would, in lower case
    Definitions(Database database, Engine engine, Supplier<Set<String>> addresses) {
        this.database = database;
        this.engine = engine;
        this.addresses = addresses;
    }

    /// Processes of types that are data, and those that parts of Holdfast bring along, by name; none of types that
    /// are not for the caller.
    private Map<String, ProcessType> all(Ask ask) {
        var all = new TreeMap<String, ProcessType>();
        ask.kinds().all().forEach(type -> type.processes().forEach(process -> all.put(process.name(), process)));
        engine.definitions()
                .all()
                .forEach(one -> all.putIfAbsent(
                        one.name(),
                        new ProcessType(one.name(), one.type(), one.move(), Optional.empty(), List.of(), "")));
        var hidden = ask.kinds().hidden(ask.caller());
        all.values().removeIf(process -> hidden.contains(process.type()));
        return all;
    }

    /// `GET /v1/processdefinitions`
    HttpReply processes(Ask ask) {
        var name = ask.one("name").map(Definitions::lower);
        var type = ask.one("resourceType").map(Definitions::lower);
        return list(
                ask,
                all(ask).values().stream()
                        .filter(one -> name.map(one.name()::equals).orElse(true))
                        .filter(one -> type.map(lower(one.type())::equals).orElse(true))
                        .toList());
    }

    /// `GET /v1/resourcedefinitions/{id}/processes`
    HttpReply processesOf(Ask ask) {
        var type = resource(ask);
        return list(
                ask,
                all(ask).values().stream()
                        .filter(one -> one.type().equals(type))
                        .toList());
    }

    private HttpReply list(Ask ask, List<ProcessType> processes) {
        var steps = database.inTransaction(tx -> steps(tx, ask, processes));
        return HttpReply.json(
                200,
                Envelope.of(
                        ask,
                        "processDefinition",
                        processes.stream().map(one -> shown(ask, one, steps)).toList()));
    }

    /// `GET /v1/processdefinitions/{id}`
    HttpReply process(Ask ask) {
        var process = find(ask);
        var steps = database.inTransaction(tx -> steps(tx, ask, List.of(process)));
        return HttpReply.json(200, shown(ask, process, steps));
    }

    private ProcessType find(Ask ask) {
        return Optional.ofNullable(all(ask).get(lower(bare(ask.id(), PROCESS))))
                .orElseThrow(() -> Problem.notThere("there is no process definition " + Form.shorten(ask.id())));
    }

    /// `GET /v1/resourcedefinitions`: one for each type that has processes.
    HttpReply resources(Ask ask) {
        return HttpReply.json(
                200,
                Envelope.of(
                        ask,
                        "resourceDefinition",
                        types(ask).stream().map(type -> shown(ask, type)).toList()));
    }

    /// `GET /v1/resourcedefinitions/{id}`
    HttpReply one(Ask ask) {
        return HttpReply.json(200, shown(ask, resource(ask)));
    }

    private List<String> types(Ask ask) {
        return all(ask).values().stream()
                .map(ProcessType::type)
                .distinct()
                .sorted()
                .toList();
    }

    private String resource(Ask ask) {
        var name = bare(ask.id(), RESOURCE);
        return types(ask).stream()
                .filter(type -> type.equalsIgnoreCase(name))
                .findFirst()
                .or(() -> ask.kinds()
                        .named(name)
                        .map(ask.kinds()::root)
                        .map(ResourceType::name)
                        .filter(types(ask)::contains))
                .orElseThrow(() -> Problem.notThere("there is no resource definition " + Form.shorten(ask.id())));
    }

    private static String bare(String id, String prefix) {
        return id.startsWith(prefix) ? id.substring(prefix.length()) : id;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// What acts in each process now: handlers, and its own steps. These may depend on its resource: they are those
    /// for the newest one that the caller may see. Handlers are named to those who may read them.
    private Map<String, Logic> steps(Tx tx, Ask ask, Collection<ProcessType> shown) {
        var names = shown.stream().map(ProcessType::name).collect(Collectors.toSet());
        var byType = engine.definitions().all().stream()
                .filter(one -> names.contains(one.name()))
                .collect(Collectors.groupingBy(ProcessDefinition::type));
        boolean told = ask.kinds()
                .find(Handlers.TYPE)
                .filter(type -> Methods.may(ask.caller(), type, 'r'))
                .isPresent();
        var handlers = engine.participants(tx);
        var logic = new TreeMap<String, Logic>();
        var examples = examples(tx, ask.caller(), byType.keySet());
        byType.forEach((type, definitions) -> {
            var example = Optional.ofNullable(examples.get(type));
            definitions.forEach(one -> logic.put(one.name(), logic(one, example, told ? handlers : Hooks.NONE)));
        });
        return logic;
    }

    /// One query for those types that everybody sees, and one for the others.
    private Map<String, Resource> examples(Tx tx, Caller caller, Collection<String> types) {
        var examples = new HashMap<String, Resource>();
        types.stream()
                .collect(Collectors.groupingBy(type -> Access.seenBy(caller, type)))
                .forEach((seen, some) -> engine.resources()
                        .lastOfEach(tx, some, seen)
                        .forEach(example -> examples.put(example.type(), example)));
        return examples;
    }

    private static Logic logic(ProcessDefinition one, Optional<Resource> example, Hooks handlers) {
        var own = example.stream()
                .flatMap(resource -> one.steps().apply(resource).stream())
                .map(Step::name);
        // Timers have no handlers.
        var plan = one.move().map(_ -> handlers.plan(one.name())).orElse(Hooks.Plan.NONE);
        return new Logic(
                names(plan.before()),
                Stream.of(names(plan.on()).stream(), own, names(plan.late()).stream())
                        .flatMap(group -> group)
                        .toList(),
                names(plan.after()));
    }

    private static List<String> names(List<Hook> handlers) {
        return handlers.stream().map(Hook::who).toList();
    }

    private static ObjectNode head(Ask ask, String type, String path, String id) {
        var node = Json.object().put("id", id).put("type", type).put("baseType", type);
        node.putObject("links").put("self", ask.base() + "/v1/" + path + "/" + id);
        node.putObject("actions");
        return node;
    }

    private static ObjectNode shown(Ask ask, String type) {
        var node = head(ask, "resourceDefinition", "resourcedefinitions", RESOURCE + type);
        var links = (ObjectNode) node.get("links");
        for (var link : List.of("processes", "resourceDot", "resourceSvg")) {
            links.put(link, links.get("self").stringValue() + "/" + lower(link));
        }
        ask.kinds().find(type).ifPresent(known -> links.put("schema", ask.base() + "/v1/schemas/" + known.name()));
        return node.put("name", type);
    }

    private static ObjectNode shown(Ask ask, ProcessType process, Map<String, Logic> steps) {
        var name = process.name();
        var node = head(ask, "processDefinition", "processdefinitions", PROCESS + name);
        var links = (ObjectNode) node.get("links");
        for (var link : List.of("processDot", "processSvg")) {
            links.put(link, links.get("self").stringValue() + "/" + lower(link));
        }
        links.put("instances", ask.base() + "/v1/processinstances?processName=" + Urls.encode(name));
        node.put("name", name).put("resourceType", process.type()).put("extensionBased", true);
        node.put("description", process.description());
        var logic = steps.getOrDefault(name, Logic.NONE);
        point(node.putObject("preProcessListeners"), "process." + name + ".pre.listeners", logic.pre());
        point(node.putObject("processHandlers"), "process." + name + ".handlers", logic.logic());
        point(node.putObject("postProcessListeners"), "process." + name + ".post.listeners", logic.post());
        node.put("delegate", process.delegate().orElse(null));
        node.set(
                "steps",
                Json.toTree(Stream.of(logic.pre(), logic.logic(), logic.post())
                        .flatMap(List::stream)
                        .toList()));
        var transitions = node.putArray("stateTransitions");
        process.move().ifPresent(move -> transitions(move, transitions));
        return node;
    }

    private static void point(ObjectNode node, String name, List<String> implementations) {
        node.put("name", name);
        var list = node.putArray("implementations");
        implementations.forEach(one -> list.addObject().put("name", one));
    }

    /// First the ways into transitioning states, then those out of them, in the order of their declaration.
    private static void transitions(Move move, ArrayNode list) {
        move.start()
                .forEach((from, to) -> list.addObject()
                        .put("fromState", from)
                        .put("toState", to)
                        .put("field", move.field())
                        .put("type", "TRANSITIONING"));
        move.done()
                .forEach((from, to) -> list.addObject()
                        .put("fromState", from)
                        .put("toState", to)
                        .put("field", move.field())
                        .put("type", "DONE"));
    }

    /// `GET /v1/processdefinitions/{id}/processdot`, and as `processsvg`
    HttpReply processPicture(Ask ask) {
        var process = find(ask);
        return picture(ask, painter(ask, List.of(process)).process(process));
    }

    /// `GET /v1/resourcedefinitions/{id}/resourcedot`, and as `resourcesvg`
    HttpReply resourcePicture(Ask ask) {
        var name = resource(ask);
        var type = ask.kinds().find(name).orElseThrow(() -> Problem.notThere("nobody has declared the type " + name));
        return picture(ask, painter(ask, type.processes()).type(type));
    }

    private Painter painter(Ask ask, List<ProcessType> processes) {
        var steps = database.inTransaction(tx -> steps(tx, ask, processes));
        return new Painter(ask.base(), name -> steps.getOrDefault(name, Logic.NONE));
    }

    private static HttpReply picture(Ask ask, Picture picture) {
        return ask.http().path().getLast().toLowerCase(Locale.ROOT).endsWith("svg")
                ? HttpReply.of(200, "image/svg+xml; charset=utf-8", Svg.write(picture))
                : HttpReply.of(200, "text/plain; charset=utf-8", Dot.write(picture));
    }

    /// `POST /v1/resourcedefinitions`: declares a type, for administrators.
    HttpReply addType(Ask ask) {
        mayDeclare(ask);
        var body = Bodies.object(ask);
        return database.inTransaction(tx -> {
            var type = engine.declared().add(tx, body, ask.caller().user()).orThrow();
            reachable(type);
            return HttpReply.json(201, shown(ask, type.name()))
                    .with("Location", ask.base() + "/v1/resourcedefinitions/" + RESOURCE + type.name());
        });
    }

    /// A type under the name of something else could be made, but never be seen.
    private void reachable(ResourceType type) {
        type.names().stream()
                .filter(addresses.get()::contains)
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    var field = name.equals(lower(type.name()))
                            ? "name"
                            : name.equals(lower(type.plural())) ? "plural" : "aliases";
                    throw Problem.invalid(
                            "NotUnique",
                            field,
                            "'" + name + "' is an address of the interface itself, /v1/" + name + "; choose another "
                                    + field);
                });
    }

    /// `POST /v1/processdefinitions`: declares a process `name` of a type `resourceType`, for administrators.
    HttpReply addProcess(Ask ask) {
        mayDeclare(ask);
        var body = Bodies.object(ask);
        var type = body.path("resourceType").asString("");
        var name = body.path("name").asString("");
        var verb = name.substring(name.lastIndexOf('.') + 1);
        body.remove(List.of("resourceType", "name"));
        return database.inTransaction(tx -> {
            var extended = engine.declared()
                    .addProcess(tx, type, verb, body, ask.caller().user())
                    .orThrow();
            var process = extended.process(verb).orElseThrow();
            return HttpReply.json(201, shown(ask, process, Map.of()))
                    .with("Location", ask.base() + "/v1/processdefinitions/" + PROCESS + process.name());
        });
    }

    private static void mayDeclare(Ask ask) {
        Access.mayOperate(ask.caller(), "declare types and processes").ifPresent(why -> {
            throw Problem.of(why);
        });
    }
}
