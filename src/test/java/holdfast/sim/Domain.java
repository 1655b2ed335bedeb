package holdfast.sim;

import static holdfast.db.Tables.JOURNAL;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.rear.Door;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.Passport;
import holdfast.api.rear.RearFace;
import holdfast.authority.ClusterAuthority;
import holdfast.authority.Fabric;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.HoldPolicy;
import holdfast.core.Answer;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.Federation;
import holdfast.federation.buying.Buying;
import holdfast.federation.catalog.Catalog;
import holdfast.federation.catalog.Publishing;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.domain.Joining;
import holdfast.federation.following.Ears;
import holdfast.federation.following.Following;
import holdfast.federation.mail.Courier;
import holdfast.federation.mail.Route;
import holdfast.federation.peers.Members;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Retelling;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.EventClient;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import holdfast.notifications.Notifications;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Faults;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.Condition;

/// One of the domains of [Domains]: everything that a server is, over a database of its own. It buys and it sells.
final class Domain implements SimWire.Node {
    private static final Secrets SECRETS = Secrets.of(new byte[32]);

    final NodeIdentity node;
    final World world;
    int deaths;
    private boolean doomed;
    private final Wire wire;
    private final Optional<ClusterAuthority.Plan> cluster;
    private Peers peers;
    private Buying buying;
    private Gateway gateway;
    private Courier courier;
    private RearClient rear;
    private final boolean isSupernode;
    private Optional<Resale> resale = Optional.empty();
    private Optional<Joining> joining = Optional.empty();
    private Candidates candidates;
    private Discovery discovery;
    private boolean listening;
    private boolean keepsCatalog;
    private boolean brokers;
    private final List<Peers.Wish> catalogs = new ArrayList<>();
    private Notifications notifications;
    private Following following;
    private Publishing publishing;

    /// @param node with an address that tells it from others
    /// @param isSupernode whether it speaks for its domain
    Domain(NodeIdentity node, boolean isSupernode, long seed, TestDatabase test, Wire wire) {
        this(node, isSupernode, seed, test, wire, Optional.empty(), World::noCluster);
    }

    /// @param cluster that it has, if it has one
    /// @param driver makes that cluster's
    Domain(
            NodeIdentity node,
            boolean isSupernode,
            long seed,
            TestDatabase test,
            Wire wire,
            Optional<ClusterAuthority.Plan> cluster,
            Function<Platform, Fabric> driver) {
        this.node = node;
        this.isSupernode = isSupernode;
        this.cluster = cluster;
        this.wire = wire;
        this.world = new World(seed, test, true, Optional.of(this::open), node, cluster, driver);
        start();
        world.settle();
    }

    /// What is made anew with each server process: who buys, of which the world is told.
    private Actor open(Platform platform, Database database, Engine engine) {
        rear = new RearClient(wire, node, platform::now);
        var policy = CallbackPolicy.opening(List.of("127.0.0.0/8"));
        peers = new Peers(platform, database, engine, rear, node, policy, Fanout.IN_TURN);
        candidates = new Candidates(platform, engine);
        discovery = new Discovery(platform, database, engine, rear, node, peers, candidates, Fanout.IN_TURN);
        buying = new Buying(
                "broker",
                cluster.map(ClusterAuthority.Plan::authority),
                platform,
                database,
                engine,
                SECRETS,
                rear,
                peers,
                candidates,
                discovery,
                Fanout.IN_TURN,
                Optional.empty());
        resale = Optional.of(discovery)
                .filter(_ -> isSupernode)
                .map(some -> supernode(platform, database, engine, candidates, some))
                .map(some -> resale(platform, database, engine, some));
        return new Federation(buying);
    }

    private Supernode supernode(
            Platform platform, Database database, Engine engine, Candidates candidates, Discovery discovery) {
        var members = new Members(platform, database, engine, peers, node);
        var usual = Supernode.Rules.USUAL;
        var rules = new Supernode.Rules(usual.margin(), usual.maxHops(), usual.policy(), brokers);
        return new Supernode(platform, database, engine, node, rules, peers, members, candidates, discovery);
    }

    /// Whoever waits lets what is due here happen.
    private Resale resale(Platform platform, Database database, Engine engine, Supernode supernode) {
        return new Resale(
                platform,
                database,
                engine,
                SECRETS,
                peers,
                rear,
                supernode,
                HoldPolicy.USUAL.life(),
                Optional.empty(),
                (_, _) -> world.settle());
    }

