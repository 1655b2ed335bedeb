package holdfast.drivers.deltacloud;

import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.CloudSupply.Image;
import holdfast.core.CloudSupply.Realm;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.platform.XmlTree;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What a cloud has: sizes, realms, images. Asked for as seldom as it changes (aeolus.md 6.9).
final class Offers {
    private static final Map<String, String> UNITS =
            Map.of("memory", "MB", "storage", "GB", "cpu", "count", "architecture", "label");

    private final Api api;
    private final InstantSource clock;
    private final Map<String, Kept> kept = new HashMap<>();

    private record Kept(List<?> what, Instant until) {}

    Offers(Api api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    synchronized void forget() {
        kept.clear();
    }

    CloudSupply supply() {
        var profiles = keep("hardware_profiles", Limits.PROFILES_KEPT, this::profiles);
        var realms = keep("realms", Limits.REALMS_KEPT, this::realms);
        return new CloudSupply(
                List.of(),
                Map.of(),
                realms.stream().map(Realm::id).toList(),
                profiles.stream().map(Offers::flavor).toList(),
                keep("images", Limits.REALMS_KEPT, this::images),
                List.of(),
                false,
                profiles,
                realms,
                collections());
    }

    private Map<String, Set<String>> collections() {
        var found = new HashMap<String, Set<String>>();
        api.entry()
                .collections()
                .forEach(
                        (name, one) -> found.put(name, Set.copyOf(one.features().keySet())));
        return found;
    }

    @SuppressWarnings("unchecked") // what is kept under a name is what was made for that name
    private synchronized <T> List<T> keep(String name, Duration time, Supplier<List<T>> ask) {
        var known = kept.get(name);
        if (known != null && clock.instant().isBefore(known.until)) return (List<T>) known.what;
        var fresh = api.entry().find(name).isPresent() ? ask.get() : List.<T>of();
        kept.put(name, new Kept(fresh, clock.instant().plus(time)));
        return fresh;
    }

    private List<XmlTree> entries(String collection, String element) {
        return api.get(api.of(collection)).all(element).stream()
                .limit(Limits.LONGEST_LIST)
                .toList();
    }

    private List<Realm> realms() {
        return entries("realms", "realm").stream()
                .filter(one -> one.attribute("id").isPresent())
                .map(one -> new Realm(
                        one.attribute("id").orElseThrow(),
                        one.says("name").orElse(one.attribute("id").orElseThrow()),
                        one.says("state")
                                .orElse("AVAILABLE")
                                .toLowerCase(Locale.ROOT)
                                .equals("available")))
                .toList();
    }

    private List<Image> images() {
        return entries("images", "image").stream()
                .flatMap(one -> one.attribute("id").stream()
                        .map(id -> new Image(id, one.says("name").orElse(id))))
                .toList();
    }

    private List<HardwareProfile> profiles() {
        return entries("hardware_profiles", "hardware_profile").stream()
                .flatMap(one ->
                        one.attribute("id").or(() -> one.says("id")).stream().map(id -> profile(id, one)))
                .toList();
    }

    static HardwareProfile profile(String id, XmlTree root) {
        var measures = new HashMap<String, Property>();
        var others = new HashMap<String, String>();
        var architectures = new ArrayList<String>();
        for (var property : root.all("property")) {
            var name = property.attribute("name").orElse("");
            var unit = property.attribute("unit").orElse(UNITS.getOrDefault(name, ""));
            if (name.equals("architecture")) architectures.addAll(words(property));
            else if (unit.equals(UNITS.get(name))) measures.put(name, amount(property));
            else if (!name.isEmpty())
                others.put(name, (property.attribute("value").orElse("") + " " + unit).strip());
        }
        return new HardwareProfile(
                id,
                root.says("name").orElse(id),
                measures.getOrDefault("memory", new Property.Any()),
                measures.getOrDefault("cpu", new Property.Any()),
                measures.getOrDefault("storage", new Property.Any()),
                architectures.stream().distinct().toList(),
                Optional.ofNullable(others.get("root_type")).map(said -> said.split(" ")[0]),
                others);
    }

    /// The usual one first.
    private static List<String> words(XmlTree property) {
        var found = new ArrayList<String>();
        property.attribute("value").ifPresent(found::add);
        property.child("enum")
                .ifPresent(list -> list.all("entry")
                        .forEach(entry -> entry.attribute("value").ifPresent(found::add)));
        return found;
    }

    private static Property amount(XmlTree property) {
        var usual = property.attribute("value").flatMap(Offers::number);
        return switch (property.attribute("kind").orElse("fixed")) {
            case "range" -> {
                var range = property.child("range");
                var first = range.flatMap(one -> one.attribute("first")).flatMap(Offers::number);
                var last = range.flatMap(one -> one.attribute("last")).flatMap(Offers::number);
                yield first.isPresent() && last.isPresent() && first.get().compareTo(last.get()) <= 0
                        ? new Property.Range(usual, first.get(), last.get())
                        : fixed(usual);
            }
            case "enum" -> {
                var entries = property.child("enum").stream()
                        .flatMap(list -> list.all("entry").stream())
                        .flatMap(entry -> entry.attribute("value").flatMap(Offers::number).stream())
                        .toList();
                yield entries.isEmpty() ? fixed(usual) : new Property.OneOf(usual, entries);
            }
            default -> fixed(usual);
        };
    }

    private static Property fixed(Optional<BigDecimal> value) {
        return value.<Property>map(Property.Fixed::new).orElseGet(Property.Any::new);
    }

    private static Optional<BigDecimal> number(String text) {
        return text.matches("\\d{1,12}(\\.\\d{1,6})?") ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /// What those see of it who know fixed sizes only.
    private static Flavor flavor(HardwareProfile profile) {
        return new Flavor(
                profile.id(),
                profile.name(),
                Math.max(1, whole(profile.cpu())),
                whole(profile.memory()),
                whole(profile.storage()),
                Map.of());
    }

    private static int whole(Property amount) {
        return amount.standard()
                .map(value -> value.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue())
                .orElse(0);
    }
}
