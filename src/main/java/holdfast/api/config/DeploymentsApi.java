package holdfast.api.config;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.DeploymentPlan;
import holdfast.orchestrator.instances.DeploymentState;
import holdfast.orchestrator.instances.DeploymentView;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Launch;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Deployable;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored;
import holdfast.pools.clouds.choice.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// `/broker/deployments`: several instances at one account, launched and stopped together (aeolus.md 4.3, 5.1).
final class DeploymentsApi implements Part {
    private static final String DEPLOYMENT = "deployment";
    private static final String DEPLOYMENTS = "deployments";
    private static final String DEPLOYABLE = "deployable";
    private static final String POOL = "pool";
    private static final String NAME = "name";
    private static final String STATE = "state";
    private static final int MOST_EVENTS = 500;

    private final Desk desk;
    private final Deployments.Finder finder;

    DeploymentsApi(Desk desk, Deployments.Finder finder) {
        this.desk = desk;
        this.finder = finder;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        var mine = finder.deployments(ask.caller());
        if (rest.isEmpty()) {
            return switch (ask.method()) {
                case Ask.GET -> list(ask, mine, pool(ask));
                case Ask.POST -> launch(ask, mine, ask.body(DEPLOYMENT));
                default -> throw ask.wrongMethod("GET, POST");
            };
        }
        if (rest.equals(List.of("explain"))) {
            return asked(ask, Ask.POST, () -> explain(ask, mine, ask.body(DEPLOYMENT)));
        }
        var id = Ids.of(rest.getFirst()).orElseThrow(() -> nothing(rest.getFirst()));
        return switch (rest.size() == 1 ? "" : String.join("/", rest.subList(1, rest.size()))) {
            case "" -> one(ask, mine, id);
            case "stop" -> asked(ask, Ask.POST, accepted(ask, () -> mine.stop(id)));
            case "start" -> asked(ask, Ask.POST, accepted(ask, () -> mine.start(id)));
            case "reboot" -> asked(ask, Ask.POST, accepted(ask, () -> mine.reboot(id)));
            case "instances" -> asked(ask, Ask.GET, () -> instances(ask, mine, id));
            case "events" -> asked(ask, Ask.GET, () -> events(ask, mine, id));
            default -> throw nothing(String.join("/", rest));
        };
    }

    private static Failure nothing(String id) {
        return Failure.nothing("deployment", id);
    }

    private interface Work {
        Reply done();
    }

    private static Reply asked(Ask ask, String method, Work work) {
        ask.must(method);
        return work.done();
    }

    private interface Change {
        Answer<DeploymentView> made();
    }

    private static Work accepted(Ask ask, Change change) {
        return () -> {
            var after = change.made().orThrow();
            return new Reply(202, Optional.of(show(ask, after)), Map.of()).tagged(after.version());
        };
    }

    // --------------------------------------------------------------------------------------------------------------
    // what there is

    private static Optional<UUID> pool(Ask ask) {
        return ask.parameter(POOL).map(text -> Ids.of(text).orElseThrow(() -> Failure.malformed("pool is no id")));
    }

    /// Those of one pool.
    Reply ofPool(Ask ask, String pool) {
        var id = Ids.of(pool).orElseThrow(() -> Failure.notFound("there is no such pool"));
        return asked(ask, Ask.GET, () -> list(ask, finder.deployments(ask.caller()), Optional.of(id)));
    }

    private static Reply list(Ask ask, Deployments mine, Optional<UUID> pool) {
        ask.only(Set.of(POOL, STATE, NAME));
        var state = ask.parameter(STATE)
                .map(word -> DeploymentState.named(word)
                        .orElseThrow(() -> Failure.malformed("there is no state of deployments of that name")));
        var page = mine.list(new Deployments.Which(pool, state, ask.parameter(NAME), ask.offset(), ask.limit()));
        return Reply.ok(Element.many(
                        DEPLOYMENTS,
                        page.some().stream().map(one -> show(ask, one)).toList()))
                .with("X-Total-Count", String.valueOf(page.total()));
    }

