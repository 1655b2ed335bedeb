package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric.Bond;
import holdfast.drivers.kubernetes.ClusterException.Sort;
import holdfast.drivers.kubernetes.Steps.Step;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Network and trust between two clusters (fluidos.md 4.6, steps 1 to 4), driven by the one that will borrow. How it is
/// let in at the other is kept as a secret in the namespace for the other, so that it can be taken apart after a crash.
final class Pairs {
    private static final String CREDENTIALS = "kubeconfig";

    private final Cluster home;
    private final String liqo;
    private final Clusters clusters;

    /// @param liqo the namespace of Liqo, here and there
    Pairs(Cluster home, String liqo, Clusters clusters) {
        this.home = home;
        this.liqo = liqo;
        this.clusters = clusters;
    }

    /// The two sides.
    ///
    /// @param me id of this cluster
    /// @param peer id of the other
    private record Sides(String me, String peer, Cluster away) {
        /// Here, for what concerns the other.
        String here() {
            return LiqoObjects.namespaceFor(peer);
        }

        /// There, for what concerns us.
        String there() {
            return LiqoObjects.namespaceFor(me);
        }

        String words() {
            return "peer " + peer + " at " + away;
        }
    }

    Result ensure(Bond.Pair pair) {
        var away = clusters.of(pair.credentials());
        var sides = new Sides(ClusterFacts.id(home, liqo), pair.peer(), away);
        return new Steps(
                        sides.words(),
                        List.of(
                                Step.once("namespace", () -> namespace(sides, pair)),
                                Step.once("configuration", () -> configuration(sides)),
                                new Step("gateway-server", () -> gatewayServer(sides)),
                                Step.once("gateway-client", () -> gatewayClient(sides)),
                                new Step("keys", () -> keys(sides)),
                                new Step("connection", () -> connection(sides)),
                                new Step("nonce", () -> nonce(sides)),
                                new Step("tenant", () -> tenant(sides)),
                                new Step("identity", () -> identity(sides))))
                .walk(() -> facts(sides.peer(), away));
    }

    private static Map<String, String> facts(String peer, Object away) {
        return Map.of("peer", peer, "address", away.toString(), "namespace", LiqoObjects.namespaceFor(peer));
    }

    private void namespace(Sides sides, Bond.Pair pair) {
        var here = LiqoObjects.tenantNamespace(sides.peer());
        here.withObject("/metadata/labels").put(Marks.PAIR, "true").put(Marks.CLOSING, "");
        home.ensure(here);
        if (sides.away().find(Kind.NAMESPACE, "", sides.there()).isEmpty()) {
            sides.away().ensure(LiqoObjects.tenantNamespace(sides.me()));
        }
        var secret = LiqoObjects.object(
                Kind.SECRET, sides.here(), Marks.PEER_SECRET, Map.of(LiqoObjects.REMOTE, sides.peer()));
        secret.putObject("data").put(CREDENTIALS, LiqoObjects.base64(pair.credentials()));
        home.ensure(secret);
    }

    private void configuration(Sides sides) {
        var theirs = ClusterFacts.ofOther(sides.away(), liqo, sides.there());
        if (!theirs.id().equals(sides.peer())) {
            throw ClusterException.never("the cluster there is " + theirs.id());
        }
        home.ensure(LiqoObjects.configuration(sides.peer(), theirs));
        sides.away().ensure(LiqoObjects.configuration(sides.me(), ClusterFacts.of(home, liqo)));
    }

    private Optional<String> gatewayServer(Sides sides) {
        var server = sides.away().ensure(LiqoObjects.gatewayServer(sides.me(), liqo));
        return server.at("/status/endpoint/addresses").isEmpty()
                ? Optional.of("waiting for the address of the gateway")
                : Optional.empty();
    }

    private void gatewayClient(Sides sides) {
        var endpoint = server(sides).at("/status/endpoint");
        home.ensure(LiqoObjects.gatewayClient(sides.peer(), liqo, endpoint));
    }

    private static JsonNode server(Sides sides) {
        return sides.away()
                .find(Kind.GATEWAY_SERVER, sides.there(), sides.me())
                .orElseThrow(() -> new ClusterException(Sort.LATER, "the gateway is gone"));
    }

