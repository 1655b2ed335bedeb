package holdfast.federation;

import holdfast.TestDatabase;
import holdfast.api.rear.Door;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.Passport;
import holdfast.api.rear.RearFace;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.calendar.Calendar;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.catalog.Catalog;
import holdfast.federation.catalog.Publishing;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.discovery.Found;
import holdfast.federation.domain.Joining;
import holdfast.federation.following.Ears;
import holdfast.federation.following.Following;
import holdfast.federation.peers.Members;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Retelling;
import holdfast.federation.resale.Supernode;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.EventClient;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import holdfast.notifications.Notifications;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Fanout;
import holdfast.platform.Faults;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Nodes and supernodes that buy and sell, on one clock, in one thread, each over a real database of its own.
public final class Net implements AutoCloseable {
    private static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8"));

    public Instant now = Instant.parse("2031-05-02T08:00:00Z");
    public final Map<String, Node> nodes = new LinkedHashMap<>();

    /// What is between nodes: lets a call through, or does something else.
    public Line line = (_, _, answer) -> answer.come();

    /// What anybody may do at nodes that begin from now on.
    public Rights rights = Rights.ALL;

    /// By what nodes that begin from now on sign.
    public Optional<Notary> notary = Optional.empty();

    /// Whether nodes that begin from now on tell others of changes.
    public boolean telling;

    /// The same for what they publish.
    public Optional<Publishing.Signer> signer = Optional.empty();

    private final Map<String, Boolean> shops = new HashMap<>();

    public interface Coming {
        Reply come();
    }

    public interface Line {
        Reply carry(Node to, Call call, Coming answer) throws NoAnswer;
    }

    /// @param rules empty for a node that is no supernode
    public Node add(String id, String domain, Optional<Supernode.Rules> rules) {
        var address = "127.0.0.1:" + (30_001 + nodes.size());
        var node =
                new Node(new NodeIdentity(id, address, domain, Optional.of("fabric-" + id)), rules, nodes.size() + 1);
        nodes.put(address, node);
        return node;
    }

    /// A catalog.
    ///
    /// @param brokered whether it stands between
    public Node catalog(String id, boolean brokered) {
        shops.put(id, brokered);
        var usual = Supernode.Rules.USUAL;
        return add(
                id,
                id + ".example",
                brokered
                        ? Optional.of(new Supernode.Rules(usual.margin(), usual.maxHops(), usual.policy(), true))
                        : Optional.empty());
    }

    public Node node(String id, String domain) {
        return add(id, domain, Optional.empty());
    }

    public Node supernode(String id, String domain) {
        return add(id, domain, Optional.of(Supernode.Rules.USUAL));
    }

