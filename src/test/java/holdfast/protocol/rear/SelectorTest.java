package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectorTest {
    private static final Map<FlavorType, Flavor> FLAVORS = Map.of(
            FlavorType.K8SLICE, Samples.flavor("slice", Samples.slice()),
            FlavorType.VM, Samples.flavor("vm", Samples.vm()),
            FlavorType.SERVICE, Samples.flavor("service", Samples.service()),
            FlavorType.SENSOR, Samples.flavor("sensor", Samples.sensor()));

    /// A filter as people write one: `cpu = 8`, `cpu in 1..8`, `cpu in ..8`, `architecture ~ ^arm`.
    private static Answer<Filter> filter(String text) {
        var parts = text.split(" ", 3);
        var attribute = Attribute.of(parts[0]).orElseThrow();
        var value = parts.length > 2 ? parts[2] : "";
        return switch (parts[1]) {
            case "=" -> Filter.match(attribute, value);
            case "~" -> Filter.regex(attribute, value);
            default -> {
                var bounds = Arrays.stream(value.split("\\.\\.", 2))
                        .map(bound -> Optional.of(bound).filter(given -> !given.isEmpty()))
                        .toList();
                yield Filter.range(attribute, bounds.getFirst(), bounds.getLast());
            }
        };
    }

    private static boolean matches(FlavorType type, String... filters) {
        var all = Stream.of(filters).map(text -> filter(text).orThrow()).toList();
        return Selector.of(type, all).orThrow().matches(FLAVORS.get(type));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            K8SLICE | architecture = arm64      | architecture = arm
            K8SLICE | architecture ~ arm        | architecture = ARM64
            K8SLICE | architecture ~ ^a.*4$     | architecture ~ ^64
            K8SLICE | cpu = 8000m               | cpu = 2
            K8SLICE | cpu in 8..8               | cpu in 8001m..
            K8SLICE | memory in ..32Gi          | memory in ..32G
            K8SLICE | pods = 110                | pods in 111..
            K8SLICE | storage = 40Gi            | storage in 41Gi..
            K8SLICE | gpu.cores = 0             | gpu.cores in 1..
            K8SLICE | gpu.model =               | gpu.model = A100
            K8SLICE | latency in ..15           | latency in ..10
            K8SLICE | location = Turin          | location = Rome
            K8SLICE | location ~ ^It            | location ~ ^45$
            K8SLICE | location.country = Italy  | location.country = Turin
            K8SLICE | location.city ~ urin      | location.city = Italy
            K8SLICE | security = GDPR           | security = HIPAA
            K8SLICE | price in ..400m           | price in ..0.399
            K8SLICE | carbon in ..310           | carbon in ..300
            VM      | os ~ Ubuntu               | os = Ubuntu
            VM      | architecture = x86_64     | architecture = arm64
            VM      | cpu = 4                   | cpu = 40
            VM      | memory in 8Gi..           | memory in 9Gi..
            VM      | storage = 100Gi           | storage = 0
            VM      | gpu = 10                  | gpu = 0
            SERVICE | category = database       | category = message-queue
            SERVICE | tags = postgres           | tags = mysql
            SERVICE | tags ~ ^post              | tags ~ ^sql
            SENSOR  | sensor_type = temperature | sensor_type = humidity
            SENSOR  | sensor_model ~ DHT        | sensor_model = DHT
            SENSOR  | sensor_manufacturer = Aosong | sensor_manufacturer ~ Bosch
            SENSOR  | sampling_rate in ..2000   | sampling_rate in ..1999
            """)
    void one_filter_finds_it_and_another_does_not(FlavorType type, String finds, String passesOver) {
        assertThat(matches(type, finds)).as(finds).isTrue();
        assertThat(matches(type, passesOver)).as(passesOver).isFalse();
    }

    @Test
    void all_filters_must_pass_and_none_means_any_of_the_type() {
        for (var type : FlavorType.values()) {
            for (var flavor : FLAVORS.values())
                assertThat(new Selector(type, List.of()).matches(flavor))
                        .isEqualTo(flavor.kind().type() == type);
        }
        assertThat(matches(FlavorType.K8SLICE, "cpu in 4..", "memory in 4Gi..")).isTrue();
        assertThat(matches(FlavorType.K8SLICE, "cpu in 4..", "memory in 64Gi.."))
                .isFalse();
    }

    @Test
    void what_is_not_said_is_nothing_but_no_price_is_within_no_limit() {
        var bare = new Flavor(
                "bare",
                "n",
                Samples.OWNER,
                Samples.slice().with(Samples.vector("1", "1Gi", "1")),
                Optional.of(new Price("free", "", "")),
                true,
                Optional.empty(),
                Location.UNKNOWN,
                Samples.BEGINNING,
                Map.of());
        var found = Stream.of("storage = 0", "storage in ..5", "location.city = ")
                .filter(text ->
                        new Selector(FlavorType.K8SLICE, List.of(filter(text).orThrow())).matches(bare));
        assertThat(found).hasSize(3);
        assertThat(new Selector(
                                FlavorType.K8SLICE,
                                List.of(filter("price in ..100").orThrow()))
                        .matches(bare))
                .isFalse();
        assertThat(new Selector(
                                FlavorType.K8SLICE,
                                List.of(filter("storage in 1..").orThrow()))
                        .matches(bare))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu = eight          | "eight" is no quantity
            cpu in 1..x          | "x" is no quantity
            cpu in 8..2          | has the range 8 to 2, whose min is greater than its max
            cpu in ..            | has a range without bounds: give min, max or both
            architecture in 1..2 | is a text and has no least and most
            cpu ~ 8              | is an amount and takes no regular expression
            architecture ~ (?=a) | is none of RE2
            """)
    void a_filter_that_makes_no_sense_is_refused_under_its_name(String text, String rule) {
        assertThat(filter(text)).isInstanceOfSatisfying(Answer.No.class, no -> {
            assertThat(no.why().field()).hasValue(text.split(" ")[0]);
            assertThat(no.why().message()).contains(rule);
        });
    }

    @Test
    void a_selector_looks_only_at_what_the_type_has_and_once_at_each() {
        var cpu = filter("cpu in 1..").orThrow();
        assertThat(Selector.of(FlavorType.SERVICE, List.of(cpu)))
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.why().message())
                                .isEqualTo("flavors of type service have no cpu: leave the filter out"));
        assertThat(Selector.of(
                        FlavorType.K8SLICE, List.of(cpu, filter("cpu = 2").orThrow())))
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.why().message())
                                .isEqualTo("there is more than one filter of cpu: give a value or a range"));
    }

    @Test
    void every_attribute_has_one_word_and_one_key() {
        for (var attribute : Attribute.values()) {
            assertThat(Attribute.of(attribute.word())).hasValue(attribute);
            assertThat(Attribute.of(attribute.key())).hasValue(attribute);
        }
        assertThat(Attribute.of("colour")).isEmpty();
    }
}
