package holdfast.api.deltacloud;

import holdfast.platform.HttpReply;
import java.util.Iterator;
import java.util.Map;

/// What an action says.
sealed interface Told {
    /// A document, in the form that the client wants.
    record Shown(int status, Document document, Map<String, String> headers) implements Told {}

    /// A collection of any length, in the form that the client wants.
    ///
    /// @param entities are taken once, as they are written
    record Listed(String collection, Iterator<Entity> entities) implements Told {}

    /// No body.
    record Nothing(int status, Map<String, String> headers) implements Told {}

    /// In a form of its own.
    record Raw(HttpReply reply) implements Told {}

    static Told ok(Document document) {
        return new Shown(200, document, Map.of());
    }

    static Told created(Document document, String location) {
        return new Shown(201, document, Map.of("Location", location));
    }

    static Told accepted(Document document) {
        return new Shown(202, document, Map.of());
    }

    static Told gone() {
        return new Nothing(204, Map.of());
    }
}
