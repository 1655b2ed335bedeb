package holdfast.protocol.rear;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.rear.Configuration.Access.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

final class PiecesTest {
    /// A slice of 8 CPUs, 32Gi, 110 pods, 40Gi of storage and 4 GPU cores; minimum 1, 2Gi, 5, steps of 500m, 1Gi,
    /// 5; GPU cores one by one from 1.
    private static final K8Slice SLICE = new K8Slice(
            "arm64",
            Samples.slice().vector().with(Dimension.GPU_CORES, quantity("4")),
            Optional.of("A100"),
            Properties.NONE,
            new Policy(
                    Samples.policy().minimum().with(Dimension.GPU_CORES, quantity("1")),
                    Samples.policy().step().with(Dimension.GPU_CORES, quantity("1"))));

    private static Optional<String> fault(Kind whole, Configuration asked) {
        return Pieces.fault(whole, asked).map(why -> why.field().orElseThrow() + ": " + why.message());
    }

    private static Configuration slice(String cpu, String memory, String pods) {
        return new Configuration.Slice(vector(cpu, memory, pods));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            CPU,        -1 0 1n 999999999n 1001m 1250m 7999999999n 8000000001n 9, 1 1000m 1500m 2 7500m 8
            MEMORY,     0 1 2147483647 2147483649 2Gi1 2560Mi 34359738367 34359738369 33Gi, 2Gi 2048Mi 3Gi 31Gi 32Gi
            PODS,       0 1 4 6 104 109 111 5500m, 5 10 105 110
            STORAGE,    -1 500m 42949672961 41Gi, 0 1 1Gi 40Gi
            GPU_CORES,  500m 1500m 5, 0 1 2 3 4
            GPU_MEMORY, 1, 0
            COUNT,      1, 0
            """)
    void the_boundaries_of_each_dimension(Dimension dimension, String wrong, String right) {
        var piece = vector("2500m", "6Gi", "25");
        for (var amount : right.split(" ")) {
            assertThat(fault(SLICE, new Configuration.Slice(piece.with(dimension, quantity(amount)))))
                    .as(amount)
                    .isEmpty();
        }
        for (var amount : wrong.replace("2Gi1", "2147483649").split(" ")) {
            assertThat(fault(SLICE, new Configuration.Slice(piece.with(dimension, quantity(amount)))))
                    .as(amount)
                    .hasValueSatisfying(why ->
                            assertThat(why).startsWith("configuration." + dimension.word() + ": " + dimension.word()));
        }
    }

    @Test
    void each_rule_is_told_with_the_way_out() {
        var told = new ArrayList<String>();
        for (var asked : List.of(
                slice("1250m", "6Gi", "25"),
                slice("500m", "6Gi", "25"),
                slice("9", "6Gi", "25"),
                slice("-1", "6Gi", "25"),
                slice("0", "6Gi", "25"),
                new Configuration.Slice(vector("1", "6Gi", "25").with(Dimension.STORAGE, quantity("1m"))),
                new Configuration.Instances(1))) told.add(fault(SLICE, asked).orElseThrow());
        assertThat(told)
                .containsExactly(
                        "configuration.cpu: cpu 1250m is no piece of 8: take 1 and any number of 500m more, or all of it",
                        "configuration.cpu: cpu 500m is no piece of 8: the least is 1",
                        "configuration.cpu: cpu 9 is no piece of 8: there is not so much of it, ask for less",
                        "configuration.cpu: cpu -1 is no piece of 8: it is less than nothing",
                        "configuration.cpu: cpu 0 is no piece of 8: some of it must be taken, at least 1",
                        "configuration.storage: storage 1m is no piece of 40Gi: it is not whole in units of 1",
                        "configuration.type: the configuration is for a flavor of type vm, this one is of type k8slice:"
                                + " name that type");
    }

    @Test
    void all_of_an_odd_amount_is_a_piece_whatever_the_step() {
        var odd = SLICE.with(vector("7970838142n", "7879752Ki", "110"));
        assertThat(fault(odd, slice("7970838142n", "7879752Ki", "110"))).isEmpty();
        assertThat(fault(odd, slice("7500m", "7Gi", "110"))).isEmpty();
        assertThat(fault(odd, slice("7970838141n", "7879752Ki", "110"))).isPresent();
    }

    @Test
    void all_of_less_than_the_minimum_is_no_piece() {
        assertThat(fault(SLICE.with(vector("900m", "32Gi", "110")), slice("900m", "2Gi", "5")))
                .isPresent();
    }

    @Test
    void without_a_minimum_the_first_piece_is_a_step() {
        var free = new K8Slice(
                "arm64",
                vector("8", "32Gi", "110"),
                Optional.empty(),
                Properties.NONE,
                new Policy(Vector.NONE, vector("3", "1Gi", "5")));
        assertThat(fault(free, slice("3", "1Gi", "5"))).isEmpty();
        assertThat(fault(free, slice("6", "1Gi", "5"))).isEmpty();
        assertThat(fault(free, slice("1", "1Gi", "5")))
                .hasValueSatisfying(why -> assertThat(why).endsWith("take any number of 3, or all of it"));
    }

    @Test
    void a_model_and_an_architecture_must_be_the_flavors_if_both_name_them() {
        var amounts = vector("1", "2Gi", "5").with(Dimension.GPU_CORES, quantity("1"));
        var unnamed = new K8Slice("arm64", SLICE.vector(), Optional.empty(), Properties.NONE, SLICE.policy());
        var t4 = new Configuration.Slice(amounts, Optional.of("T4"), Optional.empty());
        var a100 = new Configuration.Slice(amounts, Optional.of("A100"), Optional.of("arm64"));
        assertThat(fault(SLICE, t4)).hasValueSatisfying(why -> assertThat(why).startsWith("configuration.gpu.model"));
        assertThat(fault(unnamed, t4)).isEmpty();
        assertThat(fault(SLICE, a100)).isEmpty();
        assertThat(fault(SLICE, new Configuration.Slice(amounts, Optional.empty(), Optional.of("amd64"))))
                .hasValueSatisfying(why -> assertThat(why).startsWith("configuration.architecture"));
    }

    @Test
    void machines_are_bought_in_whole_instances_within_their_range() {
        for (long count : List.of(2, 3, 9, 10))
            assertThat(fault(Samples.vm(), new Configuration.Instances(count))).isEmpty();
        for (long count : List.of(-1, 0, 1, 11))
            assertThat(fault(Samples.vm(), new Configuration.Instances(count))).isPresent();
    }

    @Test
    void services_run_where_they_are_offered_and_sensors_are_read_as_they_can_be() {
        var data = JsonNodeFactory.instance.objectNode();
        for (var hosting : HostingPolicy.values())
            assertThat(fault(Samples.service(), new Configuration.Settings(Optional.of(hosting), data))
                            .isPresent())
                    .isEqualTo(hosting == HostingPolicy.CONSUMER);
        assertThat(fault(Samples.service(), new Configuration.Settings(Optional.empty(), data)))
                .isEmpty();
        var http = new Sensor(
                "temperature",
                "",
                "",
                "",
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                Optional.of(List.of("GET")),
                Optional.empty(),
                Properties.NONE);
        assertThat(fault(http, new Configuration.Access(Protocol.HTTP))).isEmpty();
        assertThat(fault(http, new Configuration.Access(Protocol.MQTT)))
                .hasValue("configuration.accessType: the sensor is not read by MQTT: name one of [HTTP] as accessType");
    }

    @Test
    void what_is_left_is_sellable_if_there_is_the_minimum_of_all_that_is_counted() {
        assertThat(Pieces.sellable(vector("1", "2Gi", "5"), SLICE)).isTrue();
        assertThat(Pieces.sellable(vector("999m", "2Gi", "5"), SLICE)).isFalse();
        assertThat(Pieces.sellable(vector("8", "32Gi", "4"), SLICE)).isFalse();
        assertThat(Pieces.sellable(vector("8", "32Gi", "0"), SLICE)).isFalse();
        assertThat(Pieces.sellable(vector("8", "32Gi", "110").with(Dimension.STORAGE, quantity("-1")), SLICE))
                .isFalse();
        assertThat(Pieces.sellable(Vector.NONE, Samples.service())).isTrue();
        assertThat(Pieces.sellable(Vector.of(Dimension.COUNT, quantity("1")), Samples.vm()))
                .isFalse();
    }

    @Test
    void a_wish_is_rounded_up_to_the_least_piece_within_its_limit() {
        assertThat(Pieces.roundUp(SLICE, vector("2100m", "5Gi", "21"), Vector.NONE))
                .hasValue(vector("2500m", "5Gi", "25"));
        assertThat(Pieces.roundUp(SLICE, Vector.NONE, Vector.NONE)).hasValue(vector("1", "2Gi", "5"));
        assertThat(Pieces.roundUp(SLICE, vector("2100m", "5Gi", "21"), Vector.of(Dimension.CPU, quantity("2400m"))))
                .isEmpty();
        assertThat(Pieces.roundUp(SLICE, vector("9", "5Gi", "21"), Vector.NONE)).isEmpty();
        var odd = SLICE.with(vector("7970838142n", "32Gi", "110"));
        assertThat(Pieces.roundUp(odd, vector("7900m", "5Gi", "20"), Vector.NONE))
                .hasValue(vector("7970838142n", "5Gi", "20"));
    }
}
