package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.lease;
import static holdfast.api.blazar.BlazarLab.path;
import static holdfast.db.Tables.NOTICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Events that users put into leases (promise.md 5.4).
@Timeout(300)
class RemindersTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private static String with(String type, String date) {
        return lease("expo", hosts(1, 1, ""))
                .replace(
                        "\"events\": []",
                        "\"events\": [{\"event_type\": \"%s\", \"event_date\": \"%s\"}]".formatted(type, date));
    }

    private List<String> told(JsonNode lease) {
        return lab.database.inTransaction(tx -> tx.sql()
                .select(NOTICE.TYPE)
                .from(NOTICE)
                .where(NOTICE.OBJECT
                        .eq(UUID.fromString(lease.get("id").stringValue()))
                        .and(NOTICE.TYPE.startsWith("lease.")))
                .fetch(NOTICE.TYPE));
    }

    private static List<String> last(JsonNode lease) {
        var event = lease.get("events").valueStream().toList().getLast();
        return List.of(
                event.get("event_type").stringValue(),
                event.get("time").stringValue(),
                event.get("status").stringValue());
    }

    @Test
    void a_notification_is_told_once_at_its_time_and_is_shown_among_the_events() {
        var made = lab.made(ALICE, with("notification", "2031-05-02 12:00"));
        assertThat(made.get("events")).hasSize(4);
        assertThat(last(made)).containsExactly("notification", "2031-05-02T12:00:00.000000", "UNDONE");
        lab.json("PUT", path(made), ALICE, "{\"end_date\": \"2031-05-03 10:00\"}");
        lab.advance(Duration.ofHours(25));
        lab.until(made, "ACTIVE");
        assertThat(told(made)).isEmpty();
        lab.advance(Duration.ofHours(4));
        lab.waitFor(() -> !told(made).isEmpty());
        assertThat(told(made)).containsExactly("lease.event.notification");
        assertThat(last(lab.show(ALICE, made))).endsWith("DONE");
    }

    @Test
    void of_a_lease_that_was_given_up_nothing_is_told() {
        var given = lab.made(ALICE, with("notification", "2031-05-02 12:00"));
        assertThat(lab.call("DELETE", path(given), ALICE, "").status()).isEqualTo(204);
        var kept = lab.made(ALICE, with("notification", "2031-05-02 12:00"));
        lab.advance(Duration.ofHours(29));
        lab.waitFor(() -> !told(kept).isEmpty());
        assertThat(told(given)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "start_lease  | 2031-05-02 12:00 | event_type must be notification",
                "notification | 2031-05-03 08:01 | event_date must lie between now and end_date",
                "notification | 2031-05-01 07:59 | event_date must lie between now and end_date",
                "notification | noon             | is an invalid date",
            })
    void other_types_and_times_out_of_reach_are_refused(String type, String date, String words) {
        assertThat(lab.refused(400, "POST", LEASES, ALICE, with(type, date))).contains(words);
        assertThat(lab.json("GET", LEASES, ALICE, "").get("leases")).isEmpty();
    }
}
