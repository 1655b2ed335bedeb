package holdfast.api.config;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.AttemptView;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.Fleet;
import holdfast.orchestrator.instances.InstanceDetail;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Launch;
import holdfast.orchestrator.instances.TaskView;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Account;
import holdfast.pools.clouds.choice.Explanation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// `/broker/instances`: of all pools, what the caller's permissions reach, and what is done with it. At which account
/// an instance is, those see who may see that account (aeolus.md 5.1; 10, row 17).
final class InstancesApi implements Part {
    /// How long an answer waits for what it has begun (aeolus.md 4.4).
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String PLURAL = "instances";
    private static final String SINGULAR = "instance";
    private static final String POOL = "pool";
    private static final String DEPLOYMENT = "deployment";
    private static final String ACCOUNT = "provider_account";
    private static final String STATE = "state";
    private static final String NAME = "name";
    private static final List<InstanceState> TIMED =
            List.of(InstanceState.PENDING, InstanceState.RUNNING, InstanceState.SHUTTING_DOWN, InstanceState.STOPPED);

    private final Desk desk;
    private final Fleet fleet;

    InstancesApi(Desk desk, Fleet fleet) {
        this.desk = desk;
        this.fleet = fleet;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        if (rest.isEmpty()) {
            return switch (ask.method()) {
                case Ask.GET -> list(ask);
                case Ask.POST -> launch(ask);
                default -> throw ask.wrongMethod("GET, POST");
            };
        }
        var id = Ids.of(rest.getFirst()).orElseThrow(() -> nothing(rest.getFirst()));
        return switch (rest.size()) {
            case 1 -> one(ask, id);
            case 2 -> below(ask, id, rest.get(1));
            default -> throw nothing(rest.getFirst());
        };
    }

    private static Failure nothing(String id) {
        return Failure.nothing("instance", id);
    }

    private Reply one(Ask ask, UUID id) {
        return switch (ask.method()) {
            case Ask.GET ->
                shown(ask, fleet.find(ask.caller(), id).orElseThrow(() -> nothing(id.toString())))
                        .ok();
            case Ask.DELETE -> act(ask, id, Action.DESTROY);
            default -> throw ask.wrongMethod("GET, DELETE");
        };
    }

    private Reply below(Ask ask, UUID id, String what) {
        return switch (what) {
            case "start" -> asked(ask, id, Action.START);
            case "stop" -> asked(ask, id, Action.STOP);
            case "reboot" -> asked(ask, id, Action.REBOOT);
            case "events" -> part(ask, "events", fleet.events(ask.caller(), id), event -> EventsApi.show(ask, event));
            case "tasks" -> part(ask, "tasks", fleet.tasks(ask.caller(), id), task -> task(ask, task));
            case "matches" -> matches(ask, id);
            case "key" -> key(ask, id);
            default -> throw Failure.notFound("an instance has no " + what);
        };
    }

    private Reply asked(Ask ask, UUID id, Action action) {
        ask.must(Ask.POST);
        return act(ask, id, action);
    }

    private Reply act(Ask ask, UUID id, Action action) {
        return fleet.act(ask.caller(), id, action, PATIENCE)
                .orThrow()
                .map(now -> shown(ask, now).accepted())
                .orElseGet(Reply::nothing);
    }

    /// For those who may use the instance, the private half as well.
    private Reply key(Ask ask, UUID id) {
        ask.must(Ask.GET);
        ask.only(Set.of());
        var opener = fleet.key(ask.caller(), id).orThrow();
        return Reply.ok(Element.of("key").with(NAME, opener.name()).with("pem", opener.pem()));
    }

    private <T> Reply part(Ask ask, String plural, Answer<List<T>> all, Function<T, Element> show) {
        ask.must(Ask.GET);
        ask.only(Set.of());
        var some = all.orThrow();
        return Reply.ok(Element.many(plural, ask.page(some).stream().map(show).toList()))
                .total(some.size());
    }

    // --------------------------------------------------------------------------------------------------------------
    // shown

