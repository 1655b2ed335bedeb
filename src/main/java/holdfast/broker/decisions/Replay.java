package holdfast.broker.decisions;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Decides again what was decided, on what was looked at then: a pure function of the log.
///
/// @param same how many had the same answer
/// @param skipped how many could not be decided again
/// @param different the first that has another answer now; nothing after it was looked at
public record Replay(int same, int skipped, Optional<Difference> different) {
    /// @param now the answer now; or that it cannot be decided, as `unreadable` with the reason
    public record Difference(Decision decision, JsonNode now) {}

    /// In the order of the list.
    public static Replay of(List<Decision> log) {
        int same = 0;
        int skipped = 0;
        for (var decision : log) {
            if (!decision.isReplayable()) {
                skipped++;
                continue;
            }
            var now = again(decision);
            if (!now.equals(decision.answer())) {
                return new Replay(same, skipped, Optional.of(new Difference(decision, now)));
            }
            same++;
        }
        return new Replay(same, skipped, Optional.empty());
    }

    private static JsonNode again(Decision decision) {
        try {
            var answer = Given.read(decision.given().orElseThrow())
                    .question(decision.asked())
                    .decide();
            return Json.tree(Json.text(answer)); // numbers and texts as they are read from the log
        } catch (JacksonException | IllegalStateException | holdfast.core.RefusedException e) {
            return Json.object().put("unreadable", String.valueOf(e.getMessage()));
        }
    }
}
