package holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/// Prints figures, each with the load of the machine at that moment: others may use it too.
final class Report {
    private Report() {}

    static void title(String text) {
        System.out.println();
        System.out.println(text);
    }

    static void line(String what, String value) {
        System.out.printf(Locale.ROOT, "  %-58s %16s   load %s%n", what, value, load());
    }

    static void rate(String what, double perSecond) {
        line(what, String.format(Locale.ROOT, "%,.0f/s", perSecond));
    }

    static void ratio(String what, double ratio) {
        line(what, String.format(Locale.ROOT, "%.2f", ratio));
    }

    static void millis(String what, double millis) {
        line(what, String.format(Locale.ROOT, "%,.1f ms", millis));
    }

    /// Median, 99th percentile and the largest of some times in nanoseconds.
    static void times(String what, long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        millis(what + ", p50", quantile(sorted, 0.50));
        millis(what + ", p99", quantile(sorted, 0.99));
        millis(what + ", most", sorted[sorted.length - 1] / 1e6);
    }

    private static double quantile(long[] sorted, double share) {
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, index)] / 1e6;
    }

    /// The mean number of running and waiting threads over the last minute.
    static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException _) {
            return "?";
        }
    }
}
