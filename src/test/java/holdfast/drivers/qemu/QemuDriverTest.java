package holdfast.drivers.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With real guests.
@Timeout(300)
class QemuDriverTest {
    private static final Key VM = new Key("7a0c1d4e-0001-4c1e-9d5a-000000000001", "vm");
    private static final Key GPU = new Key(VM.lease(), "gpu1");
    private static final Key DISK = new Key(VM.lease(), "nvme1");
    private static final Key NIC = new Key(VM.lease(), "nic1");
    private static final Spec.Machine NODE =
            new Spec.Machine("node1", "host1", 2, 8, 10, Optional.of("default_rocky_9"), 4);
    private static final Spec.Device A_GPU = device(0, "GPU", "Tesla T4", "0000:25:00.0");
    private static final Spec.Device A_DISK = device(1, "NVME", "P4510", "0000:21:00.0");
    private static final Spec.Device A_NIC = device(2, "SmartNIC", "ConnectX-6", "0000:a1:00.0");

    @TempDir
    Path data;

    private QemuDriver driver;

    private static Spec.Device device(int slot, String type, String model, String bdf) {
        return new Spec.Device(VM, slot, type.toLowerCase(java.util.Locale.ROOT), type, model, bdf);
    }

    @BeforeEach
    void start() throws IOException {
        driver = RealGuests.driver(data);
    }

    @AfterEach
    void nothing_is_left_behind() throws IOException {
        if (driver == null) return; // skipped
        for (var key : driver.list().reversed()) RealGuests.finish(() -> driver.remove(key));
        assertThat(driver.list()).isEmpty();
        assertThat(guests()).isEmpty();
        try (Stream<Path> machines = Files.list(data.resolve("machines"))) {
            assertThat(machines).isEmpty();
        }
    }

    @Test
    void a_guest_lists_the_devices_that_its_lease_gives_it() {
        var clock = InstantSource.system();
        var started = clock.instant();
        var vm = done(VM, NODE);
        var booted = clock.instant();
        var gpu = done(GPU, A_GPU);
        var plugged = clock.instant();
        var disk = done(DISK, A_DISK);
        var nic = done(NIC, A_NIC);
        var all = clock.instant();

        assertThat(vm).containsKeys("pid", "console", "boot.ms").containsEntry("memory", "96 MiB of the 8 GB asked");
        assertThat(gpu).containsEntry("guest.id", "1234:11e8").containsEntry("stands.for", "GPU Tesla T4");
        assertThat(disk).containsEntry("guest.id", "1b36:0010").containsEntry("guest.driver", "nvme");
        assertThat(nic).containsEntry("guest.id", "1af4:1041").containsEntry("guest.driver", "virtio-pci");
        assertThat(driver.pciListing(VM))
                .anyMatch(line -> line.startsWith(gpu.get("guest.bdf") + " 1234:11e8"))
                .anyMatch(line -> line.startsWith(disk.get("guest.bdf") + " 1b36:0010 0108 nvme Non-Volatile"))
                .anyMatch(line -> line.startsWith(nic.get("guest.bdf") + " 1af4:1041 0200 virtio-pci Ethernet"));

        var listed = clock.instant();
        removed(GPU);
        var unplugged = clock.instant();
        var left = driver.pciListing(VM);
        assertThat(left).noneMatch(line -> line.contains("1234:11e8"));
        assertThat(left).anyMatch(line -> line.contains("1b36:0010"));
        removed(DISK);
        assertThat(data.resolve("machines").resolve(VM.lease()).resolve("run"))
                .isDirectoryNotContaining("glob:**/d-*.img");
        removed(VM);
        System.err.printf(
                "measured: boot %d ms, first plug %d ms, two more %d ms, unplug %d ms, by %s%n",
                millis(started, booted),
                millis(booted, plugged),
                millis(plugged, all),
                millis(listed, unplugged),
                driver.describe());
    }

    @Test
    void a_killed_qemu_is_seen_and_ensuring_starts_the_machine_again() throws IOException {
        done(VM, NODE);
        done(DISK, A_DISK);
        kill(VM);
        assertThat(present(VM).healthy()).isFalse();
        assertThat(present(VM).facts()).containsEntry("state", "QEMU has ended");
        assertThat(present(DISK).healthy()).isFalse();
        assertThat(driver.ensure(DISK, A_DISK)).isInstanceOf(Result.Failed.class);

        assertThat(done(VM, NODE)).containsEntry("starts", "2");
        assertThat(present(DISK).healthy()).isFalse();
        done(DISK, A_DISK);
        assertThat(present(DISK).healthy()).isTrue();
        kill(VM);
        removed(DISK);
        assertThat(driver.list()).containsExactly(VM);
    }

