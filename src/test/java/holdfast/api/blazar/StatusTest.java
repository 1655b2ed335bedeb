package holdfast.api.blazar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.blazar.LeaseStatus.Event;
import holdfast.engine.types.TypeFile;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The tables of promise.md 3.4 and 3.5.
class StatusTest {
    private static final Instant START = Instant.parse("2031-05-02T08:00:00Z");
    private static final Instant WARNING = START.plusSeconds(1_800);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "initialized | CREATING    | pending | UNDONE      | UNDONE",
                "reserved    | PENDING     | pending | UNDONE      | UNDONE",
                "starting    | STARTING    | pending | IN_PROGRESS | UNDONE",
                "active      | ACTIVE      | active  | DONE        | UNDONE",
                "ending      | TERMINATING | active  | DONE        | IN_PROGRESS",
                "expiring    | TERMINATING | active  | DONE        | IN_PROGRESS",
                "ended       | TERMINATED  | deleted | DONE        | DONE",
                "expired     | TERMINATED  | deleted | DONE        | DONE",
                "failed      | ERROR       | error   | ERROR       | UNDONE",
            })
    void each_state_has_the_combination_of_the_table(
            String state, LeaseStatus status, String reservations, Event start, Event end) {
        var found = LeaseStatus.of(state, false).orElseThrow();
        assertThat(found).isEqualTo(status);
        assertThat(found.ofReservations(START, START)).isEqualTo(reservations);
        assertThat(found.start(START, START)).isEqualTo(start);
        assertThat(found.end()).isEqualTo(end);
    }

    /// The status that is derived from the events of a lease at rest.
    private static LeaseStatus derived(Event start, Event end) {
        return switch (start) {
            case UNDONE -> end == Event.UNDONE ? LeaseStatus.PENDING : LeaseStatus.ERROR;
            case DONE ->
                switch (end) {
                    case UNDONE -> LeaseStatus.ACTIVE;
                    case DONE -> LeaseStatus.TERMINATED;
                    case IN_PROGRESS, ERROR -> LeaseStatus.ERROR;
                };
            case IN_PROGRESS, ERROR -> LeaseStatus.ERROR;
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "ACTIVE", "TERMINATED", "ERROR"})
    void a_lease_at_rest_is_what_its_events_say(LeaseStatus status) {
        assertThat(derived(status.start(START, START), status.end())).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"-1, UNDONE, UNDONE, pending", "600, DONE, UNDONE, active", "1800, DONE, DONE, active"})
    void what_is_being_deleted_keeps_the_events_that_it_had(
            long after, Event start, Event warning, String reservations) {
        var now = START.plusSeconds(after);
        assertThat(LeaseStatus.DELETING.start(START, now)).isEqualTo(start);
        assertThat(LeaseStatus.DELETING.warning(WARNING, now)).isEqualTo(warning);
        assertThat(LeaseStatus.DELETING.ofReservations(START, now)).isEqualTo(reservations);
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_deleted_while_an_event_is_in_progress(LeaseStatus status) {
        boolean inProgress = status.start(START, START) == Event.IN_PROGRESS || status.end() == Event.IN_PROGRESS;
        assertThat(status.isDeletable()).isEqualTo(!inProgress);
    }

    @Test
    void every_state_of_a_reservation_is_a_status_or_is_not_seen() {
        var unseen = Set.of("held", "rejected", "lapsed", "cancelled");
        var states = TypeFile.standard().stream()
                .filter(type -> type.name().equals("reservation"))
                .flatMap(type -> type.course().orElseThrow().changes().stream())
                .flatMap(change -> Stream.of(change.from(), change.to()))
                .collect(Collectors.toSet());
        assertThat(states).isNotEmpty();
        for (var state : states)
            assertThat(LeaseStatus.of(state, false).isEmpty()).as(state).isEqualTo(unseen.contains(state));
        assertThat(EnumSet.allOf(LeaseStatus.class)).hasSize(9);
    }
}
