package holdfast.engine;

import static holdfast.Latches.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of those who are written together when others are faster each time.
@Timeout(60)
final class GroupCommitTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Queue<List<Integer>> written = new ConcurrentLinkedQueue<>();

    @Test
    void a_batch_that_loses_every_race_is_written_one_by_one() throws Exception {
        var firstIsBusy = new CountDownLatch(1);
        var othersWait = new CountDownLatch(1);
        var commit = new GroupCommit<Integer, Integer>(
                "test",
                items -> test.database().inTransaction(tx -> {
                    if (items.contains(0)) {
                        firstIsBusy.countDown();
                        await(othersWait);
                    }
                    return items.size() == 1 ? kept(items) : lost(tx);
                }),
                GroupCommit.Outage.WAIT);
        commit.start();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> commit.write(0));
            firstIsBusy.await();
            var others = List.of(threads.submit(() -> commit.write(1)), threads.submit(() -> commit.write(2)));
            while (commit.waiting() < 2) {
                Thread.onSpinWait();
            }
            othersWait.countDown();
            assertThat(first.get()).isZero();
            assertThat(others).extracting(Future::get).containsExactly(1, 2);
        } finally {
            commit.stop();
        }
        assertThat(written).containsExactlyInAnyOrder(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void one_that_loses_every_race_goes_on_trying_if_it_must_be_written() throws Exception {
        var tries = new AtomicInteger();
        var commit = commit(tries, GroupCommit.Outage.WAIT);
        try {
            assertThat(commit.write(7)).isEqualTo(7);
        } finally {
            commit.stop();
        }
        assertThat(tries).hasValue(2);
    }

    @Test
    void one_that_loses_every_race_is_told_so_if_it_may_ask_again() throws Exception {
        var tries = new AtomicInteger();
        var commit = commit(tries, GroupCommit.Outage.FAIL);
        try {
            assertThatThrownBy(() -> commit.write(7))
                    .isInstanceOfSatisfying(
                            DatabaseUnavailableException.class,
                            why -> assertThat(why.isCrowded()).isTrue());
        } finally {
            commit.stop();
        }
        assertThat(tries).hasValue(1);
        assertThat(written).isEmpty();
    }

    private GroupCommit<Integer, Integer> commit(AtomicInteger tries, GroupCommit.Outage outage) {
        var commit = new GroupCommit<Integer, Integer>(
                "test",
                items -> {
                    boolean first = tries.incrementAndGet() == 1;
                    return test.database().inTransaction(tx -> first ? lost(tx) : kept(items));
                },
                outage);
        commit.start();
        return commit;
    }

    private List<Integer> kept(List<Integer> items) {
        written.add(List.copyOf(items));
        return items;
    }

    private static List<Integer> lost(Tx tx) {
        tx.sql().execute("do $$ begin raise exception using errcode = '55P03'; end $$");
        throw new AssertionError("it raises");
    }
}
