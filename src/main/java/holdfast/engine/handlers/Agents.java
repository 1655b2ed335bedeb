package holdfast.engine.handlers;

import static holdfast.db.Tables.PROCESS;

import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Delegation;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.engine.handlers.CallStep.HandlerFailedException;
import holdfast.engine.handlers.Waiting.Course;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Programs near the infrastructure that are told by events what to do (cattle.md 4.5). An agent becomes active when it
/// answers a ping, is pinged from then on, and what it reports is kept as resources. One that misses its pings has to
/// reconnect; one that stays away is disconnected until it answers again. All of that is done by processes.
public final class Agents {
    /// The type of agents.
    public static final String TYPE = "agent";

    private static final Pattern ACCOUNT = Pattern.compile("agent-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Set<String> GONE =
            Set.of("deactivating", "inactive", "removing", "removed", "purging", "purged");
    private static final String PING = "agent.ping";
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration EVERY_AWAY = Duration.ofMinutes(1);
    private static final int KEPT = 3;
    private static final int MOST_THINGS = 1_000;
    private static final int MOST_KEYS = 100;
    private static final Duration PING_LIMIT = Duration.ofSeconds(15);
    private static final int FIRST_TRIES = 30;
    private static final Duration FIRST_LIMIT = Duration.ofSeconds(2);
    private static final int MISSED = 6;
    private static final Duration AWAY = Duration.ofSeconds(180);

    private final Platform platform;
    private final Engine engine;
    private final View view;
    private final Calls calls;
    private final AgentCall call;
    private final AgentWork work;
    private final Reported reported;

    /// @param view shows the ids by which agents are addressed
    public Agents(Platform platform, Database database, Engine engine, View view, Calls calls) {
        this.platform = platform;
        this.engine = engine;
        this.view = view;
        this.calls = calls;
        this.call = new AgentCall(database, calls, new Waiting(calls));
        this.work = new AgentWork(database, engine, view, this, call);
        this.reported = new Reported(engine, MOST_THINGS);
    }

    /// Lets the engine do it.
    public void define() {
        var definitions = engine.definitions();
        definitions.add(with(
                "agent.activate",
                List.of(patient("agent", context -> wake(context, FIRST_TRIES, FIRST_LIMIT))),
                this::begin,
                Optional.empty()));
        definitions.add(with(
                "agent.reconnect",
                List.of(patient("agent", context -> wake(context, Integer.MAX_VALUE, EVERY))),
                Ending.NONE,
                Optional.of(new Delegation("agent.finishreconnect", _ -> true))));
        definitions.add(with("agent.remove", List.of(), account("active", "inactive"), Optional.empty()));
        definitions.add(with("agent.restore", List.of(), account("inactive", "active"), Optional.empty()));
        definitions.add(ProcessDefinition.timer(PING, this::ping).endingWith((tx, agent, _) -> ended(tx, agent)));
        work.definitions().forEach(definitions::add);
    }

    /// The project of an agent's own account: its key sees that and nothing else.
    public static String account(UUID agent) {
        return "agent-" + agent;
    }

    /// Whether somebody came with the key of an agent.
    public static boolean isAgent(Caller caller) {
        return !caller.admin()
                && Stream.of(caller.user(), caller.project())
                        .anyMatch(name -> ACCOUNT.matcher(name).matches());
    }

    private ProcessDefinition with(String name, List<Step> more, Ending ending, Optional<Delegation> delegation) {
        var declared = engine.definitions().get(name);
        return new ProcessDefinition(
                name,
                declared.type(),
                declared.move(),
                resource -> Stream.concat(declared.steps().apply(resource).stream(), more.stream())
                        .toList(),
                ending,
                declared.finish(),
                delegation.or(declared::delegation),
                declared.priority());
    }

    static Step patient(String name, Step.Action action) {
        return Step.of(name, action).within(Handlers.GIVE_UP.plusHours(1)).retrying(Step.Retry.HANDLER);
    }

    /// An agent as one who is called.
    Handler called(Resource agent, int sends, Duration timeout) {
        return new Handler(
                agent.id(),
                view.id(agent.type(), agent.number()),
                account(agent.id()),
                0,
                sends,
                timeout,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /// What an event for an agent is called: `ping;agent=1a5`.
    String event(String name, Resource agent) {
        return name + ";agent=" + view.id(agent.type(), agent.number());
    }

    private Course ping(Step.Context context, int sends, Duration limit) {
        var agent = context.resource();
        return call.ask(context, "ping", called(agent, sends, limit), event("ping", agent));
    }

    private Outcome wake(Step.Context context, int sends, Duration limit)
            throws TimeoutException, HandlerFailedException {
        return switch (ping(context, sends, limit)) {
            case Course.Waits(var outcome) -> outcome;
            case Course.Silent(var _, var what) -> throw new TimeoutException(what);
            case Course.Answered(var one, var reply)
            when reply.kind() == Reply.Kind.ERROR -> {
                call.forget(one);
                throw new HandlerFailedException(reply.message().orElse("the agent refuses to be pinged"));
            }
            case Course.Answered(var one, var _) -> Outcome.done(tx -> calls.merged(tx, one, false));
        };
    }

    /// Pings begin with the first activity, unless there are some already.
    private void begin(Tx tx, Resource agent, Optional<?> refusal) {
        if (refusal.isEmpty() && !isPinged(tx, agent)) {
            next(tx, agent, Beat.first(platform.now()));
        }
    }

    private static Condition pings(Resource agent) {
        return PROCESS.RESOURCE.eq(agent.id()).and(PROCESS.NAME.eq(PING));
    }

    private static boolean isPinged(Tx tx, Resource agent) {
        return tx.sql().fetchExists(PROCESS, pings(agent).and(PROCESS.RESULT.isNull()));
    }

    /// However a ping ends, another follows: who is not pinged any more would never be missed. Of those that have
    /// ended the last few are kept.
    private void ended(Tx tx, Resource agent) {
        var ended = pings(agent).and(PROCESS.RESULT.isNotNull());
        if (!GONE.contains(agent.state()) && !isPinged(tx, agent)) {
            var now = platform.now();
            var last = tx.sql()
                    .select(PROCESS.ARGUMENTS)
                    .from(PROCESS)
                    .where(ended)
                    .orderBy(PROCESS.CREATED.desc(), PROCESS.NUMBER.desc())
                    .limit(1)
                    .fetchOptional(PROCESS.ARGUMENTS);
            next(
                    tx,
                    agent,
                    last.map(said -> Beat.of(Json.tree(said.data()), now)).orElse(Beat.first(now)));
        }
        tx.sql()
                .deleteFrom(PROCESS)
                .where(ended.and(PROCESS.ID.notIn(DSL.select(PROCESS.ID)
                        .from(PROCESS)
                        .where(ended)
                        .orderBy(PROCESS.CREATED.desc(), PROCESS.NUMBER.desc())
                        .limit(KEPT))))
                .execute();
    }

    /// The account and the key of an agent are switched off and on with it: the key opens nothing while the agent
    /// is gone.
    private Ending account(String from, String to) {
        return (tx, agent, refusal) -> {
            if (refusal.isEmpty()) {
                var account = account(agent.id());
                var both = Resources.withId(Copies.id("project", account))
                        .or(Resources.typed("credential").and(Resources.ownedBy(account)))
                        .and(Resources.inState(from))
                        .and(Resources.present());
                engine.resources()
                        .list(tx, both, MOST_KEYS)
                        .forEach(one -> engine.resources()
                                .update(tx, from, one.withState(to, Optional.empty()), TYPE, "with its agent"));
            }
        };
    }

    private void next(Tx tx, Resource agent, Beat last) {
        var pause = agent.state().equals("disconnected") ? EVERY_AWAY : EVERY;
        var beat = last.after(pause, platform.now());
        engine.processes()
                .schedule(tx, Request.at(beat.due(), PING, agent.id(), TYPE).with(beat.json()))
                .orThrow();
    }

    /// One ping, and the next one planned.
    private Outcome ping(Step.Context context) {
        var agent = context.resource();
        var beat = Beat.of(context.arguments(), platform.now());
        if (GONE.contains(agent.state())) {
            return Outcome.done();
        }
        return switch (agent.state()) {
            case "active", "disconnected" -> listen(context, agent, beat);
            case "reconnecting" -> {
                var since = beat.since().orElse(platform.now());
                boolean away = !platform.now().isBefore(since.plus(AWAY));
                yield Outcome.done(tx -> {
                    if (away) {
                        start(tx, "agent.disconnect", agent);
                    }
                    next(tx, agent, beat.away(since));
                });
            }
            default -> Outcome.done(tx -> next(tx, agent, beat));
        };
    }

    private Outcome listen(Step.Context context, Resource agent, Beat beat) {
        boolean gone = agent.state().equals("disconnected");
        return switch (ping(context, 1, PING_LIMIT)) {
            case Course.Waits(var outcome) -> outcome;
            case Course.Answered(var one, var reply)
            when reply.kind() != Reply.Kind.ERROR ->
                Outcome.done(tx -> {
                    calls.merged(tx, one, false);
                    if (beat.asksForResources()) {
                        reported.keep(tx, agent, reply.data().path("resources"));
                    }
                    if (gone) {
                        start(tx, "agent.reconnect", agent);
                    }
                    next(tx, agent, beat.heard());
                });
            case Course.Answered _, Course.Silent _ -> {
                var missed = beat.missedOne();
                boolean late = !gone && missed.missed() >= MISSED;
                yield Outcome.done(tx -> {
                    if (late) {
                        start(tx, "agent.reconnect", agent);
                    }
                    next(tx, agent, late ? missed.away(platform.now()) : missed);
                });
            }
        };
    }

    /// If its state still allows it: somebody else may have decided over it meanwhile.
    private void start(Tx tx, String process, Resource agent) {
        var _ = engine.processes().schedule(tx, Request.now(process, agent.id(), TYPE));
    }
}
