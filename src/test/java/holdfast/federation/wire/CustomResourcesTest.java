package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.platform.Json;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Selectors and configurations of declared objects.
class CustomResourcesTest {
    private static JsonNode spec(String sample) {
        return YAMLMapper.shared()
                .readTree(Published.text("samples/" + sample + ".yaml"))
                .path("spec");
    }

    private static Filter range(Attribute attribute, String min, Optional<String> max) {
        return Filter.range(attribute, Optional.of(min), max).orThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"solver", "solver-custom"})
    void the_sample_for_slices_is_read_and_written(String sample) {
        var selector = CustomResources.selector(spec(sample).path("selector")).orThrow();
        assertThat(selector)
                .isEqualTo(new Selector(
                        FlavorType.K8SLICE,
                        List.of(
                                Filter.match(Attribute.ARCHITECTURE, "amd64").orThrow(),
                                range(Attribute.CPU, "1", Optional.empty()),
                                range(Attribute.MEMORY, "1Gi", Optional.of("100Gi")),
                                Filter.match(Attribute.PODS, "110").orThrow())));
        assertThat(CustomResources.selector(CustomResources.selector(selector)).orThrow())
                .isEqualTo(selector);
    }

    @ParameterizedTest
    @ValueSource(strings = {"solver-service", "solver-custom-service"})
    void the_sample_for_services_is_read_and_written(String sample) {
        var selector = CustomResources.selector(spec(sample).path("selector")).orThrow();
        assertThat(selector.filters())
                .containsExactly(
                        Filter.match(Attribute.CATEGORY, "database").orThrow(),
                        Filter.match(Attribute.TAGS, "mysql").orThrow());
        assertThat(CustomResources.selector(selector)).isEqualTo(spec(sample).path("selector"));
    }

    @Test
    void the_sample_of_a_reservation_is_read() {
        var spec = spec("reservation");
        assertThat(CustomResources.configuration(spec.path("configuration")).orThrow())
                .isEqualTo(new Configuration.Slice(Samples.vector("1", "1Gi", "110")));
        assertThat(CustomResources.identity(spec.path("buyer")).orThrow())
                .isEqualTo(new NodeIdentity("rd5ks7x9yz", "172.19.0.5:30000", "fluidos.eu", Optional.empty()));
    }

    @Test
    void a_regular_expression_is_a_range() {
        var selector = CustomResources.selector(Json.tree("""
                {"flavorType": "K8Slice", "filters": {"architectureFilter": {"name": "Range", "data": {"regex": "^a"}}}}""")).orThrow();
        assertThat(selector.filters())
                .containsExactly(Filter.regex(Attribute.ARCHITECTURE, "^a").orThrow());
        assertThat(CustomResources.selector(CustomResources.selector(selector)).orThrow())
                .isEqualTo(selector);
        assertThat(CustomResources.selector(Json.tree("{\"flavorType\": \"VM\"}"))
                        .orThrow()
                        .filters())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name': 'Match'}                              | selector.filters.cpuFilter.data",
                "{'name': 'Match', 'data': {}}                  | selector.filters.cpuFilter.data.value",
                "{'name': 'Near', 'data': {'value': 1}}         | selector.filters.cpuFilter.name",
                "{'name': 'Range', 'data': {}}                  | selector.filters.cpuFilter.data",
                "{'name': 'Range', 'data': {'values': [1, 2]}}  | selector.filters.cpuFilter.data",
                "{'name': 'Range', 'data': {'min': 2,'max': 1}} | selector.filters.cpuFilter.data"
            },
            quoteCharacter = '`')
    void what_nodes_do_not_take_is_refused(String filter, String field) {
        var selector = Json.object().put("flavorType", "K8Slice");
        selector.putObject("filters").set("cpuFilter", Json.tree(filter.replace('\'', '"')));
        assertThat(CustomResources.selector(selector))
                .isInstanceOfSatisfying(
                        Answer.No.class, no -> assertThat(no.why().field()).contains(field));
    }
}
