package holdfast.drivers.qemu;

import holdfast.platform.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// With what rights the QEMU of one guest runs. As root each lease gets a user number of its own, in no group, without
/// capabilities; the number belongs to nobody else on usual hosts. In any case it starts in a session of its own, so
/// that a Ctrl-C at our terminal spares it.
///
/// @param prefix words before QEMU's own; each program replaces itself by the next, so the process id stays the same
/// @param user user number, or -1 for ours
record Confinement(List<String> prefix, int user) {
    private static final int FIRST_USER = 2_000_000_000;

    /// What a QEMU may not do any more once it runs: start programs, gain rights, change its priority, use obsolete
    /// calls.
    static final String SANDBOX = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

    static Confinement of(String lease, QemuSettings settings, String accelerator) throws IOException {
        var prefix = new ArrayList<String>();
        if (Commands.find("setsid").isPresent()) prefix.add("setsid");
        boolean becomesOther = settings.confine()
                && settings.passthrough().isEmpty()
                && isRoot()
                && Commands.find("setpriv").isPresent();
        if (!becomesOther || (accelerator.equals("kvm") && !kvmIsOpenToAll())) return new Confinement(prefix, -1);
        var sum = new CRC32();
        sum.update(lease.getBytes(StandardCharsets.UTF_8));
        int user = FIRST_USER + (int) (sum.getValue() & 0xffff);
        var number = String.valueOf(user);
        prefix.addAll(List.of("setpriv", "--reuid", number, "--regid", number, "--clear-groups", "--no-new-privs"));
        prefix.addAll(List.of("--inh-caps=-all", "--bounding-set=-all", "--"));
        return new Confinement(prefix, user);
    }

    /// Gives a file or directory to the user that QEMU becomes.
    void give(Path file) throws IOException {
        if (user < 0) return;
        Files.setAttribute(file, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static boolean kvmIsOpenToAll() throws IOException {
        return Files.getPosixFilePermissions(Path.of("/dev/kvm")).contains(PosixFilePermission.OTHERS_WRITE);
    }
}
