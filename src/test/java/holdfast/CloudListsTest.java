package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Lists of very many instances of a whole broker: what they cost the database, and that it finds what is asked for.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CloudListsTest {
    /// More than two pages.
    private static final int MANY = 1_100;

    private static final List<String> FILTERS = List.of(
            "name='web'",
            "name!='copy-3'",
            "state='STARTED'",
            "state!='STARTED'",
            "state='STOPPED'",
            "state='CREATING'",
            "state='STARTING'",
            "state='DELETING'",
            "state='ERROR'",
            "state='none'",
            "cpu=1",
            "cpu!=1",
            "cpu>1",
            "memory<=524288",
            "property['tier']='front'",
            "property['tier']!='front'",
            "property[\"it's\"]='x'",
            "property['none']!='x'");

    private CloudBrokerLab lab;
    private String first = "";
    private String last = "";

    @BeforeAll
    void instances() {
        lab = new CloudBrokerLab();
        var account = lab.account(
                lab.type("Simulated", "simulated", "simulated"), "north", "http://north.example/", "ann", "secret");
        lab.profile("small", 512);
        lab.image("web-os", Map.of(account, "image-1"));
        first = lab.launch("image_id=web-os&name=web").path("id").asString();
        lab.spoil("""
                insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(),
                    'number', nextval(pg_get_serial_sequence('resource', 'number')), 'name', 'copy-' || n,
                    'state', (array['running', 'stopped', 'pending', 'new', 'error', 'vanished', 'shutting_down'])[n %% 7 + 1],
                    'created', r.created + n * interval '1 millisecond',
                    'data', case when n %% 3 = 0 then jsonb_set(sized, '{order,properties,tier}', '"front"') else sized end))).*
                from resource r, generate_series(1, %d) n, jsonb_set(r.data, '{attempt,match,sizes}', case n %% 4
                        when 0 then jsonb_build_object('cpu', (n %% 3 + 1)::text, 'memory', (n %% 5 * 300.5)::text)
                        else '{}' end) bare, jsonb_set(bare, '{order,profile,cpu}', case n %% 4
                        when 1 then '{"is": "Any"}'::jsonb when 2 then '{"is": "OneOf", "usual": null, "entries": [2.5, 4]}'
                        else '{"is": "Range", "usual": null, "first": 3, "last": 9}' end) sized
                where r.id = ?""".formatted(MANY), first);
        // something is being done to some
        lab.spoil("""
                insert into instance_task (id, instance, pool, action, state, who, revision, created)
                select gen_random_uuid(), r.id, (r.data ->> 'pool')::uuid, (array['destroy', 'start', 'reboot'])[(number % 3)::int + 1],
                    'running', 'admin', 0, now() from resource r
                where r.type = 'cloudInstance' and r.id <> ? and right(r.name, 1) in ('3', '4', '8')""", first);
        last = lab.get("/api/instances?name=copy-" + MANY)
                .path("instances")
                .get(0)
                .path("id")
                .asString();
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private static Stream<String> names(JsonNode list) {
        return list.valueStream().map(one -> one.path("name").asString());
    }

    private JsonNode machines(String query) {
        return lab.get("/cimi/machines?" + query);
    }

    private static String filter(String text) {
        return "$filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void all_of_them_are_listed_once_in_the_order_of_their_creation_by_both_interfaces() {
        var all = Stream.concat(Stream.of("web"), IntStream.rangeClosed(1, MANY).mapToObj(n -> "copy-" + n))
                .toList();
        assertThat(names(lab.get("/api/instances").path("instances"))).containsExactlyElementsOf(all);
        var machines = machines("");
        assertThat(machines.path("count").asInt()).isEqualTo(MANY + 1);
        assertThat(names(machines.path("machines"))).containsExactlyElementsOf(all);
        var page = machines("$first=700&$last=702");
        assertThat(page.path("count").asInt()).isEqualTo(MANY + 1);
        assertThat(names(page.path("machines"))).containsExactlyElementsOf(all.subList(699, 702));
        assertThat(machines("$first=2000").path("machines")).isEmpty();
    }

    @Test
    void each_order_that_the_database_knows_is_that_of_a_look_at_each_of_them() {
        for (var attribute : List.of("name", "created", "id", "state", "cpu", "memory")) {
            for (var order : List.of(attribute, attribute + ":desc")) {
                var asked = "$select=name&$orderby=" + order;
                // what nobody has, `description='x'`, makes it look at each of them
                var looked = machines(filter("name!='x' or description='x'") + "&" + asked);
                var all = names(looked.path("machines")).toList();
                assertThat(all).as(order).hasSize(MANY + 1);
                assertThat(names(machines(asked).path("machines"))).as(order).containsExactlyElementsOf(all);
                for (int first : List.of(11, MANY)) {
                    var page = machines(asked + "&$first=" + first + "&$last=" + (first + 9));
                    assertThat(page.path("count").asInt()).isEqualTo(MANY + 1);
                    assertThat(names(page.path("machines")))
                            .as(order)
                            .containsExactlyElementsOf(all.subList(first - 1, Math.min(first + 9, MANY + 1)));
                }
            }
        }
        for (var order : List.of("name", "state", "cpu")) {
            assertThat(Statements.during(() -> machines("$orderby=" + order + "&$first=11&$last=20")))
                    .as(order)
                    .isLessThan(Statements.during(() -> machines("$orderby=" + order)));
        }
    }

    @Test
    void a_list_costs_some_statements_for_each_page_and_none_for_each_instance() {
        for (var list : List.of("/api/instances?format=xml", "/cimi/machines?format=xml")) {
            var one = list.startsWith("/api") ? list + "&name=web" : list + "&$first=1&$last=1";
            lab.send("GET", one, "", "");
            long few = Statements.during(() -> lab.send("GET", one, "", ""));
            long all = Statements.during(() -> lab.send("GET", list, "", ""));
            assertThat(few).as(one).isBetween(1L, 40L);
            // two more pages: a transaction each, the instances, their last tasks, their volumes
            assertThat(all - few).as(list).isBetween(1L, 2 * 5L);
        }
    }

    @Test
    void what_all_members_refer_to_is_looked_up_once() {
        var page = "/cimi/machines?$first=1&$last=50";
        lab.get(page);
        assertThat(lab.get(page + "&$expand=machineImage")
                        .at("/machines/49/machineImage/name")
                        .asString())
                .isEqualTo("web-os");
        long plain = Statements.during(() -> lab.get(page));
        assertThat(Statements.during(() -> lab.get(page + "&$expand=machineImage")) - plain)
                .isBetween(0L, 10L);
    }

    @Test
    void one_of_many_is_found_along_an_index() {
        for (var one : List.of("/api/instances/" + last, "/cimi/machines/" + last, "/api/instances?id=" + last)) {
            lab.get(one);
            assertThat(Statements.during(() -> lab.send("GET", one, "", "")))
                    .as(one)
                    .isBetween(1L, 40L);
        }
    }

    @Test
    void fields_of_a_list_select_what_they_say() {
        assertThat(names(lab.get("/api/instances?name=copy-7").path("instances")))
                .containsExactly("copy-7");
        assertThat(names(lab.get("/api/instances?id=" + last).path("instances")))
                .containsExactly("copy-" + MANY);
        assertThat(lab.get("/api/instances?id=nothing").path("instances")).isEmpty();
        assertThat(lab.get("/api/instances?state=nothing").path("instances")).isEmpty();
        assertThat(lab.get("/api/instances?realm_id=nothing").path("instances")).isEmpty();
        assertThat(lab.get("/api/instances?realm_id=any").path("instances")).hasSize(MANY + 1);
        var all = lab.get("/api/instances").path("instances");
        for (var state : List.of("RUNNING", "STOPPED", "PENDING", "STOPPING", "ERROR"))
            assertThat(names(lab.get("/api/instances?state=" + state).path("instances")))
                    .as(state)
                    .containsExactlyElementsOf(all.valueStream()
                            .filter(one -> one.path("state").asString().equals(state))
                            .map(one -> one.path("name").asString())
                            .toList());
    }

    @Test
    void somebody_else_sees_none_of_them_by_any_way() {
        for (var list : List.of("/api/instances?format=json", "/cimi/machines?format=json")) {
            assertThat(lab.bob("GET", list, "", "").body()).as(list).doesNotContain("copy-", first);
        }
        assertThat(lab.bob("GET", "/api/instances/" + last, "", "").statusCode())
                .isEqualTo(404);
    }

    /// What nobody has, a description, makes it look at each of them.
    @Test
    void the_database_finds_what_a_look_at_each_would_find() {
        var dice = new Random(7);
        for (int n = 0; n < FILTERS.size() + 3; n++) {
            var text =
                    n < FILTERS.size() ? FILTERS.get(n) : "(" + any(dice) + " or " + any(dice) + ") and " + any(dice);
            var found = machines(filter(text) + "&$select=name");
            var looked = machines(filter("(" + text + ") or description='x'") + "&$select=name");
            assertThat(found.path("count").asInt())
                    .as(text)
                    .isEqualTo(looked.path("count").asInt());
            assertThat(found.path("machines")).as(text).isEqualTo(looked.path("machines"));
        }
    }

    private static String any(Random dice) {
        return FILTERS.get(dice.nextInt(FILTERS.size()));
    }
}