    /// All tell and hear, until nothing is new.
    public void listen() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (var node : nodes.values()) {
                moved |= node.listens();
            }
        }
    }

    public void advance(Duration time) {
        now = now.plus(time);
    }

    /// Nobody proves anything, and rules are asked all the same.
    private Gateway.Standing standing() {
        return new Gateway.Standing(new Door(new Door.Way.Nothing(), rights, Optional.empty()), Map.of(), false, false);
    }

    private Reply call(Endpoint to, Call call, Duration limit) throws NoAnswer {
        var node = nodes.get(to.address());
        if (node == null || node.away) {
            throw new NoAnswer("nobody is there", false);
        }
        var reply = line.carry(node, call, () -> node.answer(call));
        if (node.died()) {
            node.rise();
            throw new NoAnswer("it died", true);
        }
        return reply;
    }

    /// The process died.
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Kills a process at one of its commits; what is left of it writes nothing any more.
    private static final class Killer implements Faults {
        private final int at;
        private final boolean after;
        private boolean dead;
        private int commits;

        Killer(int at, boolean after) {
            this.at = at;
            this.after = after;
        }

        @Override
        public void beforeCommit(int n) {
            die(dead || !after && n == at);
        }

        @Override
        public void afterCommit(int n) {
            commits = n;
            die(after && n == at);
        }

        private void die(boolean now) {
            if (now) {
                dead = true;
                throw new Killed();
            }
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(node -> node.test.close());
    }

    /// One of them.
    public final class Node {
        public final NodeIdentity self;
        public final TestDatabase test = TestDatabase.fresh();
        /// What it was asked, as `LIST` and so on: method and first segment.
        public final List<String> heard = new ArrayList<>();
        public boolean away;
        private Killer killer = new Killer(0, false);
        private final Optional<Supernode.Rules> rules;
        private final Platform platform;
        public Engine engine;
        public Market market;
        public Peers peers;
        public RearClient client;
        public Candidates candidates;
        public Discovery discovery;
        public Optional<Supernode> supernode;
        public Optional<Resale> resale;
        public Optional<Catalog> catalog;
        /// Where it publishes, see [#publishes].
        private final List<Peers.Wish> catalogs = new ArrayList<>();
        public Publishing publishing;
        private Gateway gateway;
        private Notifications notifications;
        private Following following;
        private int answering;

        Node(NodeIdentity self, Optional<Supernode.Rules> rules, long seed) {
            this.self = self;
            this.rules = rules;
            this.platform = Platform.seeded(seed, () -> now);
            boot();
        }

        /// Dies at its commit number `at` from now on, before or after it; 0: never, and only counts.
        public void killAt(int at, boolean after) {
            killer = new Killer(at, after);
            test.database().inject(killer);
        }

        /// How many commits it has made since [#killAt].
        public int commits() {
            return killer.commits;
        }

        boolean died() {
            return killer.dead;
        }

        /// Another process goes on where it died.
        void rise() {
            killer = new Killer(0, false);
            test.database().inject(killer);
            boot();
            engine.takeOver();
        }

        /// A new server process on what the last one left.
        public void boot() {
            engine = new Engine(platform, test.database());
            market = new Market("broker", platform, engine, new Calendar(), () -> HoldPolicy.USUAL);
            Wire wire = Net.this::call;
            client = new RearClient(wire, self, platform::now);
            peers = new Peers(platform, test.database(), engine, client, self, LOOPBACK, Fanout.IN_TURN);
            candidates = new Candidates(platform, engine);
            discovery =
                    new Discovery(platform, test.database(), engine, client, self, peers, candidates, Fanout.IN_TURN);
            supernode = rules.map(some -> new Supernode(
                    platform,
                    test.database(),
                    engine,
                    self,
                    some,
                    peers,
                    new Members(platform, test.database(), engine, peers, self),
                    candidates,
                    discovery));
            resale = supernode.map(some -> new Resale(
                    platform,
                    test.database(),
                    engine,
                    Secrets.of(new byte[32]),
                    peers,
                    client,
                    some,
                    HoldPolicy.USUAL.life(),
                    notary,
                    (_, _) -> settle()));
            var standing = standing();
            var face = new RearFace(platform, standing.door(), supernode);
            notifications = new Notifications(
                    platform,
                    test.database(),
                    engine,
                    Secrets.of(new byte[32]),
                    (_, _, _) -> 404,
                    (_, _) -> Optional.empty(),
                    Map.of(RearFace.NAME, face));
            catalog = Optional.of(self.id())
                    .filter(shops::containsKey)
                    .map(_ -> new Catalog(
                            platform,
                            test.database(),
                            engine,
                            peers,
                            new CatalogClient(client),
                            signer.map(Publishing.Signer::notary),
                            supernode));
            publishing = new Publishing(
                    platform,
                    test.database(),
                    engine,
                    self,
                    peers,
                    new CatalogClient(client),
                    Fanout.IN_TURN,
                    tx -> market.list(tx, Optional.empty()),
                    supernode,
                    signer,
                    catalogs);
            market.whenListed(publishing::changed);
            gateway = new Gateway(
                    new Gateway.Seller(self, platform, test.database(), engine, market, Secrets.of(new byte[32])),
                    new Gateway.Roles(
                            standing,
                            resale,
                            telling ? Optional.of(new Gateway.Telling(notifications, face)) : Optional.empty(),
                            catalog.map(some -> new Gateway.Shop(some, peers)),
                            Optional.empty()),
                    () -> true);
            following = new Following(
                    platform,
                    test.database(),
                    engine,
                    self,
                    peers,
                    candidates,
                    new EventClient(client, self),
                    resale.<Ears>map(some -> new Retelling(platform, engine, some, candidates)).stream()
                            .toList());
        }

        /// Numbers what happened here, and hears what others tell.
        ///
        /// @return whether anything moved
        public boolean listens() {
            try {
                boolean moved = notifications.runDue();
                return following.turn() || moved;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /// Takes what it offers under a name off the list.
        public void withdraws(String flavor) {
            look(tx -> market.withdraw(
                            tx,
                            UUID.fromString(String.valueOf(
                                    tx.sql().fetchValue("select root from listing where id = ?", flavor))),
                            "admin")
                    .orThrow());
        }

        /// Publishes at a catalog from now on.
        public void publishes(Node at) {
            catalogs.add(new Peers.Wish(Optional.of(at.self.id()), at.self.address(), Optional.empty()));
            boot();
            publishing.refresh();
        }

        Reply answer(Call call) {
            heard.add(call.method() + " " + call.path().get(2));
            answering++;
            try {
                return gateway.answer(call, Passport.unproved());
            } finally {
                answering--;
            }
        }

        /// How often it was asked what it offers.
        public long lists() {
            return heard.stream().filter(one -> one.equals("GET flavors")).count();
        }

        public Resource knows(Node other) {
            var wish = new Peers.Wish(Optional.of(other.self.id()), other.self.address(), Optional.empty());
            return peers.add(wish, "operators", "admin").orThrow();
        }

        /// Joins the domain of a supernode; the same again says that it is still there.
        public String joins(Node supernode) {
            return new Joining(platform, engine, client, peers, self, supernode.self.address(), Optional.empty())
                    .keepAlive();
        }

        /// Offers 8 CPUs, 32Gi and 110 pods for 0.40 an hour.
        ///
        /// @return the name under which it is listed
        public String offers() {
            return offers(Samples.slice());
        }

        /// Offers something else for that.
        public String offers(Kind kind) {
            var whole = Samples.flavor("root", kind);
            var flavor = new Flavor(
                    whole.id(),
                    self.id(),
                    self,
                    whole.kind(),
                    whole.price(),
                    true,
                    whole.network(),
                    whole.place(),
                    now,
                    Map.of());
            return look(tx -> {
                var root = market.offer(
                        tx, platform.newId(), new Offer(flavor, now, Optional.empty()), "operators", "admin");
                return market.listed(tx, List.of(root.id())).get(root.id()).id();
            });
        }

        public Found discover(Selector selector, Trace trace) {
            return discovery.discover(selector, trace, new UUID(0, 1));
        }

        /// What it knows that is for sale.
        public List<Flavor> finds(Selector selector) {
            return look(tx -> candidates.matching(tx, selector, now)).stream()
                    .map(candidate -> candidate.flavor())
                    .toList();
        }

        public Reply asks(Node other, Call call) throws NoAnswer {
            return Net.this.call(Endpoint.plain(other.self.address()), call, Duration.ofSeconds(5));
        }

        public JsonNode gets(Node other, String... path) throws NoAnswer {
            var segments = new ArrayList<>(List.of("api", "v2"));
            segments.addAll(List.of(path));
            return Json.tree(asks(other, Call.get(segments).with("x-rear-path", self.id()))
                    .body());
        }

        /// Does what its server does by itself. If it dies of that, another process goes on, and has to do it
        /// again.
        public void does(Runnable work) {
            try {
                work.run();
            } catch (Killed _) {
                rise();
            }
        }

        /// Lets everything happen that is due.
        public void settle() {
            try {
                go();
            } catch (Killed _) {
                if (answering > 0) throw new Killed();
                rise();
                settle();
            }
        }

        private void go() {
            try {
                for (int turn = 0; engine.runDue(java.util.Set.of("broker", Peers.ACTOR)); turn++) {
                    if (turn > 1_000) throw new AssertionError(self + " goes on and on");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        public <T> T look(Function<Tx, T> question) {
            return test.database().inTransaction(question);
        }

        /// What its journal says of the steps of a workflow, as `W2 #11 MEMBERS_MATCHED`.
        public List<String> steps(Trace trace) {
            return look(tx -> tx.sql()
                    .fetch("select why from journal where trace = ? order by seq", trace.id())
                    .map(row -> row.get(0, String.class).replaceAll(":.*", "")));
        }
    }
}
