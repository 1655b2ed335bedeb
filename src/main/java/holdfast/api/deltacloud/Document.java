package holdfast.api.deltacloud;

import holdfast.platform.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is told, ready for each form: HTML is made of what XML says.
///
/// @param json what is to be written as JSON
record Document(String title, Element xml, Object json) {
    /// One entity.
    static Document of(Entity entity) {
        return new Document(entity.kind() + " " + entity.id(), entity.xml(), wrapped(entity.kind(), entity.json()));
    }

    /// The same as it is told after an action: JSON without the kind around it.
    static Document bare(Entity entity) {
        return new Document(entity.kind() + " " + entity.id(), entity.xml(), entity.json());
    }

    /// All of a collection.
    static Document of(String collection, List<Entity> entities) {
        var array = Json.array();
        entities.forEach(entity -> array.add(entity.json()));
        return new Document(
                collection,
                Element.of(collection, entities.stream().map(Entity::xml).toList()),
                wrapped(collection, array));
    }

    /// The same of one that is never held as a whole: it is written once, in one form, and what is in it comes
    /// meanwhile.
    static Document flowing(String collection, Iterator<Entity> entities) {
        return new Document(
                collection,
                Element.flowing(collection, stream(entities).map(Entity::xml).iterator()),
                Map.of(collection, stream(entities).map(Entity::json).iterator()));
    }

    private static Stream<Entity> stream(Iterator<Entity> entities) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(entities, 0), false);
    }

    private static ObjectNode wrapped(String name, JsonNode inner) {
        var object = Json.object();
        object.set(name, inner);
        return object;
    }
}
