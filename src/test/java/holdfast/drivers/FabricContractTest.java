package holdfast.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Bond;
import holdfast.core.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every fabric promises, tried on each: by the borrower's side, with a peer whose part the test plays.
public abstract class FabricContractTest {
    private static final int PATIENCE = 600;
    protected static final Map<String, Quantity> SOME = amounts("2500m", "4Gi", "20");
    protected static final Map<String, Quantity> MORE = amounts("4", "8Gi", "30");

    /// What the peer does with slices.
    public enum Peer {
        GRANTS,
        GRANTS_HALF,
        DENIES,
        NEVER_ANSWERS
    }

    protected abstract Fabric fabric();

    protected abstract Bond.Pair pair();

    /// From now on.
    protected abstract void peer(Peer what);

    protected abstract void peerDies();

    /// Whether anything that was made from here is still at the peer.
    protected abstract boolean isLeftThere();

    /// Lets time pass between two questions, and the others do their part.
    protected abstract void letTimePass();

    /// The time on the fabric's clock.
    protected abstract Instant now();

    /// Names that no test had before, as contracts have.
    protected abstract String contract(int number);

    protected final Key pairKey() {
        return new Key(pair().peer(), Fabric.PAIR);
    }

    private Key sliceKey(int number) {
        return new Key(contract(number), Fabric.SLICE);
    }

    private Bond.Slice slice(int number, Map<String, Quantity> amounts) {
        return new Bond.Slice(pair().peer(), contract(number), amounts, Bond.Slice.OURS);
    }

    @AfterEach
    void nothing_is_left_behind() {
        for (var key : fabric().list().reversed()) finish(() -> fabric().abandon(key));
        assertThat(fabric().list()).isEmpty();
        leave();
    }

    /// After the last question of a test.
    protected void leave() {}

    @Test
    void a_pair_is_made_step_by_step_and_twice_is_once() {
        assertThat(fabric().observe(pairKey())).isInstanceOf(Observed.Absent.class);
        var first = fabric().ensure(pairKey(), pair());
        assertThat(first)
                .isInstanceOfSatisfying(
                        Result.Later.class,
                        later -> assertThat(later.waitingFor()).contains("peer " + pair().peer() + " at ", ", step "));
        var facts = done(pairKey(), pair());
        assertThat(facts).containsEntry("peer", pair().peer()).containsKey("address");
        assertThat(done(pairKey(), pair())).isEqualTo(facts);
        assertThat(present(pairKey()).healthy()).isTrue();
        assertThat(fabric().list()).containsExactly(pairKey());
    }

    @Test
    void two_contracts_of_a_pair_are_two_nodes_and_the_last_takes_the_pair_along() {
        done(pairKey(), pair());
        var first = done(sliceKey(1), slice(1, SOME));
        done(pairKey(), pair());
        var second = done(sliceKey(2), slice(2, MORE));
        assertThat(first.get("node")).isNotEqualTo(second.get("node"));
        assertThat(first).containsEntry("granted.cpu", "2500m").doesNotContainKey("short");
        assertThat(second).containsEntry("granted.memory", "8Gi").doesNotContainKey("short");
        assertThat(standing()).containsExactlyInAnyOrder(first.get("node"), second.get("node"));

        removed(sliceKey(1));
        assertThat(present(pairKey()).healthy()).isTrue();
        assertThat(standing()).containsExactly(second.get("node"));
        removed(sliceKey(2));
        assertThat(fabric().list()).isEmpty();
        assertThat(standing()).isEmpty();
    }

    @Test
    void the_old_way_has_one_node_with_the_sum() {
        done(pairKey(), pair());
        var peer = pair().peer();
        var summing = new Bond.Slice(peer, peer, Fabric.sum(List.of(SOME, MORE)), Bond.Slice.OURS);
        assertThat(done(new Key(peer, Fabric.SLICE), summing))
                .containsEntry("granted.cpu", "6500m")
                .containsEntry("granted.memory", "12Gi");
        assertThat(standing()).hasSize(1);
    }

