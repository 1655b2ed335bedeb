package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Who is hurt when capacity is lost (promise.md 6.11): the weakest, and nobody in vain.
public final class Victims {
    private static final Comparator<Held> WEAKEST_FIRST = Comparator.comparingInt(Victims::band)
            .thenComparingInt(Held::priority)
            .thenComparing(Held::strength)
            .thenComparing(Held::since, Comparator.reverseOrder())
            .thenComparing(Held::id);

    private Victims() {}

    /// Classes of claims, the weakest first.
    public enum Strength {
        PREEMPTIBLE,
        HELD,
        FIRM,
        RESERVED,
        ACTIVE,
        IN_USE
    }

    /// A claim on the place that lost capacity.
    ///
    /// @param priority 0 to 100, 100 the strongest
    /// @param since older claims are stronger
    public record Held(UUID id, Strength strength, int priority, Instant since, Interval when, Capacities amount) {}

    /// @param hurt the weakest first
    /// @param uncovered what is missing even so; each dimension at the time at which it is
    public record Chosen(List<Held> hurt, List<Step> uncovered) {
        public Chosen {
            hurt = List.copyOf(hurt);
            uncovered = List.copyOf(uncovered);
        }
    }

    /// Weakest first. What has not started is ordered by priority before class, since a high reservation in the
    /// future is kept before a low one; what is in use comes last, and what is lent first.
    public static Comparator<Held> weakestFirst() {
        return WEAKEST_FIRST;
    }

    private static int band(Held held) {
        return switch (held.strength) {
            case PREEMPTIBLE -> 0;
            case HELD, FIRM, RESERVED -> 1;
            case ACTIVE -> 2;
            case IN_USE -> 3;
        };
    }

    /// Takes the weakest claims that help until the deficit is covered in every dimension at every instant, and
    /// then spares each that turned out not to be needed, the strongest first. With n claims and s steps: O(n s D +
    /// n² D) at worst, since each one spared is a look at all.
    ///
    /// @param deficit what is missing, as disjoint steps
    public static Chosen of(List<Step> deficit, List<Held> claims) {
        var hurt = new ArrayList<Held>();
        var missing = missing(deficit, hurt);
        for (var claim : claims.stream().sorted(WEAKEST_FIRST).toList()) {
            if (missing.isEmpty()) {
                break;
            }
            if (missing.stream().anyMatch(step -> helps(claim, step))) {
                hurt.add(claim);
                missing = less(missing, claim);
            }
        }
        var uncovered = Steps.merged(missing);
        for (var claim : List.copyOf(hurt).reversed()) {
            var others = new ArrayList<>(hurt);
            others.remove(claim);
            if (Steps.merged(missing(deficit, others)).equals(uncovered)) {
                hurt.remove(claim);
            }
        }
        return new Chosen(hurt, uncovered);
    }

    private static boolean helps(Held claim, Step step) {
        return claim.when.overlaps(step.when())
                && step.amount().amounts().keySet().stream().anyMatch(name -> claim.amount.get(name) > 0);
    }

    private static List<Step> missing(List<Step> deficit, List<Held> hurt) {
        var missing = deficit.stream()
                .filter(step -> !step.amount().nothing())
                .sorted(Comparator.comparing(step -> step.when().from()))
                .toList();
        for (var claim : hurt) {
            missing = less(missing, claim);
        }
        return missing;
    }

    private static List<Step> less(List<Step> missing, Held claim) {
        var left = new ArrayList<Step>();
        for (var step : missing) {
            var edges = new TreeSet<>(List.of(step.when().from(), step.when().until()));
            if (step.when().contains(claim.when.from())) {
                edges.add(claim.when.from());
            }
            if (step.when().contains(claim.when.until())) {
                edges.add(claim.when.until());
            }
            var from = edges.removeFirst();
            for (var until : edges) {
                var part = new Interval(from, until);
                var amount = claim.when.contains(part) ? less(step.amount(), claim.amount) : step.amount();
                if (!amount.nothing()) {
                    left.add(new Step(part, amount));
                }
                from = until;
            }
        }
        return left;
    }

    private static Capacities less(Capacities missing, Capacities given) {
        var left = new TreeMap<String, Long>();
        missing.amounts().forEach((name, amount) -> left.put(name, Math.max(0, amount - given.get(name))));
        return new Capacities(left);
    }
}
