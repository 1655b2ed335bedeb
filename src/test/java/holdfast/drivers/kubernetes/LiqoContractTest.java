package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Agreed;
import holdfast.authority.Fabric.Answered;
import holdfast.authority.Fabric.Bond;
import holdfast.drivers.FabricContractTest;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The driver at a buyer's API server, with a seller's; Liqo is played at both.
abstract class LiqoContractTest extends FabricContractTest {
    private static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8", "::1"));

    private static final String KEYS = PlayedLiqo.keys();
    private static final String NOBODY = """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]
            users: [{name: u, user: {token: t}}]
            """;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Platform platform = Platform.real();
    protected Cluster buyer;
    protected Cluster seller;
    protected PlayedLiqo liqo;
    protected KubernetesFabric sellerFabric;
    private KubernetesFabric fabric;

    /// Kubeconfigs of the two; perhaps one server is both.
    protected abstract String buyerConfig();

    protected abstract String sellerConfig();

    protected abstract boolean playsPods();

    @BeforeEach
    void two_clusters_with_liqo() {
        buyer = new Cluster(Kubeconfig.of(buyerConfig()).orThrow());
        seller = new Cluster(Kubeconfig.of(sellerConfig()).orThrow());
        PlayedLiqo.install(buyer, "liqo-" + run, buyer(), KEYS);
        PlayedLiqo.install(seller, "liqo-s-" + run, peerId(), KEYS);
        seller.ensure(LiqoObjects.tenantNamespace(buyer()));
        var facts = LiqoObjects.object(Kind.CONFIG_MAP, LiqoObjects.namespaceFor(buyer()), Marks.FACTS, Map.of());
        facts.putObject("data").put("id", peerId()).put("pods", "10.201.0.0/16").put("external", "10.71.0.0/16");
        seller.ensure(facts);
        sellerFabric = KubernetesFabric.of(sellerConfig(), "liqo-s-" + run, LOOPBACK, platform)
                .orThrow();
        liqo = new PlayedLiqo(buyer, seller, buyer(), peerId(), KEYS, playsPods());
        fabric = KubernetesFabric.of(buyerConfig(), "liqo-" + run, LOOPBACK, platform)
                .orThrow();
    }

    @Override
    protected final void leave() {
        liqo.turn();
        for (var key : sellerFabric.list()) sellerFabric.abandon(key);
        for (var name : List.of("liqo-" + run, "liqo-s-" + run)) {
            buyer.remove(Kind.NAMESPACE, "", name);
            seller.remove(Kind.NAMESPACE, "", name);
        }
        seller.remove(Kind.NAMESPACE, "", LiqoObjects.namespaceFor(buyer()));
        fabric.close();
        sellerFabric.close();
        buyer.close();
        seller.close();
    }

    protected final String peerId() {
        return "seller-" + run;
    }

    @Override
    protected final KubernetesFabric fabric() {
        return fabric;
    }

    @Override
    protected final Fabric.Bond.Pair pair() {
        return new Fabric.Bond.Pair(peerId(), sellerConfig());
    }

    @Override
    protected final void peer(Peer what) {
        liqo.grants(what);
    }

    @Override
    protected final void peerDies() {
        var secret = LiqoObjects.object(Kind.SECRET, LiqoObjects.namespaceFor(peerId()), Marks.PEER_SECRET, Map.of());
        secret.putObject("data").put("kubeconfig", LiqoObjects.base64(NOBODY));
        buyer.ensure(secret);
    }

    @Override
    protected final boolean isLeftThere() {
        return seller.find(Kind.TENANT, LiqoObjects.namespaceFor(buyer()), buyer())
                .isPresent();
    }

    @Override
    protected final void letTimePass() {
        liqo.turn();
        if (!playsPods()) LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    @Override
    protected final Instant now() {
        return platform.now();
    }

    @Override
    protected final String contract(int number) {
        return run + "-000" + number + "-4c1e-9d5a-000000000001";
    }

    /// A token opens nothing once what it is bound to is gone: that is the business of API servers.
    @Override
    protected final boolean lets(Key access, Fabric.Credentials shown) {
        return buyer.find(Kind.SECRET, Marks.ACCESS_NAMESPACE, Accesses.pass(access.lease(), shown.id()))
                .isPresent();
    }

    protected final String buyer() {
        return "buyer-" + run;
    }

    private List<Agreed> contracts() {
        return List.of(new Agreed(contract(1), buyer(), SOME), new Agreed(contract(2), "somebody-else", MORE));
    }

    @Test
    void a_slice_is_admitted_by_its_contract_and_a_forged_one_is_not() {
        liqo.admitsNothing();
        done(pairKey(), pair());
        var good = new Key(contract(1), Fabric.SLICE);
        var agreed = new Bond.Slice(peerId(), contract(1), SOME, Bond.Slice.OURS);
        assertThat(fabric.ensure(good, agreed)).isInstanceOf(Result.Later.class);
        liqo.turn();
        assertThat(seen(sellerFabric.admit(contracts())))
                .contains(new Answered(buyer(), contract(1), Optional.empty()));
        assertThat(done(good, agreed)).containsEntry("granted.cpu", "2500m").doesNotContainKey("short");
        assertThat(quota(1))
                .hasValueSatisfying(quota ->
                        assertThat(quota.at("/spec/resources/cpu").asString()).isEqualTo("2500m"));

        var forged = new Key(contract(2), Fabric.SLICE);
        var theirs = new Bond.Slice(peerId(), contract(2), MORE, Bond.Slice.OURS);
        assertThat(fabric.ensure(forged, theirs)).isInstanceOf(Result.Later.class);
        liqo.turn();
        sellerFabric.admit(contracts());
        assertThat(settled(forged, theirs))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why())
                                .contains("step accepted", "denied", "no live contract of " + buyer()));
        assertThat(standing()).containsExactly(contract(1));

