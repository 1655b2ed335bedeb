package holdfast.federation.mail;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Capacities;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Post.Envelope;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of mail for which nobody comes.
final class DeadLettersTest {
    private static final SliverId SLIVER = new SliverId(UUID.fromString("00000000-0000-0000-0000-00000000000a"));

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final UUID contract = UUID.fromString("00000000-0000-0000-0000-00000000000c");
    private Instant now = Instant.parse("2030-01-07T08:00:00Z");
    private Engine engine;
    private DeadLetters letters;

    @BeforeEach
    void start() {
        test.empty();
        var platform = Platform.seeded(1, () -> now);
        engine = new Engine(platform, test.database());
        letters = new DeadLetters(platform, engine);
        test.database().inTransaction(tx -> {
            var fresh = engine.resources()
                    .fresh(contract, "contract", "federation", Optional.empty(), "c", "active", "-", Json.object());
            return engine.resources().insert(tx, fresh, "test", "bought");
        });
    }

    private void send(String to, Message message) {
        test.database().inTransaction(tx -> {
            engine.post().send(tx, "orchestrator", to, message);
            return true;
        });
    }

    private int prune() {
        return test.database().inTransaction(tx -> letters.prune(tx, now, 1_000));
    }

    private List<Envelope> waiting() {
        return test.database().inTransaction(tx -> engine.post().pending(tx, 100));
    }

    private void end() {
        test.database().inTransaction(tx -> {
            var found = engine.resources().lock(tx, contract).orElseThrow();
            return engine.resources().update(tx, found.state(), found.removedAt(now), "test", "over");
        });
    }

    @Test
    void mail_waits_as_long_as_somebody_may_come_for_it() {
        send("lab-am@" + contract, new Message.Close(SLIVER));
        assertThat(prune()).isZero();
        end();
        now = now.plus(DeadLetters.SURELY_OVER);
        assertThat(prune()).isZero();
        assertThat(waiting()).hasSize(1);
    }

    @Test
    void who_waits_for_an_end_is_told_that_it_has_come() {
        send("lab-am@" + contract, new Message.Close(SLIVER));
        send("lab-am@" + contract, new Message.ReclaimDelegation(UUID.randomUUID(), UUID.randomUUID()));
        end();
        now = now.plus(DeadLetters.SURELY_OVER).plus(Duration.ofSeconds(1));
        assertThat(prune()).isEqualTo(2);
        assertThat(waiting()).singleElement().satisfies(answer -> {
            assertThat(answer.sender()).isEqualTo("lab-am@" + contract);
            assertThat(answer.receiver()).isEqualTo("orchestrator");
            assertThat(answer.message())
                    .isEqualTo(
                            new UpdateLease(SLIVER, 1, UpdateLease.State.CLOSED, Optional.empty(), Optional.empty()));
        });
        assertThat(prune()).isZero();
    }

    @Test
    void mail_of_contracts_that_never_were_is_thrown_away() {
        send("lab-am@nobody", new Message.Close(SLIVER));
        send(
                "broker@" + UUID.randomUUID(),
                new Message.Borrowed(contract, Optional.of(Capacities.NONE), Optional.empty()));
        assertThat(prune()).isEqualTo(2);
        assertThat(waiting()).isEmpty();
    }
}
