package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The guest's files, and what is worked out without a guest.
class GuestTest {
    private static final QemuSettings TRIAL = QemuSettings.TRIAL;

    @Test
    void an_archive_holds_what_was_put_in_whatever_the_lengths() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var cpio = new Cpio(bytes)) {
            cpio.directory("bin");
            for (int length = 0; length < 9; length++)
                cpio.file("f".repeat(length + 1), 0755, "x".repeat(length).getBytes(UTF_8));
        }
        var read = new TreeMap<String, String>();
        try (var archive = new CpioArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                assertThat(entry.isDirectory()).isEqualTo(entry.getName().equals("bin"));
                assertThat(entry.getMode() & 0777).isEqualTo(0755);
                read.put(entry.getName(), new String(archive.readAllBytes(), UTF_8));
            }
        }
        assertThat(read).hasSize(10).containsEntry("f", "").containsEntry("fffffffff", "xxxxxxxx");
    }

    @Test
    void the_guest_is_made_once_and_holds_its_script() throws IOException {
        var guest = RealGuests.substrate().guest();
        var names = new ArrayList<String>();
        try (var archive = new CpioArchiveInputStream(new GZIPInputStream(Files.newInputStream(guest.initrd())))) {
            for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry())
                names.add(entry.getName());
        }
        assertThat(names).contains("init", "bin/busybox").anyMatch(name -> name.contains("virtio_net"));
        var made = Files.getLastModifiedTime(guest.initrd());
        assertThat(RealGuests.substrate().guest()).isEqualTo(guest);
        assertThat(Files.getLastModifiedTime(guest.initrd())).isEqualTo(made);
    }

    @Test
    void a_trial_is_kept_for_the_same_conditions_only(@TempDir Path directory) throws IOException {
        var file = directory.resolve("trial.json");
        assertThat(Trial.read(file, "boot 1").accelerator()).isEmpty();
        Files.writeString(file, holdfast.platform.Json.text(new Trial("boot 1", "tcg", 2500, "")));
        assertThat(Trial.read(file, "boot 1").accelerator()).isEqualTo("tcg");
        assertThat(Trial.read(file, "boot 2").accelerator()).isEmpty();
        Files.writeString(file, "{\"conditions\": \"boot");
        assertThat(Trial.read(file, "boot 1").accelerator()).isEmpty();
    }

    @Test
    void a_guest_that_does_not_boot_is_told_with_its_last_words(@TempDir Path directory) throws IOException {
        var ready = RealGuests.substrate();
        var noKernel = Files.writeString(directory.resolve("vmlinuz"), "no kernel");
        var trial = Trial.run(ready.qemu(), new Guest(noKernel, ready.guest().initrd()), "now", InstantSource.system());
        assertThat(trial.accelerator()).isEmpty();
        assertThat(trial.why()).contains("kernel");
    }

    @Test
    void parts_become_names_that_qemu_takes_and_stay_different() {
        assertThat(MachineHome.deviceId("gpu1")).matches("d-gpu1-[0-9a-f]{8}");
        for (var part : List.of("../../etc/passwd", "a,b=c", "grün und blau", "x".repeat(200), " "))
            assertThat(MachineHome.deviceId(part)).matches("d-[A-Za-z0-9-]{1,40}");
        assertThat(MachineHome.deviceId("a b")).isNotEqualTo(MachineHome.deviceId("a-b"));
    }

    @Test
    void keys_that_would_leave_the_directory_are_refused(@TempDir Path data) throws IOException {
        var ready = new Substrate.Ready(Path.of("qemu"), "7", "tcg", new Guest(data, data), 1);
        var driver = new QemuDriver(data, ready, TRIAL, InstantSource.system());
        for (var lease : List.of("..", "../x", "a/b", "", "-x", "x".repeat(65), "a,b"))
            assertThatThrownBy(() -> driver.remove(new holdfast.authority.Driver.Key(lease, "vm")))
                    .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_listed_host_device_is_passed_through_and_others_are_stood_for() {
        var settings = TRIAL.withPassthrough(Set.of("0000:25:00.0"));
        var vm = new holdfast.authority.Driver.Key("lease", "vm");
        var given = new holdfast.authority.Driver.Spec.Device(vm, 2, "gpu1", "GPU", "Tesla T4", "0000:25:00.0");
        var other = new holdfast.authority.Driver.Spec.Device(vm, 2, "gpu1", "GPU", "Tesla T4", "0000:26:00.0");
        var strange = new holdfast.authority.Driver.Spec.Device(vm, 2, "q1", "Quantum", "Q1", "0000:27:00.0");
        assertThat(Emulation.of(given, "d-1", settings).orElseThrow().deviceAdd("d-1", 2))
                .containsEntry("driver", "vfio-pci")
                .containsEntry("host", "0000:25:00.0")
                .containsEntry("bus", "slot2");
        assertThat(Emulation.of(other, "d-1", settings).orElseThrow().driver()).isEqualTo("edu");
        assertThat(Emulation.of(strange, "d-1", settings)).isEmpty();
    }

    @Test
    void an_address_is_found_behind_its_port() {
        var answer = JsonMapper.shared().readTree("""
                [{"bus": 0, "devices": [
                  {"qdev_id": "", "bus": 0, "slot": 0, "function": 0},
                  {"qdev_id": "slot0", "bus": 0, "slot": 2, "function": 0, "pci_bridge": {"devices": [
                    {"qdev_id": "d-gpu1", "bus": 26, "slot": 0, "function": 0}]}}]}]""");
        assertThat(Devices.addressOf(answer, "d-gpu1")).contains("0000:1a:00.0");
        assertThat(Devices.addressOf(answer, "slot0")).contains("0000:00:02.0");
        assertThat(Devices.addressOf(answer, "d-gpu2")).isEmpty();
    }

    @Test
    void settings_that_cannot_work_are_refused_with_their_name() {
        assertThatThrownBy(() -> TRIAL.withMemoryMib(64))
                .hasMessage("qemu setting memoryMib is 64 but must be at least 80");
        assertThatThrownBy(() -> TRIAL.withMaxMachines(0)).hasMessageContaining("maxMachines is 0");
        assertThatThrownBy(() -> TRIAL.withPassthrough(Set.of("25:00.0")))
                .hasMessageContaining("passthrough is 25:00.0");
    }

    @Test
    void as_root_each_lease_gets_a_user_of_its_own() throws IOException {
        var one = Confinement.of("lease-a", TRIAL, "tcg");
        var other = Confinement.of("lease-b", TRIAL, "tcg");
        if (Confinement.isRoot())
            assertThat(one.user()).isGreaterThanOrEqualTo(2_000_000_000).isNotEqualTo(other.user());
        else assertThat(one.user()).isEqualTo(-1);
        assertThat(Confinement.of("lease-a", TRIAL.withPassthrough(Set.of("0000:25:00.0")), "tcg")
                        .user())
                .isEqualTo(-1);
    }

    @Test
    void a_process_is_ours_only_with_exactly_our_name() throws IOException {
        assertThat(GuestProcess.nameOf(ProcessHandle.current().pid())).isEmpty();
        assertThat(GuestProcess.nameOf(Long.MAX_VALUE)).isEmpty();
        // A search for our guests by hand has their name in its words too, and is no guest.
        var bystander = new ProcessBuilder("sh", "-c", "read x", "-name", "holdfast-bystander-1").start();
        try {
            assertThat(Host.soon(
                            Duration.ofMillis(200),
                            () -> !GuestProcess.all("holdfast-bystander").isEmpty()))
                    .isFalse();
        } finally {
            bystander.destroyForcibly();
        }
    }
}
