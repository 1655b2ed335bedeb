package holdfast.api.rear;

import holdfast.TestDatabase;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Signing;
import holdfast.federation.trust.Buckets;
import holdfast.federation.trust.Guard;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.NodeTls;
import holdfast.federation.trust.Pin;
import holdfast.federation.trust.Pins;
import holdfast.federation.trust.Rights;
import holdfast.federation.trust.Tokens;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.HttpServer;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/// A seller behind TLS that knows callers by their keys.
final class Fortress implements AutoCloseable {
    static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8"));

    final AtomicReference<Instant> clock = new AtomicReference<>(RearDomain.BEGINNING);
    final Platform platform = Platform.seeded(71, clock::get);
    final NodeKeys keys;
    final List<Pin> pins = new CopyOnWriteArrayList<>();
    final TestDatabase test = TestDatabase.fresh();
    final RearDomain domain;
    private final List<HttpWire> wires = new ArrayList<>();

    /// @param mtls whether by certificates, else by tokens
    Fortress(boolean mtls, Rights rights, Signing signing, int perSecond, int burst) {
        this(mtls, rights, NodeKeys.fresh(), signing, perSecond, burst);
    }

    Fortress(boolean mtls, Rights rights, NodeKeys keys, Signing signing, int perSecond, int burst) {
        this(mtls, rights, keys, HoldPolicy.USUAL, signing, perSecond, burst);
    }

    private Fortress(
            boolean mtls, Rights rights, NodeKeys keys, HoldPolicy policy, Signing signing, int perSecond, int burst) {
        this.keys = keys;
        var tls = new NodeTls(keys, Samples.OWNER.id(), platform.now());
        var guard = new Guard(
                new Pins(() -> List.copyOf(pins), clock::get),
                new Tokens(keys, Samples.OWNER.id(), platform),
                clock::get);
        var way = mtls ? new Door.Way.Certificate(guard) : new Door.Way.Bearer(guard);
        var limits =
                new Door.Limits(new Buckets(perSecond, burst, clock::get), new Buckets(perSecond, burst, clock::get));
        domain = new RearDomain(
                test,
                1,
                clock,
                policy,
                signing,
                new Gateway.Standing(new Door(way, rights, Optional.of(limits)), keys.jwk(), true, signing.both()),
                HttpServer.Options.standard().withTls(new HttpServer.Secure(tls.listening(), mtls)));
    }

    static Fortress usual(boolean mtls) {
        return new Fortress(mtls, Rights.USUAL, Signing.NONE, 1_000, 1_000);
    }

    /// One by tokens that lets others have no more than this.
    static Fortress limited(Rights rights, HoldPolicy policy) {
        return new Fortress(false, rights, NodeKeys.fresh(), policy, Signing.NONE, 1_000, 1_000);
    }

    /// Knows a node by a key.
    ///
    /// @param home the domain that administrators say it is of; empty if they do not
    void pin(NodeKeys node, String id, String home, boolean own) {
        pins.add(new Pin(node.fingerprint(), Optional.of(id), home, !home.isEmpty(), own, "node"));
    }

    Tokens tokens(NodeKeys node, String id) {
        return new Tokens(node, id, platform);
    }

    /// The way of a node to this one.
    HttpWire wire(NodeKeys node, String id) {
        var wire = new HttpWire(LOOPBACK, new NodeTls(node, id, platform.now()), tokens(node, id));
        wires.add(wire);
        return wire;
    }

    Endpoint endpoint() {
        return Endpoint.pinned("127.0.0.1:" + domain.server.port(), keys.fingerprint());
    }

    Reply ask(HttpWire wire, Call call) {
        try {
            return wire.call(endpoint(), call, Duration.ofSeconds(60));
        } catch (NoAnswer e) {
            throw new AssertionError(e);
        }
    }

    /// @param target below the base
    static Call call(String method, String target, String body) {
        return new Call(method, List.of(("api/v2/" + target).split("/")), Map.of(), Map.of(), body.replace('\'', '"'));
    }

    @Override
    public void close() {
        wires.forEach(HttpWire::close);
        domain.close();
        test.close();
    }
}
