package holdfast.orchestrator.instances;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ThingStoreTest {
    private static final UUID ACCOUNT = new UUID(0, 1);
    private static final UUID POOL = new UUID(0, 2);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Platform platform = Platform.real();
    private final ThingStore store = new ThingStore(platform);

    @Test
    void who_made_something_is_known_until_its_account_is_forgotten() {
        test.database().inTransaction(tx -> {
            store.made(tx, ACCOUNT, "keys", "k1", POOL, "ann");
            store.made(tx, ACCOUNT, "keys", "k1", POOL, "bob");
            assertThat(store.find(tx, ACCOUNT, "keys", "k1").orElseThrow().owner())
                    .as("whoever made it last")
                    .contains("bob");
            assertThat(store.called(tx, List.of(ACCOUNT), "keys", "k1", new UUID(0, 3)))
                    .as("in another pool")
                    .isEmpty();
            assertThat(store.at(tx, ACCOUNT, "storage_volumes")).isEmpty();
            assertThat(ThingStore.prune(tx, platform.now().minus(Duration.ofDays(1)), 10))
                    .isZero();
            assertThat(ThingStore.prune(tx, platform.now().plus(Duration.ofDays(1)), 10))
                    .isEqualTo(1);
            return store.find(tx, ACCOUNT, "keys", "k1");
        });
    }

    @Test
    void a_short_name_leads_back_and_makes_nobody_the_owner() {
        var key = "sg default/tcp";
        var rest = ThingNames.rest(ThingNames.id(ACCOUNT, key));
        var found = test.database().inTransaction(tx -> {
            store.shortened(tx, ACCOUNT, "firewalls", List.of(key));
            store.shortened(tx, ACCOUNT, "firewalls", List.of(key));
            assertThat(store.find(tx, ACCOUNT, "firewalls", key).orElseThrow().pool())
                    .isEmpty();
            return store.key(tx, ACCOUNT, rest);
        });
        assertThat(found).isEqualTo(Optional.of(key));
    }
}
