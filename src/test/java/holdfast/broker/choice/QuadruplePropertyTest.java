package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

    private record Reserved(UUID id, Interval when, long amount) {}

    private record Allocated(Optional<UUID> under, Interval when, long amount, boolean firm) {}

    /// What there is, once as it was said and once as a ledger.
    private record Pool(List<Reserved> reserved, List<Allocated> allocated) {
        Ledger ledger() {
            var uses = new HashMap<UUID, List<Step>>();
            allocated.forEach(one -> one.under()
                    .ifPresent(id -> uses.computeIfAbsent(id, _ -> new ArrayList<>())
                            .add(new Step(one.when(), vcpus(one.amount())))));
            var builder = new Ledger.Builder(Set.of("vcpu"), uses);
            reserved.forEach(one -> builder.committed(one.id(), one.when(), vcpus(one.amount())));
            allocated.stream()
                    .filter(one -> one.under().isEmpty())
                    .forEach(one -> builder.allocated(one.when(), vcpus(one.amount()), one.firm()));
            var total = new Profile(Set.of("vcpu"));
            total.add(new Interval(Worlds.START, Instant.MAX), vcpus(40));
            total.add(Worlds.hours(8, 11), vcpus(-15));
            return builder.build(total, Worlds.at(NOW));
        }
    }

    /// Kinds: a reservation; an allocation of half of the reservation before; a firm allocation; one that is lent.
    private static Pool pool(List<Entry> entries) {
        var reserved = new ArrayList<Reserved>();
        var allocated = new ArrayList<Allocated>();
        for (var entry : entries) {
            var when = Worlds.hours(entry.from, entry.until);
            switch (entry.kind) {
                case 0 -> reserved.add(new Reserved(Worlds.id(reserved.size()), when, entry.amount));
                case 1 -> {
                    if (!reserved.isEmpty()) {
                        var parent = reserved.getLast();
                        allocated.add(new Allocated(Optional.of(parent.id()), when, parent.amount() / 2, true));
                    }
                }
                default -> allocated.add(new Allocated(Optional.empty(), when, entry.amount, entry.kind == 2));
            }
        }
        return new Pool(reserved, allocated);
    }

    @Property
    void total_is_available_reserved_and_allocated_at_a_thousand_instants(@ForAll("entries") List<Entry> entries) {
        var pool = pool(entries);
        var ledger = pool.ledger();
        for (int n = 0; n < 1_000; n++) {
            var instant = Worlds.START.plus(Duration.ofSeconds(86L * n));
            var found = Quadruple.at(ledger, instant);
            assertThat(found.available().plus(found.reserved()).plus(found.allocated()))
                    .isEqualTo(found.total());
        }
        for (int hour = 0; hour < Worlds.HOURS; hour++) {
            assertThat(Quadruple.at(ledger, Worlds.at(hour))).isEqualTo(byHand(pool, hour));
        }
    }

    private static Quadruple byHand(Pool pool, int hour) {
        long total = hour >= 8 && hour < 11 ? 25 : 40;
        long committed = 0;
        long inside = 0;
        long allocated = 0;
        long lent = 0;
        for (var one : pool.reserved()) {
            if (one.when().contains(Worlds.at(hour))) {
                long used = 0;
                for (var child : pool.allocated()) {
                    if (child.under().equals(Optional.of(one.id()))
                            && child.when().contains(Worlds.at(hour))) {
                        used += child.amount();
                    }
                }
                committed += one.amount();
                inside += Math.min(one.amount(), used);
            }
        }
        for (var one : pool.allocated()) {
            if (one.under().isEmpty() && one.when().contains(Worlds.at(hour)) && (one.firm() || hour <= NOW)) {
                allocated += one.amount();
                lent += one.firm() ? 0 : one.amount();
            }
        }
        return new Quadruple(
                vcpus(total),
                vcpus(total - committed - allocated),
                vcpus(committed - inside),
                vcpus(inside + allocated),
                vcpus(committed),
                vcpus(lent));
    }

    private static Capacities vcpus(long amount) {
        return Capacities.of("vcpu", amount);
    }

    @Property
    void over_a_window_it_is_that_of_the_earliest_instant_with_the_least_available(
            @ForAll("entries") List<Entry> entries, @ForAll("windows") List<Integer> window) {
        var pool = pool(entries);
        var ledger = pool.ledger();
        var worst = byHand(pool, window.getFirst());
        for (int half = 2 * window.getFirst(); half < 2 * window.getLast(); half++) {
            // what is lent stops counting between two hours
            var here = half % 2 == 0
                    ? byHand(pool, half / 2)
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
