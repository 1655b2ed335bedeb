package holdfast.drivers.qemu;

import holdfast.authority.Driver.Spec;
import java.time.Instant;
import java.util.Optional;

/// What is written down about a machine, beside what can be seen of it.
///
/// @param asked as the lease has it
/// @param memoryMib given, in MiB
/// @param cores given
/// @param diskMib given, in MiB; 0 = no root disk
/// @param image what boots, in words
/// @param started when QEMU was started last; empty = not yet, or we ended in the middle of it
/// @param ready when the guest was first seen to be up after that
/// @param starts how often QEMU was started
record MachineState(
        Spec.Machine asked,
        int memoryMib,
        int cores,
        long diskMib,
        String image,
        Optional<Instant> started,
        Optional<Instant> ready,
        int starts) {
    MachineState startedAt(Instant when) {
        return new MachineState(
                asked, memoryMib, cores, diskMib, image, Optional.of(when), Optional.empty(), starts + 1);
    }

    /// Switched off on purpose: that it does not run is no failure.
    MachineState stopped() {
        return new MachineState(asked, memoryMib, cores, diskMib, image, Optional.empty(), Optional.empty(), starts);
    }

    MachineState readyAt(Instant when) {
        return new MachineState(asked, memoryMib, cores, diskMib, image, started, Optional.of(when), starts);
    }
}
