package holdfast.cli.setup;

import holdfast.cli.setup.Field.Place;
import holdfast.cli.setup.Field.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One thing that is to be, or is: what is said of it, in one form whoever said it. What it refers to is named.
///
/// @param fields in the order of its kind
public record Item(Kind kind, Map<String, JsonNode> fields) {
    public Item {
        var ordered = new LinkedHashMap<String, JsonNode>();
        for (var field : kind.fields())
            if (fields.containsKey(field.name())) ordered.put(field.name(), fields.get(field.name()));
        fields = Collections.unmodifiableMap(ordered);
    }

    /// What tells it from others of its kind. Parts that may be missing are named: `web-os/provider=north`.
    public String key() {
        var parts = new ArrayList<String>();
        for (var field : kind.fields()) {
            var text = text(field.name());
            if (field.place() == Place.KEY) parts.add(text);
            else if (field.place() == Place.AMONG && !text.isEmpty()) parts.add(field.name() + "=" + text);
        }
        return String.join("/", parts);
    }

    /// Such as `pool default/dev`.
    String name() {
        return kind.called() + " " + key();
    }

    /// A reference to another one.
    public record Ref(Kind kind, String key) {}

    /// To this one.
    public Ref ref() {
        return new Ref(kind, key());
    }

    /// The list that it is in.
    Wanted.ListOf list() {
        return new Wanted.ListOf(kind, kind.within().map(owner -> text(owner.singular())));
    }

    /// All that it refers to.
    public List<Ref> refs() {
        var refs = new ArrayList<Ref>();
        for (var field : kind.fields()) {
            var said = fields.get(field.name());
            if (said == null || field.of().isEmpty()) continue;
            if (field.shape() == Shape.REFS)
                said.forEach(one -> refs.add(new Ref(field.of().get(), one.asString())));
            else if (!said.asString("").isEmpty()) refs.add(new Ref(field.of().get(), said.asString()));
        }
        return refs;
    }

    /// Whether something is said of a field, and not that there is nothing.
    boolean says(String field) {
        return Optional.ofNullable(fields.get(field))
                .filter(node -> node.isContainer() || !node.asString("").isEmpty())
                .isPresent();
    }

    String text(String field) {
        return Optional.ofNullable(fields.get(field))
                .map(node -> node.asString(""))
                .orElse("");
    }
}
