package holdfast.bench;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Prints figures, each with the load of the machine at that moment: others may use it too. With `-Dbench.json=FILE`
/// each is also added to that file, as an object in a line of its own.
final class Report {
    private static final Optional<Path> JSON =
            Optional.ofNullable(System.getProperty("bench.json")).map(Path::of);
    private static String part = "";

    private Report() {}

    static void title(String text) {
        part = text;
        System.out.println();
        System.out.println(text);
    }

    static void line(String what, String value) {
        line(what, value, Map.of("text", value));
    }

    /// @param figures those of the value, by their names in JSON
    private static void line(String what, String value, Map<String, ?> figures) {
        var load = load();
        System.out.printf(Locale.ROOT, "  %-52s %-32s load %s%n", what, value, load);
        JSON.ifPresent(file -> {
            var object = new LinkedHashMap<String, Object>();
            object.put("part", part);
            object.put("what", what.strip());
            object.putAll(new TreeMap<>(figures));
            object.put("load", load);
            try {
                Files.writeString(
                        file, Json.text(object) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// The median of several rounds, and all of them.
    static void rates(String what, double... perSecond) {
        line(
                what,
                String.format(Locale.ROOT, "%,.0f/s", median(perSecond)) + all("%,.0f", perSecond),
                Map.of("perSecond", median(perSecond), "rounds", perSecond));
    }

    /// The median of some values, and all of them.
    static void medians(String what, double... values) {
        line(
                what,
                String.format(Locale.ROOT, "%.2f", median(values)) + all("%.2f", values),
                Map.of("value", median(values), "rounds", values));
    }

    /// The median of the rounds' ratios, and all of them.
    static void ratios(String what, double[] these, double[] those) {
        var ratios = new double[these.length];
        Arrays.setAll(ratios, i -> these[i] / those[i]);
        line(
                what,
                String.format(Locale.ROOT, "%.2f", median(ratios)) + all("%.2f", ratios),
                Map.of("ratio", median(ratios), "rounds", ratios));
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
        line(what, String.format(Locale.ROOT, "%,.1f ms", millis), Map.of("ms", millis));
    }

    /// Median, 99th percentile and the largest of some times in nanoseconds.
    static void times(String what, long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        millis(what + ", p50", quantile(sorted, 0.50));
        millis(what + ", p99", quantile(sorted, 0.99));
        millis(what + ", most", sorted[sorted.length - 1] / 1e6);
    }

    /// How many were answered per second: the median of several rounds, and all of them; median and 99th percentile
    /// of their times in nanoseconds.
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
                        quantile(sorted, 0.99)),
                Map.of(
                        "perSecond",
                        median(perSecond),
                        "rounds",
                        perSecond,
                        "p50ms",
                        quantile(sorted, 0.50),
                        "p99ms",
                        quantile(sorted, 0.99)));
    }

    /// The 95th percentile of some times in nanoseconds.
    static void p95(long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        millis("    p95", quantile(sorted, 0.95));
    }

    /// Median and 99th percentile of some times in nanoseconds.
    static void spread(String what, long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        line(
                what,
                String.format(
                        Locale.ROOT, "p50 %,.2f ms, p99 %,.2f ms", quantile(sorted, 0.50), quantile(sorted, 0.99)),
                Map.of("p50ms", quantile(sorted, 0.50), "p99ms", quantile(sorted, 0.99)));
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
