package holdfast.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A size of instances as a provider of clouds offers it: what it fixes, and what it leaves to be chosen
/// (aeolus.md 2.4).
///
/// @param id the provider's word for it
/// @param memory in MB
/// @param cpu number of processors
/// @param storage in GB
/// @param architectures words such as `x86_64`; none = nothing is said; more than one = any of them may be asked for
/// @param rootType `persistent` or `transient`
/// @param others what else it has, and what is measured otherwise, in the provider's words: `4 GB` by `memory`
public record CloudProfile(
        String id,
        String name,
        Amount memory,
        Amount cpu,
        Amount storage,
        List<String> architectures,
        Optional<String> rootType,
        Map<String, String> others) {
    public CloudProfile {
        architectures = List.copyOf(architectures);
        others = Map.copyOf(others);
    }

    /// One that leaves no choice.
    static CloudProfile of(CloudSupply.Flavor flavor) {
        return new CloudProfile(
                flavor.id(),
                flavor.name(),
                fixed(flavor.memoryMb()),
                fixed(flavor.vcpus()),
                flavor.diskGb() == 0 ? new Amount.Any() : fixed(flavor.diskGb()),
                List.of(),
                Optional.empty(),
                Map.of());
    }

    private static Amount fixed(int amount) {
        return new Amount.Fixed(BigDecimal.valueOf(amount));
    }

    /// How much of one measure. Numbers are exact, and written without zeros at their end.
    public sealed interface Amount {
        /// Nothing is said of it.
        record Any() implements Amount {}

        record Fixed(BigDecimal value) implements Amount {
            public Fixed {
                value = plain(value);
            }
        }

        /// @param usual what is taken if nothing is asked for
        /// @param last at least `first`
        record Range(Optional<BigDecimal> usual, BigDecimal first, BigDecimal last) implements Amount {
            public Range {
                usual = usual.map(Amount::plain);
                first = plain(first);
                last = plain(last);
            }
        }

        /// @param usual what is taken if nothing is asked for
        /// @param entries at least one, in ascending order
        record OneOf(Optional<BigDecimal> usual, List<BigDecimal> entries) implements Amount {
            public OneOf {
                usual = usual.map(Amount::plain);
                entries =
                        entries.stream().map(Amount::plain).sorted().distinct().toList();
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
}