    @Test
    void a_qemu_killed_while_booting_is_a_failure_that_shows_why_and_is_removed() throws IOException {
        assertThat(driver.ensure(VM, NODE)).isInstanceOf(Result.Later.class);
        assertThat(present(VM).facts()).containsEntry("state", "booting");
        kill(VM);
        assertThat(driver.ensure(VM, NODE))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why()).contains("QEMU ended before the guest was up"));
        removed(VM);
    }

    @Test
    void a_new_driver_on_the_same_directory_finds_the_running_machine() throws IOException {
        var vm = done(VM, NODE);
        var gpu = done(GPU, A_GPU);
        driver = RealGuests.driver(data);
        assertThat(driver.list()).containsExactly(VM, GPU);
        assertThat(done(VM, NODE)).isEqualTo(vm);
        assertThat(done(GPU, A_GPU)).isEqualTo(gpu);
        assertThat(present(VM).healthy()).isTrue();
    }

    @Test
    void a_machine_whose_start_was_not_written_down_is_found_by_its_process() throws IOException {
        done(VM, NODE);
        var home = data.resolve("machines").resolve(VM.lease());
        Files.delete(home.resolve("pid"));
        var state = new MachineHome(data.resolve("machines").toRealPath(), "", VM.lease())
                .state()
                .orElseThrow();
        var before = new MachineState(
                NODE,
                state.memoryMib(),
                state.cores(),
                state.diskMib(),
                state.image(),
                Optional.empty(),
                Optional.empty(),
                0);
        Files.writeString(home.resolve("machine.json"), holdfast.platform.Json.text(before));
        assertThat(done(VM, NODE)).containsEntry("starts", "1");
        assertThat(guests()).hasSize(1);
    }

    @Test
    void what_a_crash_may_leave_is_listed_and_removed() throws IOException {
        var half = Files.createDirectories(
                data.resolve("machines").resolve("half-made").resolve("run"));
        Files.writeString(half.resolve("root.img"), "x");
        var torn = Files.createDirectories(data.resolve("machines").resolve("torn"));
        Files.writeString(torn.resolve("machine.json"), "{\"asked\": {\"na");
        assertThat(driver.list()).containsExactly(new Key("half-made", "vm"), new Key("torn", "vm"));
        assertThat(((Observed.Present) driver.observe(new Key("torn", "vm"))).healthy())
                .isFalse();
        removed(new Key("half-made", "vm"));
        removed(new Key("torn", "vm"));

        done(VM, NODE); // a guest whose directory somebody deleted
        holdfast.platform.PrivateFiles.deleteTree(data.resolve("machines").resolve(VM.lease()));
        assertThat(driver.list()).containsExactly(VM);
        assertThat(present(VM).healthy()).isFalse();
        assertThat(driver.ensure(VM, NODE)).isInstanceOf(Result.Failed.class);
        removed(VM);
    }

    @Test
    void a_device_that_qemu_refuses_leaves_no_file() throws IOException {
        done(VM, NODE);
        // Somebody else's device sits on the port of slot 1.
        try (var qmp =
                Qmp.open(data.resolve("machines").resolve(VM.lease()).resolve("run/qmp.sock"), Duration.ofSeconds(5))) {
            qmp.execute("device_add", Map.of("driver", "edu", "id", "foreign", "bus", "slot1", "addr", "0"));
        }
        assertThat(driver.ensure(DISK, A_DISK))
                .isInstanceOfSatisfying(
                        Result.Failed.class, failed -> assertThat(failed.why()).contains("in use by edu"));
        assertThat(driver.observe(DISK)).isInstanceOf(Observed.Absent.class);
        assertThat(data.resolve("machines").resolve(VM.lease()).resolve("run"))
                .isDirectoryNotContaining("glob:**/d-*.img");
        assertThat(data.resolve("machines").resolve(VM.lease()).resolve("devices"))
                .isEmptyDirectory();
        var onFreeSlot = device(3, "NVME", "P4510", "0000:21:00.0");
        done(DISK, onFreeSlot);
    }

    @Test
    void a_host_device_that_is_not_there_is_refused_in_the_words_of_qemu() throws IOException {
        driver = new QemuDriver(
                data,
                RealGuests.substrate(),
                QemuSettings.TRIAL.withCores(2).withPassthrough(Set.of("00ff:25:00.0")),
                InstantSource.system());
        assertThat(done(VM, NODE)).containsEntry("cores", "2 of the 2 asked").containsEntry("confined", "sandbox");
        assertThat(driver.ensure(GPU, device(0, "GPU", "Tesla T4", "00ff:25:00.0")))
                .isInstanceOfSatisfying(
                        Result.Failed.class, failed -> assertThat(failed.why()).contains("00ff:25:00.0"));
        assertThat(driver.list()).containsExactly(VM);
    }

    @Test
    void one_machine_more_than_the_limit_is_refused() throws IOException {
        driver = new QemuDriver(
                data, RealGuests.substrate(), QemuSettings.TRIAL.withMaxMachines(1), InstantSource.system());
        done(VM, NODE);
        assertThat(driver.ensure(new Key("another", "vm"), NODE))
                .isInstanceOfSatisfying(
                        Result.Failed.class, failed -> assertThat(failed.why()).contains("maxMachines"));
        assertThat(driver.list()).containsExactly(VM);
    }

    @Test
    void a_guest_that_is_not_up_in_time_is_a_failure() throws IOException {
        var now = new Instant[] {Instant.parse("2030-01-07T08:00:00Z")};
        driver = new QemuDriver(data, RealGuests.substrate(), QemuSettings.TRIAL, () -> now[0]);
        assertThat(driver.ensure(VM, NODE)).isInstanceOf(Result.Later.class);
        signal("STOP", VM);
        now[0] = now[0].plusSeconds(121);
        assertThat(driver.ensure(VM, NODE))
                .isInstanceOfSatisfying(
                        Result.Failed.class, failed -> assertThat(failed.why()).contains("not up within 120 s"));
        removed(VM); // although it is stopped and hears nothing but SIGKILL
    }

    @Test
    void a_qemu_that_hangs_is_unhealthy_and_can_be_removed() throws IOException {
        done(VM, NODE);
        signal("STOP", VM);
        assertThat(present(VM).healthy()).isFalse();
        assertThat(present(VM).facts().get("state")).contains("does not answer");
        assertThat(driver.pciListing(VM)).isEmpty();
        removed(VM);
    }

    @Test
    void machines_in_a_deep_directory_work_although_names_of_sockets_are_short() throws IOException {
        data = Files.createDirectories(data.resolve("a-directory-with-a-long-name".repeat(5)));
        driver = RealGuests.driver(data);
        done(VM, NODE);
        done(GPU, A_GPU);
        assertThat(present(VM).healthy()).isTrue();
    }

    @Test
    void a_guest_runs_with_no_more_rights_than_it_needs() throws IOException {
        var vm = done(VM, NODE);
        var status = Files.readString(Path.of("/proc", vm.get("pid"), "status"));
        assertThat(status).containsPattern("Seccomp:\\s+2").containsPattern("NoNewPrivs:\\s+1");
        if (Confinement.isRoot())
            assertThat(status).containsPattern("Uid:\\s+20000").containsPattern("CapEff:\\s+0000000000000000");
        else assertThat(vm).containsEntry("confined", "sandbox");
    }

    @Test
    void several_machines_live_side_by_side() throws Exception {
        var leases = List.of("lease-a", "lease-b", "lease-c");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = leases.stream()
                    .<Callable<Map<String, String>>>map(lease -> () -> {
                        var vm = new Key(lease, "vm");
                        done(vm, NODE);
                        return done(
                                new Key(lease, "gpu1"),
                                new Spec.Device(vm, 0, "gpu1", "GPU", "Tesla T4", "0000:25:00.0"));
                    })
                    .toList();
            for (var facts : threads.invokeAll(work)) assertThat(facts.get()).containsEntry("guest.id", "1234:11e8");
        }
        assertThat(guests()).hasSize(3);
        removed(new Key("lease-b", "vm"));
        assertThat(guests()).hasSize(2);
        assertThat(present(new Key("lease-a", "gpu1")).healthy()).isTrue();
    }

    private List<GuestProcess.Named> guests() throws IOException {
        return GuestProcess.all("holdfast-"
                + MachineHome.digest(data.resolve("machines").toRealPath().toString(), 4));
    }

    private void kill(Key machine) throws IOException {
        long pid = Long.parseLong(present(machine).facts().get("pid"));
        signal("KILL", machine);
        assertThat(Host.soon(
                        Duration.ofSeconds(5), () -> GuestProcess.nameOf(pid).isEmpty()))
                .isTrue();
    }

    private void signal(String name, Key machine) throws IOException {
        var pid = present(machine).facts().get("pid");
        assertThat(holdfast.platform.Commands.run("kill", "-" + name, pid).ok()).isTrue();
    }

    private Map<String, String> done(Key key, Spec spec) {
        return RealGuests.finish(() -> driver.ensure(key, spec));
    }

    private void removed(Key key) {
        RealGuests.finish(() -> driver.remove(key));
    }

    private Observed.Present present(Key key) {
        return (Observed.Present) driver.observe(key);
    }

    private static long millis(Instant from, Instant until) {
        return Duration.between(from, until).toMillis();
    }
}