    private static Reply one(Ask ask, Deployments mine, UUID id) {
        return switch (ask.method()) {
            case Ask.GET -> {
                var found = mine.find(id).orElseThrow(() -> nothing(id.toString()));
                yield Reply.ok(show(ask, found)).tagged(found.version());
            }
            case Ask.DELETE ->
                mine.delete(id)
                        .orThrow()
                        .map(left -> new Reply(202, Optional.of(show(ask, left)), Map.of()))
                        .orElseGet(Reply::nothing);
            default -> throw ask.wrongMethod("GET, DELETE");
        };
    }

    private static Element show(Ask ask, DeploymentView one) {
        var element = ask.ref(DEPLOYMENT, DEPLOYMENTS, one.id())
                .with(NAME, one.name())
                .with("description", one.description())
                .with(ask.ref(POOL, "pools", one.pool()))
                .with("uuid", one.id().toString())
                .with("owner", one.owner())
                .with(STATE, one.state().word())
                .with("frontend_realm", one.realm())
                .with("partial_launch", one.partial())
                .with("scheduled_for_deletion", one.deleting())
                .with("uptime_all", one.uptimeAll().toString())
                .with("uptime_1st_instance", one.uptimeFirst().toString());
        if (!one.properties().isEmpty()) {
            var parameters = Element.of("parameters");
            one.properties()
                    .forEach((name, text) -> parameters.with(Element.of(name).saying(text)));
            element.with(parameters);
        }
        return element.with(Element.many(
                                "instances",
                                one.instances().stream()
                                        .map(id -> ask.ref("instance", "instances", id))
                                        .toList())
                        .attribute("href", ask.href(DEPLOYMENTS, one.id().toString(), "instances")))
                .with("last_error", one.trouble())
                .with("deployable_xml", one.deployable())
                .with("created_at", one.created().toString())
                .with("updated_at", one.updated().toString())
                .with("lock_version", one.version() - 1);
    }

    private static void known(Deployments mine, UUID id) {
        if (mine.find(id).isEmpty()) {
            throw nothing(id.toString());
        }
    }

    private static Reply instances(Ask ask, Deployments mine, UUID id) {
        ask.only(Set.of());
        known(mine, id);
        var all = mine.instances(id);
        return Reply.ok(Element.many(
                        "instances",
                        ask.page(all).stream().map(one -> show(ask, id, one)).toList()))
                .with("X-Total-Count", String.valueOf(all.size()));
    }

    private static Element show(Ask ask, UUID deployment, InstanceView one) {
        return ask.ref("instance", "instances", one.id())
                .with(NAME, one.name())
                .with(STATE, one.state().word())
                .with(ask.ref(DEPLOYMENT, DEPLOYMENTS, deployment))
                .with(ask.ref("image", "images", one.image()))
                .with(ask.ref(
                        "hardware_profile", "hardware_profiles", one.profile().id()))
                .with("public_addresses", String.join(",", one.publicAddresses()))
                .with("private_addresses", String.join(",", one.privateAddresses()))
                .with("last_error", one.trouble())
                .with("created_at", one.created().toString())
                .with("updated_at", one.updated().toString());
    }

    private static Reply events(Ask ask, Deployments mine, UUID id) {
        ask.only(Set.of());
        known(mine, id);
        var all = mine.events(id, MOST_EVENTS);
        return Reply.ok(Element.many(
                        "events",
                        ask.page(all).stream()
                                .map(event -> Element.of("event")
                                        .attribute("id", event.number())
                                        .with("status_code", event.code())
                                        .with("summary", event.summary())
                                        .with("event_time", event.time().toString()))
                                .toList()))
                .with("X-Total-Count", String.valueOf(all.size()));
    }

    // --------------------------------------------------------------------------------------------------------------
    // launching

    private Reply launch(Ask ask, Deployments mine, Body body) {
        var plan = desk.in(tx -> plan(tx, ask, body));
        return switch (mine.launch(plan)) {
            case Answer.Yes<DeploymentView>(var made) ->
                Reply.created(show(ask, made), ask.href(DEPLOYMENTS, made.id().toString()))
                        .tagged(made.version());
            case Answer.No<DeploymentView>(var why) -> throw refused(mine, plan, why);
        };
    }

