package holdfast.orchestrator.instances;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;

/// What instances are found and put in order by, of how large they are.
public enum Measure {
    /// Whole processors.
    CPU("cpu", 1, HardwareProfile::cpu),
    /// Whole KiB.
    MEMORY("memory", 1_024, HardwareProfile::memory);

    private final String word;
    private final int unit;
    private final Function<HardwareProfile, Property> property;

    Measure(String word, int unit, Function<HardwareProfile, Property> property) {
        this.word = word;
        this.unit = unit;
        this.property = property;
    }

    /// How much an instance has: what it was made with, else what its profile says; empty if nobody knows.
    public Optional<Long> of(InstanceView one) {
        return Optional.ofNullable(one.sizes().get(word))
                .map(BigDecimal::new)
                .or(() -> property.apply(one.profile()).standard())
                .map(size -> size.multiply(BigDecimal.valueOf(unit)).longValue());
    }

    /// The same in SQL, as the indexes of instances have it.
    String sql() {
        return "instance_size(data, '%s', %d)".formatted(word, unit);
    }
}
