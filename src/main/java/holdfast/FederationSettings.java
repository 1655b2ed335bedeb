package holdfast;

import holdfast.authority.Fabric;
import holdfast.broker.market.HoldPolicy;
import holdfast.core.Answer;
import holdfast.federation.domain.DomainPolicy;
import holdfast.federation.nearby.Beacon;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Margin;
import holdfast.federation.resale.Supernode;
import holdfast.federation.trust.Caller;
import holdfast.federation.trust.Fingerprint;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.Capabilities;
import holdfast.platform.CannotStartException;
import holdfast.platform.HttpServer;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Notary;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Section `federation` of the settings file: how other domains reach this one, and as whom it sells to
/// them and buys of them.
///
/// @param listen IP address to listen on for other domains; `127.0.0.1` unless said otherwise
/// @param port where; 30000 unless said otherwise, 0 = any that is free
/// @param domain such as `alps.example`
/// @param nodeId the name of this node, unique in its domain
/// @param advertised `host:port` under which others reach it
/// @param auth how callers prove who they are: `bearer` by tokens, `mtls` by certificates, both over TLS; `none` not at
///     all, which is for trials: whoever reaches the port is taken for whom it says it is. It must be said, and `none`
///     is refused unless only this machine reaches the port
/// @param rights exceptions from what others usually may do, the first that fits decides
/// @param limits of what others may hold and how often they may ask
/// @param signatures who signs contracts: `seller` (as usual), or `both`, which needs callers that prove who they are
/// @param role `node` unless said otherwise; a `supernode` speaks for its domain, at a `catalog` offers of others are
///     found
/// @param mode of a catalog: `referral` (as usual), or `brokered`: it stands between buyer and seller
/// @param catalogs where what this node and its domain offer is published
/// @param supernode `host:port` of the one whose domain this node joins
/// @param supernodeKey the fingerprint of its key: it is asked by TLS then; in clear without
/// @param margin what a supernode adds to prices, such as `10%` or `0.05`; nothing unless said otherwise
/// @param maxHops over how many nodes offers may come and questions may go at a supernode, 4 unless said otherwise
/// @param policy who may see at a supernode what whom offers; the first rule that fits decides, and what none speaks of
///     may be seen
/// @param nearby how nodes in the local network find each other; they do not unless it is there
/// @param afar how nodes of many domains find each other over a broker of messages; they do not unless it is there
/// @param services where services run that are sold: the site of a cluster of ours, or `simulated`, in a cluster in
///     memory that is none, for trials; none are sold if it is not said
record FederationSettings(
        Optional<String> listen,
        Optional<Integer> port,
        Optional<String> domain,
        Optional<String> nodeId,
        Optional<String> advertised,
        Optional<String> auth,
        Optional<List<FederationRight>> rights,
        Optional<FederationLimits> limits,
        Optional<String> signatures,
        Optional<String> role,
        Optional<String> mode,
        Optional<List<At>> catalogs,
        Optional<String> supernode,
        Optional<String> supernodeKey,
        Optional<String> margin,
        Optional<Integer> maxHops,
        Optional<List<DomainPolicy.Rule>> policy,
        Optional<FederationNearby> nearby,
        Optional<FederationAfar> afar,
        Optional<String> services) {
    private static final int USUAL = 30_000;
    private static final int LAST_PORT = 65_535;
    private static final int MOST_HOPS = 16;
    private static final String NODE = "node";
    private static final String SUPERNODE = "supernode";
    private static final String SIMULATED = "simulated";
    private static final String REFERRAL = "referral";
    private static final String BROKERED = "brokered";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[\\w.:\\[\\]-]{1,247}:\\d{1,5}");

    /// Another node.
    ///
    /// @param address `host:port` of its gateway
    /// @param key the fingerprint of its key: it is asked by TLS then; in clear without
    record At(Optional<String> address, Optional<String> key) {}

    /// Whether others reach it. A domain that only buys says nothing of how it is reached: it calls, and is not
    /// called.
    private boolean sells() {
        return Stream.of(listen, port, advertised, auth).anyMatch(Optional::isPresent);
    }

    /// Who sells and buys.
    ///
    /// @throws CannotStartException if something is missing or wrong
    NodeIdentity node() {
        return node(Optional.empty());
    }

    /// The same.
    ///
    /// @param cluster the id of its cluster among clusters; as the node unless it has one
    /// @throws CannotStartException if something is missing or wrong
    NodeIdentity node(Optional<String> cluster) {
        var id = needed("nodeId", nodeId, NAME, "lower-case letters, digits, - and .");
        var home = needed("domain", domain, NAME, "lower-case letters, digits, - and .");
        var address = sells() ? needed("advertised", advertised, ADDRESS, "host:port") : home + ":" + USUAL;
        return new NodeIdentity(id, address, home, Optional.of(cluster.orElse(id)));
    }

    /// Where to listen for others; nowhere if it only buys.
    ///
    /// @throws CannotStartException if callers prove nothing and others than this machine would reach it
    Optional<HttpServer.Options> address() {
        return sells() ? Optional.of(listening()) : Optional.empty();
    }

    private HttpServer.Options listening() {
        var where = where();
        if (way() == Auth.NONE && !isLoopback(where)) {
            throw wrong(
                    "listen",
                    "is '" + where + "', and with auth: none it must be an address that only this machine"
                            + " reaches, such as 127.0.0.1");
        }
        int number = port.orElse(USUAL);
        if (number < 0 || number > LAST_PORT) {
            throw wrong("port", "is " + number + "; it must be from 0 to " + LAST_PORT);
        }
        return HttpServer.Options.standard().withHost(where).withPort(number).setBy("federation.port in the settings");
    }

    private String said() {
        var said = role.orElse(NODE);
        if (!Set.of(NODE, SUPERNODE, Capabilities.CATALOG).contains(said)) {
            throw wrong("role", "is '" + said + "'; write node, supernode or catalog");
        }
        return said;
    }

    /// Whether offers of others are found here.
    ///
    /// @throws CannotStartException if something is wrong
    boolean isCatalog() {
        return said().equals(Capabilities.CATALOG);
    }

    private boolean brokers() {
        var how = mode.orElse(REFERRAL);
        if (!Set.of(REFERRAL, BROKERED).contains(how)) {
            throw wrong("mode", "is '" + how + "'; write referral or brokered");
        }
        if (mode.isPresent() && !isCatalog()) {
            throw wrong("mode", "is said, and only a catalog has one: write role: catalog as well");
        }
        return how.equals(BROKERED);
    }

    /// Where to publish what is offered here.
    ///
    /// @throws CannotStartException if something is wrong
    List<Peers.Wish> publishing() {
        var all = catalogs.orElse(List.of());
        if (!all.isEmpty() && !sells()) {
            throw wrong(
                    "catalogs", "are named, and who finds this node there could not reach it: say listen and the rest");
        }
        return all.stream().map(FederationSettings::wish).toList();
    }

    private static Peers.Wish wish(At catalog) {
        var address = needed("catalogs.address", catalog.address(), ADDRESS, "host:port");
        catalog.key().filter(key -> !Fingerprint.valid(key)).ifPresent(key -> {
            throw wrong("catalogs.key", "is '" + key + "'; write the fingerprint that it shows when it starts");
        });
        return new Peers.Wish(
                Optional.empty(), address.toLowerCase(Locale.ROOT), Optional.empty(), catalog.key(), Optional.empty());
    }

    /// How this node sells what others offer; empty if it does not.
    ///
    /// @throws CannotStartException if something is wrong
    Optional<Supernode.Rules> speaking() {
        boolean brokers = brokers();
        if (said().equals(NODE) || isCatalog() && !brokers) {
            return Optional.empty();
        }
        int hops = maxHops.orElse(Supernode.Rules.USUAL.maxHops());
        if (hops < 0 || hops > MOST_HOPS) {
            throw wrong("maxHops", "is " + hops + "; it must be from 0 to " + MOST_HOPS);
        }
        var added = switch (Margin.of(margin.orElse("0%"))) {
            case Answer.Yes<Margin>(var read) -> read;
            case Answer.No<Margin>(var why) -> throw wrong("margin", why.message());
        };
        return Optional.of(new Supernode.Rules(added, hops, new DomainPolicy(policy.orElse(List.of())), brokers));
    }

    /// Where the supernode is whose domain is joined; empty if there is none.
    ///
    /// @throws CannotStartException if it is no address
    Optional<String> joined() {
        return supernode.map(_ -> needed(SUPERNODE, supernode, ADDRESS, "host:port"));
    }

    /// The key of that supernode; empty if it proves nothing.
    ///
    /// @throws CannotStartException if it is none
    Optional<String> joinedKey() {
        supernodeKey.filter(key -> !Fingerprint.valid(key)).ifPresent(key -> {
            throw wrong("supernodeKey", "is '" + key + "'; write the fingerprint that it shows when it starts");
        });
        return supernodeKey;
    }

    /// Who announces itself; nobody if nobody could call this node. It signs if it proves who it is.
    ///
    /// @throws CannotStartException if something is wrong
    Optional<Beacon.Self> announced(Notary keys) {
        return sells()
                ? Optional.of(new Beacon.Self(
                        node(),
                        speaking().map(_ -> SUPERNODE).orElse(NODE),
                        Optional.of(keys).filter(_ -> way() != Auth.NONE)))
                : Optional.empty();
    }

    /// Where services run that are sold; empty if none are.
    ///
    /// @param clusters of ours, by site
    /// @param none a cluster that runs nothing
    /// @throws CannotStartException if they are to run where they cannot
    Optional<Fabric> serving(Map<String, Fabric> clusters, Supplier<Fabric> none) {
        return services.map(word -> {
            if (!word.equals(SIMULATED) && !clusters.containsKey(word)) {
                throw wrong(
                        "services",
                        "is '" + word
                                + "'; write the site of one of your clusters or simulated, or leave it out to sell"
                                + " none");
            }
            return Optional.ofNullable(clusters.get(word)).orElseGet(none);
        });
    }

    private String where() {
        return listen.orElse("127.0.0.1");
    }

    /// Whether only this machine reaches it.
    boolean isLoopback() {
        return isLoopback(where());
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            throw wrong("listen", "is '" + address + "', which is no IP address, such as 127.0.0.1");
        }
    }

    /// How callers prove who they are.
    enum Auth {
        NONE,
        BEARER,
        MTLS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws CannotStartException if it is not said, or is none of the ways there are
    Auth way() {
        return Arrays.stream(Auth.values())
                .filter(way -> auth.equals(Optional.of(way.word())))
                .findFirst()
                .orElseThrow(() -> wrong(
                        "auth",
                        auth.map(said -> "is '" + said + "'").orElse("is missing")
                                + "; write mtls, bearer, or for trials none: then whoever reaches the port is taken for"
                                + " whom it says it is"));
    }

    /// Whether buyers sign contracts, too.
    ///
    /// @throws CannotStartException if that is neither said nor denied, or nobody could
    boolean bothSign() {
        return switch (signatures.orElse("seller")) {
            case "seller" -> false;
            case "both" -> {
                if (way() == Auth.NONE) {
                    throw wrong("signatures", "is 'both', and with auth: none no key of a buyer is known");
                }
                if (speaking().isPresent()) {
                    throw wrong("signatures", "is 'both', and a supernode signs alone what it sells of others");
                }
                yield true;
            }
            default -> throw wrong("signatures", "is '" + signatures.get() + "'; write seller or both");
        };
    }

    /// What others may do: the exceptions first, then what is usual.
    ///
    /// @throws CannotStartException if a rule says nothing, or names what is not there
    Rights rules() {
        var usual = way() == Auth.NONE ? Rights.ALL : Rights.USUAL;
        var own = rights.orElse(List.of()).stream().map(FederationRight::rule);
        var publishers = new Rights.Rule(
                Caller.Standing.PEER,
                Optional.empty(),
                Optional.empty(),
                Set.of(Rights.Message.CATALOG),
                Optional.empty(),
                true);
        var here = Stream.concat(usual.rules().stream(), Stream.of(publishers).filter(_ -> isCatalog()));
        return new Rights(Stream.concat(own, here).toList());
    }

    /// @throws CannotStartException if a limit is none
    HoldPolicy holds() {
        return limits.map(FederationLimits::policy).orElse(HoldPolicy.USUAL);
    }

    /// How often one caller may ask; empty if nobody counts: callers on this machine that prove nothing are many in
    /// one.
    ///
    /// @throws CannotStartException if a limit is none
    Optional<FederationLimits.Pace> pace() {
        var said = limits.flatMap(FederationLimits::pace);
        return way() == Auth.NONE ? said : said.or(() -> Optional.of(FederationLimits.Pace.USUAL));
    }

    private static String needed(String name, Optional<String> value, Pattern form, String rule) {
        return value.filter(text -> form.matcher(text).matches())
                .orElseThrow(() ->
                        wrong(name, value.map(text -> "is '" + text + "'").orElse("is missing") + "; write " + rule));
    }

    static CannotStartException wrong(String name, String what) {
        return new CannotStartException("federation." + name + " in the settings file " + what);
    }
}
