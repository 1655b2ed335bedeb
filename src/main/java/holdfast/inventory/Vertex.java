package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITIES;
import static holdfast.inventory.Property.LABELS;
import static holdfast.inventory.Property.LOCATION;
import static holdfast.inventory.Property.MODEL;
import static holdfast.inventory.Property.NAME;
import static holdfast.inventory.Property.SITE;
import static holdfast.inventory.Property.TYPE;

import holdfast.core.Capacities;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One thing in a [Graph]: a server, a device, a port, a link, a site, ...
///
/// The typed views ([#capacities], [#labels], ...) read the JSON text of a property each time. They throw a
/// [RefusedException] that names the vertex and the property if the text does not have the property's shape.
///
/// @param id the NodeID, unique in its graph
/// @param kind the class
/// @param stitch whether another advertisement describes the same vertex too
/// @param properties all other properties by name, sorted; absent values left out
public record Vertex(String id, VertexClass kind, boolean stitch, Map<String, String> properties) {
    /// @throws IllegalArgumentException if the id is empty, a property belongs to the identity, or a text cannot be
    ///     written as XML
    public Vertex {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a vertex needs a NodeID");
        }
        var sorted = new TreeMap<>(properties);
        sorted.values().removeIf(Property::isAbsent);
        sorted.forEach((name, value) -> {
            if (Property.IDENTITY.contains(name) || !Xml.isWritable(name) || !Xml.isWritable(value)) {
                throw new IllegalArgumentException("vertex " + id + " cannot hold property " + name);
            }
        });
        properties = Collections.unmodifiableMap(sorted);
    }

    /// A vertex that nobody else describes, with a type and a name.
    public static Vertex of(String id, VertexClass kind, String type, String name) {
        return new Vertex(id, kind, false, Map.of(TYPE, type, NAME, name));
    }

    /// The type, empty if missing.
    public String type() {
        return properties.getOrDefault(TYPE, "");
    }

    /// The name, empty if missing.
    public String name() {
        return properties.getOrDefault(NAME, "");
    }

    /// The site code, if it has one.
    public Optional<String> site() {
        return get(SITE);
    }

    /// The model, if it has one.
    public Optional<String> model() {
        return get(MODEL);
    }

    /// A property as text.
    public Optional<String> get(String property) {
        return Optional.ofNullable(properties.get(property));
    }

    /// Whether class and type are these.
    public boolean is(VertexClass kind, String type) {
        return this.kind == kind && type().equals(type);
    }

    /// The same vertex with one property set; an empty value takes it away.
    public Vertex with(String property, String value) {
        var changed = new TreeMap<>(properties);
        changed.put(property, value);
        return new Vertex(id, kind, stitch, changed);
    }

    /// The same vertex without one property.
    public Vertex without(String property) {
        return with(property, "");
    }

    /// `Capacities`; none if absent.
    public Capacities capacities() {
        return capacities(CAPACITIES);
    }

    /// Any property with the shape of `Capacities`; none if absent.
    public Capacities capacities(String property) {
        return get(property)
                .map(text -> view(property, () -> CapacityJson.read(text)))
                .orElse(Capacities.NONE);
    }

    /// `Labels`; none if absent.
    public Labels labels() {
        return labels(LABELS);
    }

    /// Any property with the shape of `Labels`; none if absent.
    public Labels labels(String property) {
        return get(property)
                .map(text -> view(property, () -> Labels.read(text)))
                .orElse(Labels.NONE);
    }

    /// `CapacityDelegations` or `LabelDelegations` by delegation name (in an advertisement) or ADM id (in a
    /// combined model).
    public Map<String, Delegation> delegations(String property) {
        return get(property)
                .map(text -> view(property, () -> Delegation.readAll(text)))
                .orElse(Map.of());
    }

    /// `Location`, if given.
    public Optional<Location> location() {
        return get(LOCATION).map(text -> view(LOCATION, () -> Location.read(text)));
    }

    /// `Flags`; all false if absent.
    public Flags flags() {
        return get(Property.FLAGS)
                .map(text -> view(Property.FLAGS, () -> Flags.read(text)))
                .orElse(Flags.NONE);
    }

    /// The size of machine that `CapacityHints` asks for, if it does.
    public Optional<String> instanceType() {
        return get(Property.CAPACITY_HINTS)
                .flatMap(text -> view(Property.CAPACITY_HINTS, () -> {
                    var member = Json.object(text).get("instance_type");
                    if (member == null || member.isNull()) {
                        return Optional.empty();
                    }
                    if (!member.isString()) {
                        throw new Json.Unfit(
                                "gives instance_type as " + member + ", where the name of a size is needed");
                    }
                    return Optional.of(member.stringValue());
                }));
    }

    /// How messages name this vertex.
    public String describe() {
        var word = kind.types().contains(type()) ? type() : kind.word();
        return "%s %s (NodeID %s)".formatted(word, Json.shorten(name()), id);
    }

    /// A refusal of this vertex for one of its properties.
    Refusal refuse(String property, String why) {
        return Refusal.malformed("nodes." + id + "." + property, describe() + ": " + why);
    }

    private <T> T view(String property, View<T> view) {
        try {
            return view.read();
        } catch (Json.Unfit unfit) {
            throw new RefusedException(refuse(property, property + " " + unfit.getMessage()));
        }
    }

    private interface View<T> {
        T read() throws Json.Unfit;
    }
}
