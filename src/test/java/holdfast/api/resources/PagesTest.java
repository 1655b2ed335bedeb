package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Long lists, read page by page.
@Timeout(300)
class PagesTest {
    private static final String INSERT = """
            insert into resource (id, type, actor, name, state, project, data, created, updated)
            select gen_random_uuid(), 'widget', 'resources', 'n' || mod(n, %1$d), 's' || mod(n, 7), 'p' || mod(n, 1000),
                   jsonb_build_object('kind', 'widget', 'size', nullif(mod(n, 5), 0), 'owner', 'o'), now(), now()
              from generate_series(%2$d, %3$d) n""";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);

    private void execute(String sql) {
        domain.database.inTransaction(tx -> tx.sql().execute(sql));
    }

    private static List<String> ids(TestDomain.Reply reply) {
        var ids = new ArrayList<String>();
        reply.json().get("data").forEach(one -> ids.add(one.get("id").stringValue()));
        return ids;
    }

    /// What is there from the first page to the last is seen just once, in order, forwards and backwards.
    @RepeatedTest(12)
    void a_walk_sees_everything_that_stays_once(RepetitionInfo repetition) {
        Widgets.declare(domain);
        var random = new Random(repetition.getCurrentRepetition());
        execute(INSERT.formatted(6, 1, 60));
        var orders = List.of(
                "",
                "&sort=name",
                "&sort=name&order=desc",
                "&sort=size",
                "&sort=size&order=desc",
                "&sort=created&order=desc");
        var query = "/v1/widgets?limit=" + (1 + random.nextInt(9)) + orders.get(repetition.getCurrentRepetition() % 6);
        var staying = new HashSet<>(ids(domain.get(domain.admin, "/v1/widgets?limit=-1")));
        var seen = new ArrayList<String>();
        var last = "";
        for (var target = query; !target.isEmpty(); ) {
            var reply = domain.get(domain.admin, target);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            seen.addAll(ids(reply));
            last = target;
            target = reply.json().get("pagination").get("next").asString("");
            var gone = "1w" + (1 + random.nextInt(60));
            staying.remove(gone);
            execute("delete from resource where type = 'widget' and number = " + gone.substring(2));
            if (seen.size() < 100) {
                execute(INSERT.formatted(6, 100, 100 + random.nextInt(2)));
            }
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(staying);

        for (var target = last; !target.isEmpty(); ) {
            last = target;
            target = domain.get(domain.admin, target)
                    .json()
                    .get("pagination")
                    .get("next")
                    .asString("");
        }
        var whole = ids(domain.get(domain.admin, query.replaceAll("limit=\\d+", "limit=-1")));
        var back = new ArrayList<String>();
        for (var target = last; !target.isEmpty(); ) {
            var reply = domain.get(domain.admin, target);
            back.addAll(0, ids(reply));
            target = reply.json().get("pagination").get("previous").asString("");
        }
        assertThat(back).as("backwards, when nothing changes").isEqualTo(whole);
    }

    @Test
    void a_page_ends_early_where_its_resources_are_large_and_the_next_goes_on() {
        Widgets.declare(domain);
        execute(INSERT.formatted(12, 1, 12));
        execute("update resource set data = data || jsonb_build_object('note', repeat('much the same ', 300000))"
                + " where type = 'widget'");
        var first = domain.get(domain.admin, "/v1/widgets?limit=10&order=desc&sort=name")
                .json();
        assertThat(first.get("data")).hasSize(3);
        assertThat(first.get("pagination").get("partial").booleanValue()).isTrue();
        var seen = new ArrayList<String>();
        var pages = 0;
        for (var target = "/v1/widgets?limit=10"; !target.isEmpty(); pages++) {
            var reply = domain.get(domain.admin, target);
            seen.addAll(ids(reply));
            target = reply.json().get("pagination").get("next").asString("");
        }
        assertThat(pages).isEqualTo(4);
        assertThat(seen).hasSize(12).doesNotHaveDuplicates();
        assertThat(ids(domain.get(
                        domain.admin, first.get("pagination").get("next").stringValue())))
                .hasSize(3);
    }

    @Test
    void rows_are_weighed_no_further_than_an_answer_goes() {
        execute(INSERT.formatted(100, 1, 100));
        execute("update resource set data = data || jsonb_build_object('note', repeat('much the same ', 300000))"
                + " where type = 'widget'");
        execute("create sequence looks");
        var counted = DSL.field("case when nextval('looks') > 0 then data end", JSONB.class);
        domain.database.inTransaction(tx -> {
            var ids = tx.sql()
                    .select(RESOURCE.ID)
                    .from(RESOURCE)
                    .where(RESOURCE.TYPE.eq("widget"))
                    .fetch(RESOURCE.ID);
            assertThat(new Weight(RESOURCE, RESOURCE.ID, List.of(counted)).fitting(tx, ids))
                    .isEqualTo(3);
            long looks = tx.sql().fetchSingle("select last_value from looks").get(0, long.class);
            assertThat(looks).as("three for each row").isLessThanOrEqualTo(3 * 16);
            return true;
        });
    }

    @Test
    void a_page_of_processes_ends_early_where_what_they_happen_to_is_large() {
        Widgets.declare(domain);
        for (int n = 0; n < 5; n++) {
            Widgets.settled(domain, Widgets.create(domain, domain.admin, "{'owner': 'a'}"));
        }
        execute("update resource set data = data || jsonb_build_object('note', repeat('much the same ', 300000))"
                + " where type = 'widget'");
        var page = domain.get(domain.admin, "/v1/processinstances?resourceType=widget&processName=widget.create");
        assertThat(ids(page)).hasSize(3);
        assertThat(ids(domain.get(
                        domain.admin, page.json().at("/pagination/next").stringValue())))
                .hasSize(2);
    }

    @Test
    void what_include_would_bring_has_a_bound() {
        Widgets.declare(domain);
        var one = Widgets.create(domain, domain.admin, "{'owner': 'a'}");
        for (int n = 0; n < 5; n++) {
            var screw = Json.object()
                    .put("widgetId", one.get("id").stringValue())
                    .set("data", Json.object().put("text", "much the same ".repeat(300_000)));
            assertThat(domain.post(domain.admin, "/v1/screws", screw.toString()).status())
                    .isEqualTo(201);
        }
        var reply = domain.get(domain.admin, "/v1/widgets?include=next&include=screws");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().get("fieldName").stringValue()).isEqualTo("include");
        var self = one.get("links").get("self").stringValue();
        assertThat(domain.get(domain.admin, self + "/screws").json().get("data"))
                .hasSize(3);
    }

    @Test
    void a_page_of_a_long_list_is_found_by_an_index() {
        Widgets.declare(domain);
        execute(INSERT.formatted(10_000, 1, 100_000));
        execute("analyze resource");
        assertThat(plan("state", "s3", "", "")).contains("resource_by_state").doesNotContain("Seq Scan", "Sort");
        assertThat(plan("name", "n77", "", "")).contains("resource_by_name").doesNotContain("Seq Scan");
        assertThat(plan("project", "p77", "", ""))
                .contains("resource_by_project")
                .doesNotContain("Seq Scan");
        assertThat(plan("", "", "", "")).contains("Index").doesNotContain("Seq Scan", "Sort");
        assertThat(plan("", "", "name", "n5")).contains("resource_by_name").doesNotContain("Seq Scan", "Sort");
        execute(
                "update resource set data = jsonb_build_object('kind', 'widget', 'owner', 'me') where type = 'widget' and name = 'n77' and state = 's0'");
        assertThat(plan("owner", "me", "", "")).contains("resource_by_content").doesNotContain("Seq Scan");
    }

    @Test
    void a_page_that_takes_too_long_is_refused_with_a_way_out_and_the_next_one_is_served() {
        assertThatThrownBy(() -> domain.database.inTransaction(tx ->
                        Pages.within(Duration.ofSeconds(1), tx.sql().select(DSL.field("pg_sleep(100)", String.class)))))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.told())
                                .contains("longer than the 1 s", "no index", "filter by the value of a field"));
        assertThat(domain.get(domain.admin, "/v1/sites").status()).isEqualTo(200);
    }

    @Test
    void the_journal_and_the_summary_of_processes_take_no_longer_than_a_page_may() {
        domain.get(domain.admin, "/v1/status");
        domain.database.inTransaction(tx -> {
            tx.sql().execute("lock table journal, process in access exclusive mode");
            for (var target : List.of("/v1/journal", "/v1/processsummary")) {
                var reply = domain.get(domain.admin, target);
                assertThat(reply.status()).as(reply.text()).isEqualTo(400);
                assertThat(reply.text()).contains("longer than the 10 s");
            }
            return true;
        });
    }

    /// How the database goes about the very query of a page.
    private String plan(String filter, String value, String sort, String after) {
        var kinds = new Kinds.Source(domain.engine.types()).now();
        var known = ResourceFilters.of(kinds, kinds.find("widget").orElseThrow());
        var which = Resources.typed("widget").and(Resources.present());
        var filtered =
                filter.isEmpty() ? which : which.and(known.get(filter).equal().apply(value));
        var sorting = new Sorting(Optional.ofNullable(known.get(sort)), false, RESOURCE.NUMBER);
        var marker = after.isEmpty()
                ? Optional.<Marker>empty()
                : Optional.of(new Marker(sort, false, false, Optional.of(after), 3));
        return domain.database.inTransaction(tx -> tx.sql()
                .explain(new Pages(RESOURCE, RESOURCE.ID, RESOURCE.NUMBER, List.of(RESOURCE.DATA))
                        .query(tx, filtered, sorting, marker, 101))
                .plan());
    }
}
