package holdfast.pools.clouds.costs;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// What an hour of something costs, and when it does (aeolus.md 2.5).
///
/// @param provider whose profile it is
/// @param profile key of the back-end profile
/// @param of the profile as a whole, or one of its measures: then the price is that of one processor, MB or GB
/// @param price at least 0, below 1000, at most five digits behind the point
/// @param from since when it holds
/// @param until when it ceased to hold; empty = it holds
public record Cost(
        UUID provider,
        String profile,
        Chargeable of,
        BigDecimal price,
        Billing billing,
        Instant from,
        Optional<Instant> until) {

    /// What can be charged for.
    public enum Chargeable {
        HARDWARE_PROFILE,
        CPU,
        MEMORY,
        STORAGE;

        /// As it is written; of a measure, its name.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The number that it has upstream, from 1.
        public int number() {
            return ordinal() + 1;
        }
    }

    boolean holds(Instant time) {
        return !from.isAfter(time) && until.map(time::isBefore).orElse(true);
    }
}
