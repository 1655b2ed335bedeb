package holdfast.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.RefusedException;
import holdfast.engine.Notice;
import holdfast.engine.Resources;
import holdfast.notifications.NoticeBoard.Numbered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What readers of notices may rely on.
@Timeout(300)
class NumberingTest {
    @AutoClose
    private final NoticeWorld world = new NoticeWorld();

    private List<String> types() {
        return world.board().stream().map(one -> one.notice().type()).toList();
    }

    /// A transaction in a thread of its own that has begun, and tells one notice.
    private final class Slow {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch may = new CountDownLatch(1);
        private final Thread thread;

        /// @param early whether it tells at its beginning, else at its end
        Slow(Notice notice, boolean early) throws InterruptedException {
            thread = Thread.ofVirtual()
                    .start(() -> world.first.database.inTransaction(tx -> {
                        tx.sql().fetch("select pg_current_xact_id()::text");
                        if (early) {
                            world.tell(tx, notice);
                        }
                        begun.countDown();
                        try {
                            assertThat(may.await(60, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        if (!early) {
                            world.tell(tx, notice);
                        }
                        return true;
                    }));
            begun.await();
        }

        void end() throws InterruptedException {
            may.countDown();
            thread.join();
        }
    }

    @Test
    void a_transaction_that_commits_late_is_numbered_late_and_never_skipped() throws Exception {
        var slow = new Slow(world.notice("reservation.slow", "physics", UUID.randomUUID(), 1), true);
        world.tell("reservation.fast", "physics");
        world.first.settle();
        assertThat(types()).as("nobody waits for it").containsExactly("reservation.fast");
        slow.end();
        world.first.settle();
        assertThat(types()).containsExactly("reservation.fast", "reservation.slow");
        var after = world.first.database.inTransaction(
                tx -> world.first.notifications.board().read(tx, DSL.noCondition(), 1, 10));
        assertThat(after.notices())
                .extracting(one -> one.notice().type())
                .as("one who had seen the first")
                .containsExactly("reservation.slow");
    }

    @Test
    void what_happened_to_one_object_keeps_its_order_whichever_transaction_began_first() throws Exception {
        var object = UUID.randomUUID();
        var old = new Slow(world.notice("thing.second", "physics", object, 2), false);
        world.first.database.inTransaction(tx -> {
            world.tell(tx, world.notice("thing.first", "physics", object, 1));
            return true;
        });
        old.end();
        world.first.settle();
        assertThat(types()).containsExactly("thing.first", "thing.second");
    }

    @Test
    void two_servers_number_each_row_once() throws Exception {
        int writers = 6;
        int each = 40;
        var left = new AtomicInteger(writers);
        var threads = new ArrayList<Thread>();
        for (int writer = 0; writer < writers; writer++) {
            int seed = writer;
            threads.add(Thread.ofVirtual().start(() -> write(new SplittableRandom(seed), each, left)));
        }
        var servers = List.of(world.first, world.another());
        for (var server : servers) {
            var numbering = new Numbering(server.database, server.notifications.board());
            threads.add(Thread.ofVirtual().start(() -> {
                while (left.get() > 0) {
                    numbering.run();
                }
                numbering.run();
            }));
        }
        var seen = new ArrayList<Numbered>();
        var reader = world.connect();
        threads.add(Thread.ofVirtual().start(() -> {
            long since = 0;
            while (left.get() > 0) {
                long from = since;
                var page = reader.inTransaction(
                        tx -> world.first.notifications.board().read(tx, DSL.noCondition(), from, 7));
                seen.addAll(page.notices());
                since = page.next();
            }
        }));
        for (var thread : threads) {
            thread.join();
        }
        var all = world.board();
        assertThat(all.stream().map(Numbered::position))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, all.size()).boxed().toList());
        assertThat(new HashSet<>(all.stream().map(one -> one.notice().id()).toList()))
                .hasSize(all.size())
                .hasSizeGreaterThan(writers * each / 2);
        assertThat(seen).as("a reader meanwhile").isNotEmpty().isEqualTo(all.subList(0, seen.size()));
    }

    private void write(SplittableRandom random, int each, AtomicInteger left) {
        for (int n = 0; n < each; n++) {
            boolean rolledBack = random.nextInt(5) == 0;
            try {
                world.first.database.inTransaction(tx -> {
                    world.tell(tx, world.notice("thing.one", "physics", UUID.randomUUID(), 1));
                    tx.sql().fetch("select pg_sleep(?)", random.nextInt(4) / 1000.0);
                    world.tell(tx, world.notice("thing.two", "physics", UUID.randomUUID(), 1));
                    if (rolledBack) {
                        throw new IllegalArgumentException("never mind");
                    }
                    return true;
                });
            } catch (IllegalArgumentException _) {
                // as it was meant to be
            }
        }
        left.decrementAndGet();
    }

    @Test
    void what_is_not_committed_is_never_told() {
        assertThatThrownBy(() -> world.first.database.inTransaction(tx -> {
                    world.tell(tx, world.notice("thing.never", "physics", UUID.randomUUID(), 1));
                    throw new IllegalArgumentException("never mind");
                }))
                .hasMessage("never mind");
        world.first.settle();
        assertThat(world.board()).isEmpty();
    }

    @Test
    void notices_are_kept_for_thirty_days_and_numbers_go_on() throws Exception {
        world.tell("thing.old", "physics");
        world.first.settle();
        world.pass(Duration.ofDays(20));
        world.tell("thing.young", "physics");
        world.first.settle();
        world.first.engine.keepHouse();
        world.pass(Duration.ofDays(10).plusSeconds(1));
        keepHouse();
        assertThat(types()).containsExactly("thing.young");
        world.pass(Duration.ofDays(21));
        keepHouse();
        assertThat(world.board()).isEmpty();
        world.tell("thing.next", "physics");
        world.first.settle();
        assertThat(world.board()).extracting(Numbered::position).containsExactly(3L);
    }

    private void keepHouse() throws InterruptedException {
        for (int turn = 0; turn < 100; turn++) {
            if (!world.first.engine.runDue(Set.of(Resources.ACTOR))) {
                return;
            }
        }
        throw new AssertionError("there is no end of housekeeping");
    }

    @Test
    void a_number_that_was_not_given_is_refused_because_the_database_was_restored() {
        world.tell("thing.one", "physics");
        world.first.settle();
        assertThatThrownBy(() -> world.first.database.inTransaction(
                        tx -> world.first.notifications.board().read(tx, DSL.noCondition(), 2, 10)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("go on from since=1");
    }
}
