package holdfast.orchestrator;

import static holdfast.db.Tables.SLICE_GRAPH;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.orchestrator.SliceState.Operation;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Takes slices from users and sees them through: one ticket for each sliver, then, when all have theirs and the term
/// has begun, one lease for each; one refusal releases all (the ticket review of fabric.md 6.2).
public final class Orchestrator implements Actor {
    public static final String SLICE = "slice";
    public static final String SLIVER = "sliver";
    /// The process of an intent that looks at what became of its slices.
    public static final String FOLLOW = "intent.follow";
    /// The process of an intent that hears when to begin: a [Message.BeginAt].
    public static final String BEGIN = "intent.begin";
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum} ._-]{2,99}");
    private static final int MOST_SLIVERS = 1_000;

    private final String name;
    private final String broker;
    private final Optional<String> federation;
    private final Settings settings;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Post post;

    /// @param answerLimit how long broker and authorities together may take to answer before what is still open is
    ///     given up
    /// @param acquireLimit the same where room in other domains may be bought
    /// @param longestTerm a longer one is refused
    /// @param skew how far in the past a term may start, because clocks differ
    public record Settings(Duration answerLimit, Duration acquireLimit, Duration longestTerm, Duration skew) {
        public static Settings standard() {
            return new Settings(
                    Duration.ofMinutes(20), Duration.ofMinutes(60), Duration.ofDays(14), Duration.ofSeconds(5));
        }
    }

    /// One whose slices stay in this domain.
    public Orchestrator(
            String name, String broker, Settings settings, Platform platform, Database database, Engine engine) {
        this(name, broker, Optional.empty(), settings, platform, database, engine);
    }

    /// @param name its address
    /// @param broker the address of the broker that it asks
    /// @param federation the address of who finds room in other domains, if somebody does
    public Orchestrator(
            String name,
            String broker,
            Optional<String> federation,
            Settings settings,
            Platform platform,
            Database database,
            Engine engine) {
        this.name = name;
        this.broker = broker;
        this.federation = federation;
        this.settings = settings;
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        engine.definitions().add(ProcessDefinition.timer("slice.redeem", context -> later(context, this::redeemDue)));
        engine.definitions().add(ProcessDefinition.timer("slice.deadline", context -> later(context, this::giveUp)));
        engine.definitions().add(ProcessDefinition.timer("slice.expire", context -> later(context, this::expire)));
    }

    @Override
    public String name() {
        return name;
    }

    /// A slice just made.
    ///
    /// @param slivers in the order of the request
    public record Created(Resource slice, List<Resource> slivers) {}

    /// Accepts a slice: when this returns, it and its slivers are stored and the broker will be asked.
    public Answer<Created> create(Caller caller, SliceRequest request) {
        var refusal = check(request);
        if (refusal.isPresent()) {
            return Answer.no(refusal.get());
        }
        return database.inTransaction(tx -> create(tx, caller, request, Optional.empty()));
    }

    /// Accepts a slice that is part of an intent; whoever gets a no must roll `tx` back.
    public Answer<Created> createPart(Tx tx, Caller caller, SliceRequest request, Slice.Purpose purpose) {
        return check(request)
                .map(Answer::<Created>no)
                .orElseGet(() -> create(tx, caller, request, Optional.of(purpose)));
    }

    /// Whether room in other domains can be asked for.
    public boolean federated() {
        return federation.isPresent();
    }

    private Answer<Created> create(Tx tx, Caller caller, SliceRequest request, Optional<Slice.Purpose> purpose) {
        var now = platform.now();
        var id = new SliceId(platform.newId());
        var info = new SliceInfo(id, request.name(), caller.project(), caller.user(), request.sshKeys());
        var slice = resources.fresh(
                id.value(),
                SLICE,
                name,
                Optional.empty(),
                request.name(),
                SliceState.CONFIGURING.word(),
                caller.project(),
                new Slice(
                        info,
                        request.term(),
                        broker,
                        federation.flatMap(
                                address -> request.elsewhere().map(wish -> new Slice.Elsewhere(address, wish))),
                        purpose));
        if (!resources.insert(tx, slice, caller.user(), "create")) {
            return Answer.no(Refusal.clash("project " + caller.project() + " already has a slice called "
                    + request.name() + "; delete it first or choose another name"));
        }
        request.graph()
                .ifPresent(graph -> tx.sql()
                        .insertInto(SLICE_GRAPH, SLICE_GRAPH.SLICE, SLICE_GRAPH.GRAPH)
                        .values(id.value(), graph)
                        .execute());
        var slivers = new ArrayList<Resource>();
        for (var demand : request.demands()) {
            slivers.add(ask(tx, slice.as(Slice.class), demand, caller.user()));
        }
        at(
                tx,
                now.plus(request.elsewhere().isPresent() ? settings.acquireLimit() : settings.answerLimit()),
                "slice.deadline",
                id);
        at(tx, request.term().until(), "slice.expire", id);
        if (request.term().from().isAfter(now)) {
            at(tx, request.term().from(), "slice.redeem", id);
            at(tx, request.term().from().plus(settings.answerLimit()), "slice.deadline", id);
        }
        return Answer.yes(new Created(slice, slivers));
    }

    private void at(Tx tx, Instant time, String process, SliceId slice) {
        processes.schedule(tx, Request.at(time, process, slice.value(), name)).orThrow();
    }

    private Resource ask(Tx tx, Slice slice, Demand demand, String who) {
        var id = new SliverId(platform.newId());
        var first = Transition.first(id, slice, new Sliver.Wanted(demand, slice.term()));
        var sliver = first.sliver();
        var resource = resources.fresh(
                id.value(),
                SLIVER,
                name,
                Optional.of(slice.info().id().value()),
                demand.name(),
                sliver.state(),
                slice.info().project(),
                sliver);
        resources.insert(tx, resource, who, "create");
        send(tx, slice, first);
        return resource;
    }

    /// The graph of a slice as its user wrote it, if it was written as one.
    public Optional<String> graph(Tx tx, UUID slice) {
        return tx.sql()
                .select(SLICE_GRAPH.GRAPH)
                .from(SLICE_GRAPH)
                .where(SLICE_GRAPH.SLICE.eq(slice))
                .fetchOptional(SLICE_GRAPH.GRAPH);
    }

    /// What is wrong with a request whatever else there is.
    public Optional<Refusal> check(SliceRequest request) {
        var now = platform.now();
        var term = request.term();
        if (request.elsewhere().isPresent() && federation.isEmpty()) {
            return Optional.of(Refusal.malformed(
                    "elsewhere",
                    "this domain deals with no others, so nothing can be bought elsewhere; leave elsewhere out"));
        }
        if (!NAME.matcher(request.name()).matches()) {
            return Optional.of(Refusal.malformed(
                    "name",
                    "the slice's name must be 3 to 100 letters, digits, blanks, dots, dashes or"
                            + " underscores and start with a letter or digit; it is: " + request.name()));
        }
        if (request.demands().isEmpty() || request.demands().size() > MOST_SLIVERS) {
            return Optional.of(Refusal.malformed(
                    "graph",
                    "a slice has 1 to " + MOST_SLIVERS + " slivers; this one has "
                            + request.demands().size()));
        }
        var names = new HashSet<String>();
        for (var demand : request.demands()) {
            if (!names.add(demand.name())) {
                return Optional.of(
                        Refusal.malformed("nodes." + demand.name(), "two nodes are called " + demand.name()));
            }
        }
        if (!term.until().isAfter(now)) {
            return Optional.of(Refusal.malformed(
                    "end", "the slice would end at " + term.until() + ", which is past; it is now " + now));
        }
        if (term.from().isBefore(now.minus(settings.skew()))) {
            return Optional.of(Refusal.malformed(
                    "start",
                    "the slice would start at " + term.from() + ", which is past; it is now " + now
                            + "; leave the start out to start at once"));
        }
        if (term.length().compareTo(settings.longestTerm()) > 0) {
            return Optional.of(Refusal.malformed(
                    "end",
                    "the slice would last " + term.length().toHours() + " hours; the longest is "
                            + settings.longestTerm().toHours() + " hours"));
        }
        return Optional.empty();
    }

    /// Takes a slice down.
    ///
    /// @return the slice as it is now; it is gone when its state is `Dead`
    public Answer<Resource> delete(Caller caller, UUID id) {
        return database.inTransaction(tx -> {
            var found =
                    resources.lock(tx, id).filter(resource -> resource.type().equals(SLICE));
            if (found.isEmpty()) {
                return Answer.<Resource>no(Refusal.notThere("there is no slice " + id));
            }
            var slice = found.get();
            var refusal = Access.mayDelete(
                    caller, slice.project(), slice.as(Slice.class).info().owner(), "slice " + id);
            if (refusal.isPresent()) {
                return Answer.<Resource>no(refusal.get());
            }
            return close(tx, slice, caller.user());
        });
    }

    /// Takes the slice of a part down, if it is not gone or going.
    public void release(Tx tx, UUID id, String who) {
        resources.lock(tx, id).filter(slice -> slice.removed().isEmpty()).ifPresent(slice -> close(tx, slice, who));
    }

    private Answer<Resource> close(Tx tx, Resource slice, String who) {
        return SliceState.of(slice.state()).after(Operation.DELETE).map(state -> {
            var closing = move(tx, slice, state, slice.message(), who, "delete");
            return closeThose(tx, closing, _ -> true, Optional.empty(), who);
        });
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToOrchestrator own)) {
            throw new IllegalArgumentException(
                    "an orchestrator does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.UpdateTicket(var sliver, var attempt, var ticket, var refusal) ->
                hear(
                        tx,
                        sliver,
                        sender,
                        ticket.<News>map(News.TicketArrived::new)
                                .orElseGet(() -> new News.TicketRefused(attempt, refusal.orElseThrow())));
            case Message.Acquired(var sliver, var attempt, var site, var refusal) ->
                hear(
                        tx,
                        sliver,
                        sender,
                        site.<News>map(found -> new News.SiteAcquired(attempt, found))
                                .orElseGet(() -> new News.NothingAcquired(attempt, refusal.orElseThrow())));
            case Message.UpdateLease(var sliver, var sequence, var state, var lease, var refusal) ->
                hear(
                        tx,
                        sliver,
                        sender,
                        switch (state) {
                            case ACTIVE -> new News.LeaseArrived(lease.orElseThrow(), sequence);
                            case FAILED, LOST -> new News.LeaseFailed(refusal.orElseThrow());
                            case CLOSED, CLOSE_FAILED -> new News.LeaseClosed(refusal);
                            case PREPARED -> throw new IllegalArgumentException("nothing is held for a sliver");
                        });
            case Message.BeginAt answer -> begin(tx, answer);
            case Message.QueryResult _ -> {}
        }
    }

    /// Asks whoever deals with other domains when an intent should begin; it hears of it by the process [#BEGIN].
    public void askWhen(Tx tx, Message.Acquire question) {
        post.send(tx, name, federation.orElseThrow(), question);
    }

    /// It need not be answered any more.
    public void askNoMore(Tx tx, SliverId what) {
        post.send(tx, name, federation.orElseThrow(), new Message.GiveUp(what));
    }

    private void begin(Tx tx, Message.BeginAt answer) {
        askNoMore(tx, answer.what());
        processes
                .schedule(tx, Request.now(BEGIN, answer.what().value(), name).with(Json.toTree(answer)))
                .orThrow();
    }

    private void hear(Tx tx, SliverId id, String sender, News news) {
        var parent = resources.find(tx, id.value()).flatMap(Resource::parent);
        if (parent.isEmpty()) {
            return;
        }
        var slice = resources.lock(tx, parent.get()).orElseThrow();
        tell(tx, slice, resources.lock(tx, id.value()).orElseThrow(), news, sender);
        follow(tx, slice, sender);
    }

    private Sliver tell(Tx tx, Resource slice, Resource resource, News news, String who) {
        var before = Sliver.of(resource);
        var info = slice.as(Slice.class);
        var transition = Transition.after(new SliverId(resource.id()), info, before, news);
        var after = transition.sliver();
        if (after != before) {
            var why = after.refusal().map(Refusal::message);
            var changed = resource.withData(after).withState(after.state(), why);
            resources.update(
                    tx,
                    resource.state(),
                    after.over() ? changed.removedAt(platform.now()) : changed,
                    who,
                    why.orElse(word(news)));
        }
        send(tx, info, transition);
        return after;
    }

    private void send(Tx tx, Slice info, Transition transition) {
        for (var tell : transition.told()) {
            switch (tell) {
                case Transition.Tell.Broker(var message) -> post.send(tx, name, info.broker(), message);
                case Transition.Tell.Authority(var authority, var message) -> post.send(tx, name, authority, message);
                case Transition.Tell.Federation(var message) ->
                    info.elsewhere().ifPresent(there -> post.send(tx, name, there.federation(), message));
            }
        }
    }

    private static String word(News news) {
        return news.getClass().getSimpleName();
    }

    /// Ticket review, then the slice's own state.
    private Resource follow(Tx tx, Resource slice, String who) {
        var parts = resources.partsOf(tx, List.of(slice.id()), SLIVER);
        var slivers = parts.stream().map(Sliver::of).toList();
        var failed = slivers.stream().filter(Sliver.Failed.class::isInstance).findFirst();
        boolean unsettled = SliceState.of(slice.state()) == SliceState.CONFIGURING;
        if (failed.isPresent() && unsettled) {
            var first = parts.get(slivers.indexOf(failed.get()));
            var why = Refusal.clash("closed because " + first.name() + " failed: "
                    + failed.get().refusal().orElseThrow().message());
            return closeThose(tx, slice, Orchestrator::notBuilding, Optional.of(why), name);
        }
        boolean begun = !slice.as(Slice.class).term().from().isAfter(platform.now());
        if (begun && slivers.stream().noneMatch(Sliver::unanswered)) {
            slivers = parts.stream()
                    .map(part -> part.state().equals("ticketed")
                            ? tell(tx, slice, part, new News.RedeemDue(), name)
                            : Sliver.of(part))
                    .toList();
        }
        return reevaluate(tx, slice, slivers, who);
    }

    private static boolean notBuilding(Sliver sliver) {
        return sliver.unanswered() || sliver instanceof Sliver.Ticketed;
    }

    /// Asks every sliver that `which` selects to close, then looks at the slice.
    private Resource closeThose(Tx tx, Resource slice, Predicate<Sliver> which, Optional<Refusal> why, String who) {
        var slivers = resources.partsOf(tx, List.of(slice.id()), SLIVER).stream()
                .map(part -> {
                    var sliver = Sliver.of(part);
                    return sliver.over() || !which.test(sliver)
                            ? sliver
                            : tell(tx, slice, part, new News.CloseAsked(why), who);
                })
                .toList();
        return reevaluate(tx, slice, slivers, who);
    }

    private Resource reevaluate(Tx tx, Resource slice, List<Sliver> slivers, String who) {
        slice.as(Slice.class)
                .purpose()
                .ifPresent(part -> processes
                        .schedule(tx, Request.now(FOLLOW, part.intent(), name))
                        .orThrow());
        var current = slice;
        while (true) {
            var state = SliceState.of(current.state());
            var next = state.reevaluate(slivers);
            if (next == state) {
                return current;
            }
            var message = slivers.stream()
                    .filter(Sliver.Failed.class::isInstance)
                    .flatMap(sliver -> sliver.refusal().stream())
                    .findFirst()
                    .or(() -> slivers.stream()
                            .flatMap(sliver -> sliver.refusal().stream())
                            .findFirst())
                    .map(Refusal::message);
            current = move(tx, current, next, message.isPresent() ? message : current.message(), who, "slivers");
        }
    }

    private Resource move(Tx tx, Resource slice, SliceState state, Optional<String> message, String who, String why) {
        var changed = slice.withState(state.word(), message);
        if (state == SliceState.DEAD) {
            processes.cancelTimers(tx, slice.id());
            changed = changed.removedAt(platform.now());
        }
        return resources.update(tx, slice.state(), changed, who, message.orElse(why));
    }

    private interface Due {
        void act(Tx tx, Resource slice);
    }

    private Outcome later(Step.Context context, Due due) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(slice -> slice.removed().isEmpty())
                .ifPresent(slice -> due.act(tx, slice)));
    }

    private void redeemDue(Tx tx, Resource slice) {
        follow(tx, slice, "timer");
    }

    private void giveUp(Tx tx, Resource slice) {
        var why = Refusal.silent("no answer within " + settings.answerLimit().toMinutes() + " minutes");
        closeThose(
                tx,
                slice,
                sliver -> sliver.unanswered() || sliver instanceof Sliver.Redeeming,
                Optional.of(why),
                "timer");
    }

    private void expire(Tx tx, Resource slice) {
        closeThose(tx, slice, _ -> true, Optional.empty(), "timer");
    }
}
