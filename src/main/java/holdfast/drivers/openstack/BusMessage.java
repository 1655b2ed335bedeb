package holdfast.drivers.openstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a notification on the bus of an OpenStack says has changed, in both formats of Nova and in that of Neutron
/// and Cinder.
///
/// Anybody who may write to the bus may have written it, so only the name of what happened and an id are taken from it.
/// The rest holds, among others, tokens of users.
final class BusMessage {
    /// What is over has changed something; what begins, and each step on the way, has not yet.
    private static final Pattern EVENT = Pattern.compile(
            "(?:(?!scheduler\\.)[a-z_]{1,30}\\.){1,4}(?:end|error)|(?:service|flavor)\\.(?:create|update|delete)");

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");
    /// Where it is, one service and format after the other.
    private static final List<String> IDS = List.of(
            "/payload/instance_id",
            "/payload/nova_object.data/uuid",
            "/payload/port/id",
            "/payload/floatingip/id",
            "/payload/volume_id",
            "/payload/id");

    private BusMessage() {}

    /// @param body of a message, whatever it is
    /// @return what may have changed, such as `compute.instance.delete.end 4fa2a5e3-5739-406a-90c1-222b5393f15b`;
    ///     empty if nothing that matters
    static Optional<String> hint(byte[] body) {
        try {
            var message = opened(Json.tree(new String(body, UTF_8)));
            var event = message.path("event_type").asString("");
            return EVENT.matcher(event).matches() ? Optional.of((event + " " + id(message)).strip()) : Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// A message of today is text inside of an envelope, one of old is not.
    private static JsonNode opened(JsonNode outer) {
        var inner = outer.path("oslo.message");
        return inner.isString() ? Json.tree(inner.stringValue()) : outer;
    }

    private static String id(JsonNode message) {
        return IDS.stream()
                .map(path -> message.at(path).asString(""))
                .filter(id -> ID.matcher(id).matches())
                .findFirst()
                .orElse("");
    }
}
