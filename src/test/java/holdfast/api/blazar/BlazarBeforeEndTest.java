package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What is done before a lease ends.
class BlazarBeforeEndTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private static String hosts(String beforeEnd) {
        return BlazarLab.hosts(1, 1, "").replace("}", ", \"before_end\": \"" + beforeEnd + "\"}");
    }

    /// A lease that is active, with a server of its user on its host.
    private JsonNode active(String name, String beforeEnd) {
        var lease = lab.made(ALICE, BlazarLab.between("now", "2031-05-01 11:00", name, hosts(beforeEnd)));
        lab.until(lease, "ACTIVE");
        var item = UUID.fromString(lease.at("/reservations/0/id").stringValue());
        var server = new Wanted.Server(name, "1", "image-1", List.of(), Optional.empty(), Optional.of(item), Map.of());
        assertThat(lab.cloud
                        .sharedWith("user")
                        .ensure(new Key(UUID.randomUUID().toString(), "server"), new Order.Server(server, true)))
                .isInstanceOf(Result.Done.class);
        return lease;
    }

    private String event(JsonNode lease) {
        return lab.show(ALICE, lease)
                .get("events")
                .valueStream()
                .filter(event -> event.get("event_type").stringValue().equals("before_end_lease"))
                .findFirst()
                .orElseThrow()
                .get("status")
                .stringValue();
    }

    @Test
    void snapshots_are_named_reserved_and_an_empty_action_does_nothing() {
        var kept = active("kept", "snapshot");
        var empty = active("empty", "");
        var plain = active("plain", "default");
        assertThat(event(kept)).isEqualTo("UNDONE");
        lab.advance(Duration.ofHours(2));
        lab.waitFor(() -> event(kept).equals("DONE"));
        assertThat(event(empty)).isEqualTo("DONE");
        assertThat(event(plain)).isEqualTo("DONE");
        assertThat(lab.cloud.images()).containsExactly("reserved_kept");
        lab.advance(Duration.ofHours(1));
        lab.until(kept, "TERMINATED");
        assertThat(lab.cloud.images()).containsExactly("reserved_kept");
    }

    @Test
    void an_image_that_cannot_be_made_is_an_event_in_error_and_the_lease_ends_in_time() {
        var lease = active("dead", "snapshot");
        lab.cloud.hostUp(lab.cloud.placed().get("dead"), false);
        lab.advance(Duration.ofHours(2));
        lab.waitFor(() -> event(lease).equals("ERROR"));
        assertThat(lab.show(ALICE, lease).get("status").stringValue()).isEqualTo("ACTIVE");
        lab.advance(Duration.ofHours(1));
        lab.until(lease, "TERMINATED");
        assertThat(event(lease)).isEqualTo("ERROR");
    }

    @Test
    void the_action_may_change_until_it_is_done() {
        var lease = active("late", "");
        lab.json(
                "PUT",
                BlazarLab.path(lease),
                ALICE,
                "{\"reservations\": [{\"id\": \""
                        + lease.at("/reservations/0/id").stringValue() + "\", \"before_end\": \"snapshot\"}]}");
        assertThat(lab.show(ALICE, lease).at("/reservations/0/before_end").stringValue())
                .isEqualTo("snapshot");
        lab.advance(Duration.ofHours(2));
        lab.waitFor(() -> event(lease).equals("DONE"));
        assertThat(lab.cloud.images()).containsExactly("reserved_late");
    }
}
