package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.ANN;
import static holdfast.api.resources.TestDomain.BOB;
import static holdfast.api.resources.TestDomain.in;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Resources;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Who sees what, and long lists.
@Timeout(300)
class VisibilityTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain =
            new TestDomain(db, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    private JsonNode create(String token, String name) {
        var reply = domain.post(token, "/v1/slices", """
                {"name": "%s", "hours": 1, "nodes": [{"name": "node1", "site": "LAB", "cores": 1, "ram": 1, "disk": 1}]}""".formatted(name));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return domain.follow(token, reply.json().get("id").stringValue(), in("StableOK"))
                .getLast();
    }

    /// Without a stream of events, which would look into the database as well.
    private void quietly(String name) {
        domain.post(ALICE, "/v1/slices", """
                {"name": "%s", "hours": 1, "nodes": [{"name": "node1", "site": "LAB", "cores": 1}]}""".formatted(name));
        domain.waitFor(() -> domain.get(ALICE, "/v1/slices/" + name)
                .json()
                .get("state")
                .stringValue()
                .equals("StableOK"));
    }

    private static List<String> names(JsonNode collection) {
        return collection
                .get("data")
                .valueStream()
                .map(one -> one.get("name").stringValue())
                .toList();
    }

    @Test
    void what_belongs_to_another_project_does_not_exist() {
        var slice = create(ALICE, "secret");
        var id = slice.get("id").stringValue();
        var sliver = slice.get("slivers").get(0).get("id").stringValue();
        var process = domain.get(ALICE, "/v1/processes?name=lease.create")
                .json()
                .get("data")
                .get(0)
                .get("id")
                .stringValue();
        for (var target : List.of(
                "/v1/slices/" + id,
                "/v1/slices/secret",
                "/v1/slivers/" + sliver,
                "/v1/slices/" + id + "/slivers",
                "/v1/slices/" + id + "/graph",
                "/v1/slices/" + id + "/events",
                "/v1/processes/" + process)) {
            var stranger = domain.get(BOB, target);
            assertThat(stranger.status()).as(target).isEqualTo(404);
            assertThat(domain.get(ANN, target.replace("/events", "")).status())
                    .as("of the same project")
                    .isEqualTo(200);
        }
        assertThat(domain.delete(BOB, "/v1/slices/" + id).status()).isEqualTo(404);
        assertThat(domain.delete(ANN, "/v1/slices/" + id).status())
                .as("sees it, but it is not hers")
                .isEqualTo(403);
        for (var list : List.of("slices", "slivers", "tickets", "leases", "processes", "journal", "delegations")) {
            var text = domain.get(BOB, "/v1/" + list + "?limit=1000").text();
            assertThat(text)
                    .as(list)
                    .doesNotContain("secret")
                    .doesNotContain(id)
                    .doesNotContain(sliver);
        }
        assertThat(domain.get(BOB, "/v1/slices?project=physics").json().get("data"))
                .isEmpty();
        assertThat(domain.get(BOB, "/v1/status").json().get("census").has("slice"))
                .isFalse();
        assertThat(domain.get(BOB, "/v1/processdefinitions").text()).doesNotContain("attach-");
        assertThat(names(domain.get(BOB, "/v1/sites").json()))
                .as("for all to see")
                .containsExactly("LAB");
        assertThat(names(domain.get(domain.admin, "/v1/slices").json())).containsExactly("secret");
        assertThat(slice.get("actions").has("delete")).isTrue();
        assertThat(domain.get(ANN, "/v1/slices/secret").json().get("actions")).isEmpty();
        assertThat(domain.delete(domain.admin, "/v1/slices/" + id).status()).isEqualTo(200);
    }

    @Test
    void a_name_finds_ones_own_and_several_are_told_apart() {
        create(ALICE, "same");
        create(BOB, "same");
        assertThat(domain.get(ALICE, "/v1/slices/same").json().get("owner").stringValue())
                .isEqualTo("alice");
        assertThat(domain.get(BOB, "/v1/slices/same").json().get("owner").stringValue())
                .isEqualTo("bob");
        var both = domain.get(domain.admin, "/v1/slices/same");
        assertThat(both.status()).isEqualTo(409);
        assertThat(both.json().get("message").stringValue()).contains("several slices", "(of orchestrator)");
        assertThat(domain.post(ALICE, "/v1/slices", """
                {"name": "same", "nodes": [{"name": "node1", "site": "LAB", "cores": 1}]}""").status()).isEqualTo(409);
    }

    @Test
    void the_name_of_what_is_gone_finds_the_last_one() {
        var first = create(ALICE, "again");
        domain.delete(ALICE, "/v1/slices/again");
        domain.follow(ALICE, first.get("id").stringValue(), in("Dead"));
        assertThat(domain.get(ALICE, "/v1/slices/again").json().get("state").stringValue())
                .isEqualTo("Dead");
        var second = create(ALICE, "again");
        assertThat(domain.get(ALICE, "/v1/slices/again").json().get("id")).isEqualTo(second.get("id"));
        assertThat(names(domain.get(ALICE, "/v1/slices").json())).hasSize(1);
        assertThat(names(domain.get(ALICE, "/v1/slices?_removed=true").json())).hasSize(2);
    }

    @Test
    void a_list_read_page_by_page_is_whole_though_things_come_and_go() {
        for (int n = 0; n < 6; n++) {
            create(ALICE, "slice-" + n);
        }
        var seen = new ArrayList<String>();
        var target = "/v1/slices?limit=2&state=StableOK";
        int page = 0;
        while (!target.isEmpty()) {
            var reply = domain.get(ALICE, target).json();
            assertThat(reply.get("data")).hasSizeLessThanOrEqualTo(2);
            seen.addAll(names(reply));
            if (page++ == 0) {
                var gone =
                        domain.get(ALICE, "/v1/slices/slice-0").json().get("id").stringValue();
                domain.delete(ALICE, "/v1/slices/slice-0");
                domain.follow(ALICE, gone, in("Dead"));
                create(ALICE, "late");
            }
            target = reply.get("pagination").get("next").asString("");
            assertThat(target.isEmpty() || target.contains("state=StableOK"))
                    .as("filters are kept")
                    .isTrue();
        }
        assertThat(seen).containsExactly("slice-0", "slice-1", "slice-2", "slice-3", "slice-4", "slice-5", "late");
        var ids = new HashSet<String>();
        for (target = "/v1/processes?limit=5"; !target.isEmpty(); ) {
            var reply = domain.get(ALICE, target).json();
            reply.get("data")
                    .forEach(process -> assertThat(ids.add(process.get("id").stringValue()))
                            .as("told once")
                            .isTrue());
            target = reply.get("pagination").get("next").asString("");
        }
        assertThat(ids)
                .hasSize(domain.get(ALICE, "/v1/processes?limit=1000")
                        .json()
                        .get("data")
                        .size());
    }

    @Test
    void the_journal_can_be_followed() {
        create(ALICE, "first");
        var latest = domain.get(ALICE, "/v1/journal?type=slice").json();
        assertThat(moves(latest)).containsExactly("first Configuring", "first StableOK");
        var settled = domain.get(ALICE, "/v1/journal?type=slice&after=0").json();
        while (moves(settled).size() < 2) { // another transaction is open for a moment
            settled = domain.get(ALICE, "/v1/journal?type=slice&after=0").json();
        }
        var next = settled.get("pagination").get("next").stringValue();
        assertThat(moves(domain.get(ALICE, next).json())).isEmpty();
        create(ALICE, "second");
        domain.waitFor(
                () -> moves(domain.get(ALICE, next).json()).equals(List.of("second Configuring", "second StableOK")));
        assertThat(domain.get(ALICE, "/v1/journal?after=0&limit=1")
                        .json()
                        .get("data")
                        .get(0)
                        .get("resourceType")
                        .stringValue())
                .isEqualTo("site");
    }

    private static List<String> moves(JsonNode journal) {
        return journal.get("data")
                .valueStream()
                .map(entry ->
                        entry.get("name").stringValue() + " " + entry.get("to").stringValue())
                .toList();
    }

    @Test
    void the_newest_of_the_journal_is_shown_at_once_and_what_was_being_written_is_shown_later() throws Exception {
        quietly("told");
        var slice = domain.database.inTransaction(tx ->
                domain.engine.resources().list(tx, Resources.typed("slice"), 1).getFirst());
        var written = new CountDownLatch(1);
        var may = new CompletableFuture<Boolean>();
        var slow = Thread.ofVirtual()
                .start(() -> domain.database.inTransaction(tx -> {
                    domain.engine.journal().changed(tx, slice, "test", "slow");
                    written.countDown();
                    return may.orTimeout(60, TimeUnit.SECONDS).join();
                }));
        written.await();
        domain.database.inTransaction(tx -> {
            domain.engine.journal().changed(tx, slice, "test", "quick");
            return true;
        });
        var latest = domain.get(ALICE, "/v1/journal?kind=change&who=test").json();
        assertThat(whys(latest)).containsExactly("quick");
        may.complete(true);
        slow.join();
        var next = latest.get("pagination").get("next").stringValue();
        domain.waitFor(() -> whys(domain.get(ALICE, next).json()).equals(List.of("slow", "quick")));
    }

    private static List<String> whys(JsonNode journal) {
        return journal.get("data")
                .valueStream()
                .map(entry -> entry.get("why").stringValue())
                .toList();
    }

    @Test
    void a_longer_list_takes_no_more_queries() {
        quietly("one");
        quietly("two"); // of one alone nobody asks what it weighs
        var targets = List.of(
                "/v1/slices?include=slivers",
                "/v1/slivers",
                "/v1/leases",
                "/v1/processes",
                "/v1/journal",
                "/v1/status",
                "/v1/capacity?level=2",
                "/v1/processdefinitions");
        targets.forEach(target -> domain.get(ALICE, target));
        var few = targets.stream().map(this::queries).toList();
        for (int n = 0; n < 5; n++) {
            quietly("more-" + n);
        }
        for (int n = 0; n < targets.size(); n++) { // one more where the pool looks whether a connection still works
            domain.get(ALICE, targets.get(n)); // what is known of an account is looked up anew now and then
            assertThat(queries(targets.get(n))).as(targets.get(n)).isBetween(2L, few.get(n) + 1);
        }
        assertThat(few).allMatch(count -> count <= 9); // pages and what they include are weighed before they are read
    }

    private long queries(String target) {
        return Statements.during(
                () -> assertThat(domain.get(ALICE, target).status()).isEqualTo(200));
    }
}