    /// And what sells, and carries mail.
    private void start() {
        gateway = gateway(Optional.empty(), Optional.empty());
        courier = new Courier(world.platform, world.database, world.engine, wire, buying.routes());
        if (listening) {
            tells();
        }
        if (keepsCatalog) {
            keep();
        }
        if (!catalogs.isEmpty()) {
            publishing();
        }
    }

    private Gateway gateway(Optional<Gateway.Telling> telling, Optional<Gateway.Shop> shop) {
        return new Gateway(
                new Gateway.Seller(node, world.platform, world.database, world.engine, world.broker.market(), SECRETS),
                new Gateway.Roles(Gateway.Standing.UNPROVED, resale, telling, shop, Optional.empty()),
                () -> true);
    }

    /// Is a catalog from now on, in which others publish and find each other.
    void keepsCatalog() {
        keepsCatalog = true;
        keep();
    }

    /// As a supernode, is a catalog that stands between buyer and seller from now on.
    void brokers() {
        brokers = true;
        keepsCatalog = true;
        world.boot();
        start();
    }

    private void keep() {
        var catalog = new Catalog(
                world.platform,
                world.database,
                world.engine,
                peers,
                new CatalogClient(rear),
                Optional.empty(),
                resale.map(Resale::supernode).filter(_ -> brokers));
        gateway = gateway(Optional.empty(), Optional.of(new Gateway.Shop(catalog, peers)));
    }

    /// Publishes in a catalog from now on, what it offers and what its domain does.
    void publishes(Domain catalog) {
        catalogs.add(new Peers.Wish(Optional.of(catalog.node.id()), catalog.node.address(), Optional.empty()));
        publishing();
        refreshes();
    }

    /// Says in its catalogs that what it publishes is still there.
    void refreshes() {
        publishing.refresh();
    }

    private void publishing() {
        publishing = new Publishing(
                world.platform,
                world.database,
                world.engine,
                node,
                peers,
                new CatalogClient(rear),
                Fanout.IN_TURN,
                tx -> world.broker.market().list(tx, Optional.empty()),
                resale.map(Resale::supernode),
                Optional.empty(),
                catalogs);
        world.broker.market().whenListed(publishing::changed);
    }

    /// Tells others of changes, and listens to those that do, from now on.
    void tellsAndListens() {
        listening = true;
        tells();
    }

    private void tells() {
        var face = new RearFace(world.platform, Door.open(), resale.map(Resale::supernode));
        notifications = new Notifications(
                world.platform,
                world.database,
                world.engine,
                SECRETS,
                (_, _, _) -> 404,
                (_, _) -> Optional.empty(),
                Map.of(RearFace.NAME, face));
        gateway = gateway(Optional.of(new Gateway.Telling(notifications, face)), Optional.empty());
        following = new Following(
                world.platform,
                world.database,
                world.engine,
                node,
                peers,
                candidates,
                new EventClient(rear, node),
                Stream.<Ears>concat(
                                Stream.of(buying),
                                resale.stream()
                                        .map(some -> new Retelling(world.platform, world.engine, some, candidates)))
                        .toList());
    }

