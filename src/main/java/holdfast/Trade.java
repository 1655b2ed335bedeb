package holdfast;

import holdfast.api.resources.Trading;
import holdfast.engine.Engine;
import holdfast.federation.Federation;
import holdfast.federation.buying.Buying;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.domain.Joining;
import holdfast.federation.mail.Courier;
import holdfast.federation.peers.Members;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Supernode;
import holdfast.federation.resale.Waiter;
import holdfast.federation.wire.Fanout;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// All that deals with other domains as their customer, wired.
final class Trade implements AutoCloseable {
    private final HttpWire wire;
    private final Peers peers;
    private final Candidates candidates;
    private final Buying buying;
    private final Courier courier;
    private final Optional<Resale> resale;

    /// Before the engine starts.
    ///
    /// @param trust as whom it meets others
    /// @param self who buys
    /// @param broker who promises what was bought
    /// @param cluster the authority of the cluster of ours to which parts of others are added; empty if there is
    ///     none
    /// @param policy which addresses may be called
    Trade(
            FederationSettings settings,
            Trust trust,
            NodeIdentity self,
            String broker,
            Optional<String> cluster,
            CallbackPolicy policy,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets) {
        wire = trust.wire(policy);
        var rear = new RearClient(wire, self, platform::now);
        peers = new Peers(platform, database, engine, rear, self, policy, Fanout.PARALLEL);
        candidates = new Candidates(platform, engine);
        var discovery = new Discovery(platform, database, engine, rear, self, peers, candidates, Fanout.PARALLEL);
        buying = new Buying(
                broker,
                cluster,
                platform,
                database,
                engine,
                secrets,
                rear,
                peers,
                candidates,
                discovery,
                Fanout.PARALLEL,
                Optional.of(trust.keys()));
        courier = new Courier(platform, database, engine, wire, buying.routes());
        resale = settings.speaking().map(rules -> {
            var members = new Members(platform, database, engine, peers, self);
            var supernode =
                    new Supernode(platform, database, engine, self, rules, peers, members, candidates, discovery);
            return new Resale(
                    platform,
                    database,
                    engine,
                    secrets,
                    peers,
                    rear,
                    supernode,
                    settings.holds().life(),
                    Optional.of(trust.keys()),
                    Waiter.of(platform, engine));
        });
        settings.joined()
                .ifPresent(address -> new Joining(platform, engine, rear, peers, self, address, settings.joinedKey()));
    }

    /// What it sells of others, if it speaks for its domain.
    Optional<Resale> resale() {
        return resale;
    }

    /// What the native interface shows of it.
    Trading shown() {
        return new Trading(peers, candidates, buying);
    }

    /// The actor to which messages for the federation go.
    Federation federation() {
        return new Federation(buying);
    }

    Peers peers() {
        return peers;
    }

    Buying buying() {
        return buying;
    }

    /// Begins to carry mail.
    void start() {
        courier.start();
    }

    @Override
    public void close() {
        try {
            courier.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            wire.close();
        }
    }
}
