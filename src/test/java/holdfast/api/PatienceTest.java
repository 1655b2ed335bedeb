package holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PatienceTest {
    private static final Caller ALICE = new Caller("alice", "physics", false);
    private static final Caller BOB = new Caller("bob", "biology", false);
    private static final Duration LONG = Duration.ofMinutes(1);

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private final Platform platform = Platform.real();
    private final Engine engine = new Engine(platform, db.database());

    private UUID make() {
        var made = engine.resources()
                .fresh(
                        platform.newId(),
                        "reservation",
                        "broker",
                        Optional.empty(),
                        "expo",
                        "initialized",
                        "physics",
                        Json.object());
        db.database().inTransaction(tx -> {
            engine.resources().insert(tx, made, "alice", "asked for");
            return true;
        });
        return made.id();
    }

    private void keep(UUID id) {
        db.database().inTransaction(tx -> {
            var resource = engine.resources().lock(tx, id).orElseThrow();
            engine.resources()
                    .update(tx, resource.state(), resource.withState("reserved", Optional.empty()), "lab", "kept");
            tx.afterCommit(engine.changed()::raise);
            return true;
        });
    }

    private static boolean isReserved(Resource resource) {
        return resource.state().equals("reserved");
    }

    private static void waitUntil(int waiting, Patience patience) {
        while (patience.waiting() != waiting) {
            Thread.onSpinWait();
        }
    }

    @Test
    void all_that_wait_are_answered_when_their_own_is_settled() throws Exception {
        var patience = new Patience(platform, db.database(), engine);
        var ids = IntStream.range(0, 8).mapToObj(_ -> make()).toList();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 64)
                    .mapToObj(n -> clients.submit(() ->
                            patience.await(n % 2 == 0 ? ALICE : BOB, ids.get(n % 8), LONG, PatienceTest::isReserved)))
                    .toList();
            waitUntil(64, patience);
            ids.forEach(this::keep);
            for (int n = 0; n < 64; n++) {
                var answer = answers.get(n).get();
                assertThat(answer.id()).isEqualTo(ids.get(n % 8));
                assertThat(answer.state()).isEqualTo("reserved");
            }
        }
        assertThat(patience.waiting()).isZero();
    }

    @Test
    void beyond_its_share_a_user_is_answered_as_things_are() throws Exception {
        var patience = new Patience(platform, db.database(), engine, 1);
        var id = make();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = clients.submit(() -> patience.await(ALICE, id, LONG, PatienceTest::isReserved));
            waitUntil(1, patience);
            assertThat(patience.await(ALICE, id, LONG, PatienceTest::isReserved).state())
                    .isEqualTo("initialized");
            var other = clients.submit(() -> patience.await(BOB, id, LONG, PatienceTest::isReserved));
            waitUntil(2, patience);
            keep(id);
            assertThat(first.get().state()).isEqualTo("reserved");
            assertThat(other.get().state()).isEqualTo("reserved");
        }
    }
}
