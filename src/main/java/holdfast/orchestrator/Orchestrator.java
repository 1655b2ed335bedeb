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
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
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
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Takes slices from users and sees them through: one ticket for each sliver, then, when all have theirs and the term
/// has begun, one lease for each; one refusal releases all (the ticket review of fabric.md 6.2).
public final class Orchestrator implements Actor {
    public static final String SLICE = "slice";
    public static final String SLIVER = "sliver";
    /// The process of an intent that looks at what became of its slices.
    public static final String FOLLOW = "intent.follow";
    /// The process of an intent that hears that one of its slices is not what was promised: a [Broken].
    public static final String REACT = "intent.react";
    /// The process of an intent that hears when to begin: a [Message.BeginAt].
    public static final String BEGIN = "intent.begin";
    /// The process of an intent that hears what came of a service: a [Message.Procured].
    public static final String SERVED = "intent.served";

    private final String name;
    private final String broker;
    private final Optional<String> federation;
    private final Settings settings;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Following following;

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
        this.following = new Following(name, settings.answerLimit(), platform, engine);
    }

    @Override
    public String name() {
        return name;
    }

    /// What is not as it was promised.
    ///
    /// @param slice of the intent
    public record Broken(UUID slice, String why) {}

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
        following.send(tx, slice, first);
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
        return SliceRules.refusal(request, platform.now(), settings, federation.isPresent());
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
            var closing = following.move(tx, slice, state, slice.message(), who, "delete");
            return following.closeThose(tx, closing, _ -> true, Optional.empty(), who);
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
                following.hear(
                        tx,
                        sliver,
                        sender,
                        ticket.<News>map(News.TicketArrived::new)
                                .orElseGet(() -> new News.TicketRefused(attempt, refusal.orElseThrow())));
            case Message.Acquired(var sliver, var attempt, var site, var refusal) ->
                following.hear(
                        tx,
                        sliver,
                        sender,
                        site.<News>map(found -> new News.SiteAcquired(attempt, found))
                                .orElseGet(() -> new News.NothingAcquired(attempt, refusal.orElseThrow())));
            case Message.UpdateLease update -> following.hear(tx, update.sliver(), sender, news(update));
            case Message.BeginAt answer -> begin(tx, answer);
            case Message.Violated(var sliver, var why) -> following.violated(tx, sliver, why);
            case Message.Procured answer ->
                processes
                        .schedule(tx, Request.now(SERVED, answer.intent(), name).with(Json.toTree(answer)))
                        .orThrow();
            case Message.QueryResult _ -> {}
        }
    }

    /// Asks whoever deals with other domains when an intent should begin; it hears of it by the process [#BEGIN].
    public void askWhen(Tx tx, Message.Acquire question) {
        post.send(tx, name, federation.orElseThrow(), question);
    }

    /// Asks whoever deals with other domains to buy a service; its intent hears of it by the process [#SERVED].
    public void procure(Tx tx, Message.Procure service) {
        post.send(tx, name, federation.orElseThrow(), service);
    }

    /// It need not be answered any more, and what was bought for it is not needed.
    public void askNoMore(Tx tx, SliverId what) {
        post.send(tx, name, federation.orElseThrow(), new Message.GiveUp(what));
    }

    private void begin(Tx tx, Message.BeginAt answer) {
        askNoMore(tx, answer.what());
        processes
                .schedule(tx, Request.now(BEGIN, answer.what().value(), name).with(Json.toTree(answer)))
                .orThrow();
    }

    private static News news(Message.UpdateLease update) {
        return switch (update.state()) {
            case ACTIVE -> new News.LeaseArrived(update.lease().orElseThrow(), update.sequence(), update.refusal());
            case FAILED, LOST -> new News.LeaseFailed(update.refusal().orElseThrow());
            case CLOSED, CLOSE_FAILED -> new News.LeaseClosed(update.refusal());
            case PREPARED -> throw new IllegalArgumentException("nothing is held for a sliver");
        };
    }
}
