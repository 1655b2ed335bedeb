package holdfast.broker.market;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Capacities;
import holdfast.core.Quantity;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/// What is sold of a host, in the units that the host counts in.
final class UnitsTest {
    private static final Vector SOME = new Vector(Map.of(
            Dimension.CPU, Quantity.of("2500m").orThrow(),
            Dimension.MEMORY, Quantity.of("3Gi").orThrow(),
            Dimension.PODS, Quantity.of("20").orThrow()));

    @Test
    void a_machine_is_used_by_the_core_and_a_cluster_by_the_nano() {
        assertThat(Units.WHOLE.ceiling(SOME)).isEqualTo(Capacities.of(3, 3, 0));
        assertThat(Units.WHOLE.floor(SOME)).isEqualTo(Capacities.of(2, 3, 0));
        var exact = new Capacities(Map.of("cpu_nano", 2_500_000_000L, "memory_byte", 3L << 30, "pod", 20L));
        assertThat(Units.EXACT.ceiling(SOME)).isEqualTo(exact);
        assertThat(Units.EXACT.floor(SOME)).isEqualTo(exact);
        assertThat(Units.of(exact)).isEqualTo(Units.EXACT);
        assertThat(Units.of(Capacities.of(8, 32, 100))).isEqualTo(Units.WHOLE);
    }

    @Property(tries = 200)
    void what_a_host_has_is_what_may_be_sold_of_it(
            @ForAll @LongRange(min = 0, max = 1L << 40) long cpu,
            @ForAll @LongRange(min = 0, max = 1L << 40) long memory) {
        for (var units : Units.values()) {
            var has = units.counted(new Capacities(
                    Map.of("cpu_nano", cpu, "memory_byte", memory, "core", cpu >> 30, "ram", memory >> 30)));
            assertThat(units.floor(units.vector(has))).isEqualTo(has);
            assertThat(units.ceiling(units.vector(has))).isEqualTo(has);
        }
    }
}
