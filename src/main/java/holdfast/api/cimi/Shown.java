package holdfast.api.cimi;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Puts documents together, as a query asks for them (aeolus.md 5.4.5).
final class Shown {
    private final Map<String, Kind> kinds;

    /// @param kinds all that there are, by their paths
    Shown(Map<String, Kind> kinds) {
        this.kinds = kinds;
    }

    static ObjectNode typed(String type) {
        return Json.object().put(Notation.RESOURCE, Notation.NAMESPACE + "/" + type);
    }

    /// @param document which may know better what it is
    static ObjectNode whole(String type, ObjectNode document) {
        var whole = typed(type);
        whole.setAll(document);
        return whole;
    }

    /// The attributes of the entry point that lead to what there is.
    ///
    /// @param face empty as long as nobody has said who asks; then nothing is expanded
    void entries(ObjectNode entry, String base, List<Kind> offered, Optional<Face> face) {
        for (var kind : offered) {
            kind.entry().ifPresent(name -> {
                var expanded = face.filter(known -> known.query().expands(name))
                        .map(known -> all(known, kind, kind.all(known)));
                entry.set(name, expanded.orElseGet(() -> Json.object().put(Notation.HREF, base + "/" + kind.path())));
            });
        }
    }

    private static ObjectNode all(Face face, Kind kind, List<ObjectNode> members) {
        var add = kind.adds(face) ? Optional.of(face.at(kind.path())) : Optional.<String>empty();
        return collection(face.at(kind.path()), new Kind.Part(kind.type(), kind.members(), members, add));
    }

    private static ObjectNode collection(String at, Kind.Part part) {
        var node = typed(part.type() + "Collection").put("id", at).put(Notation.HREF, at);
        node.put("count", part.all().size());
        node.putArray(part.members()).addAll(part.all());
        part.add().ifPresent(address -> Face.operation(node, "add", address));
        return node;
    }

    /// A collection below a resource, whole.
    static ObjectNode collection(Face face, Kind.Part part, String... path) {
        return collection(face.at(path), part);
    }

    ObjectNode asked(Face face, Kind kind) {
        var query = face.query();
        var slice =
                Optional.of(query).filter(Query::isPlain).flatMap(_ -> kind.slice(face, query.offset(), query.limit()));
        return slice.map(part -> shown(face, all(face, kind, List.of()), kind.members(), part.members(), part.total()))
                .orElseGet(() -> asked(face, all(face, kind, kind.all(face)), kind.members()));
    }

    ObjectNode asked(Face face, Kind.Part part, String... path) {
        return asked(face, collection(face, part, path), part.members());
    }

    /// Filtered, ordered, cut, expanded and selected, in this order.
    private ObjectNode asked(Face face, ObjectNode collection, String members) {
        var all = collection.path(members).valueStream().map(ObjectNode.class::cast);
        var found = face.query().found(all.toList());
        return shown(face, collection, members, face.query().slice(found), found.size());
    }

    private ObjectNode shown(Face face, ObjectNode collection, String members, List<ObjectNode> some, int count) {
        var shown = some.stream()
                .map(entry -> face.query().selected(expanded(face, entry)))
                .toList();
        collection.put("count", count);
        collection.putArray(members).addAll(shown);
        return collection;
    }

    /// One resource, or a member of a collection below one.
    ObjectNode asked(Face face, String type, ObjectNode document) {
        return whole(type, face.query().selected(expanded(face, document)));
    }

    /// With what its references lead to, one level deep, where that is asked for.
    private ObjectNode expanded(Face face, ObjectNode document) {
        for (var name : List.copyOf(document.propertyNames())) {
            var address = document.path(name).path(Notation.HREF).asString("");
            if (face.query().expands(name) && address.startsWith(face.base() + "/")) {
                led(face, List.of(address.substring(face.base().length() + 1).split("/")))
                        .ifPresent(inside -> document.set(name, inside.put(Notation.HREF, address)));
            }
        }
        return document;
    }

    private Optional<ObjectNode> led(Face face, List<String> path) {
        var kind = kind(face, path.getFirst());
        return switch (path.size()) {
            case 2 -> kind.flatMap(known -> known.one(face, Fields.last(path.get(1))));
            case 3 -> {
                var id = Fields.last(path.get(1));
                yield kind.flatMap(known -> known.part(face, id, path.get(2)))
                        .map(part -> collection(face, part, path.getFirst(), id, path.get(2)));
            }
            default -> Optional.empty();
        };
    }

    /// A kind of resources that this pool has.
    Optional<Kind> kind(Face face, String path) {
        return Optional.ofNullable(kinds.get(path))
                .filter(kind -> kind.needs().filter(need -> !face.offers(need)).isEmpty());
    }
}
