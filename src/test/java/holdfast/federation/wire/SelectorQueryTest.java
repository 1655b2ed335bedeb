package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `filter[...]` in the query of LIST.
class SelectorQueryTest {
    private static Answer<Selector> read(FlavorType type, String raw) {
        return QueryText.read(raw).flatMap(query -> SelectorQuery.read(type, query));
    }

    private static Selector slices(Filter... filters) {
        return new Selector(FlavorType.K8SLICE, List.of(filters));
    }

    private static Filter match(Attribute attribute, String value) {
        return Filter.match(attribute, value).orThrow();
    }

    @Test
    void brackets_come_raw_and_encoded() {
        var two = slices(
                match(Attribute.ARCHITECTURE, "arm64"),
                Filter.range(Attribute.CPU, Optional.of("2"), Optional.of("2500m"))
                        .orThrow());
        assertThat(read(
                                FlavorType.K8SLICE,
                                "filter[architecture][match]=arm64&filter[cpu][range][min]=2&filter[cpu][range][max]=2500m")
                        .orThrow())
                .isEqualTo(two);
        assertThat(QueryText.write(SelectorQuery.write(two, Dialect.NODE)))
                .isEqualTo("filter%5Barchitecture%5D%5Bmatch%5D=arm64&filter%5Bcpu%5D%5Brange%5D%5Bmin%5D=2"
                        + "&filter%5Bcpu%5D%5Brange%5D%5Bmax%5D=2500m");
        assertThat(read(FlavorType.K8SLICE, QueryText.write(SelectorQuery.write(two, Dialect.NODE)))
                        .orThrow())
                .isEqualTo(two);
    }

    /// What nodes do with odd queries, and what is documented beside it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filter[cpu][match]=2&filter[cpu][match]=4 | filter[cpu][match]=2",
                "filter[cpu][match][min]=2 | filter[cpu][match]=2",
                "filter[cpu][exact]=2 | filter[cpu][match]=2",
                "[storage][match]=40Gi | filter[storage][match]=40Gi",
                "filter[architecture][regex]=^amd | filter[architecture][regex]=^amd",
                "filter[architecture][range][regex]=amd | filter[architecture][regex]=amd",
                "filter[gpu][exact]=1 | filter[gpu.cores][match]=1",
                "filter[memory][match]=1024Mi | filter[memory][match]=1Gi",
                "limit=10&cursor=x&include=suspect | ''",
                "'' | ''"
            })
    void odd_queries_mean_something(String odd, String plain) {
        var understood = read(FlavorType.K8SLICE, odd).orThrow();
        assertThat(understood).isEqualTo(read(FlavorType.K8SLICE, plain).orThrow());
        assertThat(understood.filters()).hasSize(plain.isEmpty() ? 0 : 1);
    }

    @Test
    void each_wrong_query_is_refused_with_key_rule_and_way_out() {
        var wrong = List.of(
                "filter[cpu][match]=2&filter[cpu][range][min]=1",
                "filter[cpu][match]=2&filter[cpu][exact]=2",
                "filter[architecture][match]=a&filter[architecture][regex]=a",
                "filter[cpu][range]=2",
                "filter[cpu][range][min]=4&filter[cpu][range][max]=2",
                "filter[cpu][match]=many",
                "filter[cpu][match]=",
                "filter[cpu][regex]=2",
                "filter[architecture][range][min]=a",
                "filter[architecture][regex]=(?=x)",
                "filter[category][match]=database",
                "filter[cpuFilter][match]=2",
                "filter[colour][match]=red",
                "[cpu][match]=2",
                "filter[cpu]=2",
                "filter[cpu][between]=2",
                "Filter[cpu][match]=2",
                "colour=red",
                "filter[cpu][match]=%zz");
        var told = new StringBuilder();
        for (var query : wrong) {
            var no = (Answer.No<Selector>) read(FlavorType.K8SLICE, query);
            told.append(query)
                    .append("\n    ")
                    .append(no.why().field().orElseThrow())
                    .append("\n    ");
            told.append(no.why().message()).append("\n");
        }
        Published.assertGolden("wrong-queries.txt", told.toString());
    }

    @Test
    void long_and_many_are_refused() {
        assertThat(QueryText.read("a".repeat(16_385))).isInstanceOf(Answer.No.class);
        var many = new StringBuilder();
        for (int index = 0; index <= 100; index++)
            many.append("k").append(index).append("=1&");
        assertThat(read(FlavorType.K8SLICE, many.toString())).isInstanceOf(Answer.No.class);
    }

    @Test
    void machines_are_counted_as_they_are_listed() {
        var selector = read(FlavorType.VM, "filter[memory][exact]=8192&filter[storage][range][max]=100")
                .orThrow();
        assertThat(selector.matches(Samples.flavor("vm-1", Samples.vm()))).isTrue();
        assertThat(SelectorQuery.write(selector, Dialect.DOC))
                .isEqualTo(Map.of(
                        "filter[memory][exact]", List.of("8192"), "filter[storage][range][max]", List.of("100")));
        assertThat(read(FlavorType.VM, "filter[memory][match]=8Gi").orThrow().filters())
                .containsExactly(match(Attribute.MEMORY, "8Gi"));
        var odd = read(FlavorType.VM, "filter[memory][match]=%2B1000").orThrow();
        assertThat(odd.filters()).containsExactly(match(Attribute.MEMORY, "1k"));
        assertThat(SelectorQuery.read(FlavorType.VM, SelectorQuery.write(odd, Dialect.NODE))
                        .orThrow())
                .isEqualTo(odd);
    }

    @Test
    void who_knows_only_old_words_is_asked_with_them() {
        var selector = slices(
                match(Attribute.CPU, "8"),
                match(Attribute.CITY, "Turin"),
                Filter.regex(Attribute.ARCHITECTURE, "arm").orThrow(),
                match(Attribute.GPU_MODEL, "A100"));
        assertThat(SelectorQuery.classic(selector)).isEqualTo(slices(match(Attribute.CPU, "8")));
    }
}
