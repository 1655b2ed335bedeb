package holdfast.orchestrator;

import static holdfast.orchestrator.SliceState.ALLOCATED_ERROR;
import static holdfast.orchestrator.SliceState.ALLOCATED_OK;
import static holdfast.orchestrator.SliceState.CLOSING;
import static holdfast.orchestrator.SliceState.CONFIGURING;
import static holdfast.orchestrator.SliceState.DEAD;
import static holdfast.orchestrator.SliceState.MODIFYING;
import static holdfast.orchestrator.SliceState.MODIFY_ERROR;
import static holdfast.orchestrator.SliceState.MODIFY_OK;
import static holdfast.orchestrator.SliceState.NASCENT;
import static holdfast.orchestrator.SliceState.STABLE_ERROR;
import static holdfast.orchestrator.SliceState.STABLE_OK;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.orchestrator.SliceState.Operation;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The tables of fabric.md 3.1, every cell.
final class SliceStateTest {
    private static final Sliver TICKETING = Slivers.TICKETING;
    private static final Sliver TICKETED = Slivers.TICKETED;
    private static final Sliver ACTIVE = Slivers.ACTIVE;
    private static final Sliver FAILED = Slivers.FAILED;
    private static final Sliver CLOSED = Slivers.CLOSED;

    @Test
    void each_operation_is_allowed_from_the_states_of_the_table_and_no_other() {
        var all = EnumSet.allOf(SliceState.class);
        var allowed = Map.of(
                Operation.CREATE, EnumSet.of(NASCENT),
                Operation.MODIFY, EnumSet.of(STABLE_OK, STABLE_ERROR, CONFIGURING, ALLOCATED_OK, ALLOCATED_ERROR),
                Operation.RENEW,
                        EnumSet.of(STABLE_OK, STABLE_ERROR, ALLOCATED_OK, ALLOCATED_ERROR, MODIFY_OK, MODIFY_ERROR),
                Operation.DELETE, EnumSet.complementOf(EnumSet.of(CLOSING)));
        for (var operation : Operation.values()) {
            for (var state : all) {
                assertThat(state.after(operation) instanceof Answer.Yes)
                        .as("%s from %s", operation, state)
                        .isEqualTo(allowed.get(operation).contains(state));
            }
        }
        assertThat(DEAD.after(Operation.DELETE)).isEqualTo(Answer.yes(DEAD));
        assertThat(STABLE_OK.after(Operation.DELETE)).isEqualTo(Answer.yes(CLOSING));
    }

    @Test
    void a_slice_settles_by_what_became_of_its_slivers() {
        for (var from : Set.of(NASCENT, CONFIGURING)) {
            assertThat(from.reevaluate(List.of(TICKETING, ACTIVE))).isEqualTo(from);
            assertThat(from.reevaluate(List.of(ACTIVE, ACTIVE))).isEqualTo(STABLE_OK);
            assertThat(from.reevaluate(List.of(ACTIVE, FAILED))).isEqualTo(STABLE_ERROR);
            assertThat(from.reevaluate(List.of(ACTIVE, CLOSED))).isEqualTo(STABLE_OK);
            assertThat(from.reevaluate(List.of(TICKETED, TICKETED))).isEqualTo(ALLOCATED_OK);
            assertThat(from.reevaluate(List.of(TICKETED, FAILED))).isEqualTo(ALLOCATED_ERROR);
            assertThat(from.reevaluate(List.of(TICKETED, ACTIVE))).isEqualTo(from);
            assertThat(from.reevaluate(List.of(FAILED, CLOSED))).isEqualTo(CLOSING);
            assertThat(from.reevaluate(List.of())).isEqualTo(from);
        }
        assertThat(MODIFYING.reevaluate(List.of(ACTIVE))).isEqualTo(MODIFY_OK);
        assertThat(MODIFYING.reevaluate(List.of(ACTIVE, FAILED))).isEqualTo(MODIFY_ERROR);
        assertThat(MODIFYING.reevaluate(List.of(FAILED))).isEqualTo(CLOSING);
        assertThat(ALLOCATED_OK.reevaluate(List.of(TICKETED))).isEqualTo(ALLOCATED_OK);
        assertThat(ALLOCATED_OK.reevaluate(List.of(ACTIVE))).isEqualTo(STABLE_OK);
        assertThat(ALLOCATED_OK.reevaluate(List.of(ACTIVE, FAILED))).isEqualTo(STABLE_ERROR);
    }

    @Test
    void a_slice_whose_slivers_are_all_over_closes_and_then_is_dead() {
        for (var state : EnumSet.complementOf(EnumSet.of(CLOSING, DEAD))) {
            assertThat(state.reevaluate(List.of(CLOSED, FAILED)))
                    .as("from %s", state)
                    .isEqualTo(CLOSING);
        }
        assertThat(CLOSING.reevaluate(List.of(CLOSED, FAILED))).isEqualTo(DEAD);
        assertThat(CLOSING.reevaluate(List.of(CLOSED, ACTIVE))).isEqualTo(CLOSING);
        assertThat(DEAD.reevaluate(List.of(CLOSED))).isEqualTo(DEAD);
    }

    @Test
    void every_state_has_the_word_that_the_field_uses() {
        for (var state : SliceState.values()) {
            assertThat(SliceState.of(state.word())).isEqualTo(state);
        }
        assertThat(STABLE_OK.word()).isEqualTo("StableOK");
    }
}