    /// Which accounts could make all of one, and which not, and why; nothing is stored.
    private Reply explain(Ask ask, Deployments mine, Body body) {
        var plan = desk.in(tx -> plan(tx, ask, body));
        var names =
                plan.assemblies().stream().flatMap(one -> one.name().stream()).toList();
        return switch (mine.explain(plan)) {
            case Answer.Yes<Explanation>(var explanation) -> Reply.ok(Explained.show(ask, explanation, names));
            case Answer.No<Explanation>(var why) -> throw Explained.failure(why);
        };
    }

    /// What is impossible is told with its codes (aeolus.md 6.5), and is 422, whatever makes it so.
    private static Failure refused(Deployments mine, DeploymentPlan plan, Refusal why) {
        if (why.field().equals(Optional.of(Deployments.TOKEN))) {
            return Failure.of(why);
        }
        if (mine.explain(plan) instanceof Answer.Yes<Explanation>(var explanation)
                && explanation.refusal().isPresent()) {
            return Explained.failure(explanation);
        }
        return switch (why.kind()) {
            case NOT_THERE, NOT_YOURS, MALFORMED, NO_ROOM, CLASH ->
                Failure.invalid(why.field().orElse("base"), why.message());
            case SILENT, BROKEN -> Failure.of(why);
        };
    }

    private DeploymentPlan plan(Tx tx, Ask ask, Body body) {
        var pool = body.id(POOL).orElseThrow(() -> Failure.invalid(POOL, "Pool can't be blank"));
        var xml = xml(tx, ask, body);
        var known = Deployable.read(xml).orThrow();
        may(tx, ask, pool);
        var parts = known.assemblies().stream().map(DeploymentsApi::launch).toList();
        return new DeploymentPlan(
                pool,
                body.text(NAME).filter(name -> !name.isBlank()).or(() -> Optional.of(known.name())),
                body.text("description").filter(text -> !text.isBlank()),
                body.ref("frontend_realm"),
                body.flag("partial_launch").orElse(false),
                body.child("parameters").map(Body::texts).orElse(Map.of()),
                xml,
                parts,
                ask.header(Deployments.TOKEN));
    }

    /// Where it may not be launched at all it is forbidden, not impossible.
    private void may(Tx tx, Ask ask, UUID pool) {
        var found = desk.configuration().pools().find(tx, pool);
        if (found.isPresent() && !found.get().value().standard()) {
            var path = new ArrayList<>(List.of(pool));
            found.get().parent().ifPresent(path::add);
            if (ask.held(tx).may(Action.VIEW, Target.POOL, path)) {
                ask.need(tx, Action.CREATE, Target.DEPLOYMENT, path);
            }
        }
    }

    /// What it is to be made of: a deployable that is kept, or its XML, as text or as such.
    private String xml(Tx tx, Ask ask, Body body) {
        var given = body.raw("deployable_xml").filter(text -> !text.isBlank());
        if (given.isPresent()) {
            return given.get();
        }
        var inside = body.child(DEPLOYABLE).flatMap(DeployablesApi::xml);
        if (inside.isPresent()) {
            return inside.get();
        }
        var id = body.id(DEPLOYABLE).orElseThrow(() -> Failure.invalid(DEPLOYABLE, "Deployable can't be blank"));
        return desk.configuration()
                .deployables()
                .find(tx, id)
                .filter(one -> isUsable(tx, ask, one))
                .map(one -> one.value().xml())
                .orElseThrow(() -> Failure.invalid(DEPLOYABLE, "Deployable names none that is there"));
    }

    private boolean isUsable(Tx tx, Ask ask, Entry<Stored.Deployable> one) {
        var pool = one.parent().orElseThrow();
        var path = new ArrayList<>(List.of(one.id(), pool));
        var found = desk.configuration().pools().find(tx, pool);
        found.flatMap(Entry::parent).ifPresent(path::add);
        return found.filter(known -> known.value().standard()).isPresent()
                || ask.held(tx).may(Action.USE, Target.DEPLOYABLE, path);
    }

    private static Launch launch(Deployable.Assembly assembly) {
        return new Launch(
                Optional.of(assembly.name()),
                Optional.empty(),
                assembly.image(),
                Optional.of(assembly.profile()),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                false,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                assembly.build());
    }
}
