package holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class TurnsTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void one_client_has_its_share_and_leaves_the_rest_to_others() throws InterruptedException {
        var turns = new Turns(3, 2, SHORT, "crowded");
        var one = turns.take("one");
        var two = turns.take("one");
        assertThatThrownBy(() -> turns.take("one"))
                .isInstanceOfSatisfying(
                        CannotTellException.class, e -> assertThat(e.why()).isEqualTo("crowded"));
        var other = turns.take("other");
        assertThatThrownBy(() -> turns.take("third")).as("all are taken").isInstanceOf(CannotTellException.class);
        other.close();
        turns.take("third").close();
        one.close();
        turns.take("one").close();
        two.close();
        assertThat(turns.clients()).isZero();
    }

    @Test
    void a_name_that_is_no_key_costs_nothing_and_a_key_costs_a_turn() {
        try (var db = TestDatabase.fresh()) {
            var platform = Platform.real();
            var engine = new Engine(platform, db.database());
            var none = new Turns(0, 1, SHORT, "crowded");
            var keys = new Keys(platform, db.database(), engine.resources(), Secrets.of(new byte[32]), none);
            var id = new UUID(3, 4);
            var made = keys.make(id, new Caller("alice", "physics", false), Keys.Fresh.draw());
            db.database().inTransaction(tx -> {
                new Projects(engine.resources()).account(tx, "physics", "test");
                var content = Json.object()
                        .put("kind", "apiKey")
                        .put(Keys.ACCESS, made.access())
                        .put(Keys.SECRET, made.sealed());
                return engine.resources()
                        .insert(
                                tx,
                                engine.resources()
                                        .fresh(
                                                id,
                                                "credential",
                                                Resources.ACTOR,
                                                Optional.empty(),
                                                "",
                                                "active",
                                                "physics",
                                                content),
                                "test",
                                "");
            });
            assertThat(keys.given("alice", "guess", "192.0.2.1")).isEmpty();
            assertThat(keys.given("0".repeat(32), "guess", "192.0.2.1")).isEmpty();
            assertThatThrownBy(() -> keys.given(made.access(), "guess", "192.0.2.1"))
                    .isInstanceOf(CannotTellException.class);
        }
    }
}
