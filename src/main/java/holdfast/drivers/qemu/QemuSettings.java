package holdfast.drivers.qemu;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What the operator decides about guests on this host.
///
/// @param maxMachines most machines at a time, 1..10000; one more is refused
/// @param memoryMib most memory that one guest gets, in MiB, at least 80 (with less the tiny guest does not boot); what
///     it asked for
///     and got is in its facts
/// @param cores most virtual processors that one guest gets, at least 1
/// @param rootDiskMib most that a root disk holds, in MiB; it is sparse
/// @param deviceDiskMib size of the file behind an emulated NVMe or storage device, in MiB; it is sparse
/// @param confine as root: run each guest's QEMU as a user of its own. Guests with passed-through devices always run as
///     this user
/// @param passthrough host PCI addresses such as `0000:25:00.0` that are bound to `vfio-pci` and go into guests as they
///     are; a device
///     with any other address is stood for by an emulated one
/// @param images kernel and initial file system by image name; both must answer on the serial line as the tiny guest
///     does. An image that
///     is not here is stood for by the tiny guest
/// @param bootLimit how long a guest may take until it is up
/// @param plugLimit how long a guest may take to see a new device, or to let one go
/// @param patience how long one call of a verb waits for what is about to happen before it answers `Later`, at most 2 s
public record QemuSettings(
        int maxMachines,
        int memoryMib,
        int cores,
        int rootDiskMib,
        int deviceDiskMib,
        boolean confine,
        Set<String> passthrough,
        Map<String, Guest> images,
        Duration bootLimit,
        Duration plugLimit,
        Duration patience) {
    /// For trying out on any host: sixteen guests of 96 MiB and one processor.
    public static final QemuSettings TRIAL = new QemuSettings(
            16,
            96,
            1,
            256,
            64,
            true,
            Set.of(),
            Map.of(),
            Duration.ofSeconds(120),
            Duration.ofSeconds(60),
            Duration.ofMillis(1200));

    public QemuSettings {
        require(maxMachines >= 1 && maxMachines <= 10_000, "maxMachines", maxMachines, "must be 1..10000");
        require(memoryMib >= 80, "memoryMib", memoryMib, "must be at least 80");
        require(cores >= 1 && cores <= 255, "cores", cores, "must be 1..255");
        require(rootDiskMib >= 1, "rootDiskMib", rootDiskMib, "must be at least 1");
        require(deviceDiskMib >= 1, "deviceDiskMib", deviceDiskMib, "must be at least 1");
        require(
                patience.isPositive() && patience.toMillis() <= 2000,
                "patience",
                patience,
                "must be positive and at most 2 s");
        for (var address : passthrough)
            require(PciAddress.isValid(address), "passthrough", address, "must be a PCI address such as 0000:25:00.0");
        passthrough = Set.copyOf(passthrough);
        images = Map.copyOf(images);
    }

    /// The same with other host devices to pass through.
    public QemuSettings withPassthrough(Set<String> addresses) {
        return with(copy -> copy.passthrough = addresses);
    }

    /// The same with another limit on the number of machines.
    public QemuSettings withMaxMachines(int machines) {
        return with(copy -> copy.maxMachines = machines);
    }

    /// The same with another limit on the memory of one guest.
    public QemuSettings withMemoryMib(int mib) {
        return with(copy -> copy.memoryMib = mib);
    }

    /// The same with another limit on the processors of one guest.
    public QemuSettings withCores(int most) {
        return with(copy -> copy.cores = most);
    }

    private QemuSettings with(Consumer<Copy> change) {
        var copy = new Copy();
        change.accept(copy);
        return copy.made();
    }

    /// These settings while they are made into others: what may change is here, the rest stays.
    private final class Copy {
        private int maxMachines = QemuSettings.this.maxMachines;
        private int memoryMib = QemuSettings.this.memoryMib;
        private int cores = QemuSettings.this.cores;
        private Set<String> passthrough = QemuSettings.this.passthrough;

        QemuSettings made() {
            return new QemuSettings(
                    maxMachines,
                    memoryMib,
                    cores,
                    rootDiskMib,
                    deviceDiskMib,
                    confine,
                    passthrough,
                    images,
                    bootLimit,
                    plugLimit,
                    patience);
        }
    }

    private static void require(boolean holds, String field, Object value, String rule) {
        if (!holds) throw new IllegalArgumentException("qemu setting " + field + " is " + value + " but " + rule);
    }
}
