package holdfast.api.config;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How the measures of hardware profiles are said and shown (aeolus.md 2.4, 5.1). A fixed one is
/// `<memory unit="MB">512</memory>`; a range has `kind`, `first` and `last` too, an enumeration `kind` and `entries`;
/// `nil` says nothing.
final class Measures {
    private static final String NIL = "nil";
    private static final String KIND = "kind";
    private static final String RANGE = "range";
    private static final String ENUM = "enum";
    private static final String ENTRIES = "entries";
    private static final String ARCHITECTURE = "architecture";

    private Measures() {}

    /// @param id of the profile
    static Element show(Element element, String id, HardwareProfile profile) {
        return element.with(show(id, "memory", "MB", profile.memory()))
                .with(show(id, "storage", "GB", profile.storage()))
                .with(show(id, "cpu", "count", profile.cpu()))
                .with(architecture(id, profile.architectures()))
                .with("root_type", profile.rootType());
    }

    private static Element show(String id, String name, String unit, Property property) {
        var element = head(id, name, unit);
        return switch (property) {
            case Property.Any _ -> element.saying(NIL);
            case Property.Fixed(var value) -> element.saying(plain(value));
            case Property.Range(var usual, var first, var last) ->
                element.attribute(KIND, RANGE)
                        .attribute("first", plain(first))
                        .attribute("last", plain(last))
                        .saying(usual.map(Measures::plain).orElse(NIL));
            case Property.OneOf(var usual, var entries) ->
                element.attribute(KIND, ENUM)
                        .attribute(
                                ENTRIES, entries.stream().map(Measures::plain).toList())
                        .saying(usual.map(Measures::plain).orElse(NIL));
        };
    }

    private static Element head(String id, String name, String unit) {
        return Element.of(name).attribute("id", id + "." + name).attribute("unit", unit);
    }

    private static Element architecture(String id, List<String> architectures) {
        var element = head(id, ARCHITECTURE, "label");
        return architectures.size() > 1
                ? element.attribute(KIND, ENUM)
                        .attribute(ENTRIES, architectures)
                        .saying(architectures.getFirst())
                : element.saying(architectures.stream().findFirst().orElse(NIL));
    }

    /// A text, so that no digit changes on its way.
    private static Object plain(BigDecimal amount) {
        var text = amount.stripTrailingZeros();
        return text.scale() <= 0 ? text.longValueExact() : text.toPlainString();
    }

    /// @param old what is not said stays
    static HardwareProfile read(Body body, String name, HardwareProfile old) {
        return new HardwareProfile(
                "",
                name,
                property(body, "memory", "MB").orElse(old.memory()),
                property(body, "cpu", "count").orElse(old.cpu()),
                property(body, "storage", "GB").orElse(old.storage()),
                architectures(body).orElse(old.architectures()),
                body.optional("root_type").orElse(old.rootType()));
    }

    private static Optional<Property> property(Body body, String name, String unit) {
        return body.child(name).map(said -> {
            unit(said, name, unit);
            var value = value(said).map(text -> Body.decimal(name, text));
            return switch (said.text(KIND).orElse("fixed")) {
                case RANGE ->
                    new Property.Range(
                            value, end(said, name, "first", "range_first"), end(said, name, "last", "range_last"));
                case ENUM ->
                    new Property.OneOf(
                            value,
                            entries(said).map(text -> Body.decimal(name, text)).toList());
                case "fixed" -> value.<Property>map(Property.Fixed::new).orElseGet(Property.Any::new);
                default -> throw Failure.invalid(name, name + " is of the kind fixed, range or enum");
            };
        });
    }

    private static void unit(Body said, String name, String unit) {
        if (said.text("unit").filter(other -> !other.equals(unit)).isPresent()) {
            throw Failure.invalid(name, name + " is measured in " + unit);
        }
    }

    private static BigDecimal end(Body said, String name, String field, String other) {
        return said.decimal(field)
                .or(() -> said.decimal(other))
                .orElseThrow(() -> Failure.invalid(name, name + " is a range and has no " + field));
    }

    private static Optional<String> value(Body said) {
        return said.own()
                .map(Object::toString)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .or(() -> said.text(Element.VALUE).map(String::strip))
                .filter(text -> !text.isEmpty() && !text.equals(NIL));
    }

    /// A list in one text, an array, or elements.
    private static Stream<String> entries(Body said) {
        var inside = said.many(ENTRIES).or(() -> said.many("property_enum_entries")).orElse(List.of()).stream()
                .flatMap(item -> value(item).stream())
                .toList();
        return inside.isEmpty()
                ? said.raw(ENTRIES).stream()
                        .flatMap(text -> Arrays.stream(text.split("[\\s,]+", 101)))
                        .filter(text -> !text.isEmpty())
                : inside.stream();
    }

    private static Optional<List<String>> architectures(Body body) {
        return body.child(ARCHITECTURE).map(said -> {
            unit(said, ARCHITECTURE, "label");
            var entries = entries(said).toList();
            return entries.isEmpty() ? value(said).map(List::of).orElse(List.of()) : entries;
        });
    }
}