    private Reply list(Ask ask) {
        ask.only(Set.of(STATE, POOL, DEPLOYMENT, ACCOUNT, NAME));
        var account = id(ask, ACCOUNT);
        account.ifPresent(id -> desk.in(tx -> {
            if (!accounts(tx, ask, List.of(id)).containsKey(id)) {
                throw Failure.forbidden("You have insufficient privileges to view what is at that account");
            }
            return true;
        }));
        var state = ask.parameter(STATE)
                .map(word ->
                        InstanceState.named(word).orElseThrow(() -> Failure.malformed("there is no state " + word)));
        var which = new Fleet.Which(state, id(ask, POOL), id(ask, DEPLOYMENT), account, ask.parameter(NAME));
        var page = fleet.list(ask.caller(), which, ask.offset(), ask.limit());
        return Reply.ok(Element.many(PLURAL, show(ask, page.instances()))).total(page.total());
    }

    private static Optional<UUID> id(Ask ask, String parameter) {
        return ask.parameter(parameter)
                .map(text -> Ids.of(text).orElseThrow(() -> Failure.malformed(parameter + " must be an id")));
    }

    /// One of them, with its version.
    private record Shown(Element element, long version) {
        Reply ok() {
            return Reply.ok(element).tagged(version);
        }

        Reply accepted() {
            return new Reply(202, Optional.of(element), Map.of()).tagged(version);
        }
    }

    private Shown shown(Ask ask, InstanceDetail instance) {
        return new Shown(
                show(ask, List.of(instance)).getFirst(), instance.view().version());
    }

    private List<Element> show(Ask ask, List<InstanceDetail> some) {
        var accounts = desk.in(tx -> accounts(
                tx,
                ask,
                some.stream().flatMap(one -> one.account().stream()).distinct().toList()));
        return some.stream()
                .map(one -> show(ask, one, one.account().map(accounts::get)))
                .toList();
    }

    /// Those of them that the caller may see.
    private Map<UUID, Entry<Account>> accounts(Tx tx, Ask ask, List<UUID> ids) {
        return desk.configuration().accounts().all(tx, ids).stream()
                .filter(one -> ask.held(tx).may(Right.Action.VIEW, Target.PROVIDER_ACCOUNT, Collection.path(one)))
                .collect(Collectors.toMap(Entry::id, one -> one));
    }

    private static Element show(Ask ask, InstanceDetail one, Optional<Entry<Account>> account) {
        var view = one.view();
        var element = ask.ref(SINGULAR, PLURAL, view.id())
                .with(NAME, view.name())
                .with("description", view.description())
                .with(STATE, view.state().word())
                .with("owner", view.owner())
                .with("external_key", one.externalKey().filter(_ -> account.isPresent()))
                .with(ask.ref("image", "images", view.image()))
                .with(ask.ref(
                                "hardware_profile",
                                "hardware_profiles",
                                view.profile().id())
                        .saying(view.profile().name()))
                .with(ask.ref(POOL, "pools", one.pool()));
        one.deployment().ifPresent(id -> element.with(ask.ref(DEPLOYMENT, "deployments", id)));
        account.ifPresent(at ->
                element.with(ask.ref(ACCOUNT, "provider_accounts", at.id()).saying(at.name())));
        element.with("frontend_realm", view.realm())
                .with("public_addresses", String.join(",", view.publicAddresses()))
                .with("private_addresses", String.join(",", view.privateAddresses()));
        sizes(element, view);
        times(element, one);
        return element.with("last_error", view.trouble())
                .with("user_data", one.userData())
                .with(Element.of("ssh_key")
                        .attribute("href", ask.href(PLURAL, view.id().toString(), "key")))
                .with("ssh_key_name", view.key())
                .with("created_at", view.created().toString())
                .with("updated_at", view.updated().toString())
                .with("lock_version", view.version() - 1);
    }

    /// What was chosen for it.
    private static void sizes(Element element, InstanceView view) {
        if (!view.sizes().isEmpty()) {
            element.with(Explained.sizes(view.sizes()));
        }
    }

