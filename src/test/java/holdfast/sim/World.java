package holdfast.sim;

import static holdfast.db.Tables.JOURNAL;
import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;

import holdfast.TestDatabase;
import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.authority.Cloud;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Clouds;
import holdfast.authority.ClusterAuthorities;
import holdfast.authority.ClusterAuthority;
import holdfast.authority.Deployments;
import holdfast.authority.Fabric;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.Instead;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Selling;
import holdfast.broker.Supply;
import holdfast.broker.services.Services;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Copies;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Post.Envelope;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Tasks;
import holdfast.inventory.Models;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Slice;
import holdfast.orchestrator.SliceRequest;
import holdfast.orchestrator.intents.Home;
import holdfast.orchestrator.intents.Intents;
import holdfast.platform.Database;
import holdfast.platform.Faults;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.pools.ExternalPolicy;
import holdfast.pools.PolicyQuestion;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.rear.Constraint.Metric;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;

/// A whole federation in one thread: an orchestrator, a broker and two sites on simulated time and hardware, over a
/// real database.
///
/// The server process can be killed at any moment, and started again with [#boot]; hardware and database stay.
final class World {
    static final NodeIdentity SELLER =
            new NodeIdentity("seller", "10.0.0.1:30000", "seller.example", Optional.of("seller"));
    static final Caller ALICE = new Caller("alice", "physics", false);

    final Map<String, SimSubstrate> substrates = Map.of("lab-am", new SimSubstrate(), "north-am", new SimSubstrate());
    private final NodeIdentity seller;
    private final boolean sites;
    private final Optional<Elsewhere> elsewhere;
    Carrier carrier = () -> false;
    final Database database;
    private final Clock clock = new Clock();
    final SimulatedCloud cloud = new SimulatedCloud(CloudPlan.SMALL, clock, Optional.empty(), Optional.empty());
    Clouds clouds = (_, _, _) -> cloud;
    Line line = (_, call) -> call.get();
    final Neighbour neighbour = new Neighbour(this);
    /// What a policy outside was told of what ended; it has no say in anything else.
    final List<JsonNode> ended = new ArrayList<>();
    final Platform platform;
    private final Optional<ClusterAuthority.Plan> plan;
    final Fabric fabric;
    ClusterAuthorities clusters;
    private Actor federation = neighbour;
    Engine engine;
    Orchestrator orchestrator;
    Broker broker;
    Selling selling;
    Providers providers;
    Intents intents;
    private Map<String, Actor> actors;

    /// Time that moves only when told.
    private static final class Clock implements InstantSource {
        Instant now = Instant.parse("2030-01-07T08:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }
    }

    /// The process died.
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Who finds room elsewhere: made anew with each server process.
    interface Elsewhere {
        Actor open(Platform platform, Database database, Engine engine);
    }

    /// What carries mail from and to other domains.
    interface Carrier {
        /// @return whether there was any
        boolean carry();
    }

    World(long seed, TestDatabase test) {
        this(seed, test, true);
    }

    /// @param sites whether the two sites are there; without them all that they do is spared
    World(long seed, TestDatabase test, boolean sites) {
        this(seed, test, sites, Optional.empty());
    }

    /// @param elsewhere none: a neighbour that plays it
    World(long seed, TestDatabase test, boolean sites, Optional<Elsewhere> elsewhere) {
        this(seed, test, sites, elsewhere, SELLER);
    }

    /// @param seller as whom it sells
    World(long seed, TestDatabase test, boolean sites, Optional<Elsewhere> elsewhere, NodeIdentity seller) {
        this(seed, test, sites, elsewhere, seller, Optional.empty(), World::noCluster);
    }