    /// Each side is told the key of the other's gateway.
    private Optional<String> keys(Sides sides) {
        var client = home.find(Kind.GATEWAY_CLIENT, sides.here(), sides.peer());
        var ours = client.flatMap(gateway -> key(home, gateway, sides.here()));
        var theirs = key(sides.away(), server(sides), sides.there());
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Optional.of("waiting for the key of the gateway " + (ours.isEmpty() ? "here" : "there"));
        }
        home.ensure(LiqoObjects.publicKey(sides.peer(), theirs.get()));
        sides.away().ensure(LiqoObjects.publicKey(sides.me(), ours.get()));
        return Optional.empty();
    }

    private static Optional<String> key(Cluster cluster, JsonNode gateway, String namespace) {
        return filled(gateway.at("/status/secretRef/name"))
                .flatMap(name -> cluster.find(Kind.SECRET, namespace, name))
                .flatMap(secret -> filled(secret.at("/data/publicKey")));
    }

    private Optional<String> connection(Sides sides) {
        boolean up = Stream.of(
                        home.all(Kind.CONNECTION, sides.here(), Map.of(LiqoObjects.REMOTE, sides.peer())),
                        sides.away().all(Kind.CONNECTION, sides.there(), Map.of(LiqoObjects.REMOTE, sides.me())))
                .allMatch(side -> side.stream()
                        .anyMatch(one -> one.at("/status/value").asString("").equals("Connected")));
        return up ? Optional.empty() : Optional.of("waiting for the gateways to reach each other");
    }

    private Optional<String> nonce(Sides sides) {
        var there = sides.away()
                .find(Kind.SECRET, sides.there(), LiqoObjects.NONCE)
                .orElseGet(() -> sides.away().ensure(LiqoObjects.nonce(sides.me())));
        var nonce = filled(there.at("/data/nonce"));
        if (nonce.isEmpty()) {
            return Optional.of("waiting for a nonce of the other cluster");
        }
        var signed = home.ensure(LiqoObjects.signedNonce(sides.peer(), nonce.get()));
        return filled(signed.at("/data/signedNonce")).isPresent()
                ? Optional.empty()
                : Optional.of("waiting for the nonce to be signed");
    }

    private Optional<String> tenant(Sides sides) {
        var keys = home.find(Kind.SECRET, liqo, LiqoObjects.KEYS)
                .map(secret -> secret.path("data"))
                .orElseThrow(() -> ClusterException.never("this cluster has no keys in namespace " + liqo));
        var publicKey = text(keys.path("publicKey"));
        var request = SigningRequest.of(sides.me(), text(keys.path("privateKey")), publicKey);
        var signature = home.find(Kind.SECRET, sides.here(), LiqoObjects.SIGNED_NONCE)
                .flatMap(secret -> filled(secret.at("/data/signedNonce")));
        if (signature.isEmpty()) {
            return Optional.of("waiting for the nonce to be signed");
        }
        var tenant = sides.away()
                .ensure(LiqoObjects.tenant(
                        sides.me(),
                        Base64.getEncoder().encodeToString(SigningRequest.bare(publicKey)),
                        LiqoObjects.base64(request),
                        signature.get()));
        return tenant.at("/status/authParams").isEmpty()
                        || filled(tenant.at("/status/tenantNamespace")).isEmpty()
                ? Optional.of("waiting for the other cluster to let us in")
                : Optional.empty();
    }

    private Optional<String> identity(Sides sides) {
        var tenant = sides.away()
                .find(Kind.TENANT, sides.there(), sides.me())
                .orElseThrow(() -> new ClusterException(Sort.LATER, "the tenant is gone"));
        var identity = home.ensure(LiqoObjects.identity(sides.peer(), tenant.path("status")));
        return filled(identity.at("/status/kubeconfigSecretRef/name")).isPresent()
                ? Optional.empty()
                : Optional.of("waiting for Liqo to take the identity");
    }

    private static Optional<String> filled(JsonNode field) {
        return Optional.of(field.asString("")).filter(text -> !text.isEmpty());
    }

    private static String text(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asString("")), UTF_8);
    }

    List<String> all() {
        return home.all(Kind.NAMESPACE, "", Map.of(Marks.PAIR, "true")).stream()
                .map(namespace -> LiqoObjects.label(namespace, LiqoObjects.REMOTE))
                .toList();
    }

    Observed observe(String peer) {
        var here = LiqoObjects.namespaceFor(peer);
        if (home.find(Kind.NAMESPACE, "", here)
                .filter(namespace -> !LiqoObjects.label(namespace, Marks.PAIR).isEmpty())
                .isEmpty()) {
            return new Observed.Absent();
        }
        boolean trusted = home.find(Kind.IDENTITY, here, "controlplane-" + peer)
                .flatMap(identity -> filled(identity.at("/status/kubeconfigSecretRef/name")))
                .isPresent();
        boolean connected = home.all(Kind.CONNECTION, here, Map.of(LiqoObjects.REMOTE, peer)).stream()
                .anyMatch(one -> one.at("/status/value").asString("").equals("Connected"));
        var address = away(peer).map(Cluster::toString).orElse("unknown");
        return new Observed.Present(trusted && connected, facts(peer, address));
    }

    /// The pair will end with that slice, also if somebody falls over in between.
    void close(String peer, String slice) {
        var namespace = LiqoObjects.tenantNamespace(peer);
        namespace.withObject("/metadata/labels").put(Marks.CLOSING, slice);
        home.ensure(namespace);
    }

    /// The peer whose pair ends with that slice.
    Optional<String> closing(String slice) {
        return home.all(Kind.NAMESPACE, "", Map.of(Marks.CLOSING, slice)).stream()
                .map(namespace -> LiqoObjects.label(namespace, LiqoObjects.REMOTE))
                .findFirst();
    }

    private Optional<Cluster> away(String peer) {
        return home.find(Kind.SECRET, LiqoObjects.namespaceFor(peer), Marks.PEER_SECRET)
                .map(secret -> clusters.of(text(secret.at("/data/" + CREDENTIALS))));
    }

    /// @param both also there; a dead peer keeps us waiting
    Result remove(String peer, boolean both) {
        if (observe(peer) instanceof Observed.Absent) {
            return new Result.Done(Map.of());
        }
        var away = away(peer);
        var words = "peer " + peer + " at " + away.map(Cluster::toString).orElse("an unknown address");
        var here = LiqoObjects.namespaceFor(peer);
        var steps = Stream.<Step>builder();
        steps.add(Step.once("identity", () -> home.remove(Kind.IDENTITY, here, "controlplane-" + peer)));
        if (both && away.isPresent()) {
            steps.add(Step.once("other side", () -> removeThere(away.get())));
        }
        steps.add(Step.once("gateway-client", () -> {
            home.remove(Kind.SECRET, here, LiqoObjects.SIGNED_NONCE);
            home.remove(Kind.PUBLIC_KEY, here, peer);
            home.remove(Kind.GATEWAY_CLIENT, here, peer);
            home.remove(Kind.CONFIGURATION, here, peer);
        }));
        steps.add(new Step("namespace", () -> release(here)));
        return new Steps(words, steps.build().toList()).walk(Map::of);
    }

    /// The other side alone, of a pair of which nothing is left here.
    Result clear(Bond.Pair pair) {
        var away = clusters.of(pair.credentials());
        return new Steps(
                        "peer " + pair.peer() + " at " + away,
                        List.of(Step.once("other side", () -> removeThere(away))))
                .walk(Map::of);
    }

    private void removeThere(Cluster away) {
        var me = ClusterFacts.id(home, liqo);
        var there = LiqoObjects.namespaceFor(me);
        try {
            away.remove(Kind.TENANT, there, me);
            away.remove(Kind.SECRET, there, LiqoObjects.NONCE);
            away.remove(Kind.PUBLIC_KEY, there, me);
            away.remove(Kind.GATEWAY_SERVER, there, me);
            away.remove(Kind.CONFIGURATION, there, me);
        } catch (ClusterException e) {
            if (e.sort() != Sort.DENIED) {
                throw e;
            }
            // the contract is over, and the other side takes away what is its own
        }
    }

    /// The namespace goes, unless the other cluster borrows from us, too.
    private Optional<String> release(String name) {
        var there = home.find(Kind.NAMESPACE, "", name);
        if (there.isPresent() && !LiqoObjects.label(there.get(), Marks.TENANT).isEmpty()) {
            var kept = there.get().deepCopy();
            ((ObjectNode) kept.at("/metadata/labels")).remove(List.of(Marks.PAIR, Marks.CLOSING));
            home.remove(Kind.SECRET, name, Marks.PEER_SECRET);
            home.replace(kept);
            return Optional.empty();
        }
        home.remove(Kind.SECRET, name, Marks.PEER_SECRET);
        return home.remove(Kind.NAMESPACE, "", name)
                ? Optional.of("waiting for the namespace to end")
                : Optional.empty();
    }
}
