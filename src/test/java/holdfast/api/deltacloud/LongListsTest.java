package holdfast.api.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.instances.AccountThings;
import holdfast.platform.XmlTree;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Lists of more instances than are held at a time, by both interfaces of clouds.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LongListsTest {
    private static final int MANY = 20_000;

    private DeltacloudLab lab;

    @BeforeAll
    void instances() {
        lab = new DeltacloudLab(AccountThings.Finder.NOTHING);
        lab.launched();
        lab.cloud.copy(MANY);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private DeltacloudLab.Reply got(String target) {
        var path = target.startsWith("/cimi") ? lab.server.address() + target : target;
        return lab.get(path.replace("'", "%27")).ann().send();
    }

    private static List<String> names(JsonNode list) {
        return list.valueStream().map(one -> one.path("name").asString()).toList();
    }

    private List<String> copies() {
        return Stream.concat(
                        Stream.of("web-1"),
                        Stream.iterate(0, n -> n + 1).limit(MANY).map(n -> "copy-" + n))
                .toList();
    }

    @Test
    void each_is_in_the_list_once_and_in_order_whichever_the_form_is() {
        var json = got("/instances?format=json");
        assertThat(names(json.json().path("instances"))).isEqualTo(copies());
        assertThat(json.header("Content-Type")).isEqualTo("application/json");
        assertThat(json.header("ETag")).as("it is never there as a whole").isEmpty();
        var named = new ArrayList<String>();
        var xml =
                new ByteArrayInputStream(got("/instances?format=xml").response().body());
        XmlTree.each(xml, one -> named.add(one.says("name").orElseThrow())).orThrow();
        assertThat(named).isEqualTo(copies());
        var html = got("/instances?format=html");
        assertThat(html.text())
                .startsWith("<!DOCTYPE html>")
                .contains("copy-" + (MANY - 1))
                .endsWith("</html>\n");
        assertThat(html.header("Content-Security-Policy")).contains("default-src 'none'");
    }

    @Test
    void a_long_list_of_machines_is_as_the_short_ones_are() {
        var few = got("/cimi/machines?format=json&$first=2&$last=4").json();
        var all = got("/cimi/machines?format=json");
        assertThat(all.header("CIMI-Specification-Version")).isEqualTo("1.0.0");
        assertThat(all.json().propertyNames()).containsExactlyElementsOf(few.propertyNames());
        assertThat(all.json().path("count").asInt())
                .isEqualTo(MANY + 1)
                .isEqualTo(few.path("count").asInt());
        assertThat(all.json().path("machines")).hasSize(MANY + 1);
        for (int n = 0; n < 3; n++)
            assertThat(all.json().path("machines").get(n + 1))
                    .isEqualTo(few.path("machines").get(n));

        var one = got("/cimi/machines?format=xml&$first=1&$last=1").text();
        var xml = got("/cimi/machines?format=xml").text();
        var end = one.substring(one.indexOf("</Machine>"));
        assertThat(xml).startsWith(one.substring(0, one.indexOf("</Machine>"))).endsWith(end);
        assertThat(xml.split("<Machine>", -1)).hasSize(MANY + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/instances?format=json",
                "/instances?format=xml",
                "/instances?format=html",
                "/cimi/machines?format=json",
                "/cimi/machines?format=xml"
            })
    void no_more_is_read_than_a_client_takes(String target) {
        lab.cloud.taken.set(0);
        var path = target.startsWith("/cimi") ? lab.server.address() + target : target;
        assertThat(lab.beginning(lab.get(path).ann(), 1_000)).hasSize(1_000);
        // what the connection swallows is more than was asked for, and less than all
        assertThat(lab.cloud.taken.get()).isBetween(1, MANY * 3 / 4);
    }

    @Test
    void what_is_not_told_apart_by_the_database_is_found_ordered_and_cut_all_the_same() {
        var found = got("/cimi/machines?format=json&$filter=cpu%3D1%20and%20state='STOPPED'&$orderby=name:desc"
                        + "&$first=2&$last=3")
                .json();
        assertThat(found.path("count").asInt()).isEqualTo(MANY / 10);
        assertThat(names(found.path("machines"))).containsExactly("copy-9980", "copy-9970");
        var all = got("/cimi/machines?format=json&$orderby=name").json().path("machines");
        assertThat(names(all)).isEqualTo(copies().stream().sorted().toList());
    }

    @Test
    void what_is_inside_of_the_entry_point_has_an_end_and_says_how_many_there_are() {
        var machines =
                got("/cimi/cloudEntryPoint?format=json&$expand=machines").json().path("machines");
        assertThat(machines.path("count").asInt()).isEqualTo(MANY + 1);
        assertThat(machines.path("machines")).hasSize(1_000);
    }
}
