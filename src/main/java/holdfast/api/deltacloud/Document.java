package holdfast.api.deltacloud;

import holdfast.platform.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is told, ready for each form: HTML is made of what XML says.
record Document(String title, Element xml, JsonNode json) {
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

    private static ObjectNode wrapped(String name, JsonNode inner) {
        var object = Json.object();
        object.set(name, inner);
        return object;
    }
}
