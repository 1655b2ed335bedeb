package holdfast.drivers.qemu;

import holdfast.authority.Driver.Spec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What is written down about a device, from before it is plugged until after it is gone.
///
/// @param part its name in the lease
/// @param id its name in QEMU, made from the part
/// @param plugged when it was given to QEMU
/// @param unplugging when QEMU was first asked to take it back
/// @param facts what its lease was told once the guest had it; empty before
record DeviceState(
        String part,
        String id,
        Spec.Device asked,
        Optional<Instant> plugged,
        Optional<Instant> unplugging,
        Map<String, String> facts) {
    DeviceState pluggedAt(Instant when) {
        return new DeviceState(part, id, asked, Optional.of(when), unplugging, facts);
    }

    DeviceState unpluggingSince(Instant when) {
        return new DeviceState(part, id, asked, plugged, Optional.of(when), facts);
    }

    DeviceState seenWith(Map<String, String> told) {
        return new DeviceState(part, id, asked, plugged, unplugging, told);
    }

    /// Name of the file behind it, in the machine's `run` directory.
    String diskFile() {
        return id + ".img";
    }
}
