package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.ClusterAuthority;
import holdfast.authority.Fabric;
import holdfast.broker.market.Agreement;
import holdfast.calendar.Calendar;
import holdfast.engine.Resource;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Middle;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Several domains in one thread, each with a database of its own, and between them nothing but a [SimWire].
final class Domains implements AutoCloseable {
    private static final int FIRST_PORT = 30_000;
    private static final Set<String> LIVE = Set.of("active", "expiring");

    /// So often nothing happens before all is taken to be quiet: on a bad wire many exchanges in a row may fail.
    private static final int QUIET = 12;

    final SimWire wire;
    final List<Domain> all = new ArrayList<>();
    private final List<TestDatabase> databases = new ArrayList<>();
    private final long seed;

    Domains(long seed) {
        this.seed = seed;
        this.wire = new SimWire(seed);
    }

    /// One node that is a domain of its own.
    Domain add(String name) {
        return add(name, name, false);
    }

    /// One of several nodes of a domain.
    Domain add(String name, String of, boolean supernode) {
        return add(name, of, supernode, Optional.empty(), World::noCluster);
    }

    /// One that has a cluster.
    Domain add(String name, ClusterAuthority.Plan cluster, Function<Platform, Fabric> driver) {
        return add(name, name, false, Optional.of(cluster), driver);
    }

    private Domain add(
            String name,
            String of,
            boolean supernode,
            Optional<ClusterAuthority.Plan> cluster,
            Function<Platform, Fabric> driver) {
        var database = TestDatabase.fresh();
        databases.add(database);
        var address = "127.0.0.1:" + (FIRST_PORT + all.size());
        var fabric = cluster.map(ClusterAuthority.Plan::id).orElse(name);
        var node = new NodeIdentity(name, address, of + ".example", Optional.of(fabric));
        var domain = new Domain(node, supernode, seed + all.size(), database, wire, cluster, driver);
        wire.join(domain.node.address(), domain);
        all.add(domain);
        return domain;
    }

    /// Lets everything happen that happens without a change of time.
    void settle() {
        for (int quiet = 0; quiet < (wire.trouble == 0 ? 2 : QUIET); quiet++) {
            boolean moved = false;
            for (var domain : all) {
                moved |= domain.live();
            }
            quiet = moved ? -1 : quiet;
        }
    }

    void settleFor(Duration time, Duration step) {
        settle();
        for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            all.forEach(domain -> domain.world.advance(step));
            settle();
        }
    }

    /// All that servers do again and again, once in each.
    void keepHouse() {
        all.forEach(Domain::keepHouse);
        settle();
    }

    /// What must never be, whatever is lost on the way or dies (fluidos.md 7): G1 to G3.
    void neverEver() {
        for (var domain : all) {
            domain.world.neverEver();
            domain.world.look(tx -> {
                assertThat(new Calendar().audit(tx))
                        .as("G1 at " + domain.node.id())
                        .isEmpty();
                var contracts = new HashMap<String, Resource>();
                domain.world.engine.resources().ofType(tx, Agreement.TYPE, 1_000).stream()
                        .filter(contract -> contract.actor().equals("broker"))
                        .forEach(contract -> assertThat(contracts.put(
                                        contract.as(Agreement.class).contract().transaction(), contract))
                                .as("G2: two contracts of one transaction at " + domain.node.id())
                                .isNull());
                assertThat(tx.sql().fetchValue("""
                                select count(*) from claim where state = 'held'
                                and (body ->> 'heldUntil')::timestamptz < ?::timestamptz - interval '1 minute'""", domain.world.now()))
                        .as("G3: holds that should have lapsed at " + domain.node.id())
                        .isEqualTo(0L);
                return true;
            });
        }
    }

    /// What must be true when nothing is on the way any more: both sides of each contract say the same, or it is
    /// said to be in doubt (G5). Supernodes are the buyers of what they have sold.
    void agree() {
        for (var buyer : all) {
            for (var bought : buyer.contracts()) {
                if (!bought.actor().equals(Peers.ACTOR)) {
                    continue;
                }
                boolean middle = bought.as(Middle.class).side().equals(Middle.MIDDLE);
                var name = middle ? bought.as(Middle.class).below() : bought.name();
                var sold = all.stream()
                        .filter(domain -> domain != buyer)
                        .flatMap(domain -> domain.contracts().stream())
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("G5: contract " + name + ", " + bought.state() + " at "
                                + buyer.node.id() + ", is not known to its seller"));
                assertThat(LIVE.contains(sold.state()))
                        .as(
                                "G5: contract %s is %s at its buyer and %s at its seller",
                                name, bought.state(), sold.state())
                        .isEqualTo(LIVE.contains(bought.state()));
            }
        }
    }

    /// Nothing is left of anything, anywhere.
    void nothingIsLeft() {
        for (var domain : all) {
            domain.world.nothingIsLeft();
            assertThat(domain.states("purchase"))
                    .as("purchases of " + domain.node.id())
                    .isSubsetOf("cancelled", "failed");
            assertThat(domain.states("peering"))
                    .as("peerings of " + domain.node.id())
                    .isSubsetOf("released");
            assertThat(domain.contracts())
                    .as("contracts of " + domain.node.id())
                    .noneMatch(one -> LIVE.contains(one.state()));
        }
    }

    @Override
    public void close() {
        databases.forEach(TestDatabase::close);
    }
}
