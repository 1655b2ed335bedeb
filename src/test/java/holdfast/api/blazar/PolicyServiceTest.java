package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.ANN;
import static holdfast.api.blazar.BlazarLab.HOSTS;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.instances;
import static holdfast.api.blazar.BlazarLab.lease;
import static holdfast.api.blazar.BlazarLab.path;
import static holdfast.db.Tables.DECISION;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.PolicyReceiver;
import holdfast.PolicyReceiver.Reply;
import holdfast.TestDatabase;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// A policy service on a real socket that has a say in leases (promise.md 5.5).
@Timeout(300)
class PolicyServiceTest {
    private static final String CREATE = "/rules/check-create";
    private static final String UPDATE = "/rules/check-update";
    private static final String END = "/rules/on-end";
    private static final String NOT_ALLOWED = "the policy of this installation does not allow it";
    private static final String SILENT =
            "the policy service of this installation cannot say whether it is allowed; ask again later";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    @AutoClose
    private final PolicyReceiver policy = new PolicyReceiver();

    @BeforeEach
    void begin() {
        lab.set("reservation.policy.url", policy.url() + "/rules/");
        lab.set("reservation.policy.token", "s3cret");
    }

    private static Stream<String> names(JsonNode reservation) {
        return reservation
                .get("allocations")
                .valueStream()
                .map(host -> host.get("hypervisor_hostname").asString());
    }

    private JsonNode leases() {
        return lab.json("GET", LEASES, ALICE, "").get("leases");
    }

