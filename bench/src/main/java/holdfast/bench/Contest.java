package holdfast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Several things measured in turn, several times over: the machine is not ours alone, and two figures can be compared
/// only if they were taken at about the same time.
final class Contest {
    private final Map<String, Measurement> entrants = new LinkedHashMap<>();

    /// Which ratios are printed: how many times faster the first is than each of the others, or they than it.
    enum Compare {
        NOTHING,
        FIRST_TO_OTHERS,
        OTHERS_TO_FIRST
    }

    /// One round of one entrant.
    interface Measurement {
        Score measure() throws Exception;
    }

    /// @param perSecond what was completed durably
    /// @param cpu processor time for each, of the last round; empty if that was not measured
    /// @param idle from request to done while nothing else happens, in ms; below 0 if that was not measured
    record Score(double perSecond, String cpu, double idle) {
        Score(double perSecond, String cpu) {
            this(perSecond, cpu, -1);
        }
    }

    Contest add(String name, Measurement measurement) {
        entrants.put(name, measurement);
        return this;
    }

    /// Runs all and prints a line for each. One that fails is named with its reason and takes part no more.
    void run(int rounds, Compare compare) {
        var scores = new LinkedHashMap<String, List<Score>>();
        var failed = new ArrayList<String>();
        for (int round = 0; round < rounds; round++) {
            entrants.forEach((name, measurement) -> {
                if (failed.contains(name)) {
                    return;
                }
                try {
                    var score = measurement.measure();
                    scores.computeIfAbsent(name, _ -> new ArrayList<>()).add(score);
                    System.err.printf(Locale.ROOT, "%s: %,.0f/s, load %s%n", name, score.perSecond(), Report.load());
                } catch (Exception e) {
                    failed.add(name);
                    scores.remove(name);
                    System.err.println("LEFT OUT: " + name + ": " + e);
                }
            });
        }
        scores.forEach((name, of) -> {
            Report.rates(name, rates(of));
            var last = of.getLast();
            if (!last.cpu().isEmpty()) {
                Report.line("    CPU for each: Java + PostgreSQL", last.cpu());
            }
            if (last.idle() >= 0) {
                Report.medians("    request to done when idle, p50, ms", of.stream().mapToDouble(Score::idle).toArray());
            }
        });
        if (compare != Compare.NOTHING && !scores.isEmpty()) {
            compare(scores, compare == Compare.FIRST_TO_OTHERS);
        }
    }

    private static void compare(Map<String, List<Score>> scores, boolean firstToOthers) {
        var first = scores.entrySet().iterator().next();
        scores.forEach((name, of) -> {
            if (name.equals(first.getKey())) {
                return;
            }
            if (firstToOthers) {
                Report.ratios(first.getKey() + " / " + name, rates(first.getValue()), rates(of));
            } else {
                Report.ratios(name + " / " + first.getKey(), rates(of), rates(first.getValue()));
            }
        });
    }

    private static double[] rates(List<Score> scores) {
        return scores.stream().mapToDouble(Score::perSecond).toArray();
    }
}
