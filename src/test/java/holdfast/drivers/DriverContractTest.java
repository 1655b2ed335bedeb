package holdfast.drivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Driver;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every driver promises, tried on each.
public abstract class DriverContractTest {
    protected static final Key VM = new Key("5f0c1d4e-0001-4c1e-9d5a-000000000001", "vm");
    protected static final Key GPU = new Key(VM.lease(), "gpu1");
    protected static final Key DISK = new Key(VM.lease(), "nvme 1/fast");
    protected static final Spec.Machine SMALL =
            new Spec.Machine("node1", "host1", 2, 8, 10, Optional.of("default_rocky_9"), 4);
    protected static final Spec.Device A_GPU = new Spec.Device(VM, 0, "gpu1", "GPU", "Tesla T4", "0000:25:00.0");
    protected static final Spec.Device A_DISK = new Spec.Device(VM, 1, "nvme1", "NVME", "P4510", "0000:21:00.0");

    protected abstract Driver driver();

    /// Lets time pass between two questions; a driver that waits by itself needs nothing here.
    protected abstract void letTimePass();

    /// How often the machine was really made.
    protected abstract int timesMade(Key key);

    @AfterEach
    void nothing_is_left_behind() {
        for (var key : driver().list().reversed()) finish(() -> driver().remove(key));
    }

    @Test
    void a_machine_that_is_ensured_twice_is_made_once() {
        var first = done(VM, SMALL);
        var second = done(VM, SMALL);
        assertThat(second).isEqualTo(first);
        assertThat(timesMade(VM)).isEqualTo(1);
        assertThat(driver().list()).containsExactly(VM);
    }

    @Test
    void devices_come_and_go_while_the_machine_stays() {
        done(VM, SMALL);
        var gpu = done(GPU, A_GPU);
        var disk = done(DISK, A_DISK);
        assertThat(done(GPU, A_GPU)).isEqualTo(gpu);
        assertThat(gpu).containsKeys("guest.bdf", "guest.id").containsEntry("passthrough", "false");
        assertThat(gpu.get("stands.for")).contains("Tesla T4");
        assertThat(gpu.get("guest.bdf")).isNotEqualTo(disk.get("guest.bdf"));
        assertThat(driver().list()).containsExactlyInAnyOrder(VM, GPU, DISK);

        removed(GPU);
        assertThat(driver().observe(GPU)).isInstanceOf(Observed.Absent.class);
        assertThat(present(DISK).healthy()).isTrue();
        removed(DISK);
        assertThat(present(VM).healthy()).isTrue();
        assertThat(driver().list()).containsExactly(VM);
    }

    @Test
    void what_is_gone_may_be_removed_again() {
        removed(VM);
        done(VM, SMALL);
        done(GPU, A_GPU);
        removed(GPU);
        removed(GPU);
        removed(VM);
        removed(VM);
        removed(GPU);
        assertThat(driver().list()).isEmpty();
        assertThat(driver().observe(VM)).isInstanceOf(Observed.Absent.class);
    }

    @Test
    void a_machine_takes_its_devices_with_it() {
        done(VM, SMALL);
        done(GPU, A_GPU);
        removed(VM);
        assertThat(driver().observe(GPU)).isInstanceOf(Observed.Absent.class);
        assertThat(driver().list()).isEmpty();
    }

    @Test
    void looking_changes_nothing() {
        assertThat(driver().observe(VM)).isInstanceOf(Observed.Absent.class);
        assertThat(driver().observe(GPU)).isInstanceOf(Observed.Absent.class);
        assertThat(driver().list()).isEmpty();
        done(VM, SMALL);
        var seen = present(VM);
        assertThat(seen.healthy()).isTrue();
        assertThat(driver().observe(VM)).isEqualTo(seen);
        assertThat(timesMade(VM)).isEqualTo(1);
    }

