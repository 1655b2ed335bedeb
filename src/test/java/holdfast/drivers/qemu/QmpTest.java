package holdfast.drivers.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class QmpTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration AMPLE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Path socket() {
        return directory.resolve("qmp.sock");
    }

    private FakeQemu qemu(Function<JsonNode, List<String>> answers) throws IOException {
        return new FakeQemu(socket(), List.of(FakeQemu.GREETING), answers);
    }

    private static List<String> ok(String value) {
        return List.of("{\"return\": " + value + ", \"id\": ID}");
    }

    @Test
    void a_command_gets_its_answer() throws IOException {
        try (var _ = qemu(command -> ok("{\"said\": " + command.path("execute") + "}"));
                var qmp = Qmp.open(socket(), AMPLE)) {
            assertThat(qmp.execute("query-status", Map.of()).path("said").asString())
                    .isEqualTo("query-status");
            assertThat(qmp.execute("query-pci", Map.of()).path("said").asString())
                    .isEqualTo("query-pci");
        }
    }

    @Test
    void a_refusal_keeps_the_words_and_the_class_of_qemu() throws IOException {
        try (var _ = qemu(
                        _ -> List.of(
                                "{\"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"Device 'x' not found\"}, \"id\": ID}"));
                var qmp = Qmp.open(socket(), AMPLE)) {
            assertThatThrownBy(() -> qmp.execute("device_del", Map.of("id", "x")))
                    .isInstanceOfSatisfying(
                            QmpException.class, e -> assertThat(e.kind()).isEqualTo("DeviceNotFound"))
                    .hasMessage("Device 'x' not found");
        }
    }

    @Test
    void an_event_between_command_and_answer_is_kept_for_who_asks() throws IOException {
        try (var _ = qemu(_ -> List.of(
                        "{\"event\": \"DEVICE_DELETED\", \"data\": {\"path\": \"/machine/peripheral/d1/backend\"}}",
                        "{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"d1\"}}",
                        "{\"return\": {}, \"id\": ID}"));
                var qmp = Qmp.open(socket(), AMPLE)) {
            qmp.execute("device_del", Map.of("id", "d1"));
            var event = qmp.await(one -> one.data().path("device").asString("").equals("d1"), AMPLE);
            assertThat(event).isPresent();
            assertThat(qmp.await(_ -> true, Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void an_event_that_comes_after_the_answer_is_waited_for() throws IOException {
        try (var _ = qemu(_ -> List.of(
                        "{\"return\": {}, \"id\": ID}", "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true}}"));
                var qmp = Qmp.open(socket(), AMPLE)) {
            qmp.execute("system_powerdown", Map.of());
            assertThat(qmp.await(event -> event.name().equals("SHUTDOWN"), AMPLE))
                    .isPresent();
        }
    }

    @Test
    void of_too_many_events_the_newest_are_kept() throws IOException {
        var many = new ArrayList<String>();
        for (int i = 0; i < 5000; i++) many.add("{\"event\": \"E" + i + "\", \"data\": {}}");
        many.add("{\"return\": {}, \"id\": ID}");
        try (var _ = qemu(_ -> many);
                var qmp = Qmp.open(socket(), AMPLE)) {
            qmp.execute("noise", Map.of());
            var first = qmp.await(_ -> true, Duration.ofMillis(1)).orElseThrow();
            assertThat(first.name()).isEqualTo("E" + (5000 - Qmp.EVENTS));
        }
    }

    @Test
    void a_qemu_that_never_answers_is_given_up_after_the_limit() throws IOException {
        try (var _ = qemu(_ -> List.of());
                var qmp = Qmp.open(socket(), SOON)) {
            assertThatThrownBy(() -> qmp.execute("query-status", Map.of()))
                    .hasMessageContaining("does not answer query-status within 1000 ms");
        }
    }

    @Test
    void silence_is_no_failure_yet() throws IOException {
        try (var _ = qemu(_ -> List.of())) {
            var turns = new Turns(AMPLE);
            assertThat(turns.take(new Key("lease", "vm"), () -> {
                        try (var qmp = Qmp.open(socket(), SOON)) {
                            qmp.execute("query-status", Map.of());
                            return new Result.Done(Map.of());
                        }
                    }))
                    .isInstanceOfSatisfying(
                            Result.Later.class,
                            later -> assertThat(later.waitingFor()).contains("QEMU does not"));
        }
    }

    @Test
    void an_answer_to_a_question_that_was_given_up_is_not_taken_for_the_next() throws IOException {
        try (var _ = qemu(command -> command.path("execute").asString().equals("slow")
                        ? List.of()
                        : List.of("{\"return\": \"stale\", \"id\": 2}", "{\"return\": \"fresh\", \"id\": ID}"));
                var qmp = Qmp.open(socket(), SOON)) {
            assertThatThrownBy(() -> qmp.execute("slow", Map.of())).isInstanceOf(IOException.class);
            assertThat(qmp.execute("quick", Map.of()).asString()).isEqualTo("fresh");
        }
    }

    @Test
    void a_second_client_learns_that_the_first_holds_the_connection() throws IOException {
        try (var _ = qemu(_ -> ok("{}"));
                var _ = Qmp.open(socket(), AMPLE)) {
            assertThatThrownBy(() -> Qmp.open(socket(), SOON)).hasMessageContaining("another client");
        }
        try (var _ = new FakeQemu(directory.resolve("again.sock"), List.of(FakeQemu.GREETING), _ -> ok("{}"))) {
            Qmp.open(directory.resolve("again.sock"), AMPLE).close();
            Qmp.open(directory.resolve("again.sock"), AMPLE).close();
        }
    }

    @Test
    void no_socket_and_nobody_behind_it_are_said_at_once() throws IOException {
        assertThatThrownBy(() -> Qmp.open(socket(), AMPLE)).isInstanceOf(IOException.class);
        qemu(_ -> ok("{}")).close(); // the file stays, the listener is gone
        assertThat(socket()).exists();
        assertThatThrownBy(() -> Qmp.open(socket(), AMPLE)).isInstanceOf(IOException.class);
    }

    @Test
    void a_connection_that_ends_fails_the_waiting_command_at_once() throws IOException {
        try (var _ = qemu(_ -> List.of("HANG UP"));
                var qmp = Qmp.open(socket(), AMPLE)) {
            assertThatThrownBy(() -> qmp.execute("quit", Map.of())).hasMessageContaining("closed by the other side");
        }
    }

    @Test
    void an_endless_line_and_what_is_not_json_end_the_connection() throws IOException {
        var endless = "x".repeat(5 << 20);
        for (var junk : List.of(endless, "no json", "{\"deep\": " + "[".repeat(100_000))) {
            Files.deleteIfExists(socket());
            try (var _ = qemu(_ -> List.of(junk));
                    var qmp = Qmp.open(socket(), AMPLE)) {
                assertThatThrownBy(() -> qmp.execute("anything", Map.of())).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void a_thousand_connections_leave_no_descriptor_behind() throws Exception {
        try (var _ = qemu(_ -> ok("{}"))) {
            Qmp.open(socket(), AMPLE).close();
            long before = descriptors();
            for (int i = 0; i < 1000; i++) {
                try (var qmp = Qmp.open(socket(), AMPLE)) {
                    qmp.execute("query-status", Map.of());
                }
            }
            assertThat(descriptors()).isLessThan(before + 20);
        }
    }

    @Test
    void many_threads_may_share_a_connection() throws Exception {
        try (var _ = qemu(command -> ok(command.path("arguments").path("n").toString()));
                var qmp = Qmp.open(socket(), AMPLE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<java.util.concurrent.Future<Integer>>();
            for (int i = 0; i < 200; i++) {
                int n = i;
                asked.add(
                        threads.submit(() -> qmp.execute("echo", Map.of("n", n)).asInt(-1)));
            }
            for (int i = 0; i < 200; i++) assertThat(asked.get(i).get()).isEqualTo(i);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
