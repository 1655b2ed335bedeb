package holdfast.pools.clouds.choice;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudProvider;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which back-end profile of a provider serves a front-end profile, and what is sent along (aeolus.md 6.3, 6.4).
public final class Profiles {
    /// The names of the measures, as they are written everywhere.
    public static final String MEMORY = "memory";

    public static final String CPU = "cpu";
    public static final String STORAGE = "storage";
    public static final String ARCHITECTURE = "architecture";

    /// The smallest first.
    public static final Comparator<HardwareProfile> BY_SIZE = comparing(
                    (HardwareProfile profile) -> Amounts.sortValue(profile.memory()))
            .thenComparing(profile -> Amounts.sortValue(profile.cpu()))
            .thenComparing(profile -> Amounts.sortValue(profile.storage()));

    private Profiles() {}

    /// A back-end profile for a wish.
    ///
    /// @param sizes all that is known of the instance's measures
    /// @param sent those of them that the create call names
    public record Fit(HardwareProfile profile, Map<String, String> sizes, Map<String, String> sent) {
        public Fit {
            sizes = Map.copyOf(sizes);
            sent = Map.copyOf(sent);
        }
    }

    /// The smallest of the provider's profiles that satisfies a wish; of equally large ones the first, by name,
    /// that does not exceed what is wanted at most.
    ///
    /// @param architecture of the image, if it is known: it decides where the wish says nothing
    public static Optional<Fit> choose(HardwareProfile wanted, Optional<String> architecture, CloudProvider provider) {
        return provider.profiles().stream()
                .filter(profile -> !provider.type().ignored().contains(profile.name()))
                .filter(profile -> satisfies(wanted, architecture, profile))
                .min(BY_SIZE.thenComparing(profile -> !isWithin(wanted, profile))
                        .thenComparing(HardwareProfile::name)
                        .thenComparing(HardwareProfile::id))
                .map(profile -> fit(wanted, architecture, profile));
    }

    /// The smallest front-end profile that an image can run on.
    public static Optional<HardwareProfile> smallest(Collection<HardwareProfile> profiles, BrokerImage image) {
        return profiles.stream()
                .filter(profile -> allows(profile, image.architecture()))
                .min(BY_SIZE.thenComparing(HardwareProfile::name));
    }

    /// Whether an image of that architecture may run on a profile, as far as both say something.
    public static boolean allows(HardwareProfile profile, Optional<String> architecture) {
        return profile.architectures().isEmpty()
                || architecture.map(profile.architectures()::contains).orElse(true);
    }

    static boolean satisfies(HardwareProfile wanted, Optional<String> architecture, HardwareProfile offered) {
        return Amounts.satisfies(wanted.memory(), offered.memory())
                && Amounts.satisfies(wanted.cpu(), offered.cpu())
                && Amounts.satisfies(wanted.storage(), offered.storage())
                && runs(wanted.architectures(), architecture, offered)
                && (wanted.rootType().isEmpty()
                        || offered.rootType().isEmpty()
                        || wanted.rootType().equals(offered.rootType()));
    }

    private static boolean runs(List<String> wanted, Optional<String> image, HardwareProfile offered) {
        return wanted.isEmpty()
                ? allows(offered, image)
                : architecture(wanted, image, offered).isPresent();
    }

    /// The one that an instance gets, if it is known.
    private static Optional<String> architecture(List<String> wanted, Optional<String> image, HardwareProfile offered) {
        var had = offered.architectures();
        var asked = image.filter(one -> wanted.isEmpty() || wanted.contains(one))
                .map(List::of)
                .orElse(wanted);
        var first = asked.stream().filter(had::contains).findFirst();
        return asked.isEmpty() && had.size() == 1 ? Optional.of(had.getFirst()) : first;
    }

    private static boolean isWithin(HardwareProfile wanted, HardwareProfile offered) {
        return Amounts.isWithin(wanted.memory(), offered.memory())
                && Amounts.isWithin(wanted.cpu(), offered.cpu())
                && Amounts.isWithin(wanted.storage(), offered.storage());
    }

    private static Fit fit(HardwareProfile wanted, Optional<String> image, HardwareProfile offered) {
        var sizes = new TreeMap<String, String>();
        var sent = new TreeMap<String, String>();
        var theirs = measures(offered);
        measures(wanted).forEach((name, measure) -> {
            var there = requireNonNull(theirs.get(name));
            Amounts.size(measure, there).map(Amounts::text).ifPresent(size -> {
                sizes.put(name, size);
                if (Amounts.isOpen(there)) {
                    sent.put(name, size);
                }
            });
        });
        architecture(wanted.architectures(), image, offered).ifPresent(one -> {
            sizes.put(ARCHITECTURE, one);
            if (offered.architectures().size() > 1) {
                sent.put(ARCHITECTURE, one);
            }
        });
        return new Fit(offered, sizes, sent);
    }

    /// @param name of what can be measured
    public static Property measure(HardwareProfile profile, String name) {
        return requireNonNull(measures(profile).get(name));
    }

    /// What can be measured, by name.
    static Map<String, Property> measures(HardwareProfile profile) {
        return Map.of(MEMORY, profile.memory(), CPU, profile.cpu(), STORAGE, profile.storage());
    }

    /// What is known of an instance's measures, as numbers.
    static Optional<BigDecimal> number(Map<String, String> sizes, String name) {
        return Optional.ofNullable(sizes.get(name)).map(BigDecimal::new);
    }
}