    @Test
    void a_slice_that_is_changed_is_done_when_what_it_has_now_is_granted() {
        done(pairKey(), pair());
        done(sliceKey(1), slice(1, SOME));
        assertThat(done(sliceKey(1), slice(1, MORE)))
                .containsEntry("granted.cpu", "4")
                .doesNotContainKey("short");
        assertThat(done(sliceKey(1), slice(1, SOME)))
                .containsEntry("granted.cpu", "2500m")
                .doesNotContainKey("short");
    }

    @Test
    void what_is_gone_may_be_removed_again() {
        removed(sliceKey(1));
        removed(pairKey());
        done(pairKey(), pair());
        done(sliceKey(1), slice(1, SOME));
        removed(sliceKey(1));
        removed(sliceKey(1));
        removed(pairKey());
        assertThat(fabric().observe(sliceKey(1))).isInstanceOf(Observed.Absent.class);
        assertThat(fabric().observe(pairKey())).isInstanceOf(Observed.Absent.class);
    }

    @Test
    void less_than_asked_for_is_said() {
        peer(Peer.GRANTS_HALF);
        done(pairKey(), pair());
        assertThat(done(sliceKey(1), slice(1, MORE)))
                .containsEntry("granted.cpu", "2")
                .containsEntry("short", "cpu 2 of 4, memory 4Gi of 8Gi, pods 15 of 30");
    }

