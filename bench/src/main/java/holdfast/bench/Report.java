package holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints figures, each with the load of the machine at that moment: others may use it too.
final class Report {
    private Report() {}

    static void title(String text) {
        System.out.println();
        System.out.println(text);
    }

    static void line(String what, String value) {
        System.out.printf(Locale.ROOT, "  %-52s %-32s load %s%n", what, value, load());
    }

    /// The median of several rounds, and all of them.
    static void rates(String what, double... perSecond) {
        line(what, String.format(Locale.ROOT, "%,.0f/s", median(perSecond)) + all("%,.0f", perSecond));
    }

    /// The median of some values, and all of them.
    static void medians(String what, double... values) {
        line(what, String.format(Locale.ROOT, "%.2f", median(values)) + all("%.2f", values));
    }

    /// The median of the rounds' ratios, and all of them.
    static void ratios(String what, double[] these, double[] those) {
        var ratios = new double[these.length];
        Arrays.setAll(ratios, i -> these[i] / those[i]);
        line(what, String.format(Locale.ROOT, "%.2f", median(ratios)) + all("%.2f", ratios));
    }

    private static String all(String format, double[] values) {
        return values.length == 1
                ? ""
                : Arrays.stream(values)
                        .mapToObj(value -> String.format(Locale.ROOT, format, value))
                        .collect(Collectors.joining(" ", " (", ")"));
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
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

    /// How many were answered per second: the median of several rounds, and all of them; median and 99th percentile of
    /// their times in nanoseconds.
    static void served(String what, long[] nanos, double... perSecond) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        line(
                what,
                String.format(
                        Locale.ROOT,
                        "%,.0f/s%s, p50 %,.2f ms, p99 %,.2f ms",
                        median(perSecond),
                        all("%,.0f", perSecond),
                        quantile(sorted, 0.50),
                        quantile(sorted, 0.99)));
    }

    /// Median and 99th percentile of some times in nanoseconds.
    static void spread(String what, long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        line(
                what,
                String.format(
                        Locale.ROOT, "p50 %,.2f ms, p99 %,.2f ms", quantile(sorted, 0.50), quantile(sorted, 0.99)));
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
