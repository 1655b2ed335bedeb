package holdfast.pools.clouds;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Property.Any;
import holdfast.core.Property.Fixed;
import holdfast.core.Property.OneOf;
import holdfast.core.Property.Range;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jooq.impl.DSL;

/// Front-end hardware profiles: what users ask for (aeolus.md 2.4).
public final class Profiles extends Entries<HardwareProfile> {
    private static final BigDecimal MOST = BigDecimal.valueOf(1_048_576);
    private static final BigDecimal MOST_CPU = BigDecimal.valueOf(1_024);
    private static final int MOST_ENTRIES = 100;
    private static final int LONGEST_WORD = 64;

    Profiles(Platform platform, Engine engine) {
        super(platform, engine, "hardwareProfile", "hardware profile", HardwareProfile.class);
    }

    /// All of them, each with its id and name.
    public List<HardwareProfile> all(Tx tx) {
        return list(tx, DSL.noCondition()).stream().map(Profiles::profile).toList();
    }

    /// One with its id and name.
    public static HardwareProfile profile(Entry<HardwareProfile> entry) {
        var kept = entry.value();
        return new HardwareProfile(
                entry.id().toString(),
                entry.name(),
                kept.memory(),
                kept.cpu(),
                kept.storage(),
                kept.architectures(),
                kept.rootType());
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, HardwareProfile value, Optional<Entry<HardwareProfile>> before) {
        return label("name", name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> fault(value));
    }

    /// What is wrong with its measures.
    static Optional<Refusal> fault(HardwareProfile profile) {
        return amounts("memory", profile.memory(), MOST, false)
                .or(() -> amounts("cpu", profile.cpu(), MOST_CPU, false))
                .or(() -> amounts("storage", profile.storage(), MOST, true))
                .or(() -> words(profile.architectures()))
                .or(() -> profile.rootType()
                        .filter(Predicate.not(List.of("persistent", "transient")::contains))
                        .flatMap(_ -> wrong("root_type", "is persistent or transient")));
    }

    private static Optional<Refusal> words(List<String> architectures) {
        return architectures.size() > MOST_ENTRIES
                        || architectures.stream().anyMatch(word -> word.isBlank() || word.length() > LONGEST_WORD)
                ? wrong("architecture", "is a word such as x86_64")
                : Optional.empty();
    }

    private static Optional<Refusal> amounts(String field, Property property, BigDecimal most, boolean none) {
        Predicate<BigDecimal> fits =
                amount -> amount.signum() >= (none ? 0 : 1) && amount.compareTo(most) <= 0 && amount.scale() <= 9;
        boolean good = switch (property) {
            case Any _ -> true;
            case Fixed(var value) -> fits.test(value);
            case Range(var usual, var first, var last) ->
                first.signum() > 0
                        && fits.test(first)
                        && fits.test(last)
                        && first.compareTo(last) <= 0
                        && usual.stream().allMatch(u -> u.compareTo(first) >= 0 && u.compareTo(last) <= 0);
            case OneOf(var usual, var entries) ->
                !entries.isEmpty()
                        && entries.size() <= MOST_ENTRIES
                        && entries.stream().allMatch(amount -> amount.signum() > 0 && fits.test(amount))
                        && usual.stream().allMatch(u -> entries.stream().anyMatch(e -> e.compareTo(u) == 0));
        };
        return good
                ? Optional.empty()
                : wrong(field, rule(property, (none ? "from 0" : "above 0") + " to " + most.toPlainString(), most));
    }

    private static String rule(Property property, String allowed, BigDecimal most) {
        return switch (property) {
            case Any _ -> "may be anything";
            case Fixed _ -> "must be " + allowed + ", or nil for whatever there is";
            case Range _ ->
                "must be a range whose first is above 0 and whose last is not below it and at most "
                        + most.toPlainString() + ", with a default between them";
            case OneOf _ ->
                "must be 1 to " + MOST_ENTRIES + " numbers above 0 to " + most.toPlainString()
                        + ", with a default among them";
        };
    }
}
