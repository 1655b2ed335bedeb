package holdfast.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Processor time used so far, in seconds.
///
/// @param java of this process (what is measured, and who feeds it) or of a server
/// @param postgres of the server and all its sessions, also of those that ended
record Cpu(double java, double postgres) {
    /// What the kernel counts in `/proc/PID/stat`; 100 on all Linux machines that we know.
    private static final double TICKS_PER_SECOND = 100;

    static Cpu now(long postmaster) throws IOException {
        var own = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Cpu(own.getProcessCpuTime() / 1e9, sessions(postmaster));
    }

    /// @param java the process of a server that is not this one
    static Cpu of(long java, long postmaster) throws IOException {
        return new Cpu(ticks(java, 2) / TICKS_PER_SECOND, sessions(postmaster));
    }

    private static double sessions(long postmaster) throws IOException {
        long ticks = ticks(postmaster, 4);
        var parent = ProcessHandle.of(postmaster).orElseThrow();
        for (var child : parent.children().toList()) {
            try {
                ticks += ticks(child.pid(), 2);
            } catch (IOException _) {
                // ended meanwhile: its parent has the sum at the next look
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    /// @param fields 2: user and system; 4: also those of children that ended
    private static long ticks(long pid, int fields) throws IOException {
        var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        var words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long sum = 0;
        for (int i = 0; i < fields; i++) {
            sum += Long.parseLong(words[11 + i]);
        }
        return sum;
    }

    Cpu since(Cpu earlier) {
        return new Cpu(java - earlier.java, postgres - earlier.postgres);
    }

    String perUnit(long units) {
        return String.format(Locale.ROOT, "%.0f+%.0f us", java * 1e6 / units, postgres * 1e6 / units);
    }
}
