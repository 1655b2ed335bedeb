package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.Passport;
import holdfast.authority.ClusterAuthority;
import holdfast.authority.Fabric;
import holdfast.broker.market.Agreement;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.Federation;
import holdfast.federation.buying.Buying;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.mail.Courier;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Fanout;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Faults;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

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

    /// @param port of its address, which tells it from others
    Domain(String name, int port, long seed, TestDatabase test, Wire wire) {
        this(name, port, seed, test, wire, Optional.empty(), World::noCluster);
    }

    /// @param cluster that it has, if it has one
    /// @param driver makes that cluster's
    Domain(
            String name,
            int port,
            long seed,
            TestDatabase test,
            Wire wire,
            Optional<ClusterAuthority.Plan> cluster,
            Function<Platform, Fabric> driver) {
        this.cluster = cluster;
        this.node = new NodeIdentity(
                name,
                "127.0.0.1:" + port,
                name + ".example",
                cluster.map(ClusterAuthority.Plan::id).or(() -> Optional.of(name)));
        this.wire = wire;
        this.world = new World(seed, test, true, Optional.of(this::open), node, cluster, driver);
        start();
        world.settle();
    }

    /// What is made anew with each server process: who buys, of which the world is told.
    private Actor open(Platform platform, Database database, Engine engine) {
        var rear = new RearClient(wire, node, platform::now);
        var policy = CallbackPolicy.opening(List.of("127.0.0.0/8"));
        peers = new Peers(platform, database, engine, rear, node, policy, Fanout.IN_TURN);
        var candidates = new Candidates(platform, engine);
        var discovery = new Discovery(platform, database, engine, rear, node, peers, candidates, Fanout.IN_TURN);
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
        return new Federation(buying);
    }

    /// And what sells, and carries mail.
    private void start() {
        gateway = new Gateway(
                node, world.platform, world.database, world.engine, world.broker.market(), SECRETS, () -> true);
        courier = new Courier(world.platform, world.database, world.engine, wire, buying.routes());
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
            return courier.turn();
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

    /// The steps of a workflow that were taken here, in their order.
    List<String> steps(String trace) {
        return world
                .look(tx -> world.engine.journal().latest(tx, holdfast.db.Tables.JOURNAL.TRACE.eq(trace), 1_000))
                .stream()
                .map(Journal.Entry::why)
                .toList();
    }

    /// Ends what was bought here.
    void release(UUID contract) {
        surely(() -> world.run(
                tx -> buying.release(tx, contract, "admin", "no longer needed").orThrow()));
    }
}
