package holdfast.sim;

import holdfast.TestDatabase;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.Federation;
import holdfast.federation.buying.Buying;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.mail.Courier;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A domain that buys and others that sell, on one clock, in one thread.
final class Trading {
    static final NodeIdentity SELF =
            new NodeIdentity("buyer", "127.0.0.1:29999", "buyer.example", Optional.of("buyer"));
    private static final Wish WISH = Wish.any(new Trace("trade", Workflow.W1));

    final World buyer;
    final Map<String, SellerDomain> sellers = new LinkedHashMap<>();
    /// Whether mail is carried.
    boolean carries = true;

    Peers peers;
    Buying buying;
    Candidates candidates;
    private Courier courier;
    private Discovery discovery;
    /// The way to those who are no whole domains.
    Wire beyond = (_, _, _) -> {
        throw new NoAnswer("nobody is there", false);
    };

    Trading(TestDatabase test) {
        buyer = new World(7, test, true, Optional.of(this::open));
        buyer.carrier = this::carry;
        buyer.settle();
    }

    private Actor open(Platform platform, Database database, Engine engine) {
        Wire wire = this::call;
        var rear = new RearClient(wire, SELF, platform::now);
        var policy = CallbackPolicy.opening(List.of("127.0.0.0/8"));
        peers = new Peers(platform, database, engine, rear, SELF, policy, Fanout.IN_TURN);
        candidates = new Candidates(platform, engine);
        discovery = new Discovery(platform, database, engine, rear, SELF, peers, candidates, Fanout.IN_TURN);
        buying = new Buying(
                "broker",
                platform,
                database,
                engine,
                Secrets.of(new byte[32]),
                rear,
                peers,
                candidates,
                discovery,
                Fanout.IN_TURN,
                Optional.empty());
        courier = new Courier(platform, database, engine, wire, buying.routes());
        return new Federation(buying);
    }

    private Reply call(Endpoint to, Call call, Duration limit) throws NoAnswer {
        var seller = sellers.get(to.address());
        if (seller == null) {
            return beyond.call(to, call, limit);
        }
        seller.world.follow(buyer);
        var reply = seller.call(call);
        seller.world.settle();
        return reply;
    }

    /// Adds a seller that is a peer of the buyer, unless that was done before.
    SellerDomain seller(SellerDomain seller) {
        sellers.put(seller.node.address(), seller);
        if (buyer.look(tx -> buyer.engine.resources().ofType(tx, "peer", 100)).stream()
                .noneMatch(peer -> peer.name().equals(seller.node.id()))) {
            peers.add(
                            new Peers.Wish(Optional.of(seller.node.id()), seller.node.address(), Optional.empty()),
                            "operators",
                            "admin")
                    .orThrow();
        }
        return seller;
    }

    /// Carries all mail between the domains, and lets the sellers do what they do.
    private boolean carry() {
        boolean any = carries && courier.turn();
        for (var seller : sellers.values()) {
            seller.world.follow(buyer);
            seller.world.settle();
        }
        return any;
    }

    /// Asks all peers what they offer.
    void discovers() {
        discovery.discover(Selector.of(FlavorType.K8SLICE, List.of()).orThrow(), WISH.trace(), new UUID(0, 1));
    }

    /// Asks the federation as the orchestrator does.
    void acquire(SliverId sliver, int cores, Duration length) {
        var info = new SliceInfo(new SliceId(sliver.value()), "away", "physics", "alice", List.of());
        var demand = new Demand(
                "VM", "node1", "", Capacities.of(cores, 4, 10), Optional.empty(), Optional.empty(), List.of());
        var term = Interval.of(buyer.now(), length);
        send(new Message.Acquire(sliver, info, demand, term, 1, WISH));
    }

    void giveUp(SliverId sliver) {
        send(new Message.GiveUp(sliver));
    }

    private void send(Message message) {
        buyer.run(tx -> buyer.engine.post().send(tx, "orchestrator", Peers.ACTOR, message));
    }

    /// What our broker would tell.
    void tell(Message.Borrowed borrowed) {
        buyer.run(tx -> buyer.engine.post().send(tx, "broker", Peers.ACTOR, borrowed));
    }

    /// The only one, gone or not.
    Resource one(String type) {
        var all = all(type);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " of type " + type + ": " + all);
        }
        return all.getFirst();
    }

    /// The buyer's records of that type, those that are over included.
    List<Resource> all(String type) {
        return buyer.look(tx ->
                buyer.engine.resources().list(tx, Resources.typed(type).and(Resources.keptBy(Peers.ACTOR)), 1_000));
    }

    List<String> states(String type) {
        return all(type).stream().map(Resource::state).sorted().toList();
    }

    /// All states that it has had.
    List<String> lives(UUID resource) {
        return new ArrayList<>(buyer.states(resource));
    }
}
