package holdfast.pools.clouds;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Limit;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Quotas.Phase;
import holdfast.pools.clouds.Quotas.Use;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Counting instances, over a real database.
final class QuotasTest {
    private static final UUID FAMILY = new UUID(1, 1);
    private static final UUID POOL = new UUID(1, 2);
    private static final UUID ACCOUNT = new UUID(1, 3);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final Quotas quotas = new Quotas();

    private static Owner owner(Kind kind, UUID id, Integer running, Integer total) {
        return new Owner(kind, id, new Limits(Optional.ofNullable(running), Optional.ofNullable(total)));
    }

    private List<Quotas.Full> reserve(UUID holder, Owner... owners) {
        return db.database().inTransaction(tx -> quotas.reserve(tx, List.of(holder), List.of(owners)));
    }

    private List<Quotas.Full> restart(UUID holder, Owner owner) {
        return db.database().inTransaction(tx -> quotas.restart(tx, holder, List.of(owner)));
    }

    private Use use(UUID owner) {
        return db.database().inTransaction(tx -> quotas.uses(tx, List.of(owner)).get(owner));
    }

    private void phase(UUID holder, Phase phase) {
        db.database().inTransaction(tx -> {
            quotas.phase(tx, holder, phase);
            return true;
        });
    }

    private static UUID holder(int n) {
        return new UUID(2, n);
    }

    @Test
    void all_owners_count_or_none_does() {
        assertThat(reserve(holder(1), owner(Kind.FAMILY, FAMILY, 9, null), owner(Kind.POOL, POOL, 1, null)))
                .isEmpty();
        assertThat(reserve(holder(2), owner(Kind.FAMILY, FAMILY, 9, null), owner(Kind.POOL, POOL, 1, null)))
                .extracting(Quotas.Full::limit)
                .containsExactly(Limit.RUNNING);
        assertThat(use(FAMILY)).isEqualTo(new Use(1, 0, 0));
    }

    @Test
    void an_owner_without_limits_is_counted_from_the_first_on_and_keeps_to_limits_that_come_later() {
        assertThat(reserve(holder(1), owner(Kind.ACCOUNT, ACCOUNT, null, null))).isEmpty();
        assertThat(reserve(holder(2), owner(Kind.ACCOUNT, ACCOUNT, null, null))).isEmpty();
        assertThat(use(ACCOUNT)).isEqualTo(new Use(2, 0, 0));
        assertThat(reserve(holder(3), owner(Kind.ACCOUNT, ACCOUNT, 2, null)))
                .extracting(Quotas.Full::limit)
                .containsExactly(Limit.RUNNING);
        assertThat(use(ACCOUNT)).isEqualTo(new Use(2, 0, 0));
    }

    @Test
    void the_same_said_twice_counts_once_and_what_leaves_counts_nowhere() {
        reserve(holder(1), owner(Kind.FAMILY, FAMILY, null, null), owner(Kind.ACCOUNT, ACCOUNT, null, null));
        phase(holder(1), Phase.RUNNING);
        phase(holder(1), Phase.RUNNING);
        assertThat(use(FAMILY)).isEqualTo(new Use(0, 1, 0));
        db.database().inTransaction(tx -> {
            quotas.leave(tx, holder(1), Set.of(Kind.ACCOUNT));
            return true;
        });
        assertThat(use(ACCOUNT)).isEqualTo(new Use(0, 0, 0));
        assertThat(use(FAMILY)).isEqualTo(new Use(0, 1, 0));
        for (int twice = 0; twice < 2; twice++) {
            db.database().inTransaction(tx -> {
                quotas.leave(tx, holder(1));
                return true;
            });
        }
        assertThat(use(FAMILY)).isEqualTo(new Use(0, 0, 0));
    }

    @Test
    void stopped_ones_count_in_all_but_do_not_run() {
        var pool = owner(Kind.POOL, POOL, 1, 2);
        reserve(holder(1), pool);
        phase(holder(1), Phase.STOPPED);
        assertThat(reserve(holder(2), pool)).isEmpty();
        assertThat(restart(holder(1), pool)).hasSize(1);
        assertThat(reserve(holder(3), owner(Kind.POOL, POOL, 9, 2)))
                .extracting(Quotas.Full::limit)
                .containsExactly(Limit.TOTAL);
        phase(holder(2), Phase.STOPPED);
        assertThat(restart(holder(1), pool)).isEmpty();
        assertThat(use(POOL)).isEqualTo(new Use(1, 0, 1));
    }

    @Test
    void a_limit_of_zero_lets_nothing_run_and_a_lower_one_takes_nothing_away() {
        assertThat(reserve(holder(1), owner(Kind.POOL, POOL, 0, null))).hasSize(1);
        reserve(holder(1), owner(Kind.POOL, POOL, 2, null));
        assertThat(reserve(holder(2), owner(Kind.POOL, POOL, 1, null))).hasSize(1);
        assertThat(use(POOL)).isEqualTo(new Use(1, 0, 0));
        assertThat(Quotas.full(List.of(owner(Kind.POOL, POOL, null, null)), Map.of(), Integer.MAX_VALUE, 1))
                .isEmpty();
    }

    @Test
    void of_twenty_at_once_exactly_five_get_in_and_nobody_waits_for_ever() throws Exception {
        var tasks = IntStream.range(0, 20)
                .mapToObj(n -> (Callable<Boolean>) () -> {
                    var family = owner(Kind.FAMILY, FAMILY, 100, null);
                    var pool = owner(Kind.POOL, POOL, 5, null);
                    // named in another order by every second one; locked in one
                    return (n % 2 == 0 ? reserve(holder(n), family, pool) : reserve(holder(n), pool, family)).isEmpty();
                })
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var in = 0;
            for (Future<Boolean> one : threads.invokeAll(tasks)) in += one.get() ? 1 : 0;
            assertThat(in).isEqualTo(5);
        }
        assertThat(use(POOL)).isEqualTo(new Use(5, 0, 0));
        assertThat(use(FAMILY)).isEqualTo(new Use(5, 0, 0));
    }
}
