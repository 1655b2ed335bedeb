package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.AccountThings.Said;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What lives at the accounts of a pool, as resources (aeolus.md 4.8). Names, descriptions and properties are the
/// user's: they are kept here, since not all providers keep them.
interface ThingKind<T extends AccountThing> extends Kind {
    Class<T> thing();

    /// As its provider knows it.
    ObjectNode document(Face face, T thing);

    /// Has one made as a request says.
    T make(Face face, ObjectNode body);

    /// Adds what is told only in the answer to the request by which it was made.
    default void once(ObjectNode document, T thing) {}

    @Override
    default boolean adds(Face face) {
        return true;
    }

    /// Those of all that are shown in the collection.
    default boolean isShown(T thing) {
        return true;
    }

    @Override
    default List<ObjectNode> all(Face face) {
        var said = face.things().said(thing());
        return face.things().list(thing()).stream()
                .filter(this::isShown)
                .map(one -> document(face, one, said.getOrDefault(one.id(), Said.NOTHING)))
                .toList();
    }

    @Override
    default Optional<ObjectNode> one(Face face, String id) {
        return face.things().find(thing(), id).map(one -> document(face, one, said(face, one)));
    }

    private Said said(Face face, T one) {
        return face.things().said(thing()).getOrDefault(one.id(), Said.NOTHING);
    }

    /// The same with what was said of it.
    private ObjectNode document(Face face, T one, Said said) {
        var document = document(face, one);
        var whole = Face.common(
                document.path("id").asString(),
                said.name().orElseGet(() -> document.path("name").asString()),
                said.description().or(() -> Fields.text(document, "description")),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        List.of("created", "updated").forEach(time -> {
            if (document.has(time)) {
                whole.set(time, document.get(time));
            }
        });
        if (!said.properties().isEmpty()) {
            said.properties().forEach(whole.putObject(Notation.PROPERTIES)::put);
        }
        document.properties().forEach(field -> whole.putIfAbsent(field.getKey(), field.getValue()));
        Face.operation(whole, "edit", document.path("id").asString());
        return whole;
    }

    default T there(Face face, String id) {
        return face.things().find(thing(), id).orElseThrow(() -> Problem.nothing(type() + " " + id));
    }

    @Override
    default Done create(Face face, ObjectNode body, Optional<String> token) {
        var said = new Said(Fields.name(body), Fields.text(body, "description"), Fields.properties(body));
        var made = make(face, body);
        if (!said.equals(Said.NOTHING)) {
            face.things().say(thing(), made.id(), said).orThrow();
        }
        var document = document(face, made, said);
        once(document, made);
        return Done.created(document);
    }

    @Override
    default Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var one = there(face, id);
        var before = said(face, one);
        var edit = Machines.edit(face, body);
        var after = new Said(
                edit.name().or(before::name),
                edit.description().orElse(before.description()),
                edit.properties().orElse(before.properties()));
        face.things().say(thing(), id, after).orThrow();
        return Done.ok(document(face, one, after));
    }

    @Override
    default Done delete(Face face, String id) {
        face.things().delete(thing(), id).orThrow();
        return Done.nothing(200);
    }
}