    @Test
    void a_slice_that_is_denied_fails_naming_peer_address_and_step() {
        peer(Peer.DENIES);
        done(pairKey(), pair());
        var result = settled(sliceKey(1), slice(1, SOME));
        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why())
                                .contains("peer " + pair().peer() + " at ", "step accepted", "denied"));
        removed(sliceKey(1));
    }

    @Test
    void a_peer_that_never_answers_is_waited_for_and_nothing_stands() {
        peer(Peer.NEVER_ANSWERS);
        done(pairKey(), pair());
        for (int n = 0; n < 5; n++) {
            assertThat(fabric().ensure(sliceKey(1), slice(1, SOME)))
                    .isInstanceOfSatisfying(
                            Result.Later.class,
                            later -> assertThat(later.waitingFor()).contains("step accepted"));
            letTimePass();
        }
        assertThat(standing()).isEmpty();
    }

    @Test
    void a_slice_needs_its_pair() {
        assertThat(fabric().ensure(sliceKey(1), slice(1, SOME)))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why()).contains("no pair with " + pair().peer()));
    }

    @Test
    void a_dead_peer_is_waited_for_until_it_is_abandoned() {
        done(pairKey(), pair());
        done(sliceKey(1), slice(1, SOME));
        peerDies();
        var result = fabric().remove(sliceKey(1));
        for (int n = 0; n < 3 && result instanceof Result.Later; n++) {
            letTimePass();
            result = fabric().remove(sliceKey(1));
        }
        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Later.class,
                        later -> assertThat(later.waitingFor()).contains("peer " + pair().peer()));
        assertThat(fabric().list()).contains(pairKey());
        finish(() -> fabric().abandon(sliceKey(1)));
        finish(() -> fabric().abandon(pairKey()));
        assertThat(fabric().list()).isEmpty();
    }

    @Test
    void what_was_left_at_a_peer_is_cleared_there_alone_and_twice_is_once() {
        done(pairKey(), pair());
        finish(() -> fabric().abandon(pairKey()));
        assertThat(fabric().list()).isEmpty();
        assertThat(isLeftThere()).isTrue();
        finish(() -> fabric().clear(pair()));
        assertThat(isLeftThere()).isFalse();
        finish(() -> fabric().clear(pair()));
    }

    @Test
    void access_is_for_a_contract_and_as_long_as_it() {
        var key = new Key(contract(1), Fabric.ACCESS);
        var until = now().plusSeconds(3600);
        var access = new Bond.Access(contract(1), "buyer-" + contract(1).substring(0, 8), until);
        done(key, access);
        done(key, access);
        assertThat(present(key).facts()).containsEntry("until", until.toString());
        assertThat(fabric().list()).containsExactly(key);
        removed(key);
        assertThat(fabric().observe(key)).isInstanceOf(Observed.Absent.class);
        assertThat(fabric().credentials(key)).isNotInstanceOf(Look.Seen.class);
    }

    @Test
    void fresh_credentials_take_the_place_of_those_before() {
        var key = new Key(contract(1), Fabric.ACCESS);
        done(key, new Bond.Access(contract(1), "buyer-" + contract(1).substring(0, 8), now().plusSeconds(3600)));
        var first = credentials(key);
        var second = credentials(key);
        assertThat(second.kubeconfig()).isNotEqualTo(first.kubeconfig());
        assertThat(lets(key, first)).as("until it is taken back").isTrue();
        assertThat(lets(key, second)).isTrue();
        finish(() -> fabric().revoke(key, second.id()));
        finish(() -> fabric().revoke(key, second.id()));
        assertThat(lets(key, first)).isFalse();
        assertThat(lets(key, second)).isTrue();
        removed(key);
        assertThat(lets(key, second)).isFalse();
    }

    private Fabric.Credentials credentials(Key access) {
        return switch (fabric().credentials(access)) {
            case Look.Seen<Fabric.Credentials>(var fresh) -> fresh;
            case Look<Fabric.Credentials> other -> throw new AssertionError(access + ": " + other);
        };
    }

    /// Whether who shows them is let in.
    protected abstract boolean lets(Key access, Fabric.Credentials shown);

    @Test
    void a_workload_runs_and_goes() {
        var key = new Key(contract(1), Fabric.WORKLOAD);
        var workload = new Bond.Workload("w-" + contract(1).substring(0, 8), MANIFEST, Optional.empty());
        done(key, workload);
        assertThat(done(key, workload)).containsEntry("namespace", workload.namespace());
        assertThat(present(key).healthy()).isTrue();
        removed(key);
        assertThat(fabric().observe(key)).isInstanceOf(Observed.Absent.class);
    }

    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers: [{name: web, image: web, resources: {requests: {cpu: 100m, memory: 64Mi}}}]
            """;

    @Test
    void no_secret_is_in_what_is_printed() {
        assertThat(pair().toString()).doesNotContain(pair().credentials());
        assertThat(fabric().toString() + fabric().describe()).doesNotContain("token", "PRIVATE", "client-key");
    }

    protected final List<String> standing() {
        letTimePass();
        return fabric().nodes() instanceof Look.Seen<List<Fabric.Node>>(var nodes)
                ? nodes.stream()
                        .filter(Fabric.Node::stands)
                        .map(Fabric.Node::name)
                        .filter(name ->
                                name.equals(contract(1)) || name.equals(contract(2)) || name.equals(pair().peer()))
                        .toList()
                : List.of("cannot be seen");
    }

    protected final Map<String, String> done(Key key, Fabric.Bond bond) {
        return switch (settled(key, bond)) {
            case Result.Done(var facts) -> facts;
            case Result other -> throw new AssertionError(key + ": " + other);
        };
    }

    protected final Result settled(Key key, Fabric.Bond bond) {
        return asked(() -> fabric().ensure(key, bond));
    }

    protected final void removed(Key key) {
        finish(() -> fabric().remove(key));
    }

    private void finish(Supplier<Result> question) {
        assertThat(asked(question)).isInstanceOf(Result.Done.class);
    }

    private Result asked(Supplier<Result> question) {
        var result = question.get();
        for (int n = 0; n < PATIENCE && result instanceof Result.Later; n++) {
            letTimePass();
            result = question.get();
        }
        return result;
    }

    private Observed.Present present(Key key) {
        return (Observed.Present) fabric().observe(key);
    }

    private static Map<String, Quantity> amounts(String cpu, String memory, String pods) {
        return Map.of(
                "cpu", Quantity.of(cpu).orThrow(),
                "memory", Quantity.of(memory).orThrow(),
                "pods", Quantity.of(pods).orThrow());
    }
}
