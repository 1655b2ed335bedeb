package holdfast.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Something that users may want to hear of (promise.md 5.3).
///
/// @param id stays the same however often it is told
/// @param type what happened: two to six words with dots between them, such as `reservation.started`
/// @param object what it happened to
/// @param project whose members may hear of it; empty for everybody, who then must learn no more than totals
/// @param reservation the one that it concerns
/// @param zone where it happened
/// @param data what else is to be said, without secrets
public record Notice(
        UUID id,
        String type,
        Instant at,
        Thing object,
        String project,
        Optional<UUID> reservation,
        Optional<String> zone,
        ObjectNode data) {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_-]{0,39}(\\.[A-Za-z0-9_-]{1,40}){1,5}");

    /// @throws IllegalArgumentException if the type is not such a name
    public Notice {
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("'" + type + "' is no type of notice");
        }
    }

    /// What a notice is about.
    ///
    /// @param kind such as `reservation`
    /// @param version it had after what happened
    public record Thing(String kind, UUID id, long version) {
        public static Thing of(Resource resource) {
            return new Thing(resource.type(), resource.id(), resource.version());
        }
    }
}
