package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;

import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.authority.Site;
import holdfast.broker.Broker;
import holdfast.broker.Supply;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.Orchestrator;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.pools.Access;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// What those who run this installation want to know and do.
final class Operations {
    private static final int LARGEST_FORM = 1 << 20;
    private static final Duration HEALTH_KEPT = Duration.ofSeconds(1);
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(3);

    private final About about;
    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Orchestrator orchestrator;
    private final Broker broker;
    private final Authorities authorities;
    private final Finder finder;
    private final Representation representation;
    private final Instant started;
    private final ReentrantLock asking = new ReentrantLock();
    private Future<Boolean> question = CompletableFuture.completedFuture(true);
    private volatile Health health = new Health(Instant.MIN, true);

    private record Health(Instant at, boolean database) {}

    Operations(
            About about,
            Platform platform,
            Database database,
            Engine engine,
            Orchestrator orchestrator,
            Broker broker,
            Authorities authorities,
            Finder finder,
            Representation representation) {
        this.about = about;
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.orchestrator = orchestrator;
        this.broker = broker;
        this.authorities = authorities;
        this.finder = finder;
        this.representation = representation;
        this.started = platform.now();
    }

    /// `GET /v1/health`. Anybody may ask, so the database is asked at most once a second.
    HttpReply health(Ask ask) {
        boolean well = databaseAnswers();
        var body = Json.object().put("state", well ? "ok" : "degraded").put("database", well ? "ok" : "away");
        return HttpReply.json(well ? 200 : 503, body);
    }

    private boolean databaseAnswers() {
        asking.lock();
        try {
            if (health.at.plus(HEALTH_KEPT).isBefore(platform.now())) {
                health = new Health(platform.now(), answers());
            }
            return health.database;
        } finally {
            asking.unlock();
        }
    }

    /// A database that hangs is away too; while it does, no second question is put to it.
    private boolean answers() {
        if (question.isDone()) {
            var asked = new FutureTask<>(
                    () -> database.inTransaction(tx -> tx.sql().selectOne().fetchOne() != null));
            Thread.ofVirtual().name("health").start(asked);
            question = asked;
        }
        try {
            return question.get(HEALTH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseUnavailableException) return false;
            throw new IllegalStateException("the database cannot be asked", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// `GET /v1/status`
    HttpReply status(Ask ask) {
        var visible =
                Access.seenBy(ask.caller()).and(RESOURCE.TYPE.notIn(ask.kinds().hidden(ask.caller())));
        var body = Json.object().put("type", "status").put("version", about.version());
        body.put("database", about.database()).put("started", started.toString());
        body.put("uptimeSeconds", Duration.between(started, platform.now()).toSeconds());
        body.put("user", ask.caller().user())
                .put("project", ask.caller().project())
                .put("admin", ask.caller().admin());
        var actors = body.putArray("actors");
        actor(actors.addObject(), "orchestrator", orchestrator.name());
        actor(actors.addObject(), "broker", broker.name());
        authorities.all().stream()
                .map(Authority::name)
                .sorted()
                .forEach(name -> actor(actors.addObject(), "authority", name));
        database.inTransaction(tx -> Pages.within(tx, () -> {
            body.set("census", Json.toTree(engine.resources().census(tx, visible)));
            var sites = body.putArray("sites");
            for (var site : engine.resources().ofType(tx, Advertising.SITE, 1_000)) {
                sites.addObject()
                        .put("name", site.name())
                        .put("state", site.state())
                        .put("authority", site.actor())
                        .put("driver", site.as(Site.class).driver());
            }
            return true;
        }));
        return HttpReply.json(200, body);
    }

    private static void actor(ObjectNode node, String role, String name) {
        node.put("name", name).put("role", role);
    }

    /// `POST /v1/delegations`: claims one.
    HttpReply claim(Ask ask) {
        mayOperate(ask, "claim delegations");
        return claim(ask, ask.body(LARGEST_FORM));
    }

    private HttpReply claim(Ask ask, byte[] bytes) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(Intake.json(bytes), "", faults);
        var authority = form.requiredText("authority", 200);
        var name = form.requiredText("name", 200);
        form.end();
        var known = authorities.all().stream().map(Authority::name).toList();
        if (!authority.isEmpty() && !known.contains(authority)) {
            form.fault("authority", "there is no authority " + authority + Nearest.hint(authority, known));
        }
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return HttpReply.json(202, database.inTransaction(tx -> {
            broker.supply().claim(tx, authority, name, ask.caller().user());
            var which = Resources.typed(Supply.DELEGATION)
                    .and(Resources.keptBy(broker.name()))
                    .and(Resources.named(authority + "/" + name));
            return representation.one(
                    tx, ask, engine.resources().list(tx, which, 1).getFirst());
        }));
    }

    /// `POST /v1/delegations/{id}?action=reclaim`
    HttpReply act(Ask ask) {
        mayOperate(ask, "give delegations back");
        var action = ask.one("action").orElse("");
        if (!action.equals("reclaim")) {
            throw Problem.invalid(
                    "InvalidAction",
                    "action",
                    "action is '" + Form.shorten(action) + "'; a delegation has the action reclaim");
        }
        return HttpReply.json(200, database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Supply.DELEGATION, ask.id());
            if (!found.actor().equals(broker.name())) {
                throw Problem.notAvailable("delegation " + ask.id() + " is the record of " + found.actor()
                        + "; give back the one that belongs to " + broker.name());
            }
            if (!found.state().equals("delegated")) {
                throw Problem.notAvailable("reclaim", "delegation " + ask.id(), found.state(), List.of());
            }
            Resource given =
                    broker.supply().reclaim(tx, found.id(), ask.caller().user()).orThrow();
            return representation.one(tx, ask, given);
        }));
    }

    private static void mayOperate(Ask ask, String what) {
        Access.mayOperate(ask.caller(), what).ifPresent(why -> {
            throw Problem.of(why);
        });
    }
}