        sellerFabric.admit(List.of()); // the contract is over
        assertThat(LiqoObjects.condition(
                                seller.find(Kind.RESOURCE_SLICE, LiqoObjects.namespaceFor(buyer()), contract(1))
                                        .orElseThrow(),
                                "Resources")
                        .path("status")
                        .asString())
                .isEqualTo("Denied");
        liqo.turn();
        assertThat(quota(1)).as("by which Liqo lets pods in").isEmpty();
    }

    /// The one that Liqo at the seller keeps.
    private Optional<JsonNode> quota(int number) {
        var user = Admitting.user(contract(number), buyer());
        return seller.find(Kind.QUOTA, LiqoObjects.namespaceFor(buyer()), user);
    }

    @Test
    void what_liqo_admits_by_itself_lets_no_pods_in_without_a_contract() {
        done(pairKey(), pair());
        var slice = new Bond.Slice(peerId(), contract(2), MORE, SliceAdmission.UNASKED);
        done(new Key(contract(2), Fabric.SLICE), slice);
        assertThat(seen(sellerFabric.admit(contracts())))
                .singleElement()
                .satisfies(answer -> assertThat(answer.why())
                        .hasValueSatisfying(why -> assertThat(why).contains("no live contract")));
        assertThat(cordoned(2)).isTrue();
        sellerFabric.admit(List.of(new Agreed(contract(2), buyer(), MORE))); // it is bought after all
        assertThat(cordoned(2)).isFalse();
    }

    @Test
    void a_slice_that_is_changed_and_changed_back_before_anybody_has_answered_is_as_it_was() {
        done(pairKey(), pair());
        var key = new Key(contract(1), Fabric.SLICE);
        var before = new Bond.Slice(peerId(), contract(1), SOME, Bond.Slice.OURS);
        done(key, before);
        liqo.grants(Peer.NEVER_ANSWERS);
        assertThat(fabric.ensure(key, new Bond.Slice(peerId(), contract(1), MORE, Bond.Slice.OURS)))
                .isInstanceOf(Result.Later.class);
        assertThat(done(key, before)).containsEntry("granted.cpu", "2500m").doesNotContainKey("short");
    }

    private boolean cordoned(int number) {
        liqo.turn();
        return quota(number).orElseThrow().at("/spec/cordoned").asBoolean();
    }

    @Test
    void nothing_is_admitted_where_liqo_keeps_nobody_within_it() {
        liqo.admitsNothing();
        PlayedLiqo.enforces(seller, "liqo-s-" + run, "None");
        done(pairKey(), pair());
        var slice = new Bond.Slice(peerId(), contract(1), SOME, Bond.Slice.OURS);
        fabric.ensure(new Key(contract(1), Fabric.SLICE), slice);
        liqo.turn();
        sellerFabric.admit(contracts());
        assertThat(settled(new Key(contract(1), Fabric.SLICE), slice))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why()).contains("None", "defaultLimitsEnforcement=Hard"));
    }

    @Test
    void whoever_falls_over_after_the_last_slice_went_ends_the_pair_later() {
        done(pairKey(), pair());
        done(new Key(contract(1), Fabric.SLICE), new Bond.Slice(peerId(), contract(1), SOME, Bond.Slice.OURS));
        var closing = LiqoObjects.tenantNamespace(peerId());
        closing.withObject("/metadata/labels").put(Marks.CLOSING, contract(1));
        buyer.ensure(closing);
        buyer.remove(Kind.RESOURCE_SLICE, LiqoObjects.namespaceFor(peerId()), contract(1));
        buyer.remove(Kind.VIRTUAL_NODE, LiqoObjects.namespaceFor(peerId()), contract(1));
        assertThat(fabric.list()).containsExactly(pairKey());
        removed(new Key(contract(1), Fabric.SLICE));
        assertThat(fabric.list()).isEmpty();
    }

    protected static <T> T seen(Look<T> look) {
        return switch (look) {
            case Look.Seen<T>(var what) -> what;
            case Look<T> other -> throw new AssertionError(other);
        };
    }
}