    private boolean hears() {
        try {
            boolean told = listening && notifications.runDue();
            return listening && following.turn() || told;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks its peers what they offer.
    void discovers(Selector selector) {
        discovery.discover(selector, new Trace("t", Workflow.W1), new UUID(0, 1));
    }

    /// What it knows of the offers of others, by name: their states.
    Map<String, String> candidates() {
        var all = new Candidates.Filter(Optional.empty(), Optional.empty(), Optional.empty());
        return world.look(tx -> candidates.list(tx, all, Optional.empty(), 1_000, world.now())).stream()
                .collect(toMap(one -> one.flavor().id(), one -> one.state().word()));
    }

    @Override
    public Reply answer(Call call) {
        var reply = gateway.answer(call, Passport.unproved());
        if (reply.status() == 500 && doomed) { // what kills it looks like any other exception to the gateway
            throw new World.Killed();
        }
        assertThat(reply.status()).as(reply.body()).isNotEqualTo(500);
        return reply;
    }

    @Override
    public void reboot() {
        deaths++;
        isSafe();
        world.neverEver();
        world.boot();
        world.engine.takeOver();
        start();
    }

    /// Does something, again if it died over it.
    void surely(Runnable work) {
        try {
            work.run();
        } catch (World.Killed _) {
            reboot();
            work.run();
        }
    }

    /// Lets what can happen here happen, and its mail be exchanged.
    ///
    /// @return whether there was any mail, or it died
    boolean live() {
        try {
            world.settle();
            boolean heard = hears();
            return courier.turn() || heard;
        } catch (World.Killed _) {
            reboot();
            return true;
        }
    }

    /// Will ask another from now on.
    void meets(Domain other) {
        peers.add(new Peers.Wish(Optional.of(other.node.id()), other.node.address(), Optional.empty()), "-", "admin")
                .orThrow();
    }

    /// Joins the domain of a supernode; the same again says that it is still there.
    void joins(Domain supernode) {
        if (joining.isEmpty()) {
            joining = Optional.of(new Joining(
                    world.platform, world.engine, rear, peers, node, supernode.node.address(), Optional.empty()));
        }
        joining.get().keepAlive();
    }

    /// As a supernode, asks its nodes what they offer.
    void gathers() {
        resale.orElseThrow().supernode().gather();
    }

    /// What its server does again and again, once: peers are watched, contracts reconciled, dead mail thrown away.
    void keepHouse() {
        surely(world::keepHouse);
    }

    /// Dies at a commit to come, if there are so many.
    ///
    /// @param before whether what was to be committed is lost
    void diesAt(int commit, boolean before) {
        doomed = true;
        world.faults(new Faults() {
            @Override
            public void beforeCommit(int n) {
                die(before && n == commit);
            }

            @Override
            public void afterCommit(int n) {
                die(!before && n == commit);
            }

            private static void die(boolean now) {
                if (now) {
                    throw new World.Killed();
                }
            }
        });
    }

    /// Does not die after all.
    void isSafe() {
        doomed = false;
        world.faults(Faults.NONE);
    }

    /// What it sold ends before its time.
    void endsSold(UUID contract) {
        surely(() -> world.run(tx -> world.broker
                .market()
                .contracts()
                .release(tx, contract, "admin", "it is needed here")
                .orThrow()));
    }

    /// Looks whether its peers answer, how its contracts with them are, and what there is to offer.
    void looks() {
        surely(() -> {
            peers.watch();
            buying.reconcile();
            world.selling.measure();
        });
    }

    /// Looks whether its peers answer.
    void watch() {
        peers.watch();
    }

    /// Offers all of its hosts.
    void sells() {
        world.run(tx -> world.engine.settings().set(tx, "flavor.hosts", Optional.of("true"), "admin"));
        world.run(world.engine.settings()::read);
        world.selling.measure();
    }

    /// Contracts that it has, or had, as buyer or as seller.
    List<Resource> contracts() {
        return all(Agreement.TYPE);
    }

    /// Of its records of that type, those that are over included.
    List<Resource> all(String type) {
        return world.look(tx -> world.engine.resources().list(tx, Resources.typed(type), 1_000));
    }

    List<String> states(String type) {
        return all(type).stream().map(Resource::state).sorted().toList();
    }

    /// The steps of a workflow that were taken here.
    List<String> steps(String trace) {
        return steps(JOURNAL.TRACE.eq(trace));
    }

    /// All steps that were taken here, whatever for.
    List<String> steps() {
        return steps(JOURNAL.KIND.eq("step"));
    }

    private List<String> steps(Condition which) {
        return world.look(tx -> world.engine.journal().latest(tx, which, 1_000)).stream()
                .map(Journal.Entry::why)
                .toList();
    }

    /// Asks the seller of what was bought here for more time.
    Answer<Resource> renews(UUID contract, Instant until) {
        try {
            return world.look(tx -> buying.renew(tx, contract, until, "alice"));
        } catch (World.Killed _) {
            reboot();
            return renews(contract, until);
        }
    }

    /// The contracts under which it sends mail.
    List<Route> routes() {
        return world.look(tx -> buying.routes().live(tx));
    }

    /// Has its seller let it in anew.
    void readmit(UUID contract) {
        surely(() -> world.run(tx -> buying.readmit(tx, contract).orThrow()));
    }

    /// Ends what was bought here.
    void release(UUID contract) {
        surely(() -> world.run(
                tx -> buying.release(tx, contract, "admin", "no longer needed").orThrow()));
    }
}
