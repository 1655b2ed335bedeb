package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Quadruple.Allocated;
import holdfast.broker.choice.Quadruple.Ledger;
import holdfast.broker.choice.Quadruple.Reserved;
import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuadruplePropertyTest {
    private static final int NOW = 6;

    private record Entry(int kind, int from, int until, long amount) {}

    @Provide
    Arbitrary<List<Entry>> entries() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Worlds.window(),
                        Arbitraries.longs().between(1, 9))
                .as((kind, window, amount) -> new Entry(kind, window.getFirst(), window.getLast(), amount))
                .list()
                .ofMaxSize(8);
    }

    /// Kinds: a reservation; an allocation of half of the reservation before; a firm allocation; one that is lent.
    private static Ledger ledger(List<Entry> entries) {
        var total = new Profile(Set.of("vcpu"));
        total.add(new Interval(Worlds.START, Instant.MAX), Capacities.of("vcpu", 40));
        total.add(Worlds.hours(8, 11), Capacities.of("vcpu", -15));
        var reserved = new ArrayList<Reserved>();
        var allocated = new ArrayList<Allocated>();
        for (var entry : entries) {
            var when = Worlds.hours(entry.from, entry.until);
            var amount = Capacities.of("vcpu", entry.amount);
            switch (entry.kind) {
                case 0 -> reserved.add(new Reserved(Worlds.id(reserved.size()), when, amount));
                case 1 -> {
                    if (!reserved.isEmpty()) {
                        var parent = reserved.getLast();
                        var half = Capacities.of("vcpu", parent.amount().get("vcpu") / 2);
                        allocated.add(new Allocated(Optional.of(parent.id()), when, half, true));
                    }
                }
                default -> allocated.add(new Allocated(Optional.empty(), when, amount, entry.kind == 2));
            }
        }
        return new Ledger(total, reserved, allocated, Worlds.at(NOW));
    }

    @Property
    void total_is_available_reserved_and_allocated_at_a_thousand_instants(@ForAll("entries") List<Entry> entries) {
        var ledger = ledger(entries);
        for (int n = 0; n < 1_000; n++) {
            var instant = Worlds.START.plus(Duration.ofSeconds(86L * n));
            var found = Quadruple.at(ledger, instant);
            assertThat(found.available().plus(found.reserved()).plus(found.allocated()))
                    .isEqualTo(found.total());
        }
        for (int hour = 0; hour < Worlds.HOURS; hour++) {
            assertThat(Quadruple.at(ledger, Worlds.at(hour))).isEqualTo(byHand(ledger, hour));
        }
    }

    private static Quadruple byHand(Ledger ledger, int hour) {
        long total = hour >= 8 && hour < 11 ? 25 : 40;
        long reserved = 0;
        long committed = 0;
        long allocated = 0;
        long lent = 0;
        for (var one : ledger.reserved()) {
            if (one.when().contains(Worlds.at(hour))) {
                long unused = one.amount().get("vcpu");
                committed += unused;
                for (var child : ledger.allocated()) {
                    if (child.under().equals(Optional.of(one.id()))
                            && child.when().contains(Worlds.at(hour))) {
                        unused -= child.amount().get("vcpu");
                    }
                }
                reserved += Math.max(0, unused);
            }
        }
        for (var one : ledger.allocated()) {
            if (one.when().contains(Worlds.at(hour)) && (one.firm() || hour <= NOW)) {
                allocated += one.amount().get("vcpu");
                lent += one.firm() ? 0 : one.amount().get("vcpu");
            }
        }
        return new Quadruple(
                vcpus(total),
                vcpus(total - reserved - allocated),
                vcpus(reserved),
                vcpus(allocated),
                vcpus(committed),
                vcpus(lent));
    }

    private static Capacities vcpus(long amount) {
        return Capacities.of("vcpu", amount);
    }

    @Property
    void over_a_window_it_is_that_of_the_earliest_instant_with_the_least_available(
            @ForAll("entries") List<Entry> entries, @ForAll("windows") List<Integer> window) {
        var ledger = ledger(entries);
        var worst = byHand(ledger, window.getFirst());
        for (int half = 2 * window.getFirst(); half < 2 * window.getLast(); half++) {
            // what is lent stops counting between two hours
            var here = half % 2 == 0
                    ? byHand(ledger, half / 2)
                    : Quadruple.at(ledger, Worlds.at(half / 2).plusSeconds(1_800));
            if (here.available().get("vcpu") < worst.available().get("vcpu")) {
                worst = here;
            }
        }
        assertThat(Quadruple.over(ledger, Worlds.hours(window.getFirst(), window.getLast())))
                .isEqualTo(worst);
    }

    @Provide
    Arbitrary<List<Integer>> windows() {
        return Worlds.window();
    }
}
