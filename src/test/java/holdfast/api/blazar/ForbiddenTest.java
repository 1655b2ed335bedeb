package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.HOSTS;
import static holdfast.api.blazar.BlazarLab.between;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.path;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Each status of a lease and each thing that can be asked of it, on the wire: what promise.md 3.4, 3.5 and 5.4 forbid
/// is refused with 409 in our words, changes nothing, and the lease goes on as if nobody had asked.
@Timeout(300)
class ForbiddenTest {
    private static final String OVER = "the lease is over; only its name can change";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private final AtomicInteger tried = new AtomicInteger();

    /// What is asked for.
    private enum Verb {
        DATES,
        RESERVATIONS,
        WARNING,
        NAME,
        DELETE
    }

    /// A status, the state of our reservation that is seen as it, and what may be asked for in it. All else is
    /// refused.
    ///
    /// @param words of the refusal of a change
    private record Row(LeaseStatus status, String state, String words, Verb... allowed) {
        boolean allows(Verb verb) {
            return List.of(allowed).contains(verb);
        }
    }

    private static Row changing(LeaseStatus status, String state) {
        return new Row(status, state, "", Verb.values());
    }

    private static Row busy(LeaseStatus status, String state, Verb... allowed) {
        return new Row(status, state, "Lease is " + status + " and cannot be changed now", allowed);
    }

    private static final List<Row> TABLE = List.of(
            busy(LeaseStatus.CREATING, "initialized", Verb.NAME, Verb.DELETE),
            changing(LeaseStatus.PENDING, "reserved"),
            busy(LeaseStatus.STARTING, "starting", Verb.NAME),
            changing(LeaseStatus.ACTIVE, "active"),
            busy(LeaseStatus.UPDATING, "reserved", Verb.NAME, Verb.DELETE),
            busy(LeaseStatus.UPDATING, "active", Verb.NAME, Verb.DELETE),
            busy(LeaseStatus.TERMINATING, "ending", Verb.NAME),
            busy(LeaseStatus.TERMINATING, "expiring", Verb.NAME),
            new Row(LeaseStatus.TERMINATED, "ended", OVER, Verb.NAME, Verb.DELETE),
            new Row(LeaseStatus.TERMINATED, "expired", OVER, Verb.NAME, Verb.DELETE),
            busy(LeaseStatus.ERROR, "failed", Verb.NAME, Verb.DELETE),
            busy(LeaseStatus.DELETING, "cancelling", Verb.NAME, Verb.DELETE));

    @TestFactory
    Stream<DynamicTest> each_pair_of_a_status_and_a_request_is_served_or_refused_and_none_is_lost() {
        assertThat(TABLE.stream().map(Row::status).distinct()).containsExactlyInAnyOrder(LeaseStatus.values());
        return TABLE.stream()
                .flatMap(row -> Stream.of(Verb.values())
                        .map(verb -> DynamicTest.dynamicTest(
                                row.status + " (" + row.state + ") " + verb, () -> tries(row, verb))));
    }

    private void tries(Row row, Verb verb) {
        var day = LocalDate.of(2031, 5, 2).plusDays(2L * tried.incrementAndGet());
        var made = lab.made(ALICE, between(day + " 08:00", day.plusDays(1) + " 08:00", "expo", hosts(1, 2, "")));
        var next = day.plusDays(1);
        var booked = booked(made);
        var own = lab.state(made);
        put(made, row);
        var before = lab.show(ALICE, made);
        assertThat(before.get("status").stringValue()).isEqualTo(row.status.name());
        if (row.allows(verb)) {
            var answer = lab.call(verb == Verb.DELETE ? "DELETE" : "PUT", path(made), ALICE, body(made, next, verb));
            assertThat(answer.status()).as(answer.text()).isEqualTo(verb == Verb.DELETE ? 204 : 200);
        } else {
            var words =
                    lab.refused(409, verb == Verb.DELETE ? "DELETE" : "PUT", path(made), ALICE, body(made, next, verb));
            assertThat(words)
                    .isEqualTo(
                            verb == Verb.DELETE
                                    ? "Lease is " + row.status + " and cannot be deleted now; ask again when it is not"
                                    : row.words);
            assertThat(lab.show(ALICE, made)).isEqualTo(before);
            assertThat(booked(made)).isEqualTo(booked);
            goesOn(made, own, next, row);
        }
    }

    /// As it is while providers are slow.
    private void put(JsonNode made, Row row) {
        if (row.status == LeaseStatus.UPDATING) {
            lab.updating(made);
        }
        if (row.status == LeaseStatus.TERMINATED || row.status == LeaseStatus.ERROR) {
            lab.over(made, row.state);
        } else if (!row.state.equals("reserved")) {
            lab.become(made, row.state);
        }
    }

    /// Back in its own state it can be given up, and then nothing is left.
    private void goesOn(JsonNode made, String own, LocalDate next, Row row) {
        if (row.status == LeaseStatus.TERMINATED || row.status == LeaseStatus.ERROR) {
            return;
        }
        lab.settled(made);
        lab.become(made, own);
        lab.json("PUT", path(made), ALICE, body(made, next, Verb.DATES));
        assertThat(lab.call("DELETE", path(made), ALICE, "").status()).isEqualTo(204);
        assertThat(booked(made)).isEmpty();
    }

    private static String body(JsonNode made, LocalDate last, Verb verb) {
        return switch (verb) {
            case DATES -> "{\"end_date\": \"" + last + " 10:00\"}";
            case RESERVATIONS -> """
                {"reservations": [{"id": "%s", "max": 3}]}""".formatted(made.at("/reservations/0/id").stringValue());
            case WARNING -> "{\"before_end_date\": \"" + last + " 06:00\"}";
            case NAME -> "{\"name\": \"fair\"}";
            case DELETE -> "";
        };
    }

    private List<JsonNode> booked(JsonNode made) {
        return lab.json("GET", HOSTS + "/allocations?lease_id=" + made.get("id").stringValue(), ALICE, "")
                .get("allocations")
                .valueStream()
                .filter(host -> !host.get("reservations").isEmpty())
                .toList();
    }
}
