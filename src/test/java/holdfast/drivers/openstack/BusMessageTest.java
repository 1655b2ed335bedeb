package holdfast.drivers.openstack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// What is read in notifications, those of a real OpenStack and such as nobody should send.
class BusMessageTest {
    private static final String SERVER = "4fa2a5e3-5739-406a-90c1-222b5393f15b";

    private static List<String> recorded() throws IOException {
        try (var lines = BusMessageTest.class.getResourceAsStream("/openstack/bus.jsonl")) {
            return new String(lines.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> Json.tree(line).path("body").stringValue())
                    .toList();
        }
    }

    private static Optional<String> hint(String body) {
        return BusMessage.hint(body.getBytes(UTF_8));
    }

    @Test
    void messages_of_a_real_openstack_name_what_is_over_and_its_id() throws IOException {
        var hints = recorded().stream().flatMap(body -> hint(body).stream()).toList();
        assertThat(hints)
                .containsExactly(
                        "compute.instance.create.end " + SERVER,
                        "instance.create.end " + SERVER,
                        "compute.instance.power_off.end " + SERVER,
                        "floatingip.create.end 9a31c158-5fe6-4dcb-b4b4-8e5023eab3bb",
                        "port.delete.end d88680f6-5919-4db1-919e-46a5cd2b02ca",
                        "compute.instance.delete.end " + SERVER,
                        "instance.delete.end " + SERVER,
                        "floatingip.delete.end 9a31c158-5fe6-4dcb-b4b4-8e5023eab3bb");
    }

    @Test
    void beginnings_steps_and_choices_of_hosts_say_nothing() throws IOException {
        assertThat(recorded().stream().filter(body -> hint(body).isEmpty()))
                .hasSize(4)
                .allMatch(body -> body.contains("instance.update")
                        || body.contains("delete.start")
                        || body.contains("select_destinations.end"));
    }

    @Test
    void a_message_without_an_envelope_is_understood_too() {
        assertThat(hint("{\"event_type\": \"volume.delete.end\", \"payload\": {\"volume_id\": \"v-1\"}}"))
                .hasValue("volume.delete.end v-1");
        assertThat(hint("{\"event_type\": \"service.update\", \"payload\": {}}"))
                .hasValue("service.update");
    }

    @Test
    void what_would_not_fit_into_a_line_of_a_log_is_left_out() {
        assertThat(hint("{\"event_type\": \"port.delete.end\", \"payload\": {\"port\": {\"id\": \"x\\ny\"}}}"))
                .hasValue("port.delete.end");
        assertThat(hint("{\"event_type\": \"port.delete.end\\n\"}")).isEmpty();
        assertThat(hint("{\"event_type\": \"" + "a".repeat(5_000) + ".end\"}")).isEmpty();
    }

    @Test
    void garbage_says_nothing() {
        for (var body : List.of(
                "",
                "null",
                "[]",
                "17",
                "{",
                "\"end\"",
                "{\"oslo.message\": \"{\"}",
                "{\"oslo.message\": 3}",
                "{\"event_type\": {\"end\": 1}}",
                "[".repeat(10_000),
                "{\"oslo.message\": \"null\"}")) {
            assertThat(hint(body)).as(body).isEmpty();
        }
    }

    @Property(tries = 300)
    void any_bytes_are_read_without_harm(@ForAll byte[] body) {
        assertThat(BusMessage.hint(body)).isEmpty();
    }
}
