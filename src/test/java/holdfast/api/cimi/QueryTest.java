package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Which part of a collection is asked for.
final class QueryTest {
    private static final List<ObjectNode> TEN = IntStream.rangeClosed(1, 10)
            .mapToObj(n -> Json.object().put("n", n).put("name", "m" + n))
            .toList();

    private static Query query(String... sides) {
        var all = new TreeMap<String, List<String>>();
        for (int at = 0; at < sides.length; at += 2) {
            all.merge(sides[at], List.of(sides[at + 1]), (one, other) -> List.of(one.getFirst(), other.getFirst()));
        }
        return Query.read(all).orThrow();
    }

    private static List<Integer> numbers(List<ObjectNode> nodes) {
        return nodes.stream().map(node -> node.path("n").asInt()).toList();
    }

    @ParameterizedTest
    @CsvSource({"1,3,3", "1,100,10", "10,10,1", "11,20,0", "5,4,0", "0,2,2"})
    void first_and_last_count_from_one_and_are_included(String first, String last, int count) {
        assertThat(query("$first", first, "$last", last).slice(TEN)).hasSize(count);
    }

    @Test
    void several_filters_must_all_match_and_order_comes_before_the_slice() {
        var query = query("$filter", "n>2", "$filter", "n<=8", "$orderby", "n:desc", "$first", "2", "$last", "3");
        var found = query.found(TEN);
        assertThat(numbers(found)).containsExactly(8, 7, 6, 5, 4, 3);
        assertThat(numbers(query.slice(found))).containsExactly(7, 6);
    }

    @Test
    void what_lacks_the_attribute_comes_last_either_way() {
        var nodes = List.of(
                Json.object().put("name", "none"),
                Json.object().put("n", 2),
                Json.object().put("n", 1));
        assertThat(query("$orderby", "n").found(nodes).getLast().path("name").asString())
                .isEqualTo("none");
        assertThat(query("$orderby", "n:desc")
                        .found(nodes)
                        .getLast()
                        .path("name")
                        .asString())
                .isEqualTo("none");
        assertThat(numbers(query("$orderby", "n:desc").found(nodes).subList(0, 2)))
                .containsExactly(2, 1);
    }

    @Test
    void only_selected_attributes_are_kept_and_a_star_keeps_all() {
        assertThat(query("$select", "name").selected(TEN.getFirst().deepCopy()).propertyNames())
                .containsExactly("name");
        assertThat(query("$select", "n", "$select", "name")
                        .selected(TEN.getFirst().deepCopy())
                        .size())
                .isEqualTo(2);
        assertThat(query("$select", "*").selected(TEN.getFirst().deepCopy()).size())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$first|x",
                "$last|-1",
                "$first|99999999999",
                "$select|machines[0]",
                "$select|a.b",
                "$orderby|n:up",
                "$filter|n~1"
            })
    void what_cannot_be_is_refused(String name, String value) {
        assertThat(Query.read(Map.of(name, List.of(value)))).isInstanceOf(Answer.No.class);
    }
}