    /// @param plan of its cluster, if it has one
    /// @param driver makes that cluster's; it stays when the server dies
    World(
            long seed,
            TestDatabase test,
            boolean sites,
            Optional<Elsewhere> elsewhere,
            NodeIdentity seller,
            Optional<ClusterAuthority.Plan> plan,
            Function<Platform, Fabric> driver) {
        this.plan = plan;
        this.seller = seller;
        this.sites = sites;
        this.elsewhere = elsewhere;
        test.empty();
        database = test.database();
        database.inject(Faults.NONE);
        platform = Platform.seeded(seed, clock);
        fabric = driver.apply(platform);
        boot();
    }

    static Fabric noCluster(Platform platform) {
        return new SimulatedFabric("none", List.of(), platform);
    }

    /// Where many ask at once; who asks for it closes it.
    Desk desk() {
        return broker.desk(database, new Hot(engine.id(), database));
    }

    /// What Alice could have instead.
    List<Instead> instead(ReservationRequest request, Refusal why) {
        try (var desk = desk()) {
            return desk.instead(ALICE, request, why);
        }
    }

    /// A new server process on what the last one left.
    void boot() {
        engine = new Engine(platform, database);
        var calendar = new Calendar();
        var models = new Models(platform);
        var supply = new Supply("broker", platform, engine, calendar, models);
        broker = new Broker("broker", platform, engine, calendar, supply, new Listening());
        selling = new Selling(seller, platform, database, engine, broker);
        orchestrator = new Orchestrator(
                "orchestrator",
                "broker",
                Optional.of(Neighbour.NAME),
                Orchestrator.Settings.standard(),
                platform,
                database,
                engine);
        intents = new Intents(
                new Home(Map.of(Metric.COMPLIANCE, Set.of("GDPR"))), platform, database, engine, orchestrator);
        var authorities = sites
                ? List.of(authority("lab-am", calendar, models), authority("north-am", calendar, models))
                : List.<Authority>of();
        providers = new Providers(
                platform,
                database,
                engine,
                Secrets.of(new byte[32]),
                (id, account, password) -> reached(clouds.open(id, account, password)),
                "broker");
        var clouds = new CloudAuthority(platform, engine, providers);
        var own = plan.map(one -> new ClusterAuthority(
                one,
                fabric,
                platform,
                database,
                engine,
                Secrets.of(new byte[32]),
                new Advertising(one.authority(), platform, engine, calendar, models)));
        clusters = new ClusterAuthorities(
                engine, own.stream().toList(), (tx, by, what) -> broker.supply().claim(tx, by, what, "admin"));
        var all = new Authorities(platform, database, engine, authorities, Optional.of(clouds), Optional.of(clusters));
        actors = new HashMap<>(authorities.stream().collect(Collectors.toMap(Authority::name, Function.identity())));
        own.ifPresent(cluster -> {
            actors.put(cluster.name(), cluster);
            var secrets = Secrets.of(new byte[32]);
            actors.put(Deployments.NAME, new Deployments(platform, engine, secrets, fabric));
            new Services(
                    "broker", Optional.of(Deployments.NAME), engine, secrets, broker.market(), broker.blueprints());
        });
        actors.put("broker", broker);
        actors.put("orchestrator", orchestrator);
        elsewhere.ifPresent(some -> federation = some.open(platform, database, engine));
        actors.put(Neighbour.NAME, federation);
        actors.put(CloudAuthority.NAME, clouds);
        authorities.forEach(authority -> database.inTransaction(tx -> all.open(
                        tx, authority, resource("/sim/" + authority.name().replace("-am", "-ad.graphml")))
                .orThrow()));
        authorities.forEach(authority -> run(tx -> broker.supply().claim(tx, authority.name(), "primary", "admin")));
    }

    /// Somebody else deals with other domains, also after the next [#boot].
    void federation(Actor other) {
        federation = other;
        actors.put(Neighbour.NAME, other);
    }

    /// Somebody more takes messages, until the next [#boot].
    void actor(Actor other) {
        actors.put(other.name(), other);
    }

