package holdfast.drivers.qemu;

import holdfast.authority.Driver.Spec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How a device is given to QEMU: the host's own, or an emulated PCI function that stands for it.
///
/// @param driver QEMU's name for the kind of device
/// @param arguments beyond id, bus and address
/// @param disk whether a file behind it is needed, attached as its `drive`
record Emulation(String driver, Map<String, String> arguments, boolean disk) {
    /// Empty for a type for which nothing can stand.
    ///
    /// @param id of the device in QEMU
    static Optional<Emulation> of(Spec.Device device, String id, QemuSettings settings) {
        if (settings.passthrough().contains(device.bdf()))
            return Optional.of(new Emulation("vfio-pci", Map.of("host", device.bdf()), false));
        return switch (device.type()) {
            case "NVME" ->
                Optional.of(new Emulation("nvme", Map.of("serial", id.substring(0, Math.min(20, id.length()))), true));
            case "Storage" -> Optional.of(new Emulation("virtio-blk-pci", Map.of(), true));
            case "GPU" -> Optional.of(new Emulation("edu", Map.of(), false));
            case "FPGA" -> Optional.of(new Emulation("pci-testdev", Map.of(), false));
            case "SmartNIC", "SharedNIC" ->
                // Without its boot ROM: the file is not always installed, and nobody boots from it.
                Optional.of(new Emulation(
                        "virtio-net-pci",
                        Map.of(
                                "mac",
                                mac(device.machine().lease() + " " + device.name() + " " + device.bdf()),
                                "romfile",
                                ""),
                        false));
            default -> Optional.empty();
        };
    }

    boolean passthrough() {
        return driver.equals("vfio-pci");
    }

    /// Arguments of `device_add`. The function's address on its port is always 0: a second device in the slot is
    /// then refused, where QEMU would otherwise put it at an address that no guest looks at.
    Map<String, String> deviceAdd(String id, int slot) {
        var all = new LinkedHashMap<>(arguments);
        all.put("driver", driver);
        all.put("id", id);
        all.put("bus", CommandLine.portName(slot));
        all.put("addr", "0");
        if (disk) all.put("drive", id);
        return all;
    }

    /// Locally administered, the same for the same card.
    static String mac(String card) {
        var digest = MachineHome.digest(card, 3);
        return "52:54:00:%s:%s:%s".formatted(digest.substring(0, 2), digest.substring(2, 4), digest.substring(4, 6));
    }
}
