package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Spec;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who reaches real guests, and whom they reach.
@Timeout(300)
class UserNetworkTest {
    private static final Key VM = new Key("lease-a", "vm");
    private static final Spec.Machine NODE = new Spec.Machine("node1", "host1", 1, 1, 0, Optional.empty(), 0);

    @TempDir
    Path data;

    private QemuDriver driver;

    @BeforeEach
    void start() throws IOException {
        driver = RealGuests.driver(data);
    }

    @AfterEach
    void nothing_is_left_behind() {
        if (driver == null) return; // skipped
        for (var key : driver.list()) RealGuests.finish(() -> driver.remove(key));
    }

    @Test
    void guests_answer_over_networks_of_their_own_and_reach_nobody() throws Exception {
        var other = new Key("lease-b", "vm");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var two =
                    threads.submit(() -> made(other, new Spec.Machine("<b> 2", "host1", 1, 1, 0, Optional.empty(), 0)));
            var facts = made(VM, NODE);
            two.get();
            assertThat(facts).containsEntry("network.address", "10.0.2.15");
            assertThat(ask(VM, "net", "mac")).contains("eth0 " + facts.get("network.mac"));
            var pages = threads.invokeAll(Collections.nCopies(3, (Callable<String>) () -> page(VM)));
            for (var page : pages) assertThat(page.get()).contains("holdfast-guest node1: kernel ");
        }
        assertThat(page(other)).contains("holdfast-guest -b-2: kernel ");
        assertThat(forwards(VM)).isEmpty();

        try (var here = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            here.configureBlocking(false);
            var port = String.valueOf(((InetSocketAddress) here.getLocalAddress()).getPort());
            assertThat(ask(VM, "dial", "itself", "10.0.2.15", "80")).containsExactly("open");
            assertThat(ask(VM, "dial", "host", "10.0.2.2", port)).containsExactly("closed");
            assertThat(here.accept()).isNull();
        }
    }

    @Test
    void who_does_not_answer_is_told_and_what_a_crash_has_left_open_is_shut() throws IOException {
        made(VM, NODE);
        try (var qmp = qmp(VM)) {
            for (int n = 0; n < 2; n++)
                qmp.execute(
                        "human-monitor-command",
                        Map.of("command-line", "hostfwd_add net tcp:127.0.0.1:0-10.0.2.15:80"));
            qmp.execute("stop", Map.of());
        }
        assertThat(forwards(VM)).hasSize(2);
        assertThat(refused(VM, 80)).isEqualTo(Refusal.Kind.SILENT);
        assertThat(forwards(VM)).isEmpty();
        try (var qmp = qmp(VM)) {
            qmp.execute("cont", Map.of());
        }
        assertThat(page(VM)).contains("holdfast-guest node1");
        var pid = ((Observed.Present) driver.observe(VM)).facts().get("pid");
        assertThat(holdfast.platform.Commands.run("kill", "-STOP", pid).ok()).isTrue();
        assertThat(refused(VM, 80)).isEqualTo(Refusal.Kind.SILENT);
    }

    @Test
    void a_guest_of_an_earlier_release_has_no_network_and_says_so() throws IOException {
        var name = Host.at(data, RealGuests.substrate(), QemuSettings.TRIAL, InstantSource.system())
                .home("old")
                .processName();
        var old = new ProcessBuilder("sh", "-c", "read x", "/usr/bin/qemu-system-x86_64", "-name", name).start();
        try {
            assertThat(driver.connect(new Key("old", "vm"), 80))
                    .isInstanceOfSatisfying(
                            Answer.No.class,
                            no -> assertThat(no.why().message()).contains("started anew"));
        } finally {
            old.destroyForcibly().onExit().join();
        }
    }

    private Path run(Key machine) {
        return data.resolve("machines").resolve(machine.lease()).resolve("run");
    }

    private Qmp qmp(Key machine) throws IOException {
        return Qmp.open(run(machine).resolve("qmp.sock"), Duration.ofSeconds(5));
    }

    private List<String> ask(Key machine, String question, String tag, String... more) throws IOException {
        return GuestConsole.ask(run(machine).resolve("console.sock"), question, tag, Duration.ofSeconds(10), more);
    }

    private List<String> forwards(Key machine) throws IOException {
        try (var qmp = qmp(machine)) {
            return qmp.execute("human-monitor-command", Map.of("command-line", "info usernet"))
                    .asString()
                    .lines()
                    .filter(line -> line.contains("HOST_FORWARD"))
                    .toList();
        }
    }

    private Refusal.Kind refused(Key machine, int port) {
        return switch (driver.connect(machine, port)) {
            case Answer.No<ByteChannel>(var why) -> why.kind();
            case Answer.Yes<ByteChannel> _ -> throw new AssertionError("somebody listens");
        };
    }

    private String page(Key machine) throws IOException {
        try (var channel = driver.connect(machine, 80).orThrow()) {
            channel.write(UTF_8.encode("GET / HTTP/1.0\r\n\r\n"));
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    private Map<String, String> made(Key machine, Spec.Machine spec) {
        return RealGuests.finish(() -> driver.ensure(machine, spec));
    }
}
