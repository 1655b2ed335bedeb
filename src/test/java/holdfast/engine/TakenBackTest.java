package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Processes.Request;
import holdfast.engine.types.Move;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Resources that are made in a part of a transaction that is taken back.
final class TakenBackTest {
    /// As many as begin at once where they are asked for.
    private static final int MANY = 128;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Engine engine = new Engine(Platform.real(), test.database());
    private final Queue<UUID> begun = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(30)
    void their_processes_never_begin_and_leave_room_for_others() throws InterruptedException {
        engine.definitions()
                .add(ProcessDefinition.of(
                        "probe.make",
                        Move.of(Set.of("requested"), "making", "made", "failed"),
                        _ -> List.of(Step.of("begin", context -> {
                            begun.add(context.resource().id());
                            return Outcome.done();
                        })),
                        Ending.NONE));
        engine.start(List.of(), false);
        var kept = newcomer();
        try {
            for (int turn = 0; turn < 3; turn++) {
                made(Stream.generate(this::newcomer).limit(MANY).toList(), false);
            }
            made(List.of(kept), true);
            awaitMade(kept);
        } finally {
            engine.stop();
        }
        assertThat(begun).containsExactly(kept.resource().id());
    }

    private void made(List<Newcomer> all, boolean kept) {
        test.database()
                .inTransaction(tx -> tx.keptIf(
                        () -> engine.make(tx, all),
                        made -> kept && made.getFirst().isPresent()));
    }

    private Newcomer newcomer() {
        var fresh = engine.resources()
                .fresh(
                        UUID.randomUUID(),
                        "probe",
                        Resources.ACTOR,
                        Optional.empty(),
                        "p",
                        "requested",
                        "physics",
                        Json.object());
        return new Newcomer(fresh, Request.now("probe.make", fresh.id(), "alice"));
    }

    private void awaitMade(Newcomer one) throws InterruptedException {
        while (true) {
            long seen = engine.changed().count();
            var now = test.database()
                    .inTransaction(
                            tx -> engine.resources().find(tx, one.resource().id()));
            if (now.orElseThrow().state().equals("made")) {
                return;
            }
            engine.changed().await(seen, Duration.ofSeconds(1));
        }
    }
}
