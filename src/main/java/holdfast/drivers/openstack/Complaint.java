package holdfast.drivers.openstack;

import holdfast.platform.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a service says in the body of an error. Each has a shape of its own.
///
/// @param kind the service's name for the reason, or nothing
/// @param message at most 500 characters
record Complaint(String kind, String message) {
    private static final int LONGEST = 500;

    /// @param text the body, in whatever shape
    static Complaint read(int status, String text) {
        try {
            var tree = Json.tree(text);
            if (tree.isObject()) return read(status, tree);
        } catch (JacksonException _) {
            // Something in between answered, with a page for people.
        }
        return new Complaint("", "it answered with status " + status);
    }

    private static Complaint read(int status, JsonNode body) {
        var neutron = body.path("NeutronError");
        if (neutron.isObject()) return of(neutron.path("type"), neutron.path("message"));
        if (neutron.isString()) return of(neutron.path("type"), neutron);
        var placement = body.path("errors").path(0);
        if (placement.isObject()) return of(placement.path("code"), placement.path("detail"));
        if (body.path("message").isString()) return of(body.path("title"), body.path("message")); // Glance
        for (var entry : body.properties()) { // Nova, Cinder, Keystone
            if (entry.getValue().path("message").isString())
                return new Complaint(
                        entry.getKey(), cut(entry.getValue().path("message").stringValue()));
        }
        return new Complaint("", "it answered with status " + status);
    }

    private static Complaint of(JsonNode kind, JsonNode message) {
        return new Complaint(kind.asString(""), cut(message.asString("")));
    }

    private static String cut(String message) {
        var line = message.replaceAll("(<br />|\\s)+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