    @Test
    void a_device_needs_its_machine_and_a_free_slot() {
        assertThat(driver().ensure(GPU, A_GPU)).isInstanceOf(Result.Failed.class);
        done(VM, SMALL);
        done(GPU, A_GPU);
        var sameSlot = new Spec.Device(VM, 0, "gpu2", "GPU", "A40", "0000:26:00.0");
        assertThat(driver().ensure(new Key(VM.lease(), "gpu2"), sameSlot))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why()).contains("slot 0").contains("gpu1"));
        var noSlot = new Spec.Device(VM, 4, "gpu2", "GPU", "A40", "0000:26:00.0");
        assertThat(driver().ensure(new Key(VM.lease(), "gpu2"), noSlot)).isInstanceOf(Result.Failed.class);
        assertThat(driver().list()).containsExactlyInAnyOrder(VM, GPU);
    }

    @Test
    void many_callers_at_once_make_one_machine() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 16)
                    .<Callable<Result>>mapToObj(_ -> () -> driver().ensure(VM, SMALL))
                    .toList();
            for (Future<Result> call : threads.invokeAll(calls))
                assertThat(call.get()).isNotInstanceOf(Result.Failed.class);
        }
        done(VM, SMALL);
        assertThat(timesMade(VM)).isEqualTo(1);
        assertThat(driver().list()).containsExactly(VM);
    }

    @Test
    void a_machine_does_not_change_its_shape_silently() {
        done(VM, SMALL);
        var larger = new Spec.Machine("node1", "host1", 4, 8, 10, Optional.of("default_rocky_9"), 4);
        assertThat(driver().ensure(VM, larger)).isInstanceOf(Result.Failed.class);
        assertThat(present(VM).healthy()).isTrue();
    }

    @Test
    void a_machine_that_runs_says_over_the_network_which_it_is_until_it_is_gone() throws IOException {
        assertThat(refused(VM, 80)).isEqualTo(Refusal.Kind.NOT_THERE);
        done(VM, SMALL);
        assertThat(page(VM)).startsWith("HTTP/1.").contains(" 200 OK\r\n").contains("\r\n\r\nholdfast-guest node1: ");
        assertThat(refused(VM, 81)).isEqualTo(Refusal.Kind.NOT_THERE);
        done(GPU, A_GPU);
        assertThat(refused(GPU, 80)).isEqualTo(Refusal.Kind.NOT_THERE);
        try (var open = connected(VM, 80)) {
            removed(VM);
            assertThat(rest(open)).isEmpty();
        }
        assertThat(refused(VM, 80)).isEqualTo(Refusal.Kind.NOT_THERE);
    }

    protected final ByteChannel connected(Key machine, int port) {
        return driver().connect(machine, port).orThrow();
    }

    protected final Refusal.Kind refused(Key machine, int port) {
        var answer = driver().connect(machine, port);
        assertThat(answer).isInstanceOf(Answer.No.class);
        return ((Answer.No<ByteChannel>) answer).why().kind();
    }

    /// What a browser would be told.
    protected final String page(Key machine) throws IOException {
        try (var channel = connected(machine, 80)) {
            say(channel, "GET / HTTP/1.1\r\nHost: node1\r\n\r\n");
            return rest(channel);
        }
    }

    protected static void say(ByteChannel channel, String words) throws IOException {
        var bytes = UTF_8.encode(words);
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    protected static String rest(ByteChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }

    /// Asks until it is done.
    protected final Map<String, String> done(Key key, Spec spec) {
        return finish(() -> driver().ensure(key, spec));
    }

    protected final void removed(Key key) {
        finish(() -> driver().remove(key));
    }

    protected final Observed.Present present(Key key) {
        return (Observed.Present) driver().observe(key);
    }

    protected final Map<String, String> finish(Supplier<Result> verb) {
        List<String> waited = new java.util.ArrayList<>();
        for (int i = 0; i < 200; i++) {
            switch (verb.get()) {
                case Result.Done(var facts) -> {
                    return facts;
                }
                case Result.Later(var why, var _) -> waited.add(why);
                case Result.Failed(var why) ->
                    throw new AssertionError("failed: " + why + ", after waiting for " + waited);
            }
            letTimePass();
        }
        throw new AssertionError("never done; waited for " + waited);
    }
}
