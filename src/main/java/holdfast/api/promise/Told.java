package holdfast.api.promise;

import holdfast.core.Refusal;
import holdfast.platform.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The beginning of every answer to an intent: `result` and `message` (promise.md 5.1).
final class Told {
    private static final String ELEMENT = "element";

    private Told() {}

    static ObjectNode ok(String message) {
        return Json.object().put("result", "ok").put("message", message);
    }

    static ObjectNode conflict(String message) {
        return Json.object().put("result", "conflict").put("message", message);
    }

    private static ObjectNode error(String message) {
        return Json.object().put("result", "error").put("message", message);
    }

    /// What was not done, and why: no capacity is a conflict, all else an error.
    static ObjectNode refused(Refusal why) {
        var told = why.kind() == Refusal.Kind.NO_ROOM ? conflict(shortage(why)) : error(why.message());
        why.field().ifPresent(field -> told.put("field", field));
        why.wish().ifPresent(wish -> told.put("wish", wish));
        why.certificate().ifPresent(shown -> {
            var deficit = told.putArray("deficit")
                    .addObject()
                    .put("key", Keys.key(shown.dimension()))
                    .put("at", shown.at().toString())
                    .put("requested", shown.wanted())
                    .put("available", shown.free());
            if (shown.dimension().equals(ELEMENT)) {
                deficit.put(ELEMENT, shown.place());
            }
        });
        why.earliest().ifPresent(earliest -> told.put("earliest", earliest.toString()));
        return told;
    }

    /// In Promise's words, and without the names of places; what is no quantity says itself what it is.
    private static String shortage(Refusal why) {
        return why.certificate()
                .filter(shown ->
                        !shown.dimension().equals(ELEMENT) && !shown.dimension().equals("host"))
                .map(shown -> Keys.key(shown.dimension()) + " short by " + shown.deficit() + " at " + shown.at())
                .orElse(why.message());
    }

    /// Several things are wrong: the first is the message, all are told.
    static ObjectNode faults(List<Refusal> all) {
        var told = refused(all.getFirst());
        if (all.size() > 1) {
            var details = told.putArray("details");
            all.forEach(why ->
                    details.addObject().put("field", why.field().orElse("")).put("message", why.message()));
        }
        return told;
    }
}
