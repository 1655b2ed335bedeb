package holdfast.federation.buying;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.federation.choice.Deed;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.contracts.Renewals;
import holdfast.federation.discovery.Usages;
import holdfast.federation.mail.Route;
import holdfast.federation.mail.Routes;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.Message.Violated;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Contracts on the buyer's side, from purchase to end (fluidos.md 3.6, 4.7). What gives access to the seller is
/// sealed, and opened for the mail alone.
final class Deals implements Routes {
    private static final String NAME = Peers.ACTOR;
    static final String CREDENTIALS = "credentials";
    private static final String RELEASE = "contract.release";
    private static final String RENEW = "contract.renew";
    private static final String FAREWELL = "contract.farewell";
    /// How long a seller that does not answer is told that a contract is over.
    private static final Duration PATIENCE = Duration.ofHours(1);
    /// How long after its end mail about what was made under a contract may come.
    private static final Duration GRACE = Duration.ofHours(1);

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MOST = 10_000;
    private static final Step.Retry BACK_OFF =
            new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(5));

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;
    private final Secrets secrets;
    private final Peers peers;
    private final RearClient rear;
    private final Peerings peerings;
    private final Serving serving;
    private final Post post;
    private final Usages usages;
    private final Turning turning;
    private final Lasting lasting;
    private final Renewals renewals;

    /// @param arrivals look who has signed what comes; empty: nobody looks
    /// @param signing signs for us; empty: nobody does
    Deals(
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            Peers peers,
            RearClient rear,
            Optional<Arrivals> arrivals,
            Optional<Countersigning> signing,
            Peerings peerings,
            Serving serving,
            Usages usages,
            Turning turning) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
        this.secrets = secrets;
        this.peers = peers;
        this.rear = rear;
        this.peerings = peerings;
        this.serving = serving;
        this.post = engine.post();
        this.usages = usages;
        this.turning = turning;
        this.lasting = new Lasting(platform, engine, peers);
        this.renewals = new Renewals(RENEW, database, engine, peers, rear, arrivals, signing, lasting);
        engine.definitions().add(ProcessDefinition.timer(Lasting.NEARING, this::nearing));
        engine.definitions().add(ProcessDefinition.timer(Lasting.LAPSE, this::lapse));
        engine.definitions().add(ProcessDefinition.timer(FAREWELL, this::farewell));
        engine.definitions()
                .add(Asking.process(
                        RELEASE,
                        this::tell,
                        PATIENCE,
                        BACK_OFF,
                        (tx, resource, refusal) -> refusal.ifPresent(
                                why -> settle(tx, resource.id(), "given up telling the seller: " + why.message()))));
    }

    /// The record of what a purchase bought.
    static UUID id(UUID purchase) {
        return Copies.id(NAME + ".contract", purchase);
    }

    /// Keeps a contract. Told twice is once.
    void keep(Tx tx, Resource purchase, Contract told) {
        var id = id(purchase.id());
        var bought = purchase.as(Purchase.class);
        var term = told.expires()
                .filter(end -> end.isAfter(bought.term().from()))
                .map(end -> new Interval(bought.term().from(), end))
                .orElse(bought.term());
        var deal = new Deal(
                Deal.BUYER,
                bought.peer(),
                bought.solver(),
                told.without().configured(told.configuration().map(Configuration::bare)),
                bought.amounts(),
                term,
                bought.trace(),
                told.credentials().filter(Deals::opens).map(access -> sealed(id, access)),
                Optional.empty());
        var fresh = resources.fresh(
                id,
                Deal.TYPE,
                NAME,
                Optional.of(purchase.id()),
                told.id(),
                Words.of(ContractCourse.ACTIVE),
                purchase.project(),
                deal);
        if (resources.insert(tx, fresh, NAME, "bought")) {
            lasting.timers(tx, id, term);
            usages.begun(tx, fresh);
            journal.step(tx, fresh, deal.trace(), Workflow.Role.C, StepNumber.CONTRACT_STORED, "contract " + told.id());
        }
    }

    /// Some sellers name their cluster before there is a way in.
    static boolean opens(Contract.Credentials access) {
        return access.token().isPresent()
                || access.kubeconfig().filter(text -> !text.isBlank()).isPresent();
    }

    private String sealed(UUID id, Contract.Credentials access) {
        return secrets.seal(id, CREDENTIALS, Json.text(access));
    }

    /// Asks the seller to let a contract last longer, see [Renewals#ask].
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is no such contract here
    Answer<Resource> renew(Tx tx, UUID id, Instant until, String who) {
        var found = locked(tx, id);
        return found.isEmpty() ? none(id) : renewals.ask(tx, found.get(), until, who);
    }

    private static Answer<Resource> none(UUID id) {
        return Answer.no(Refusal.notThere("there is no contract " + id + " that was bought here"));
    }

    /// Ends a contract: the seller is told until it answers, at most for [#PATIENCE]. Told twice is once.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is no such contract here
    Answer<Resource> release(Tx tx, UUID id, String who, String why) {
        var found = locked(tx, id);
        if (found.isEmpty()) {
            return none(id);
        }
        Words.contract(found.get()).after(ContractCourse.News.ENDED).ifPresent(next -> {
            if (peerings.isActive(tx, id)) {
                rate(tx, found.get(), Seen.KEPT); // for as long as it was needed
            }
            end(tx, found.get(), next, who, why, false);
            processes.cancelTimers(tx, id);
            processes.schedule(tx, Request.now(RELEASE, id, NAME)).orThrow();
        });
        return Answer.yes(resources.find(tx, id).orElseThrow());
    }

    /// A contract that was bought here.
    Optional<Resource> locked(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(resource ->
                        resource.type().equals(Deal.TYPE) && resource.actor().equals(NAME))
                .filter(Deals::isOurs);
    }

    /// Contracts of customers rest on others: those are the business of whoever sells to them.
    private static boolean isOurs(Resource contract) {
        return contract.as(Deal.class).side().equals(Deal.BUYER);
    }

    /// What its end, or that it lasts, says of its seller.
    private void rate(Tx tx, Resource resource, Seen what) {
        var deal = resource.as(Deal.class);
        peers.ratings().seen(tx, deal.peer(), deal.kind(), Deed.TERM, what);
    }

    private void end(Tx tx, Resource deal, ContractCourse next, String who, String why, boolean early) {
        usages.over(tx, deal, early || peerings.isBroken(tx, deal.id()));
        resources.update(tx, deal.state(), deal.withState(Words.of(next), Optional.of(why)), who, why);
        peerings.close(tx, deal.id(), why);
        serving.over(tx, deal, why);
    }

    /// Whether that is what the seller has told before.
    boolean knows(Resource deal, Contract.Credentials way) {
        return deal.as(Deal.class)
                .credentials()
                .flatMap(hidden -> secrets.unseal(deal.id(), CREDENTIALS, hidden))
                .filter(plain -> Json.read(plain, Contract.Credentials.class).equals(way))
                .isPresent();
    }

    /// The seller has let us in.
    void admitted(Tx tx, UUID id, Contract.Credentials way) {
        locked(tx, id).ifPresent(deal -> {
            var open = deal.withData(deal.as(Deal.class).admittedBy(sealed(id, way)));
            peerings.admitted(tx, resources.update(tx, deal.state(), open, NAME, "the seller has let us in"));
        });
    }

    private Outcome tell(Step.Context context) throws IOException {
        var deal = context.resource().as(Deal.class);
        if (database.inTransaction(
                tx -> peerings.isLeaving(tx, context.resource().id()))) {
            return new Outcome.Later(PAUSE, "waiting for its node to be drained");
        }
        var peer = database.inTransaction(tx -> peers.find(tx, deal.peer()));
        if (peer.isEmpty()) {
            return settled(context, "the seller is not known any more");
        }
        var told = rear.release(
                peer.get().endpoint(),
                deal.contract().id(),
                context.resource().message().orElse("released"),
                context.process(),
                deal.trace());
        return switch (told) {
            case Told.Yes<Boolean> _ -> settled(context, "the seller knows that it is over");
            case Told.No<Boolean>(var status, var why, var after)
            when status == 429 || status >= 500 -> Asking.later(after, why.message());
            case Told.No<Boolean>(var _, var why, var _) -> settled(context, "the seller said: " + why.message());
            case Told.Silent<Boolean>(var _, var why) -> throw new IOException(why);
        };
    }

    private Outcome settled(Step.Context context, String why) {
        return Outcome.done(tx -> settle(tx, context.resource().id(), why));
    }

    private void settle(Tx tx, UUID id, String why) {
        settle(tx, id, why, GRACE);
    }

    /// @param grace how long it may take that what was made under it is told as closed
    private void settle(Tx tx, UUID id, String why, Duration grace) {
        locked(tx, id).filter(deal -> deal.removed().isEmpty()).ifPresent(deal -> {
            var now = platform.now();
            resources.update(tx, deal.state(), deal.removedAt(now), NAME, why);
            peerings.settled(tx, id);
            processes
                    .schedule(tx, Request.at(now.plus(grace), FAREWELL, id, NAME))
                    .orThrow();
        });
    }

    /// The seller says how a contract is: what it says of the end counts here, too (fluidos.md 7, G5). Told twice
    /// is once.
    void heard(Tx tx, UUID id, Reconciling.Verdict verdict) {
        switch (verdict) {
            case Reconciling.Verdict.Same _ -> {}
            case Reconciling.Verdict.Until(var told) ->
                locked(tx, id).ifPresent(deal -> lasting.renewed(tx, deal, told));
            case Reconciling.Verdict.Broken(var why) -> broken(tx, id, why);
            case Reconciling.Verdict.Over(var news, var why) -> ended(tx, id, news, why, GRACE);
            case Reconciling.Verdict.Lost(var why) -> ended(tx, id, ContractCourse.News.ENDED, why, Duration.ZERO);
        }
    }

    @Override
    public void over(Tx tx, UUID contract, String why) {
        ended(tx, contract, ContractCourse.News.ENDED, "lost: mail is refused under it: " + why, Duration.ZERO);
    }

    /// It is over at its seller, who need not be told.
    private void ended(Tx tx, UUID id, ContractCourse.News news, String why, Duration grace) {
        locked(tx, id)
                .ifPresent(deal -> Words.contract(deal).after(news).ifPresent(next -> {
                    processes.cancelTimers(tx, id);
                    boolean early = news == ContractCourse.News.ENDED
                            && platform.now()
                                    .isBefore(deal.as(Deal.class).term().until());
                    rate(tx, deal, early ? Seen.BROKEN : Seen.KEPT);
                    end(tx, deal, next, "seller", why, early);
                    settle(tx, id, why, grace);
                    turning.turn(tx, deal.as(Deal.class).solver());
                }));
    }

    /// It is not what was promised, as far as anybody can see here: who uses it is told, once.
    void broken(Tx tx, UUID id, String why) {
        locked(tx, id)
                .filter(deal -> peerings.broken(tx, deal, why))
                .flatMap(deal -> user(tx, deal.as(Deal.class)))
                .ifPresent(solver ->
                        post.send(tx, NAME, solver.asker(), new Violated(solver.sliver(), Refusal.broken(why))));
    }

    /// For whom it was bought, if a sliver still needs it.
    private Optional<Solver> user(Tx tx, Deal deal) {
        return resources
                .find(tx, deal.solver())
                .filter(solver -> solver.removed().isEmpty())
                .map(solver -> solver.as(Solver.class))
                .filter(solver -> !solver.isByHand());
    }

    private Outcome nearing(Step.Context context) {
        return Outcome.done(tx -> locked(tx, context.resource().id())
                .ifPresent(deal -> Words.contract(deal)
                        .after(ContractCourse.News.NEARLY_OVER)
                        .ifPresent(next -> lasting.endsSoon(
                                tx,
                                resources.update(
                                        tx,
                                        deal.state(),
                                        deal.withState(Words.of(next), Optional.empty()),
                                        "timer",
                                        "ends soon")))));
    }

    /// Nothing more is heard under it: what ran under it counts as gone, so that nobody waits for its end. Said in
    /// the name of the lender, since nobody else is believed.
    private Outcome farewell(Step.Context context) {
        var id = context.resource().id();
        var deal = context.resource().as(Deal.class);
        var why = Refusal.broken("the contract under which it ran is over");
        return Outcome.done(tx -> deal.lender(id)
                .ifPresent(lender -> user(tx, deal)
                        .filter(solver -> solver.contract().equals(Optional.of(id)))
                        .ifPresent(solver -> post.send(
                                tx,
                                lender,
                                solver.asker(),
                                new UpdateLease(
                                        solver.sliver(),
                                        1,
                                        UpdateLease.State.LOST,
                                        Optional.empty(),
                                        Optional.of(why))))));
    }

    private Outcome lapse(Step.Context context) {
        return Outcome.done(tx -> locked(tx, context.resource().id())
                .ifPresent(deal -> Words.contract(deal)
                        .after(ContractCourse.News.OVER)
                        .ifPresent(next -> {
                            rate(tx, deal, Seen.KEPT);
                            end(tx, deal, next, "timer", "its term is over", false);
                            settle(tx, deal.id(), "its term is over");
                        })));
    }

    /// Those that live, as far as anybody knows here.
    List<Resource> living(Tx tx) {
        var living = Resources.typed(Deal.TYPE)
                .and(Resources.keptBy(NAME))
                .and(Resources.inState(Words.of(ContractCourse.ACTIVE))
                        .or(Resources.inState(Words.of(ContractCourse.EXPIRING))))
                .and(Resources.present());
        return resources.list(tx, living, MOST).stream().filter(Deals::isOurs).toList();
    }

    @Override
    public List<Route> live(Tx tx) {
        var mailed = Resources.typed(Deal.TYPE)
                .and(Resources.keptBy(NAME))
                .and(RESOURCE.REMOVED
                        .isNull()
                        .or(RESOURCE.REMOVED.gt(platform.now().minus(GRACE))));
        return resources.list(tx, mailed, MOST).stream()
                .filter(Deals::isOurs)
                .filter(deal -> deal.as(Deal.class).kind() != FlavorType.SERVICE) // what it tells opens that alone
                .flatMap(deal -> route(tx, deal).stream())
                .toList();
    }

    @Override
    public Optional<Way> way(Tx tx, UUID contract) {
        return resources
                .find(tx, contract)
                .filter(found -> found.type().equals(Deal.TYPE) && found.actor().equals(NAME) && isOurs(found))
                .filter(found -> Words.contract(found).isLive())
                .flatMap(found -> peers.find(tx, found.as(Deal.class).peer())
                        .flatMap(peer -> route(tx, found).map(route -> way(found, peer, route))));
    }

    private static Way way(Resource found, Known peer, Route route) {
        var contract = found.as(Deal.class).contract();
        var seller = contract.seller().id() + "@" + contract.seller().domain();
        boolean relayed = contract.extra().containsKey(Contract.UPSTREAM);
        return new Way(route, seller, relayed, peer.capabilities().connects());
    }

    private Optional<Route> route(Tx tx, Resource resource) {
        var deal = resource.as(Deal.class);
        return peers.find(tx, deal.peer())
                .map(Known::endpoint)
                .flatMap(endpoint -> deal.credentials()
                        .flatMap(hidden -> secrets.unseal(resource.id(), CREDENTIALS, hidden))
                        .flatMap(plain ->
                                Json.read(plain, Contract.Credentials.class).token())
                        .map(token -> new Route(resource.id(), endpoint, resource.name(), token)));
    }
}
