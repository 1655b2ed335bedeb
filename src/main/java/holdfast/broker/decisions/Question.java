package holdfast.broker.decisions;

import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Choice;
import holdfast.broker.choice.Draw;
import holdfast.broker.choice.Snapshot;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import tools.jackson.databind.JsonNode;

/// What was to be decided: the same question has the same answer.
public sealed interface Question {
    /// @param snapshot the calendar as it was found
    record Admit(Ask ask, Snapshot snapshot) implements Question {}

    record Take(Draw draw) implements Question {}

    /// The answer as it is kept.
    default JsonNode decide() {
        return switch (this) {
            case Admit(var ask, var snapshot) -> kept(Choice.decide(ask, snapshot));
            case Take(var draw) -> kept(draw.decide());
        };
    }

    /// How much there was to look at: the steps of all places, and what might have moved.
    default long steps() {
        return switch (this) {
            case Admit(var _, var snapshot) ->
                snapshot.places().values().stream()
                                .mapToLong(place -> place.free().changes() + 1L)
                                .sum()
                        + snapshot.pending().stream()
                                .mapToLong(pending -> pending.claims().size() + 1L)
                                .sum();
            case Take(var draw) -> draw.left().changes();
        };
    }

    /// What was asked for, as it is kept.
    default JsonNode asked() {
        return switch (this) {
            case Admit(var ask, var _) -> Json.toTree(ask);
            case Take(var draw) -> Json.toTree(Given.Wish.of(draw));
        };
    }

    /// How an answer is kept: `granted` or `refused`.
    static JsonNode kept(Answer<? extends Record> answer) {
        return switch (answer) {
            case Answer.No<? extends Record>(Refusal why) -> Json.object().set("refused", Json.toTree(why));
            case Answer.Yes<? extends Record>(var what) -> Json.object().set("granted", Json.toTree(what));
        };
    }
}
