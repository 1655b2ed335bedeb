package holdfast.drivers.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Driver;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.drivers.DriverContractTest;
import holdfast.drivers.simulated.SimulatedSettings.Failure;
import holdfast.drivers.simulated.SimulatedSettings.Latency;
import holdfast.drivers.simulated.SimulatedSettings.Verb;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedDriverTest extends DriverContractTest {
    private static final SimulatedSettings SLOW = SimulatedSettings.PERFECT.withLatency(
            Latency.of(Duration.ofSeconds(30)),
            new Latency(Duration.ofSeconds(1), Duration.ofSeconds(3)),
            Latency.of(Duration.ofSeconds(5)));

    private Instant now = Instant.parse("2030-01-07T08:00:00Z");
    private SimulatedDriver driver = with(SLOW);

    private SimulatedDriver with(SimulatedSettings settings) {
        return new SimulatedDriver(settings, () -> now, new SplittableRandom(7));
    }

    @BeforeEach
    void start() {
        driver = with(SLOW);
    }

    @Override
    protected Driver driver() {
        return driver;
    }

    @Override
    protected void letTimePass() {
        now = now.plusSeconds(1);
    }

    @Override
    protected int timesMade(Key key) {
        return driver.counters(key).made();
    }

    @Test
    void what_takes_thirty_seconds_is_later_until_the_clock_has_come_that_far() {
        assertThat(driver.ensure(VM, SMALL)).isInstanceOf(Result.Later.class);
        now = now.plusSeconds(29);
        assertThat(driver.ensure(VM, SMALL)).isInstanceOf(Result.Later.class);
        assertThat(present(VM).healthy()).isFalse();
        now = now.plusSeconds(1);
        assertThat(driver.ensure(VM, SMALL)).isInstanceOf(Result.Done.class);
    }

    @Test
    void the_second_machine_fails_as_scripted_and_leaves_something_to_remove() {
        driver = with(SimulatedSettings.PERFECT.withScript(
                new Failure(Verb.ENSURE, Optional.of("vm"), 2, "the hypervisor is on fire")));
        var other = new Key("5f0c1d4e-0001-4c1e-9d5a-000000000002", "vm");
        done(VM, SMALL);
        assertThat(driver.ensure(other, SMALL)).isEqualTo(new Result.Failed("the hypervisor is on fire"));
        assertThat(present(other).healthy()).isFalse();
        assertThat(driver.list()).containsExactly(VM, other);
        removed(other);
        assertThat(driver.counters(other)).isEqualTo(new Counters(1, 1, 0, 1));
        done(other, SMALL);
    }

    @Test
    void a_removal_that_fails_as_scripted_may_be_tried_again() {
        driver = with(SimulatedSettings.PERFECT.withScript(new Failure(Verb.REMOVE, Optional.empty(), 1, "stuck")));
        done(VM, SMALL);
        assertThat(driver.remove(VM)).isEqualTo(new Result.Failed("stuck"));
        assertThat(present(VM).healthy()).isFalse();
        assertThat(driver.remove(VM)).isInstanceOf(Result.Done.class);
    }

    @Test
    void about_a_third_fails_when_a_third_should() {
        driver = with(SimulatedSettings.PERFECT.withFailures(0.33, 0));
        var failed = IntStream.range(0, 3000)
                .mapToObj(i -> driver.ensure(new Key("lease-" + i, "vm"), SMALL))
                .filter(Result.Failed.class::isInstance)
                .count();
        assertThat(failed).isBetween(880L, 1100L);
    }

    @Test
    void nothing_is_left_by_a_failure_where_failures_leave_nothing() {
        driver = with(SimulatedSettings.PERFECT.withFailures(1, 0).withLeftovers(false));
        assertThat(driver.ensure(VM, SMALL)).isInstanceOf(Result.Failed.class);
        assertThat(driver.list()).isEmpty();
    }

    @Test
    void things_drift_away_by_themselves_and_devices_go_with_their_machine() {
        driver = with(SimulatedSettings.PERFECT.withDrift(Duration.ofHours(1)));
        done(VM, SMALL);
        done(GPU, A_GPU);
        now = now.plus(Duration.ofDays(2));
        assertThat(driver.observe(VM)).isInstanceOf(Observed.Absent.class);
        assertThat(driver.observe(GPU)).isInstanceOf(Observed.Absent.class);
        assertThat(driver.list()).isEmpty();
        done(VM, SMALL);
        assertThat(driver.counters(VM).made()).isEqualTo(2);
        assertThat(driver.counters(VM).removed()).isZero();
    }

    @Test
    void one_pci_function_is_never_in_two_machines_of_a_host() {
        done(VM, SMALL);
        done(GPU, A_GPU);
        var other = new Key("5f0c1d4e-0001-4c1e-9d5a-000000000002", "vm");
        done(other, SMALL);
        var sameFunction = new Spec.Device(other, 0, "gpu1", "GPU", "Tesla T4", A_GPU.bdf());
        assertThat(driver.ensure(new Key(other.lease(), "gpu1"), sameFunction))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why()).contains(A_GPU.bdf()).contains(VM.lease()));
    }

    @Test
    void a_host_in_a_file_survives_a_restart_in_the_middle_of_work(@TempDir Path directory) {
        var kept = SLOW.in(directory.resolve("hosts/host.json"));
        driver = with(kept);
        done(VM, SMALL);
        assertThat(driver.ensure(GPU, A_GPU)).isInstanceOf(Result.Later.class);
        driver = with(kept);
        done(GPU, A_GPU);
        driver = with(kept);
        assertThat(present(VM).healthy()).isTrue();
        assertThat(driver.list()).containsExactly(VM, GPU);
        assertThat(driver.counters(GPU).made()).isEqualTo(1);
    }

    @Test
    void two_drivers_on_one_file_have_one_host(@TempDir Path directory) {
        var kept = SLOW.in(directory.resolve("hosts/host.json"));
        var first = with(kept);
        var second = with(kept);
        driver = first;
        done(VM, SMALL);
        driver = second;
        done(GPU, A_GPU);
        assertThat(first.list()).containsExactly(VM, GPU);
        assertThat(first.counters(GPU).made()).isEqualTo(1);
        second.loseSilently(VM);
        assertThat(first.observe(VM)).isEqualTo(new Observed.Absent());
    }

    @Test
    void one_port_of_a_machine_says_everything_again_and_another_understands_one_question() throws Exception {
        done(VM, SMALL);
        try (var echo = connected(VM, 7)) {
            say(echo, "one");
            say(echo, "two");
            assertThat(heard(echo, 6)).isEqualTo("onetwo");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var words = "x".repeat(1 << 20);
                var heard = threads.submit(() -> heard(echo, words.length())); // waits for what is written below
                say(echo, words);
                assertThat(heard.get()).isEqualTo(words);
            }
            driver.loseSilently(VM);
            say(echo, "nobody hears this");
            assertThat(rest(echo)).isEmpty();
        }
        done(VM, SMALL);
        for (var wrong : List.of("hello\r\n\r\n", "GET / HTTP/2\n\n", "x".repeat(9000)))
            try (var web = connected(VM, 80)) {
                say(web, wrong);
                assertThat(rest(web)).startsWith("HTTP/1.0 400 Bad Request\r\n");
            }
    }

    private static String heard(ByteChannel channel, int many) throws IOException {
        return new String(Channels.newInputStream(channel).readNBytes(many), UTF_8);
    }

    @Test
    void a_connection_fails_as_scripted() {
        driver = with(SimulatedSettings.PERFECT.withScript(
                new Failure(Verb.CONNECT, Optional.of("vm"), 2, "the cable is out")));
        done(VM, SMALL);
        assertThat(connected(VM, 7).isOpen()).isTrue();
        assertThat(driver.connect(VM, 7)).isEqualTo(Answer.no(Refusal.broken("the cable is out")));
        assertThat(connected(VM, 7).isOpen()).isTrue();
        driver.breakSilently(VM);
        assertThat(refused(VM, 7)).isEqualTo(Refusal.Kind.NOT_THERE);
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        assertThat(run()).isEqualTo(run());
    }

    private java.util.List<Result> run() {
        now = Instant.parse("2030-01-07T08:00:00Z");
        var fresh = with(SLOW.withFailures(0.3, 0.3));
        return IntStream.range(0, 300)
                .mapToObj(i -> {
                    letTimePass();
                    var key = new Key("lease-" + i % 7, "vm");
                    return i % 3 == 2 ? fresh.remove(key) : fresh.ensure(key, SMALL);
                })
                .toList();
    }

    @Test
    void a_thing_that_is_being_removed_can_be_made_again_after_that() {
        done(VM, SMALL);
        assertThat(driver.remove(VM)).isInstanceOf(Result.Later.class);
        assertThat(driver.ensure(VM, SMALL)).isEqualTo(new Result.Later("waiting for the removal of vm"));
        done(VM, SMALL);
        assertThat(driver.counters(VM).made()).isEqualTo(2);
        assertThat(driver.counters(VM).removed()).isEqualTo(1);
    }
}
