package holdfast.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Caller;
import holdfast.notifications.NoticeWorld.Posted;
import holdfast.notifications.NoticeWorld.Server;
import holdfast.notifications.Threshold.Condition;
import holdfast.notifications.Threshold.Figure;
import holdfast.notifications.Thresholds.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ThresholdsTest {
    @AutoClose
    private final NoticeWorld world = new NoticeWorld();

    private volatile long north = 100;
    private volatile long south = 100;
    private final Thresholds first = thresholds(world.first);

    private Thresholds thresholds(Server server) {
        return new Thresholds(
                world.platform,
                server.database,
                server.engine,
                (_, zone) -> List.of(reading("north", north), reading("south", south)).stream()
                        .filter(one -> zone.isEmpty() || zone.equals(one.zone()))
                        .toList());
    }

    private static Reading reading(String zone, long vcpus) {
        return new Reading(
                "lab/" + zone,
                Optional.of(zone),
                Map.of(Figure.AVAILABLE, Map.of("vcpu", vcpus), Figure.TOTAL, Map.of("vcpu", 100L)));
    }

    private UUID watch(Caller caller, Optional<String> zone, Condition condition, long value) {
        var threshold = new Threshold("vcpu", Figure.AVAILABLE, condition, value);
        return world.subscribe(
                caller,
                new NoticeFilter(
                        List.of(), List.of(), List.of(), List.of(), Optional.empty(), zone, Optional.of(threshold)),
                Optional.empty());
    }

    /// The value is this for a moment.
    private List<String> told(long value) {
        north = value;
        first.look();
        world.first.settle();
        var told = world.posted.stream()
                .map(posted -> posted.body().at("/data/crossing").stringValue() + " "
                        + posted.body().at("/data/capacity/available"))
                .toList();
        world.posted.clear();
        return told;
    }

    @Test
    void one_notice_for_each_crossing() {
        watch(NoticeWorld.ALICE, Optional.of("north"), Condition.LT, 40);
        assertThat(told(40)).as("not below").isEmpty();
        assertThat(told(39)).containsExactly("reached 39");
        assertThat(told(39)).as("told once").isEmpty();
        assertThat(told(12)).isEmpty();
        assertThat(told(39)).isEmpty();
        assertThat(told(40)).containsExactly("left 40");
        assertThat(told(38)).containsExactly("reached 38");
    }

    @Test
    void what_is_beyond_already_is_told_at_once() {
        watch(NoticeWorld.ALICE, Optional.of("north"), Condition.GT, 50);
        assertThat(told(100)).containsExactly("reached 100");
        assertThat(told(50)).as("too near").isEmpty();
        assertThat(told(49)).containsExactly("left 49");
    }

    @Test
    void each_hears_of_its_own_threshold_and_of_all_places_if_it_names_none() {
        var hers = watch(NoticeWorld.ALICE, Optional.of("north"), Condition.LT, 40);
        var his = watch(NoticeWorld.BOB, Optional.empty(), Condition.LT, 30);
        world.subscribe(NoticeWorld.ALICE, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.started", "physics");
        north = 35;
        south = 20;
        assertThat(first.look()).isEqualTo(2);
        world.first.settle();
        assertThat(world.posted)
                .filteredOn(posted -> posted.type().equals(Thresholds.CROSSED))
                .extracting(
                        posted -> posted.body().get("subscription").stringValue(),
                        posted -> posted.body().at("/data/place").stringValue())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(hers.toString(), "lab/north"),
                        org.assertj.core.groups.Tuple.tuple(his.toString(), "lab/south"));
        assertThat(world.posted)
                .filteredOn(posted -> posted.type().equals("reservation.started"))
                .as("one with a threshold and no events hears of nothing else")
                .hasSize(1);
    }

    @Test
    void who_is_stopped_while_it_looks_comes_to_its_end_undisturbed() throws Exception {
        watch(NoticeWorld.ALICE, Optional.of("north"), Condition.LT, 40);
        var looking = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var calm = new CompletableFuture<Boolean>();
        var stopped = new Thresholds(world.platform, world.first.database, world.first.engine, (tx, _) -> {
            looking.countDown();
            try {
                goOn.await();
                tx.sql().fetch("select 1");
                calm.complete(true);
            } catch (InterruptedException _) {
                calm.complete(false);
            }
            return List.of();
        });
        stopped.start();
        looking.await();
        var stopping = Thread.ofPlatform().start(() -> {
            try {
                stopped.stop();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        stopping.join();
        assertThat(calm).isCompletedWithValue(true);
    }

    @Test
    void two_servers_tell_it_once() throws Exception {
        watch(NoticeWorld.ALICE, Optional.of("north"), Condition.LT, 40);
        var second = thresholds(world.another());
        var barrier = new CyclicBarrier(2);
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 10; round++) {
                north = round % 2 == 0 ? 10 : 90;
                var looks = new ArrayList<Callable<Integer>>();
                for (var one : List.of(first, second)) {
                    looks.add(() -> {
                        barrier.await();
                        return one.look();
                    });
                }
                int told = 0;
                for (var done : threads.invokeAll(looks)) {
                    told += done.get();
                }
                assertThat(told).isEqualTo(1);
            }
        }
        world.first.settle();
        assertThat(world.posted).extracting(Posted::type).hasSize(10).containsOnly(Thresholds.CROSSED);
    }

    @Test
    void one_that_is_removed_is_forgotten() {
        var hers = watch(NoticeWorld.ALICE, Optional.of("north"), Condition.LT, 40);
        assertThat(told(10)).hasSize(1);
        world.first.database.inTransaction(tx -> world.first
                .notifications
                .subscribers()
                .remove(tx, world.first.engine.resources().lock(tx, hers).orElseThrow(), "alice"));
        assertThat(told(90)).isEmpty();
        assertThat(world.look(hers).removed()).isPresent();
    }
}
