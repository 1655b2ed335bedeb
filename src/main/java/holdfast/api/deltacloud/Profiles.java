package holdfast.api.deltacloud;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Hardware profiles: those of the pool, and for who does not say who it is those that everybody may see.
final class Profiles {
    static final String NAME = "hardware_profiles";

    private final VirtualCloud.Finder pools;

    Profiles(VirtualCloud.Finder pools) {
        this.pools = pools;
    }

    Collection collection() {
        return Collection.open(
                NAME,
                Operation.of("index", "GET", "id architecture", this::list),
                Operation.of("show", "GET *", "", this::show));
    }

    static String id(HardwareProfile profile) {
        return Ids.readable(profile.name(), profile.id());
    }

    static boolean isCalled(HardwareProfile profile, String word) {
        return profile.name().equals(word) || profile.id().equals(word);
    }

    /// As they are called in answers, by their own ids.
    static Map<String, String> ids(VirtualCloud cloud) {
        return cloud.profiles().stream().collect(Collectors.toMap(HardwareProfile::id, Profiles::id));
    }

    private List<HardwareProfile> all(Ask ask) {
        return ask.caller().isPresent() ? ask.cloud().get().profiles() : pools.profiles();
    }

    private Told list(Ask ask) {
        var architecture = ask.field("architecture");
        return ask.listed(
                NAME,
                all(ask).stream()
                        .filter(profile -> architecture.isEmpty()
                                || profile.architectures().contains(architecture.get()))
                        .map(profile -> entity(ask, profile)));
    }

    private Told show(Ask ask) {
        return all(ask).stream()
                .filter(profile -> isCalled(profile, ask.id()))
                .findFirst()
                .map(profile -> Told.ok(Document.of(entity(ask, profile))))
                .orElseThrow(() -> Problem.notThere("hardware profile", ask.id()));
    }

    private static Entity entity(Ask ask, HardwareProfile profile) {
        var id = id(profile);
        var entity = new Entity("hardware_profile", id, ask.links().member(NAME, id))
                .xml(Element.text("id", id))
                .text("name", profile.name());
        var usual = Json.object();
        for (var measure : measures(profile)) {
            entity.xml(measure.xml(ask.links()));
            measure.usual().ifPresent(value -> usual.put(measure.name, value));
        }
        return entity.json("properties", usual);
    }

    /// A reference to a profile, with what was used otherwise than it says.
    ///
    /// @param id what it is called now
    static void refer(Entity entity, Links links, HardwareProfile profile, String id, Map<String, String> sizes) {
        var href = links.member(NAME, id);
        var used = measures(profile).stream()
                .filter(measure -> sizes.containsKey(measure.name))
                .filter(measure -> !measure.usual.equals(Optional.of(sizes.getOrDefault(measure.name, ""))))
                .map(measure -> measure.fixed(sizes.getOrDefault(measure.name, "")))
                .toList();
        ObjectNode json = Json.object().put("id", id).put("href", href).put("rel", "hardware_profile");
        var properties = json.putObject("properties");
        used.forEach(measure -> properties.put(measure.name, measure.words.getFirst()));
        entity.field(
                Element.of(
                                "hardware_profile",
                                used.stream().map(measure -> measure.xml(links)).toList())
                        .with("id", id)
                        .with("href", href),
                "hardware_profile",
                json);
    }

    private static List<Measure> measures(HardwareProfile profile) {
        var all = new ArrayList<Measure>();
        measure("cpu", "count", profile.cpu()).ifPresent(all::add);
        measure("memory", "MB", profile.memory()).ifPresent(all::add);
        measure("storage", "GB", profile.storage()).ifPresent(all::add);
        var words = profile.architectures();
        if (!words.isEmpty()) {
            all.add(new Measure(
                    words.size() == 1 ? "fixed" : "enum",
                    "architecture",
                    "label",
                    Optional.of(words.getFirst()),
                    words));
        }
        return all;
    }

    private static Optional<Measure> measure(String name, String unit, Property property) {
        return switch (property) {
            case Property.Any _ -> Optional.empty();
            case Property.Fixed(var value) ->
                Optional.of(new Measure("fixed", name, unit, Optional.of(text(value)), List.of(text(value))));
            case Property.Range(var usual, var first, var last) ->
                Optional.of(new Measure(
                        "range",
                        name,
                        unit,
                        usual.or(() -> Optional.of(first)).map(Profiles::text),
                        List.of(text(first), text(last))));
            case Property.OneOf(var usual, var entries) ->
                Optional.of(new Measure(
                        "enum",
                        name,
                        unit,
                        usual.or(() -> entries.stream().findFirst()).map(Profiles::text),
                        entries.stream().map(Profiles::text).toList()));
        };
    }

    private static String text(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /// A property as it is written.
    ///
    /// @param words first and last of a range, entries of an enumeration
    private record Measure(String kind, String name, String unit, Optional<String> usual, List<String> words) {
        Measure fixed(String value) {
            return new Measure("fixed", name, unit, Optional.of(value), List.of(value));
        }

        Element xml(Links links) {
            var property = Element.of("property")
                    .with("kind", kind)
                    .with("name", name)
                    .with("unit", unit)
                    .with("value", usual);
            if (kind.equals("fixed")) {
                return property;
            }
            var param = Element.of("param")
                    .with("href", links.collection("instances"))
                    .with("method", "post")
                    .with("name", "hwp_" + name)
                    .with("operation", "create");
            return kind.equals("range")
                    ? property.and(
                            param,
                            Element.of("range").with("first", words.getFirst()).with("last", words.getLast()))
                    : property.and(
                            param,
                            Element.of(
                                    "enum",
                                    words.stream()
                                            .map(word -> Element.of("entry").with("value", word))
                                            .toList()));
        }
    }
}