    private final class Listening implements ExternalPolicy {
        @Override
        public boolean hears(Moment moment) {
            return moment == Moment.END;
        }

        @Override
        public Optional<Refusal> objection(PolicyQuestion question) {
            throw new AssertionError("it is not to be asked: " + question);
        }

        @Override
        public void tell(JsonNode body) {
            ended.add(body);
        }
    }

    /// What is between us and the cloud.
    interface Line {
        /// Lets a call through, or does something else.
        ///
        /// @param verb name of the method
        Object carry(String verb, Supplier<Object> call);
    }

    private Cloud reached(Cloud real) {
        return (Cloud) Proxy.newProxyInstance(
                World.class.getClassLoader(),
                new Class<?>[] {Cloud.class},
                (_, method, given) -> line.carry(method.getName(), () -> {
                    try {
                        return method.invoke(real, given);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                }));
    }

    /// Adds the cloud, unless that was done before.
    Resource withCloud() {
        return withCloud(true);
    }

    /// @param enforce whether it keeps others off what is reserved; what is kept so moves for nobody
    Resource withCloud(boolean enforce) {
        var there = look(tx -> engine.resources().ofType(tx, Providers.TYPE, 10));
        if (!there.isEmpty()) {
            return there.getFirst();
        }
        var account =
                new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), enforce, 0, 600);
        var added = look(tx -> providers
                .add(tx, "cloud", "admins", account, Optional.empty(), "admin")
                .orThrow());
        settle();
        return added;
    }

    /// The cloud that was added.
    Resource withCloudIn(Tx tx) {
        return engine.resources().ofType(tx, Providers.TYPE, 10).getFirst();
    }

    private Authority authority(String name, Calendar calendar, Models models) {
        var advertising = new Advertising(name, platform, engine, calendar, models);
        return new Authority(name, substrates.get(name), platform, engine, calendar, models, advertising);
    }

