package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What lives at the accounts of a pool, as resources (aeolus.md 4.8).
interface ThingKind<T extends AccountThing> extends Kind {
    Class<T> thing();

    ObjectNode document(Face face, T thing);

    @Override
    default boolean adds(Face face) {
        return true;
    }

    @Override
    default List<ObjectNode> all(Face face) {
        return face.things().list(thing()).stream()
                .map(one -> document(face, one))
                .toList();
    }

    @Override
    default Optional<ObjectNode> one(Face face, String id) {
        return face.things().find(thing(), id).map(one -> document(face, one));
    }

    default T there(Face face, String id) {
        return face.things().find(thing(), id).orElseThrow(() -> Problem.nothing(type() + " " + id));
    }

    @Override
    default Done delete(Face face, String id) {
        face.things().delete(thing(), id).orThrow();
        return Done.nothing(200);
    }
}
