package holdfast.pools.clouds;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// One measure of a hardware profile (aeolus.md 2.4). Amounts are exact decimals: memory in MB, storage in GB,
/// processors by number.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(Property.Any.class),
    @JsonSubTypes.Type(Property.Fixed.class),
    @JsonSubTypes.Type(Property.Range.class),
    @JsonSubTypes.Type(Property.OneOf.class)
})
public sealed interface Property {
    /// Nothing is said: whoever asks does not care, whoever offers does not know.
    record Any() implements Property {}

    record Fixed(BigDecimal value) implements Property {}

    /// @param usual what is taken if nothing is asked for
    /// @param first the least, above 0
    /// @param last the most, at least `first`
    record Range(Optional<BigDecimal> usual, BigDecimal first, BigDecimal last) implements Property {}

    /// @param usual what is taken if nothing is asked for
    /// @param entries at least one, in ascending order
    record OneOf(Optional<BigDecimal> usual, List<BigDecimal> entries) implements Property {
        public OneOf {
            entries = entries.stream().sorted().distinct().toList();
        }
    }
}
