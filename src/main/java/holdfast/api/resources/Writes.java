package holdfast.api.resources;

import holdfast.api.Keys;
import holdfast.core.Answer;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.Engine;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.handlers.Agents;
import holdfast.engine.types.Field;
import holdfast.engine.types.Move;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.pools.Projects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes, changes and removes resources of types that are data (cattle.md 5.6). Each request is one transaction: what
/// it writes and the process that it asks for.
final class Writes {
    private static final int DEEPEST = 33;
    private static final String REQUESTED = "requested";
    private static final List<String> COLUMNS = List.of("name", "uuid");

    private final Births births;
    private final AgentKeys agentKeys;
    private final Accounts accounts;
    private final Database database;
    private final Engine engine;
    private final Finder finder;
    private final Representation representation;
    private final Actions actions;

    Writes(
            Births births,
            AgentKeys agentKeys,
            Accounts accounts,
            Database database,
            Engine engine,
            Finder finder,
            Representation representation,
            Actions actions) {
        this.births = births;
        this.agentKeys = agentKeys;
        this.accounts = accounts;
        this.database = database;
        this.engine = engine;
        this.finder = finder;
        this.representation = representation;
        this.actions = actions;
    }

    /// `POST /v1/{type}`
    HttpReply create(Ask ask) {
        var type = ask.type();
        ask.need(type, 'c', false);
        writable(ask, type, false);
        return create(ask, type, Bodies.read(ask));
    }

    /// `POST /v1/{type}/{id}/{link}`: a new one that refers to this one.
    HttpReply createChild(Ask ask) {
        var type = ask.type();
        ask.need(type, 'r', true);
        var name = ask.named().getOrDefault("link", "");
        var link = Links.find(ask, type, name)
                .orElseThrow(() -> Problem.notThere(type.name() + " has no link " + Form.shorten(name)
                        + Nearest.hint(name, Links.names(ask, type))));
        if (!(link instanceof Links.ToMany many)) {
            throw Problem.wrongMethod(ask.method(), Form.shorten(ask.http().target()), "GET, HEAD");
        }
        ask.need(many.child(), 'c', false);
        writable(ask, many.child(), false);
        var parent = database.inTransaction(tx -> finder.find(tx, ask, type, ask.id()));
        var read = Bodies.read(ask);
        read.objects().forEach(body -> body.put(many.field().name(), parent.id().toString()));
        return create(ask, many.child(), read);
    }

    /// A single new resource shares a transaction with those that others make at the same time. What must be unique
    /// is looked for under a lock that lasts until it is written, and several are made all or none: these have one
    /// of their own.
    private HttpReply create(Ask ask, ResourceType type, Bodies.Read read) {
        var keys = Births.keys(ask, type, read.objects().size());
        boolean alone = read.many()
                || ask.kinds().root(type).name().equals(Agents.TYPE)
                || ask.kinds().allFields(type).stream().anyMatch(Field::unique);
        return alone
                ? database.inTransaction(tx -> created(tx, ask, type, read, keys))
                : createWithOthers(ask, type, read.objects().getFirst(), keys.getFirst());
    }

