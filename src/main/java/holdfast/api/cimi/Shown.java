package holdfast.api.cimi;

import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import tools.jackson.databind.node.ObjectNode;

/// Puts documents together, as a query asks for them (aeolus.md 5.4.5).
final class Shown {
    private static final int MOST_INSIDE = 1_000;
    private static final int MOST_KNOWN = 100;

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
                var expanded = face.filter(known -> known.query().expands(name)).map(known -> inside(known, kind));
                entry.set(name, expanded.orElseGet(() -> Json.object().put(Notation.HREF, base + "/" + kind.path())));
            });
        }
    }

    /// A collection that is inside of something else, which is held: of very many only so many are shown.
    private static ObjectNode inside(Face face, Kind kind) {
        var all = found(face, kind, Query.ALL);
        var members = new ArrayList<ObjectNode>();
        while (members.size() < MOST_INSIDE && all.some().hasNext()) {
            members.add(all.some().next());
        }
        return collection(face.at(kind.path()), part(face, kind, members)).put("count", all.total());
    }

    private static Kind.Found found(Face face, Kind kind, Query query) {
        return kind.found(face, query).orElseGet(() -> found(query, kind.all(face)));
    }

    private static Kind.Found found(Query query, List<ObjectNode> all) {
        var found = query.found(all);
        return new Kind.Found(query.slice(found).iterator(), found.size());
    }

    private static Kind.Part part(Face face, Kind kind, List<ObjectNode> members) {
        var add = kind.adds(face) ? Optional.of(face.at(kind.path())) : Optional.<String>empty();
        return new Kind.Part(kind.type(), kind.members(), members, add);
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

    /// A collection as it is written.
    ///
    /// @param document without its members
    /// @param members the name of their array in it
    /// @param entries come while they are written, once
    record Listed(ObjectNode document, String members, Iterator<ObjectNode> entries) {}

    Listed asked(Face face, Kind kind) {
        var empty = collection(face.at(kind.path()), part(face, kind, List.of()));
        return listed(face, empty, kind.members(), found(face, kind, face.query()));
    }

    Listed asked(Face face, Kind.Part part, String... path) {
        var empty = new Kind.Part(part.type(), part.members(), List.of(), part.add());
        return listed(face, collection(face, empty, path), part.members(), found(face.query(), part.all()));
    }

    /// What was filtered, ordered and cut is expanded and selected, in this order.
    private Listed listed(Face face, ObjectNode collection, String members, Kind.Found found) {
        var known = new HashMap<String, Optional<ObjectNode>>();
        var entries = StreamSupport.stream(Spliterators.spliteratorUnknownSize(found.some(), 0), false)
                .map(entry -> face.query().selected(expanded(face, entry, known)));
        return new Listed(collection.put("count", found.total()), members, entries.iterator());
    }

    /// One resource, or a member of a collection below one.
    ObjectNode asked(Face face, String type, ObjectNode document) {
        return whole(type, face.query().selected(expanded(face, document, new HashMap<>())));
    }

    /// With what its references lead to, one level deep, where that is asked for.
    ///
    /// @param known what references of others led to: many lead to the same
    private ObjectNode expanded(Face face, ObjectNode document, Map<String, Optional<ObjectNode>> known) {
        for (var name : List.copyOf(document.propertyNames())) {
            var address = document.path(name).path(Notation.HREF).asString("");
            if (face.query().expands(name) && address.startsWith(face.base() + "/")) {
                if (known.size() == MOST_KNOWN) {
                    known.clear();
                }
                known.computeIfAbsent(address, _ -> led(face, address)).ifPresent(inside -> document.set(name, inside));
            }
        }
        return document;
    }

    private Optional<ObjectNode> led(Face face, String address) {
        var path = address.substring(face.base().length() + 1).split("/");
        return led(face, List.of(path)).map(inside -> inside.put(Notation.HREF, address));
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
