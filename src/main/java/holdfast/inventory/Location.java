package holdfast.inventory;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Where a node stands; any part may be unknown.
///
/// @param postal postal address
/// @param latitude degrees north
/// @param longitude degrees east
public record Location(Optional<String> postal, Optional<Double> latitude, Optional<Double> longitude) {
    static Location read(String text) throws Json.Unfit {
        var members = Json.object(text);
        var postal = Optional.ofNullable(members.get("postal")).filter(value -> !value.isNull());
        if (postal.isPresent() && !postal.get().isString()) {
            throw new Json.Unfit("gives postal as " + postal.get() + ", where a text is needed");
        }
        return new Location(
                postal.map(JsonNode::stringValue),
                degrees("lat", Optional.ofNullable(members.get("lat")), 90),
                degrees("lon", Optional.ofNullable(members.get("lon")), 180));
    }

    private static Optional<Double> degrees(String name, Optional<JsonNode> value, int limit) throws Json.Unfit {
        if (value.isEmpty() || value.get().isNull()) {
            return Optional.empty();
        }
        if (!value.get().isNumber() || Math.abs(value.get().doubleValue()) > limit) {
            throw new Json.Unfit("gives %s as %s, where a number from -%d to %d is needed"
                    .formatted(name, value.get(), limit, limit));
        }
        return Optional.of(value.get().doubleValue());
    }
}
