package holdfast.bench;

import holdfast.api.rear.Door;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.RearMounts;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.calendar.Calendar;
import holdfast.engine.Actor;
import holdfast.engine.Convoy;
import holdfast.engine.Engine;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.domain.Joining;
import holdfast.federation.peers.Members;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Supernode;
import holdfast.federation.resale.Waiter;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.HttpServer;
import holdfast.platform.Platform;
import holdfast.platform.Ports;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// A node or supernode that buys and sells over real sockets of this machine, with a database of its own.
final class Shop implements AutoCloseable {
    static final String BROKER = "broker";
    private static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8"));

    /// Nobody is kept from holding much: what is measured is not that.
    private static final HoldPolicy GENEROUS =
            new HoldPolicy(Duration.ofHours(1), Integer.MAX_VALUE, 100, Vector.NONE, Long.MAX_VALUE);

    final Platform platform = Platform.real();
    final NodeIdentity self;
    final Database database;
    final Engine engine;
    final Market market;
    final RearClient client;
    final Peers peers;
    final Candidates candidates;
    final Discovery discovery;
    final Optional<Supernode> supernode;
    private final HttpWire wire = new HttpWire(LOOPBACK);
    /// Where pieces are reserved: those who come together share a transaction, as in the gateway.
    final Function<Sales.Order, Verdict> counter;

    private final HttpServer server;
    private boolean started;

    /// Who hears nothing that matters here.
    private record Deaf(String name) implements Actor {
        @Override
        public void on(Tx tx, String sender, Message message) {}
    }

    /// @param speaks whether it is a supernode
    Shop(String id, String domain, Database database, boolean speaks) {
        this.database = database;
        int port = Ports.free();
        self = new NodeIdentity(id, "127.0.0.1:" + port, domain, Optional.of("fabric-" + id));
        engine = new Engine(platform, database);
        market = new Market(BROKER, platform, engine, new Calendar(), () -> GENEROUS);
        counter = Convoy.abreast(
                Gateway.LANES,
                order -> order.wish().flavor(),
                orders -> database.inTransaction(tx -> market.sales().reserve(tx, orders)));
        client = new RearClient(wire, self, platform::now);
        peers = new Peers(platform, database, engine, client, self, LOOPBACK, Fanout.PARALLEL);
        candidates = new Candidates(platform, engine);
        discovery = new Discovery(platform, database, engine, client, self, peers, candidates, Fanout.PARALLEL);
        supernode = speaks ? Optional.of(speaker()) : Optional.empty();
        var secrets = Secrets.of(new byte[32]);
        var resale = supernode.map(some -> new Resale(
                platform,
                database,
                engine,
                secrets,
                peers,
                client,
                some,
                GENEROUS.life(),
                Optional.empty(),
                Waiter.of(platform, engine)));
        var open = new Gateway.Standing(
                new Door(new Door.Way.Nothing(), Rights.ALL, Optional.empty()), Map.of(), false, false);
        var gateway = new Gateway(
                new Gateway.Seller(self, platform, database, engine, market, secrets),
                new Gateway.Roles(open, resale, Optional.empty(), Optional.empty(), Optional.empty()),
                () -> true);
        server = new RearMounts(gateway).start(HttpServer.Options.standard().withPort(port));
    }

    private Supernode speaker() {
        var members = new Members(platform, database, engine, peers, self);
        return new Supernode(
                platform, database, engine, self, Supernode.Rules.USUAL, peers, members, candidates, discovery);
    }

    /// Begins to carry out what is due.
    void start() {
        started = true;
        engine.start(List.of(new Deaf(BROKER), new Deaf(Peers.ACTOR)), false);
    }

    int port() {
        return Integer.parseInt(self.address().substring(self.address().indexOf(':') + 1));
    }

    /// Offers something that no host of ours is behind.
    ///
    /// @return the name under which it is listed
    String offer(Flavor whole) {
        return database.inTransaction(tx -> {
            var root = market.offer(
                    tx, UUID.randomUUID(), new Offer(whole, platform.now(), Optional.empty()), "bench", "bench");
            return market.listed(tx, List.of(root.id())).get(root.id()).id();
        });
    }

    void knows(Shop other) {
        peers.add(new Peers.Wish(Optional.of(other.self.id()), other.self.address(), Optional.empty()), "bench", "bench")
                .orThrow();
    }

    void joins(Shop other) {
        new Joining(platform, engine, client, peers, self, other.self.address(), Optional.empty()).keepAlive();
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
        if (started) {
            engine.stop();
        }
        wire.close();
    }
}
