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

    private static final int ID = 36;

    /// What can be charged for; upstream numbers them in this order, from 1.
    public enum Chargeable {
        HARDWARE_PROFILE,
        CPU,
        MEMORY,
        STORAGE;

        /// As it is written; of a measure, its name.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One as it is stored.
    ///
    /// @param chargeable `kind:provider:key`, with the number of what is charged for, the id of the provider and
    ///     the key
    ///     of the profile
    /// @param billing a [Billing#word]
    /// @return empty if that is none
    public static Optional<Cost> stored(
            String chargeable, BigDecimal price, String billing, Instant from, Optional<Instant> until) {
        var parts = chargeable.split(":", 3);
        if (parts.length < 3 || !parts[0].matches("[1-4]") || parts[1].length() != ID) {
            return Optional.empty();
        }
        var of = Chargeable.values()[Integer.parseInt(parts[0]) - 1];
        return Billing.named(billing)
                .map(known -> new Cost(UUID.fromString(parts[1]), parts[2], of, price, known, from, until));
    }

    boolean holds(Instant time) {
        return !from.isAfter(time) && until.map(time::isBefore).orElse(true);
    }
}
