package holdfast.engine;

import static holdfast.Latches.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Who waits is served together.
final class ConvoyTest {
    private final ConcurrentLinkedQueue<List<Integer>> served = new ConcurrentLinkedQueue<>();

    private List<Integer> doubled(List<Integer> some) {
        served.add(some);
        if (some.contains(13)) {
            throw new IllegalArgumentException("thirteen");
        }
        return some.stream().map(one -> 2 * one).toList();
    }

    @Test
    void who_comes_alone_is_served_on_its_own_thread() {
        var threads = new ConcurrentLinkedQueue<Thread>();
        var convoy = new Convoy<Integer, Integer>(some -> {
            threads.add(Thread.currentThread());
            return doubled(some);
        });
        assertThat(convoy.ask(21)).isEqualTo(42);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void those_who_come_while_another_is_served_go_together_in_their_order() throws Exception {
        assertThat(answers(IntStream.range(0, 10).boxed().toList()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).map(i -> 2 * i).boxed().toList());
        assertThat(served).hasSize(2);
    }

    @Test
    void where_one_spoils_it_for_all_each_is_served_alone_and_only_that_one_hears_why() throws Exception {
        assertThat(answers(List.of(1, 13, 3))).containsExactly(2, -1, 6);
        assertThat(served).contains(List.of(1), List.of(13), List.of(3));
        assertThatThrownBy(() -> new Convoy<>(this::doubled).ask(13)).hasMessage("thirteen");
    }

    @Test
    void who_goes_another_way_does_not_wait() {
        var convoys = new AtomicReference<Function<Integer, Integer>>();
        convoys.set(Convoy.abreast(2, one -> one % 2, some -> {
            if (some.contains(2)) {
                assertThat(CompletableFuture.supplyAsync(() -> convoys.get().apply(1)))
                        .succeedsWithin(Duration.ofSeconds(30))
                        .isEqualTo(2);
            }
            return doubled(some);
        }));
        assertThat(convoys.get().apply(2)).isEqualTo(4);
        assertThat(served).containsExactly(List.of(1), List.of(2));
    }

    /// Of those who come while somebody else is served; -1 for who fails.
    private List<Integer> answers(List<Integer> asked) throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var convoy = new Convoy<Integer, Integer>(some -> {
            if (some.contains(1000)) {
                begun.countDown();
                await(go);
            }
            return doubled(some);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> convoy.ask(1000));
            begun.await();
            var answers = asked.stream()
                    .<Future<Integer>>map(one -> threads.submit(() -> convoy.ask(one)))
                    .toList();
            while (convoy.waiting() < asked.size()) Thread.onSpinWait();
            go.countDown();
            assertThat(first.get()).isEqualTo(2000);
            return answers.stream().map(ConvoyTest::got).toList();
        }
    }

    private static Integer got(Future<Integer> answer) {
        try {
            return answer.get();
        } catch (Exception _) {
            return -1;
        }
    }
}