    private static String resource(String name) {
        try (var in = World.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    interface Work {
        void in(Tx tx);
    }

    void run(Work work) {
        database.inTransaction(tx -> {
            work.in(tx);
            return true;
        });
    }

    <T> T look(Function<Tx, T> question) {
        return database.inTransaction(question);
    }

    void faults(Faults faults) {
        database.inject(faults);
    }

    Instant now() {
        return clock.now;
    }

    void advance(Duration time) {
        clock.now = clock.now.plus(time);
    }

    /// Sets its clock by that of another.
    void follow(World other) {
        clock.now = other.clock.now;
    }

    /// Asks for a slice that starts now.
    Answer<Orchestrator.Created> create(String name, Duration length, Demand... demands) {
        return create(name, new Interval(now(), now().plus(length)), demands);
    }

    Answer<Orchestrator.Created> create(String name, Interval term, Demand... demands) {
        return orchestrator.create(
                ALICE, new SliceRequest(name, term, List.of(demands), List.of(), Optional.empty(), Optional.empty()));
    }

    /// The same for a slice whose parts may go to other domains.
    private static final Wish WISH = Wish.any(new Trace("world", Workflow.W1));

    Answer<Orchestrator.Created> createAnywhere(String name, Interval term, Demand... demands) {
        return orchestrator.create(
                ALICE, new SliceRequest(name, term, List.of(demands), List.of(), Optional.empty(), Optional.of(WISH)));
    }

    static Demand vm(String name, String site, int cores, String... devices) {
        var components = java.util.Arrays.stream(devices)
                .map(device -> device.split(" ", 2))
                .map(parts -> new Demand.Component(
                        name + "-" + parts[0].toLowerCase(java.util.Locale.ROOT),
                        parts[0],
                        parts.length > 1 ? Optional.of(parts[1]) : Optional.empty()))
                .toList();
        return new Demand(
                "VM", name, site, Capacities.of(cores, 4, 10), Optional.empty(), Optional.empty(), components);
    }

    Resource slice(UUID id) {
        return look(tx -> engine.resources().find(tx, id).orElseThrow());
    }

    SliceInfo info(UUID slice) {
        return slice(slice).as(Slice.class).info();
    }

    Resource lease(String authority, SliverId sliver) {
        return look(tx -> engine.resources()
                .find(tx, Copies.id(authority, sliver.value()))
                .orElseThrow());
    }

    List<Resource> slivers(UUID slice) {
        return look(tx -> engine.resources().partsOf(tx, List.of(slice), Orchestrator.SLIVER));
    }

    /// What waits for somebody here.
    List<Envelope> mail() {
        return look(tx -> engine.post().pending(tx, 10_000)).stream()
                .filter(envelope -> actors.containsKey(envelope.receiver()))
                .toList();
    }

    /// Carries one message; it may be carried again until it is acknowledged.
    void deliver(Envelope envelope) {
        run(tx -> engine.post().receive(tx, actors.get(envelope.receiver()), envelope));
    }

    void acknowledge(Envelope envelope) {
        run(tx -> engine.post().acknowledge(tx, envelope.id()));
    }

    boolean step() {
        try {
            return engine.runDue(actors.keySet());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Lets everything happen that happens without a change of time.
    void settle() {
        for (int turn = 0; turn < 2_000; turn++) {
            var mail = mail();
            mail.forEach(envelope -> {
                deliver(envelope);
                acknowledge(envelope);
            });
            boolean carried = carrier.carry();
            if (!step() && mail.isEmpty() && !carried) {
                return;
            }
        }
        throw new AssertionError("still busy after 2000 turns");
    }

    /// Lets time pass in steps, and everything happen meanwhile.
    void settleFor(Duration time, Duration step) {
        var end = clock.now.plus(time);
        settle();
        while (clock.now.isBefore(end)) {
            advance(step);
            settle();
        }
    }

    /// What servers do again and again, once.
    void keepHouse() {
        engine.keepHouse();
        run(tx -> engine.resources()
                .ofType(tx, Tasks.TYPE, 100)
                .forEach(task -> engine.tasks().execute(tx, task.id(), "test")));
        try {
            while (engine.runDue(Set.of(Resources.ACTOR))) {}
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        settle();
    }

    /// What must never be, looked for after each event.
    void neverEver() {
        run(tx -> Invariants.neverEver(this, tx));
    }

    /// What must be true when all is over.
    void nothingIsLeft() {
        run(tx -> Invariants.nothingIsLeft(this, tx));
    }

    /// The states of an actor's delegations.
    List<String> delegations(String actor) {
        return look(tx -> engine.resources().ofType(tx, Supply.DELEGATION, 100).stream()
                .filter(delegation -> delegation.actor().equals(actor))
                .map(Resource::state)
                .toList());
    }

    List<Journal.Entry> journal(UUID resource) {
        return look(tx -> engine.journal().latest(tx, JOURNAL.RESOURCE.eq(resource), 1000));
    }

    /// What is known of a resource, for the message of a failed test.
    String story(UUID resource) {
        return look(tx -> storyIn(tx, resource));
    }

    /// The same in a transaction that there is already.
    String storyIn(Tx tx, UUID resource) {
        var processes = engine.processes().list(tx, PROCESS.RESOURCE.eq(resource), 20).stream()
                .map(process ->
                        engine.processes().show(tx, process.id()).orElseThrow().toString());
        var entries = engine.journal().latest(tx, JOURNAL.RESOURCE.eq(resource), 100).stream()
                .map(Object::toString);
        return Stream.concat(processes, entries).collect(Collectors.joining("\n")) + "\nnow " + now();
    }

    List<String> states(UUID resource) {
        return journal(resource).stream().map(Journal.Entry::to).toList();
    }

    long count(String type) {
        return look(tx -> (long) tx.sql().fetchCount(DSL.selectFrom(RESOURCE).where(RESOURCE.TYPE.eq(type))));
    }
}