    private HttpReply.Content created(
            Tx tx, Ask ask, ResourceType type, Bodies.Read read, List<Optional<Keys.Fresh>> keys) {
        var validation = validation(tx, ask, type, read.objects(), Optional.empty());
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < keys.size(); i++) {
            drafts.add(draft(tx, ask, type, validation, read.objects().get(i), keys.get(i)));
        }
        var made = engine.make(tx, drafts.stream().map(Draft::newcomer).toList());
        var nodes = new ArrayList<ObjectNode>();
        for (int i = 0; i < drafts.size(); i++) {
            nodes.add(shown(tx, ask, drafts.get(i), made.get(i)));
        }
        return read.many() ? HttpReply.json(201, Envelope.of(ask, type.name(), nodes)) : created(nodes.getFirst());
    }

    private HttpReply createWithOthers(Ask ask, ResourceType type, ObjectNode body, Optional<Keys.Fresh> key) {
        var draft = database.inTransaction(
                tx -> draft(tx, ask, type, validation(tx, ask, type, List.of(body), Optional.empty()), body, key));
        try {
            var made = engine.make(draft.newcomer());
            return database.inTransaction(tx -> created(shown(tx, ask, draft, made)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + type.name() + " was made", e);
        }
    }

    /// One that was just made, and where it is.
    static HttpReply.Content created(ObjectNode node) {
        return HttpReply.json(201, node)
                .with("Location", node.get("links").get("self").stringValue());
    }

    private ObjectNode shown(Tx tx, Ask ask, Draft draft, Optional<Resource> made) {
        var resource = made.orElseThrow(() -> Problem.conflict("there is a resource with the uuid "
                + draft.newcomer().resource().id() + " already"));
        return representation.created(tx, ask, resource, draft.once());
    }

    /// Somebody about to be made.
    ///
    /// @param once what is shown this once
    private record Draft(Newcomer newcomer, ObjectNode once) {}

    private Draft draft(
            Tx tx, Ask ask, ResourceType type, Validation validation, ObjectNode body, Optional<Keys.Fresh> key) {
        var root = ask.kinds().root(type);
        var fields = ask.kinds().allFields(type);
        var birth = births.of(ask, type, validation.create(fields, body), key);
        var content = birth.content();
        var name = content.path("name").asString("");
        COLUMNS.forEach(content::remove);
        content.put("kind", type.name());
        var fresh = engine.resources()
                .fresh(
                        birth.id(),
                        root.name(),
                        Resources.ACTOR,
                        Optional.empty(),
                        name,
                        REQUESTED,
                        project(tx, root, birth),
                        content);
        accounts.open(tx, fresh, ask.caller().user());
        if (root.name().equals(Agents.TYPE)) {
            birth.once().setAll(agentKeys.make(tx, birth.id(), ask.caller().user(), key.orElseThrow()));
        }
        var first = request(ask, root, "create", birth.id(), Births.withoutSecrets(fields, body));
        beginsAtOnce(root, first);
        return new Draft(new Newcomer(fresh, first), birth.once());
    }

    /// A membership belongs to the project that it is for. Only who may see the account of that can have named it.
    private String project(Tx tx, ResourceType root, Births.Birth birth) {
        return Optional.of(birth.content().path("projectId").asString(""))
                .filter(_ -> root.name().equals(Projects.MEMBER))
                .flatMap(Ids::uuid)
                .flatMap(id -> engine.resources().find(tx, id))
                .map(Resource::project)
                .orElse(birth.project());
    }

    /// `PUT /v1/{type}/{id}`
    HttpReply update(Ask ask) {
        var type = ask.type();
        ask.need(type, 'u', true);
        writable(ask, type, true);
        var body = Bodies.object(ask);
        return database.inTransaction(tx -> {
            var found = own(ask, finder.find(tx, ask, type, ask.id()));
            var concrete = concrete(ask, type, found);
            ask.need(concrete, 'u', true);
            var fields = ask.kinds().allFields(concrete);
            var wanted = validation(tx, ask, concrete, List.of(body), Optional.of(found.id()))
                    .update(fields, body);
            births.seal(fields, found.id(), wanted);
            return HttpReply.json(200, representation.one(tx, ask, update(tx, ask, concrete, found, wanted)));
        });
    }

    private Resource update(Tx tx, Ask ask, ResourceType type, Resource found, ObjectNode wanted) {
        var content = found.content();
        var old = Json.object();
        var changed = Json.object();
        boolean process = false;
        for (var field : ask.kinds().allFields(type)) {
            var name = field.name();
            var next = wanted.get(name);
            var before = name.equals("name")
                    ? found.name().isEmpty() ? NullNode.getInstance() : Json.toTree(found.name())
                    : Optional.ofNullable(content.get(name)).orElse(NullNode.getInstance());
            if (next != null && !next.equals(before)) {
                old.set(name, before);
                changed.set(name, next);
                process |= field.scheduleUpdate();
            }
        }
        if (changed.isEmpty()) {
            return found;
        }
        var renamed = changed.has("name") ? found.renamed(changed.path("name").asString("")) : found;
        changed.properties().stream()
                .filter(entry -> !COLUMNS.contains(entry.getKey()))
                .forEach(entry -> content.set(entry.getKey(), entry.getValue()));
        var user = ask.caller().user();
        var updated = engine.resources().update(tx, found.state(), renamed.withData(content), user, "update");
        engine.journal().changed(tx, updated, user, "update");
        tx.afterCommit(engine.changed()::raise);
        if (process) {
            var fields = ask.kinds().allFields(type);
            var told = Births.withoutSecrets(fields, changed).set("old", Births.withoutSecrets(fields, old));
            schedule(tx, ask, ask.kinds().root(type), "update", found.id(), told);
        }
        return engine.resources().find(tx, found.id()).orElseThrow();
    }

    /// `DELETE /v1/{type}/{id}`
    HttpReply remove(Ask ask) {
        var type = ask.type();
        ask.need(type, 'd', true);
        writable(ask, type, true);
        return database.inTransaction(tx -> {
            var found = own(ask, finder.find(tx, ask, type, ask.id()));
            ask.need(concrete(ask, type, found), 'd', true);
            var root = ask.kinds().root(type);
            var move = root.process("remove").flatMap(process -> process.move());
            if (move.filter(one -> one.passes(found.state())).isEmpty()) {
                if (move.filter(one -> one.startsFrom(found.state())).isEmpty()) {
                    throw Problem.wrongMethod(
                            ask.method(),
                            type.name() + " " + ask.id() + " while it is " + found.state(),
                            "GET, HEAD, POST, PUT");
                }
                schedule(tx, ask, root, "remove", found.id(), Json.object());
            }
            return shown(tx, ask, found.id(), 200);
        });
    }

    /// `POST /v1/{type}/{id}?action=`
    HttpReply act(Ask ask) {
        var type = ask.type();
        ask.need(type, 'r', true);
        var verb = ask.one("action").orElse("");
        var input = Bodies.object(ask);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, type, ask.id());
            var concrete = concrete(ask, type, found);
            var root = ask.kinds().root(type);
            boolean known =
                    Kinds.isData(type) && ask.kinds().process(type, verb).isPresent();
            if (!known) {
                throw Problem.invalid(
                        "InvalidAction",
                        "action",
                        "action is '" + Form.shorten(verb) + "'"
                                + Nearest.hint(
                                        verb,
                                        root.processes().stream()
                                                .map(process -> process.verb())
                                                .toList()));
            }
            var offered = actions.offered(ask, concrete, found);
            if (!offered.contains(ask.kinds().process(type, verb).orElseThrow().verb())) {
                throw Problem.notAvailable(verb, type.name() + " " + ask.id(), found.state(), offered);
            }
            var fields = ask.kinds().allFields(concrete);
            schedule(tx, ask, root, verb, found.id(), Births.withoutSecrets(fields, input));
            return shown(tx, ask, found.id(), 202);
        });
    }

    private HttpReply.Content shown(Tx tx, Ask ask, UUID id, int status) {
        return HttpReply.json(
                status,
                representation.one(tx, ask, engine.resources().find(tx, id).orElseThrow()));
    }

    /// What is new is in its first state, and begins to be made without conditions.
    private static void beginsAtOnce(ResourceType root, Request first) {
        if (root.process("create")
                .flatMap(ProcessType::move)
                .filter(move -> move.field().equals(Move.STATE) && move.startsFrom(REQUESTED))
                .isEmpty()) {
            throw Problem.conflict(first.process() + " is not from " + REQUESTED + ", in which what is new is");
        }
        var guard = first.process() + "::if";
        if (first.arguments().has(guard)) {
            throw Problem.invalid(
                    "InvalidFormat", guard, guard + " is for actions; what is new is made without conditions");
        }
    }

    private static Request request(Ask ask, ResourceType root, String verb, UUID id, ObjectNode data) {
        var process = root.process(verb)
                .orElseThrow(() -> Problem.invalid("InvalidAction", "action", root.name() + " has no process " + verb));
        // Fields that are not known are dropped, but those who take part in the process may look at them.
        Json.unfit(data, DEEPEST).ifPresent(rule -> {
            throw Problem.invalid("InvalidFormat", "body", "the body " + rule);
        });
        return Request.now(process.name(), id, ask.caller().user()).with(data);
    }

    private void schedule(Tx tx, Ask ask, ResourceType root, String verb, UUID id, ObjectNode data) {
        var request = request(ask, root, verb, id, data);
        if (engine.processes().schedule(tx, request) instanceof Answer.No<UUID>(var why)) {
            throw Problem.of(why);
        }
    }

    /// What parts of Holdfast keep is theirs to change.
    private static void writable(Ask ask, ResourceType type, boolean single) {
        if (!Kinds.isData(type)) {
            throw Methods.wrong(ask, type, single);
        }
    }

    private static Resource own(Ask ask, Resource found) {
        if (!Access.maySee(ask.caller(), found.project())) {
            throw Problem.notThere("there is no " + found.type() + " " + ask.id());
        }
        return found;
    }

    private static ResourceType concrete(Ask ask, ResourceType type, Resource found) {
        return ask.kinds().find(found.content().path("kind").asString("")).orElse(type);
    }

    /// @param bodies what is written of resources of that type
    private static Validation validation(
            Tx tx, Ask ask, ResourceType type, List<ObjectNode> bodies, Optional<UUID> self) {
        var root = ask.kinds().root(type);
        return new Validation(
                new Formats(Referred.of(tx, ask, ask.kinds().allFields(type), bodies)),
                (field, value) -> isTaken(tx, root, self, field, value));
    }

    /// Asked one after the other for each field, so that of two who ask at the same time only one is told no.
    private static boolean isTaken(Tx tx, ResourceType root, Optional<UUID> self, Field field, JsonNode value) {
        tx.sql().fetch("select pg_advisory_xact_lock(hashtextextended(?, 0))", root.name() + "." + field.name());
        var holds =
                field.name().equals("name") ? Resources.named(value.asString()) : Storage.holds(field.name(), value);
        return tx.sql()
                .fetchExists(
                        holdfast.db.Tables.RESOURCE,
                        Resources.typed(root.name())
                                .and(Resources.present())
                                .and(holds)
                                .and(self.map(id -> Resources.withId(id).not()).orElse(DSL.noCondition())));
    }
}
