package holdfast.broker.decisions;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An entry of the log.
///
/// @param number rises with time; there may be gaps
/// @param asked the request, as JSON
/// @param versions of the places that were looked at or taken, as the decision left them; none of what a rule denied
/// @param answer `granted` with what was placed, claimed and moved; or `refused` with the reason and its certificate
/// @param given what it looked at; none if that was too large to be kept, or if something else than the calendar
///     refused it
public record Decision(
        long number,
        Instant at,
        Matter matter,
        boolean granted,
        JsonNode asked,
        JsonNode versions,
        JsonNode answer,
        Optional<byte[]> given) {
    /// Whether it can be decided again.
    public boolean isReplayable() {
        return given.isPresent();
    }
}