    @Test
    void what_it_allows_is_made_and_it_has_heard_who_wants_what_and_would_have_which_hosts() {
        var number = lab.json("GET", HOSTS, lab.admin, "").at("/hosts/0/id").asString();
        lab.json("PUT", HOSTS + "/" + number, lab.admin, "{\"gpu\": \"a100\"}");
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "[\"=\", \"$gpu\", \"a100\"]"), hosts(2, 2, "")));

        assertThat(made.get("status").asString()).isEqualTo("PENDING");
        assertThat(policy.heard(CREATE)).hasSize(1);
        var heard = policy.heard(CREATE).getFirst();
        assertThat(heard.token()).isEqualTo("s3cret");
        assertThat(heard.body().get("context").toString())
                .isEqualTo("{\"user_id\":\"alice\",\"project_id\":\"physics\",\"auth_url\":\"http://keystone/v3\","
                        + "\"region_name\":\"RegionOne\"}");
        var told = heard.lease();
        assertThat(told.get("name").asString()).isEqualTo("expo");
        assertThat(told.get("user_id").asString()).isEqualTo("alice");
        assertThat(told.get("project_id").asString()).isEqualTo("physics");
        assertThat(told.get("start_date").asString()).isEqualTo("2031-05-02T08:00:00");
        assertThat(told.get("end_date").asString()).isEqualTo("2031-05-03T08:00:00");
        assertThat(told.get("before_end_date").asString()).isEqualTo("2031-05-03T07:00:00");
        var first = told.at("/reservations/0");
        assertThat(first.get("resource_type").asString()).isEqualTo("physical:host");
        assertThat(first.get("max").asInt()).isEqualTo(1);
        assertThat(first.at("/allocations/0/id").asString()).isEqualTo(number);
        assertThat(first.at("/allocations/0/gpu").asString()).isEqualTo("a100");
        assertThat(first.at("/allocations/0/vcpus").isIntegralNumber()).isTrue();
    }

    @Test
    void two_reservations_of_one_type_carry_each_its_own_allocations() {
        lab.made(ALICE, lease("expo", hosts(1, 1, ""), hosts(2, 2, "")));
        var told = policy.heard(CREATE).getFirst().lease().get("reservations");
        assertThat(names(told.get(0)))
                .hasSize(1)
                .doesNotContainAnyElementsOf(names(told.get(1)).toList());
        assertThat(names(told.get(1))).hasSize(2);
    }

    @Test
    void addresses_are_told_as_they_were_set_aside() {
        var aside = lab.json(
                        "POST",
                        "/blazar/v1/floatingips",
                        lab.admin,
                        "{\"floating_network_id\": \"net-2\", \"floating_ip_address\": \"198.51.100.10\"}")
                .get("floatingip");
        lab.made(
                ALICE,
                lease(
                        "expo",
                        "{\"resource_type\": \"virtual:floatingip\", \"network_id\": \"net-2\", \"amount\": 1,"
                                + " \"required_floatingips\": [\"198.51.100.10\"]}"));
        var told = policy.heard(CREATE).getFirst().lease().at("/reservations/0");
        assertThat(told.get("network_id").asString()).isEqualTo("net-2");
        assertThat(told.at("/required_floatingips/0").asString()).isEqualTo("198.51.100.10");
        for (var field : new String[] {"id", "floating_network_id", "subnet_id", "floating_ip_address"})
            assertThat(told.at("/allocations/0").get(field)).as(field).isEqualTo(aside.get(field));
    }

    @Test
    void what_it_denies_is_refused_in_its_words_and_nothing_is_booked() {
        policy.answering(403, "{\"message\": \"physics has spent\\nits hours\"}");
        var before = lab.json("GET", HOSTS + "/allocations", ALICE, "");
        assertThat(lab.refused(403, "POST", LEASES, ALICE, lease("expo", hosts(1, 1, ""))))
                .isEqualTo("physics has spent its hours");
        assertThat(leases()).isEmpty();
        assertThat(lab.json("GET", HOSTS + "/allocations", ALICE, "")).isEqualTo(before);
    }

    @Test
    void what_it_denies_is_in_the_log_of_decisions() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        policy.answering(403, "{\"message\": \"physics has spent its hours\"}");
        lab.refused(403, "POST", LEASES, ALICE, lease("more", hosts(2, 2, "")));
        lab.refused(403, "PUT", path(made), ANN, "{\"end_date\": \"2031-05-03 10:00\"}");
        policy.answering(500, "");
        lab.refused(403, "POST", LEASES, ALICE, lease("more", hosts(2, 2, "")));
        var log = test.database()
                .inTransaction(tx -> tx.sql()
                        .select(
                                DECISION.VERB,
                                DECISION.WHO,
                                DECISION.GRANTED,
                                DSL.jsonbGetAttribute(DECISION.ANSWER, "refused"))
                        .from(DECISION)
                        .orderBy(DECISION.SEQ)
                        .fetch(row -> row.value1() + " " + row.value2() + " "
                                + (row.value3() ? "granted" : message(row.value4()))));
        assertThat(log)
                .containsExactly(
                        "CREATE alice granted",
                        "CREATE alice physics has spent its hours",
                        "UPDATE ann physics has spent its hours",
                        "CREATE alice " + SILENT);
        assertThat(leases()).hasSize(1);
    }

    private static String message(JSONB refused) {
        return Json.tree(refused.data()).get("message").asString();
    }

    @Test
    void it_is_not_asked_about_what_there_is_no_room_for_nor_what_a_quota_forbids() {
        lab.refused(409, "POST", LEASES, ALICE, lease("expo", hosts(9, 9, "")));
        lab.set("reservation.hours.ahead", "vcpu=10");
        lab.refused(403, "POST", LEASES, ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(policy.heard(CREATE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | no JSON            | " + NOT_ALLOWED + " | 1",
                "403 | {\"message\": 7}   | 7                    | 1",
                "403 | {\"reason\": \"x\"} | " + NOT_ALLOWED + " | 1",
                "200 | {\"ok\": true}     | " + NOT_ALLOWED + " | 1",
                "302 | elsewhere          | " + NOT_ALLOWED + " | 1",
                "404 | {}                 | " + NOT_ALLOWED + " | 1",
                "500 | {}                 | " + SILENT + "      | 2",
            })
    void an_answer_that_is_no_yes_is_a_no(int status, String body, String told, int asked) {
        policy.answering(status, body);
        assertThat(lab.refused(403, "POST", LEASES, ALICE, lease("expo", instances(1, "null"))))
                .isEqualTo(told);
        assertThat(policy.heard(CREATE)).hasSize(asked);
        assertThat(leases()).isEmpty();
    }

    @Test
    void it_is_asked_once_more_when_it_fails() {
        var calls = new AtomicInteger();
        policy.answering(_ -> calls.incrementAndGet() == 1 ? new Reply(503, "") : PolicyReceiver.YES);
        lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(calls).hasValue(2);
    }

    @Test
    void while_it_fails_all_is_allowed_if_it_fails_open_and_a_wrong_answer_is_still_a_no() {
        lab.set("reservation.policy.fail.open", "true");
        policy.answering(500, "");
        lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        policy.answering(404, "");
        assertThat(lab.refused(403, "POST", LEASES, ALICE, lease("expo", hosts(1, 1, ""))))
                .isEqualTo(NOT_ALLOWED);
        policy.close();
        lab.made(ALICE, lease("expo", hosts(1, 1, "")));
    }

    @Test
    void one_that_is_slow_is_not_waited_for() {
        var hour = new CountDownLatch(1);
        try (var database = TestDatabase.fresh();
                var hasty = new BlazarLab(database, CloudPlan.SMALL, Duration.ofMillis(200))) {
            hasty.set("reservation.policy.url", policy.url() + "/rules");
            policy.answering(_ -> after(hour));
            assertThat(hasty.refused(403, "POST", LEASES, ALICE, lease("expo", hosts(1, 1, ""))))
                    .isEqualTo(SILENT);
            assertThat(policy.heard(CREATE)).hasSize(2);
        } finally {
            hour.countDown();
        }
    }

    private static Reply after(CountDownLatch latch) {
        try {
            latch.await();
            return PolicyReceiver.YES;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(500, "");
        }
    }

    @Test
    void a_change_by_another_is_asked_for_in_the_name_of_who_makes_it() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        lab.json("PUT", path(made), ANN, "{\"end_date\": \"2031-05-03 10:00\"}");
        var heard = policy.heard(UPDATE).getFirst();
        assertThat(heard.body().at("/context/user_id").asString()).isEqualTo("ann");
        assertThat(heard.lease().get("user_id").asString()).isEqualTo("alice");
        assertThat(heard.lease().get("id")).isEqualTo(made.get("id"));
        assertThat(heard.lease().get("end_date").asString()).isEqualTo("2031-05-03T10:00:00");
        assertThat(names(heard.lease().at("/reservations/0"))).hasSize(1);
        assertThat(heard.body().at("/current_lease/end_date").asString()).isEqualTo("2031-05-03T08:00:00");
        assertThat(names(heard.body().at("/current_lease/reservations/0"))).hasSize(1);
        assertThat(lab.show(ALICE, made).get("end_date").asString()).startsWith("2031-05-03T10:00:00");
    }

    @Test
    void a_change_that_it_denies_is_not_made_and_a_name_needs_nobody() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        policy.answering(403, "{\"message\": \"no longer\"}");
        assertThat(lab.refused(403, "PUT", path(made), ALICE, "{\"end_date\": \"2031-05-03 10:00\"}"))
                .isEqualTo("no longer");
        assertThat(lab.show(ALICE, made)).isEqualTo(made);
        assertThat(lab.json("PUT", path(made), ALICE, "{\"name\": \"fair\"}")
                        .at("/lease/name")
                        .asString())
                .isEqualTo("fair");
        assertThat(policy.heard(UPDATE)).hasSize(1);
    }

    @Test
    void when_others_take_what_it_has_agreed_to_it_is_asked_about_what_there_is_now() {
        var calls = new AtomicInteger();
        policy.answering(_ -> {
            if (calls.incrementAndGet() == 1) lab.made(ANN, lease("faster", hosts(1, 1, "")));
            return PolicyReceiver.YES;
        });
        lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        var asked = policy.heard(CREATE).stream()
                .map(heard -> heard.lease().get("name").asString() + " "
                        + names(heard.lease().at("/reservations/0")).toList())
                .toList();
        assertThat(asked).hasSize(3).doesNotHaveDuplicates();
        assertThat(asked.get(1).replace("faster", "expo")).isEqualTo(asked.getFirst());
    }

    @Test
    void what_is_deleted_before_its_start_or_ends_is_told_once() {
        var given = lab.made(ALICE, lease("given", hosts(1, 1, "")));
        lab.json("DELETE", path(given), ANN, "");
        var ended = lab.made(ALICE, lease("ended", hosts(1, 1, "")));
        lab.advance(Duration.ofDays(3));
        lab.until(ended, "TERMINATED");
        lab.waitFor(() -> policy.heard(END).size() == 2);
        assertThat(policy.heard(END))
                .extracting(heard -> heard.lease().get("id"))
                .containsExactly(given.get("id"), ended.get("id"));
        var first = policy.heard(END).getFirst();
        assertThat(first.token()).isEqualTo("s3cret");
        assertThat(first.body().at("/context/user_id").asString()).isEqualTo("alice");
        assertThat(names(first.lease().at("/reservations/0"))).hasSize(1);
    }

    @Test
    void an_end_is_told_again_until_it_is_taken() {
        policy.answering(heard ->
                heard.path().equals(END) && policy.heard(END).size() < 3 ? new Reply(500, "") : PolicyReceiver.YES);
        lab.json("DELETE", path(lab.made(ALICE, lease("expo", hosts(1, 1, "")))), ALICE, "");
        lab.waitFor(() -> policy.heard(END).size() == 3);
        assertThat(policy.heard(END).stream().map(heard -> heard.body()).distinct())
                .hasSize(1);
    }

    @Test
    void each_address_can_be_replaced_and_what_has_none_is_not_asked() {
        lab.set("reservation.policy.create.url", policy.url() + "/new");
        lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(policy.heard("/new")).hasSize(1);
        assertThat(policy.heard(CREATE)).isEmpty();
    }
}
