package holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.calendar.Free;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.inventory.Device;
import holdfast.inventory.Host;
import holdfast.protocol.Placement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MatchingTest {
    private static final Host SMALL = host("w1", 8, device("d1", "GPU", "Tesla T4"), device("d2", "NVME", "P4510"));
    private static final Host LARGE = host("w2", 64, device("d3", "GPU", "RTX6000"), device("d4", "GPU", "Tesla T4"));
    private static final List<Host> HOSTS = List.of(SMALL, LARGE);

    private static Host host(String name, int cores, Device... devices) {
        return new Host(
                "id-" + name,
                name,
                "LAB",
                Capacities.of(cores, 64, 1000),
                "primary",
                Optional.empty(),
                Arrays.asList(devices));
    }

    private static Device device(String id, String type, String model) {
        return new Device(id, id, type, Optional.of(model), List.of(new Device.Unit(id, List.of())));
    }

    private static Demand demand(int cores, String... devices) {
        var components = Arrays.stream(devices)
                .map(text -> text.split(" ", 2))
                .map(parts -> new Demand.Component(
                        String.join("-", parts),
                        parts[0],
                        parts.length == 1 ? Optional.empty() : Optional.of(parts[1])))
                .toList();
        return new Demand(
                "VM", "node1", "LAB", Capacities.of(cores, 1, 1), Optional.empty(), Optional.empty(), components);
    }

    private static Refusal refused(Demand demand) {
        return switch (Matching.candidates(HOSTS, demand)) {
            case Answer.No<List<Host>>(var why) -> why;
            case Answer.Yes<List<Host>>(var hosts) -> throw new AssertionError("not refused: " + hosts);
        };
    }

    private static Optional<Placement> placed(Demand demand, Map<String, Free> free) {
        return Matching.firstFit(Matching.candidates(HOSTS, demand).orThrow(), demand, free);
    }

    private static Map<String, Free> free(Set<String> taken) {
        return Map.of(
                "id-w1", new Free(SMALL.delegated(), taken),
                "id-w2", new Free(LARGE.delegated(), taken));
    }

    @Test
    void the_first_host_that_fits_is_taken() {
        assertThat(placed(demand(4), free(Set.of())).orElseThrow().host()).isEqualTo("w1");
        assertThat(placed(demand(9), free(Set.of())).orElseThrow().host()).isEqualTo("w2");
        assertThat(placed(demand(4, "GPU Tesla T4"), free(Set.of("d1")))
                        .orElseThrow()
                        .host())
                .isEqualTo("w2");
        assertThat(placed(demand(4, "GPU Tesla T4"), free(Set.of("d1", "d4")))).isEmpty();
    }

    @Test
    void one_that_names_no_model_does_not_take_what_another_needs() {
        var placement = placed(demand(9, "GPU", "GPU RTX6000"), free(Set.of())).orElseThrow();
        assertThat(placement.devices()).extracting(Placement.Device::unit).containsExactly("d4", "d3");
    }

    @Test
    void what_can_never_be_served_is_refused_with_the_field_and_what_there_is() {
        var elsewhere = new Demand(
                "VM", "node1", "MARS", Capacities.of(1, 1, 1), Optional.empty(), Optional.empty(), List.of());
        assertThat(refused(elsewhere).message()).contains("MARS", "LAB");
        assertThat(refused(elsewhere).field()).contains("nodes.node1.site");
        assertThat(refused(demand(65)).field()).contains("nodes.node1.capacities");
        assertThat(refused(demand(65)).message()).contains("65", "64");
        assertThat(refused(demand(1, "FPGA U280")).message()).contains("FPGA U280", "GPU Tesla T4");
        assertThat(refused(demand(1, "NVME P4510", "GPU RTX6000")).message()).contains("together");
        var pinned = new Demand(
                "VM", "node1", "LAB", Capacities.of(1, 1, 1), Optional.of("w9"), Optional.empty(), List.of());
        assertThat(refused(pinned).message()).contains("w9", "w1, w2");
    }

    @Test
    void a_pinned_host_is_kept_to_though_another_comes_first() {
        var pinned = new Demand(
                "VM", "node1", "LAB", Capacities.of(1, 1, 1), Optional.of("w2"), Optional.empty(), List.of());
        assertThat(placed(pinned, free(Set.of())).orElseThrow().host()).isEqualTo("w2");
    }

    @Test
    void hosts_of_a_pool_are_measured_by_what_the_pool_has_left() {
        var pooled = new Host("id-w3", "w3", "LAB", Capacities.of(8, 64, 1000), "d", Optional.of("pool"), List.of());
        var free = Map.of("d/pool", new Free(Capacities.of(2, 64, 1000), Set.of()));
        assertThat(Matching.firstFit(List.of(pooled), demand(2), free)).isPresent();
        assertThat(Matching.firstFit(List.of(pooled), demand(3), free)).isEmpty();
    }
}
