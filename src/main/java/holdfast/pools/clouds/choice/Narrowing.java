package holdfast.pools.clouds.choice;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Property.Any;
import holdfast.core.Property.Fixed;
import holdfast.core.Property.OneOf;
import holdfast.core.Property.Range;
import holdfast.core.Refusal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A front-end profile as a user narrows it with `hwp_*` parameters (aeolus.md 2.4, 5.3.5).
public final class Narrowing {
    private static final String PREFIX = "hwp_";
    private static final Set<String> KNOWN =
            Set.of(Profiles.MEMORY, Profiles.CPU, Profiles.STORAGE, Profiles.ARCHITECTURE);
    private static final Pattern AMOUNT = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private Narrowing() {}

    /// The profile with the sizes that are given instead of its own.
    ///
    /// @param sizes by measure, as they came
    /// @return MALFORMED that names the parameter if there is no such measure, or it may not be so
    public static Answer<HardwareProfile> narrow(HardwareProfile profile, Map<String, String> sizes) {
        var unknown = sizes.keySet().stream()
                .filter(name -> !KNOWN.contains(name))
                .sorted()
                .findFirst();
        if (unknown.isPresent()) {
            return refused(unknown.get(), "is no measure of a hardware profile");
        }
        return amount(profile.memory(), Profiles.MEMORY, sizes)
                .flatMap(memory -> amount(profile.cpu(), Profiles.CPU, sizes)
                        .flatMap(cpu -> amount(profile.storage(), Profiles.STORAGE, sizes)
                                .flatMap(storage -> architectures(profile.architectures(), sizes)
                                        .map(words -> new HardwareProfile(
                                                profile.id(),
                                                profile.name(),
                                                memory,
                                                cpu,
                                                storage,
                                                words,
                                                profile.rootType())))));
    }

    private static Answer<Property> amount(Property property, String name, Map<String, String> sizes) {
        var said = Optional.ofNullable(sizes.get(name)).map(String::strip).filter(text -> !text.isEmpty());
        if (said.isEmpty()) {
            return Answer.yes(property);
        }
        if (!AMOUNT.matcher(said.get()).matches()) {
            return refused(name, "must be a number, such as 512 or 1740.8");
        }
        var value = new BigDecimal(said.get());
        return rule(name, property, value)
                .<Answer<Property>>map(broken -> refused(name, broken))
                .orElseGet(() -> Answer.yes(new Fixed(value)));
    }

    /// @return the rule that it breaks
    private static Optional<String> rule(String name, Property property, BigDecimal value) {
        return switch (property) {
            case Any() ->
                Optional.of("must be above 0 and at most " + most(name))
                        .filter(_ -> value.compareTo(BigDecimal.valueOf(most(name))) > 0
                                || (value.signum() == 0 && !name.equals(Profiles.STORAGE)));
            case Fixed(var only) ->
                Optional.of("is always " + Amounts.text(only) + " in this profile")
                        .filter(_ -> value.compareTo(only) != 0);
            case Range(var _, var first, var last) ->
                Optional.of("must be from " + Amounts.text(first) + " to " + Amounts.text(last))
                        .filter(_ -> value.compareTo(first) < 0 || value.compareTo(last) > 0);
            case OneOf(var _, var entries) ->
                Optional.of("must be one of "
                                + String.join(
                                        ", ",
                                        entries.stream().map(Amounts::text).toList()))
                        .filter(_ -> entries.stream().noneMatch(entry -> entry.compareTo(value) == 0));
        };
    }

    /// Of any profile (aeolus.md 2.4): processors, MB or GB.
    private static int most(String name) {
        return name.equals(Profiles.CPU) ? 1_024 : 1 << 20;
    }

    private static Answer<List<String>> architectures(List<String> allowed, Map<String, String> sizes) {
        var said = Optional.ofNullable(sizes.get(Profiles.ARCHITECTURE)).filter(text -> !text.isBlank());
        if (said.isEmpty()) {
            return Answer.yes(allowed);
        }
        return allowed.isEmpty() || allowed.contains(said.get())
                ? Answer.yes(List.of(said.get()))
                : refused(Profiles.ARCHITECTURE, "must be one of " + String.join(", ", allowed));
    }

    private static <T> Answer<T> refused(String name, String rule) {
        return Answer.no(Refusal.malformed(PREFIX + name, PREFIX + name + " " + rule));
    }
}
