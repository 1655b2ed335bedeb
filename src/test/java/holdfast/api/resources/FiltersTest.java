package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Every way to filter, on every kind of field.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FiltersTest {
    private final TestDatabase db = TestDatabase.fresh();
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);
    private String first = "";

    @BeforeAll
    void fill() {
        Widgets.declare(domain);
        first = id("{'owner': 'x', 'name': 'a', 'color': 'red', 'size': 1, 'weight': 0.5, 'hot': true,"
                + " 'due': '2030-01-01T00:00:00Z', 'label': 'ab%c'}");
        id("{'owner': 'x', 'name': 'b', 'color': 'green', 'size': 10, 'weight': 1.5, 'hot': false,"
                + " 'due': '2031-01-01T00:00:00Z', 'label': 'ab_c', 'nextId': '" + first + "'}");
        id("{'owner': 'y', 'name': 'c', 'size': 9, 'label': 'abxc'}");
        id("{'owner': 'y'}");
    }

    private String id(String fields) {
        return Widgets.create(domain, ALICE, fields).get("id").stringValue();
    }

    @AfterAll
    void stop() {
        domain.close();
        db.close();
    }

    private List<String> names(String query) {
        var reply = domain.get(ALICE, "/v1/widgets?" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        var names = new ArrayList<String>();
        reply.json().get("data").forEach(one -> names.add(one.get("name").asString("-")));
        return names;
    }

    private DynamicTest finds(String query, String... names) {
        return DynamicTest.dynamicTest(
                query, () -> assertThat(names(query.replace("FIRST", first))).containsExactly(names));
    }

    @TestFactory
    Stream<DynamicTest> filters() {
        return Stream.of(
                finds("name=a", "a"),
                finds("name_eq=a", "a"),
                finds("name_ne=a", "b", "c"),
                finds("name_null", "-"),
                finds("name_notnull=whatever", "a", "b", "c"),
                finds("id=FIRST", "a"),
                finds("id_ne=FIRST", "b", "c", "-"),
                finds("id=1x1"),
                finds("owner=x", "a", "b"),
                finds("owner_ne=x", "c", "-"),
                finds("label_prefix=ab%25", "a"),
                finds("label_prefix=ab", "a", "b", "c"),
                finds("label_like=ab_c", "a", "b", "c"),
                finds("label_like=ab%5C_c", "b"),
                finds("label_like=%25%5C%25%25", "a"),
                finds("label_like=ab%5C"),
                finds("label_notlike=%25%5C_%25", "a", "c"),
                finds("label_null", "-"),
                finds("size=10", "b"),
                finds("size_ne=10", "a", "c"),
                finds("size_lt=9", "a"),
                finds("size_lte=9", "a", "c"),
                finds("size_gt=9", "b"),
                finds("size_gte=9", "b", "c"),
                finds("size_gte=2&size_lt=10", "c"),
                finds("size_null", "-"),
                finds("size_notnull", "a", "b", "c"),
                finds("weight=1.5", "b"),
                finds("weight_lt=1.5", "a"),
                finds("hot=true", "a"),
                finds("hot_ne=true", "b"),
                finds("hot_null", "c", "-"),
                finds("due=2030-01-01T00:00:00Z", "a"),
                finds("due=1893456000000", "a"),
                finds("due_gt=2030-06-01T00:00:00%2B02:00", "b"),
                finds("due_lte=2030-01-01T00:00:00Z", "a"),
                finds("due_lt=now"),
                finds("created_lte=now", "a", "b", "c", "-"),
                finds("created_gt=now"),
                finds("color=green", "b"),
                finds("color_ne=red", "b"),
                finds("color=violet"),
                finds("nextId=FIRST", "b"),
                finds("nextId_null", "a", "c", "-"),
                finds("nextId=1w99999"),
                finds("owner=x&owner=y"),
                finds("kind=widget", "a", "b", "c", "-"),
                finds("project=physics&name=a", "a"),
                finds("project=biology"),
                finds("colour=green", "a", "b", "c", "-"),
                finds("sort=name&name_notnull", "a", "b", "c"),
                finds("sort=size&order=desc&size_notnull", "b", "c", "a"),
                finds("sort=size", "a", "c", "b", "-"),
                finds("sort=due&order=desc&due_notnull", "b", "a"),
                finds("sort=nothing", "a", "b", "c", "-"),
                finds("order=desc", "a", "b", "c", "-"),
                finds("sort=id&order=desc", "-", "c", "b", "a"));
    }

    @Test
    void an_answer_tells_how_it_was_made() {
        var answer = domain.get(ALICE, "/v1/WIDGETS/?size_gte=2&size_lt=10&sort=size&order=desc&limit=1")
                .json();
        assertThat(answer.get("filters").get("size").toString())
                .isEqualTo("[{\"modifier\":\"gte\",\"value\":\"2\"},{\"modifier\":\"lt\",\"value\":\"10\"}]");
        assertThat(answer.get("filters").get("name").isNull()).isTrue();
        assertThat(answer.get("filters").has("key"))
                .as("secrets are not to be guessed")
                .isFalse();
        assertThat(answer.get("filters").has("tags")).isFalse();
        assertThat(answer.get("sort").get("order").stringValue()).isEqualTo("desc");
        assertThat(answer.get("sort").get("reverse").stringValue()).contains("order=asc");
        assertThat(answer.get("sortLinks").get("name").stringValue()).contains("sort=name", "size_gte=2");
        assertThat(answer.get("pagination").get("total").isNull()).isTrue();
        var none = domain.get(ALICE, "/v1/widgets?limit=0&sort=nothing").json();
        assertThat(none.get("data")).isEmpty();
        assertThat(none.get("sort").isNull()).isTrue();
        assertThat(domain.get(ALICE, "/v1/widgets?limit=-1")
                        .json()
                        .get("pagination")
                        .get("limit")
                        .intValue())
                .isEqualTo(3000);
        assertThat(domain.get(ALICE, "/v1/widgets?limit=many")
                        .json()
                        .get("pagination")
                        .get("limit")
                        .intValue())
                .isEqualTo(100);
    }

    @TestFactory
    Stream<DynamicTest> what_cannot_be_compared_is_refused() {
        return Stream.of(
                        "size=ten 422 InvalidFormat",
                        "due_gt=soon 422 InvalidDateFormat",
                        "include=none 422 InvalidOption",
                        "strict=true&colour=x 422 InvalidOption",
                        "strict=true&color_like=x 422 InvalidOption",
                        "marker=x 400 Malformed",
                        "marker=e30 400 Malformed")
                .map(line -> line.split(" "))
                .map(parts -> DynamicTest.dynamicTest(parts[0], () -> {
                    var reply = domain.get(ALICE, "/v1/widgets?" + parts[0]);
                    assertThat(reply.status()).as(reply.text()).isEqualTo(Integer.parseInt(parts[1]));
                    assertThat(reply.json().get("code").stringValue()).isEqualTo(parts[2]);
                }));
    }
}
