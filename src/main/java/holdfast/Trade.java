package holdfast;

import holdfast.api.rear.Gateway;
import holdfast.api.resources.Trading;
import holdfast.broker.market.Market;
import holdfast.engine.Engine;
import holdfast.federation.Federation;
import holdfast.federation.afar.WideArea;
import holdfast.federation.buying.Buying;
import holdfast.federation.catalog.Catalog;
import holdfast.federation.catalog.Publishing;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.domain.Joining;
import holdfast.federation.following.Ears;
import holdfast.federation.following.Following;
import holdfast.federation.mail.Courier;
import holdfast.federation.mail.Passage;
import holdfast.federation.nearby.Beacon;
import holdfast.federation.nearby.Neighbourhood;
import holdfast.federation.peers.Members;
import holdfast.federation.peers.Neighbours;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Retelling;
import holdfast.federation.resale.Supernode;
import holdfast.federation.resale.Waiter;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.EventClient;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// All that deals with other domains as their customer, wired.
final class Trade implements AutoCloseable {
    private static final Set<String> GREETINGS = Set.of("domain.keepalive", "catalog.publish");

    private final Database database;
    private final Engine engine;
    private final HttpWire wire;
    private final Peers peers;
    private final Candidates candidates;
    private final Buying buying;
    private final Courier courier;
    private final Passage passage;
    private final Following following;
    private final Optional<Resale> resale;
    private final Optional<Catalog> catalog;
    private final Runnable beacon;
    private Optional<Beacon> lit = Optional.empty();
    private final Runnable caller;
    private Optional<WideArea> afar = Optional.empty();

    /// Before the engine starts.
    ///
    /// @param trust as whom it meets others
    /// @param self who buys
    /// @param broker who promises what was bought
    /// @param cluster the authority of the cluster of ours to which parts of others are added; empty if there is
    ///     none
    /// @param market what it offers itself
    /// @param policy which addresses may be called
    Trade(
            FederationSettings settings,
            Trust trust,
            NodeIdentity self,
            String broker,
            Optional<String> cluster,
            Market market,
            CallbackPolicy policy,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets) {
        this.database = database;
        this.engine = engine;
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
        passage = new Passage(rear, buying.routes());
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
        var shops = new CatalogClient(rear);
        var speaker = resale.map(Resale::supernode);
        catalog = Optional.of(settings)
                .filter(FederationSettings::isCatalog)
                .map(_ -> new Catalog(platform, database, engine, peers, shops, Optional.of(trust.keys()), speaker));
        var publishing = new Publishing(
                platform,
                database,
                engine,
                self,
                peers,
                shops,
                Fanout.PARALLEL,
                tx -> market.list(tx, Optional.empty()),
                speaker,
                Optional.of(trust.signer()),
                settings.publishing());
        market.whenListed(publishing::changed);
        following = following(platform, database, engine, rear, self);
        beacon = () -> settings.nearby().ifPresent(nearby -> {
            var neighbours = new Neighbours(platform, database, engine, peers, nearby.policy(), buying::dealsWith);
            lit = Optional.of(Beacon.start(
                    platform,
                    new Neighbourhood(platform, self, neighbours, Neighbourhood.Way.LAN),
                    nearby.join(),
                    settings.announced(trust.keys())));
        });
        caller = () -> settings.afar().ifPresent(some -> {
            var neighbours = new Neighbours(platform, database, engine, peers, some.policy(), buying::dealsWith);
            var here = some.self(settings.announced(trust.keys()));
            afar = Optional.of(WideArea.start(
                    platform,
                    new Neighbourhood(platform, self, neighbours, Neighbourhood.Way.WAN),
                    some.line(trust.afarPassword()),
                    here));
        });
        settings.joined()
                .ifPresent(address -> new Joining(platform, engine, rear, peers, self, address, settings.joinedKey()));
    }

    /// Hears what peers tell: contracts are a matter of who bought them, offers of who offers them again.
    private Following following(
            Platform platform, Database database, Engine engine, RearClient rear, NodeIdentity self) {
        var ears = Stream.<Ears>concat(
                Stream.of(buying), resale.map(some -> new Retelling(platform, engine, some, candidates)).stream());
        var made = new Following(
                platform, database, engine, self, peers, candidates, new EventClient(rear, self), ears.toList());
        resale.ifPresent(some -> some.supernode().members().joined().echo(made::look));
        return made;
    }

    /// What it sells of others, if it speaks for its domain.
    Optional<Resale> resale() {
        return resale;
    }

    /// What others publish here, if it is a catalog.
    Optional<Gateway.Shop> shop() {
        return catalog.map(some -> new Gateway.Shop(some, peers));
    }

    /// What the native interface shows of it.
    Trading shown() {
        return new Trading(peers, candidates, buying, passage);
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

    /// Begins to carry mail, and to be found.
    ///
    /// @throws holdfast.platform.CannotStartException if the network does not allow the latter
    void start() {
        courier.start();
        beacon.run();
        caller.run();
        following.start();
    }

    /// Tells its supernode and its catalogs that it is there, who may ask it at once; they are told again as long
    /// as it is.
    void greet() {
        database.inTransaction(tx -> {
            engine.tasks().execute(tx, GREETINGS, Peers.ACTOR);
            return true;
        });
    }

    @Override
    public void close() {
        try {
            lit.ifPresent(Beacon::close);
            afar.ifPresent(WideArea::close);
            following.stop();
            courier.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            wire.close();
        }
    }
}