    private static void times(Element element, InstanceDetail one) {
        for (var state : TIMED) {
            element.with(
                            "time_last_" + state.word(),
                            Optional.ofNullable(one.times().entered().get(state))
                                    .map(Object::toString))
                    .with(
                            "acc_" + state.word() + "_time",
                            Optional.ofNullable(one.times().spent().get(state)).map(Object::toString));
        }
    }

    private static Element task(Ask ask, TaskView task) {
        return Element.of("task")
                .attribute("id", task.id().toString())
                .with("action", task.action().word())
                .with(STATE, task.state().word())
                .with("user", task.user())
                .with(ask.ref(SINGULAR, PLURAL, task.instance()))
                .with("created_at", task.created().toString())
                .with("time_started", task.started().map(Object::toString))
                .with("time_ended", task.ended().map(Object::toString))
                .with("message", task.message());
    }

    /// Where it was tried, as far as the caller may see those accounts.
    private Reply matches(Ask ask, UUID id) {
        var all = fleet.attempts(ask.caller(), id);
        var accounts = desk.in(tx -> accounts(
                tx,
                ask,
                all.orThrow().stream()
                        .map(one -> one.match().account())
                        .distinct()
                        .toList()));
        var seen = all.map(some -> some.stream()
                .filter(one -> accounts.containsKey(one.match().account()))
                .toList());
        return part(
                ask,
                "matches",
                seen,
                one -> match(ask, one, requireNonNull(accounts.get(one.match().account()))));
    }

    private static Element match(Ask ask, AttemptView attempt, Entry<Account> account) {
        var match = attempt.match();
        var profile = ProfilesApi.id(account.parent().orElseThrow(), match.profile());
        return Element.of("match")
                .with("round", attempt.round())
                .with(ask.ref(ACCOUNT, "provider_accounts", account.id()).saying(account.name()))
                .with(ask.ref("hardware_profile", "hardware_profiles", profile))
                .with("provider_image", match.image())
                .with("provider_realm", match.realm())
                .with("created_at", attempt.at().toString())
                .with("error", attempt.error());
    }

    // --------------------------------------------------------------------------------------------------------------
    // launched

    private Reply launch(Ask ask) {
        var body = ask.body(SINGULAR);
        var launch = read(body, ask.header(Deployments.TOKEN));
        var pool = body.ref(POOL);
        var made = fleet.launch(ask.caller(), pool, launch);
        if (made instanceof Answer.No<InstanceDetail>(var why)) {
            throw refused(ask, pool, launch, why);
        }
        var id = made.orThrow().view().id();
        var now = fleet.settled(ask.caller(), id, PATIENCE).orElseGet(made::orThrow);
        var shown = shown(ask, now);
        return Reply.created(shown.element(), ask.href(PLURAL, id.toString())).tagged(shown.version());
    }

    /// What is impossible is told with its codes (aeolus.md 6.5), what is wrong with the words of the request with
    /// the field.
    private Failure refused(Ask ask, Optional<String> pool, Launch launch, Refusal why) {
        return fleet.explain(ask.caller(), pool, launch) instanceof Answer.Yes<Explanation>(var explanation)
                        && explanation.refusal().isPresent()
                ? Explained.failure(explanation)
                : Explained.failure(why);
    }

    /// A launch as its body says it.
    static Launch read(Body body, Optional<String> token) {
        return new Launch(
                body.text(NAME).filter(name -> !name.isBlank()),
                body.text("description").filter(text -> !text.isBlank()),
                body.ref("image").orElseThrow(() -> Failure.invalid("image", "Image can't be blank")),
                body.ref("hardware_profile"),
                body.child("instance_hwp").map(Body::texts).orElse(Map.of()),
                body.ref("frontend_realm"),
                body.text("ssh_key_name").filter(key -> !key.isBlank()),
                body.text("user_data").filter(text -> !text.isEmpty()),
                body.child("properties").map(Body::texts).orElse(Map.of()),
                body.flag("stopped").orElse(false),
                Set.of(),
                body.text("driver").filter(word -> !word.isBlank()),
                token,
                Map.of(),
                body.child("image").flatMap(image -> image.text("build")).filter(word -> !word.isBlank()));
    }
}
