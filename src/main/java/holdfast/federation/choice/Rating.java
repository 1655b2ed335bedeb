package holdfast.federation.choice;

import java.time.Duration;
import java.time.Instant;

/// How far a peer does what it offers, by what we saw of it; what was seen long ago counts less (fluidos.md 6.9).
///
/// @param good how much of what was seen was good
/// @param all how much was seen
/// @param at as of when
public record Rating(double good, double all, Instant at) {
    private static final double HALF_LIFE = Duration.ofDays(7).toSeconds();
    private static final double START = 0.5;
    private static final double HALF = 0.5;
    private static final double ENOUGH = 5;

    /// What was seen.
    public enum Seen {
        /// It did what it had offered.
        KEPT(1, 1),
        /// It offered and did not sell.
        REFUSED(0, 1),
        /// It sold and did not deliver, or ended it early.
        BROKEN(0, 2);

        private final double good;
        private final double weight;

        Seen(double good, double weight) {
            this.good = good;
            this.weight = weight;
        }
    }

    /// Of whom nothing was seen.
    public static Rating fresh(Instant now) {
        return new Rating(0, 0, now);
    }

    /// With what was seen now. A clock that went back changes nothing of what was seen before.
    public Rating seen(Seen what, Instant now) {
        double left = left(now);
        return new Rating(good * left + what.good * what.weight, all * left + what.weight, now.isAfter(at) ? now : at);
    }

    /// From 0 to 1; one half for who is not known. Less than five tries count only in part.
    public double score(Instant now) {
        double counted = all * left(now);
        return counted <= 0 ? START : START + (good / all - START) * Math.min(1, counted / ENOUGH);
    }

    private double left(Instant now) {
        return Math.pow(HALF, Math.max(0, Duration.between(at, now).toSeconds()) / HALF_LIFE);
    }
}
