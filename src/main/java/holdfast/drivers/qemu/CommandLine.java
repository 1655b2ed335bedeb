package holdfast.drivers.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The words with which QEMU is started. All files are named relative to the machine's `run` directory, which is QEMU's
/// working directory, so that QEMU needs no right to enter the directories above it.
final class CommandLine {
    /// To the kernel: console on the serial line, nothing but panics said there, an end of QEMU instead of a halted
    /// guest, no tests of its own ciphers at each boot.
    private static final String KERNEL_WORDS = "console=ttyS0 quiet loglevel=1 panic=-1 cryptomgr.notests";

    /// Told to the kernel, which hands to the guest's first process what it does not know itself.
    private static final String NAME = "HOLDFAST_NAME";

    static final int MOST_SLOTS = 32;

    private CommandLine() {}

    /// The words, beginning with the program.
    static List<String> of(Path qemu, String processName, String accelerator, MachineState machine) {
        var words = new ArrayList<String>();
        words.addAll(
                List.of(qemu.toString(), "-name", processName, "-nodefaults", "-no-user-config", "-display", "none"));
        words.addAll(accelerator(accelerator, " " + NAME + "=" + machine.asked().plainName()));
        words.addAll(List.of("-m", String.valueOf(machine.memoryMib()), "-smp", String.valueOf(machine.cores())));
        words.addAll(List.of("-sandbox", Confinement.SANDBOX, "-no-reboot"));
        words.addAll(List.of("-kernel", MachineHome.KERNEL, "-initrd", MachineHome.INITRD));
        words.addAll(List.of("-chardev", "socket,id=qmp,path=" + MachineHome.QMP + ",server=on,wait=off"));
        words.addAll(List.of("-mon", "chardev=qmp,mode=control"));
        words.addAll(List.of(
                "-chardev",
                "socket,id=console,path=" + MachineHome.CONSOLE + ",server=on,wait=off,logfile="
                        + MachineHome.CONSOLE_LOG + ",logappend=on"));
        words.addAll(List.of("-serial", "chardev:console"));
        if (machine.diskMib() > 0) {
            words.addAll(List.of(
                    "-blockdev",
                    "driver=raw,node-name=root,discard=unmap,file.driver=file,file.filename=" + MachineHome.ROOT_DISK));
            words.addAll(List.of("-device", "virtio-blk-pci,id=root,drive=root,bus=pcie.0,addr=0x10"));
        }
        words.addAll(UserNetwork.words(processName));
        for (int slot = 0; slot < machine.asked().slots(); slot++) words.addAll(List.of("-device", port(slot)));
        return words;
    }

    /// Machine type, processor and kernel words. An emulated processor does not speculate, so its kernel need not
    /// guard against that.
    ///
    /// @param more kernel words, each after a space
    static List<String> accelerator(String accelerator, String more) {
        return accelerator.equals("kvm")
                ? List.of("-machine", "q35", "-accel", "kvm", "-cpu", "host", "-append", KERNEL_WORDS + more)
                : List.of(
                        "-machine",
                        "q35",
                        "-accel",
                        accelerator + ",tb-size=32",
                        "-append",
                        KERNEL_WORDS + " mitigations=off" + more);
    }

    /// Name of the root port of a slot.
    static String portName(int slot) {
        return "slot" + slot;
    }

    /// Eight ports share one PCI slot of the machine as its functions; none of them keeps scarce I/O space.
    private static String port(int slot) {
        return "pcie-root-port,id=%s,bus=pcie.0,chassis=%d,slot=%d,addr=0x%x.%d,multifunction=%s,io-reserve=0"
                .formatted(portName(slot), slot + 1, slot + 1, 2 + slot / 8, slot % 8, slot % 8 == 0 ? "on" : "off");
    }
}
