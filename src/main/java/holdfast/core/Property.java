package holdfast.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// How much of one measure of a hardware profile (aeolus.md 2.4): memory in MB, storage in GB, processors by number.
/// Numbers are exact, and written without zeros at their end.
public sealed interface Property {
    /// Nothing is said of it.
    record Any() implements Property {}

    record Fixed(BigDecimal value) implements Property {
        public Fixed {
            value = plain(value);
        }
    }

    /// @param usual what is taken if nothing is asked for
    /// @param last at least `first`
    record Range(Optional<BigDecimal> usual, BigDecimal first, BigDecimal last) implements Property {
        public Range {
            usual = usual.map(Property::plain);
            first = plain(first);
            last = plain(last);
        }
    }

    /// @param usual what is taken if nothing is asked for
    /// @param entries at least one, in ascending order
    record OneOf(Optional<BigDecimal> usual, List<BigDecimal> entries) implements Property {
        public OneOf {
            usual = usual.map(Property::plain);
            entries = entries.stream().map(Property::plain).sorted().distinct().toList();
        }
    }

    /// What it is if nothing is asked for: of a range without a usual value its first, of an enumeration
    /// its least.
    default Optional<BigDecimal> standard() {
        return switch (this) {
            case Any _ -> Optional.empty();
            case Fixed(var value) -> Optional.of(value);
            case Range(var usual, var first, var _) -> usual.or(() -> Optional.of(first));
            case OneOf(var usual, var entries) -> usual.or(() -> Optional.of(entries.getFirst()));
        };
    }

    private static BigDecimal plain(BigDecimal value) {
        var bare = value.stripTrailingZeros();
        return bare.scale() < 0 ? bare.setScale(0) : bare;
    }
}
