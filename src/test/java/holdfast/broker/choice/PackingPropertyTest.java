package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Worlds.Busy;
import holdfast.broker.choice.Worlds.World;
import holdfast.core.Answer;
import holdfast.core.Interval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Which hosts, how many, and the late binding of pending claims.
class PackingPropertyTest {
    @Provide
    Arbitrary<World> worlds() {
        return Worlds.worlds();
    }

    /// Requests that came earlier: from, until and number of hosts.
    @Provide
    Arbitrary<List<List<Integer>>> leases() {
        return Combinators.combine(Worlds.window(), Arbitraries.integers().between(1, 2))
                .as((window, hosts) -> List.of(window.getFirst(), window.getLast(), hosts))
                .list()
                .ofMinSize(8)
                .ofMaxSize(16);
    }

    @Property(tries = 300)
    void pending_claims_of_like_units_fit_exactly_if_their_number_does(
            @ForAll("leases") List<List<Integer>> leases, @ForAll boolean running) {
        var busy = running ? List.of(new Busy(2, 0, 9, 0), new Busy(0, 0, 3, 0)) : List.<Busy>of();
        var world = new World(1, List.of(4, 4, 4, 4), 0, 1_000, busy, List.of());
        var calendar = new Calendar(world.snapshot());
        var taken = new int[Worlds.HOURS];
        busy.forEach(one -> count(taken, one.when(), 1));
        for (var lease : leases) {
            var when = Worlds.hours(lease.get(0), lease.get(1));
            boolean fits =
                    IntStream.range(lease.get(0), lease.get(1)).allMatch(hour -> taken[hour] + lease.get(2) <= 4);
            assertThat(calendar.book(when, lease.get(2))).isEqualTo(fits);
            if (fits) {
                count(taken, when, lease.get(2));
            }
        }
    }

    private static void count(int[] taken, Interval when, int hosts) {
        for (int hour = Worlds.hour(when.from()); hour < Worlds.hour(when.until()); hour++) {
            taken[hour] += hosts;
        }
    }

    /// Books and moves as the broker does.
    private static final class Calendar {
        private final Snapshot empty;
        private final List<Pending> pending = new ArrayList<>();

        Calendar(Snapshot empty) {
            this.empty = empty;
        }

        boolean book(Interval when, int hosts) {
            var id = Worlds.id(pending.size());
            var item = Item.of(id, new Need.Hosts(hosts, hosts, PropertyQuery.everything()));
            if (!(Choice.decide(Ask.of("mine", when, List.of(item)), now()) instanceof Answer.Yes<Grant>(var grant))) {
                return false;
            }
            grant.moves().forEach(this::move);
            pending.add(new Pending("mine", item, when, grant.placements().get(id), grant.claims()));
            return true;
        }

        private void move(Move move) {
            pending.replaceAll(one -> {
                if (!one.item().id().equals(move.item())) {
                    return one;
                }
                assertThat(move.before()).isEqualTo(one.claims());
                assertThat(times(move.after())).isEqualTo(times(one.claims()));
                assertThat(move.placement()).hasSameSizeAs(one.placement());
                return new Pending(one.project(), one.item(), one.when(), move.placement(), move.after());
            });
        }

        private static Set<Interval> times(List<Claim> claims) {
            return claims.stream().map(Claim::when).collect(Collectors.toSet());
        }

        private Snapshot now() {
            var free = Worlds.free(empty);
            pending.forEach(one -> one.claims().forEach(claim -> {
                assertThat(Worlds.fits(free, claim)).isTrue();
                Worlds.take(free, claim, 1);
            }));
            return Worlds.booked(
                    empty,
                    pending.stream().flatMap(one -> one.claims().stream()).toList(),
                    pending);
        }
    }

    @Property(tries = 300)
    void as_many_as_there_are_up_to_the_most(
            @ForAll("worlds") World world, @ForAll Affinity affinity, @ForAll("most") int most) {
        var snapshot = world.snapshot();
        var when = Worlds.hours(4, 8);
        var given =
                Choice.decide(ask(when, instances(1, most, affinity)), snapshot) instanceof Answer.Yes<Grant>(var grant)
                        ? grant.placements().get(Worlds.id(0)).stream()
                                .mapToLong(Placement::slots)
                                .sum()
                        : 0;
        long there = 0;
        while (there < most && new Brute(snapshot).possible(ask(when, instances(there + 1, there + 1, affinity)))) {
            there++;
        }
        assertThat(given).isEqualTo(there);
    }

    @Provide
    Arbitrary<Integer> most() {
        return Arbitraries.integers().between(1, 6);
    }

    @Property(tries = 300)
    void the_same_calendar_gives_the_same_answer_and_stays_as_it_was(
            @ForAll("worlds") World world, @ForAll Affinity affinity) {
        var snapshot = world.snapshot(Set.of(0, 1, 2));
        var before = Worlds.hoursOf(snapshot);
        var ask = ask(Worlds.hours(4, 8), instances(1, 3, affinity));
        var first = Choice.decide(ask, snapshot);
        assertThat(Choice.decide(ask, snapshot)).isEqualTo(first);
        assertThat(Choice.decide(ask, world.snapshot(Set.of(0, 1, 2)))).isEqualTo(first);
        assertThat(Worlds.hoursOf(snapshot)).isEqualTo(before);
    }

    @Example
    void the_tightest_gap_is_taken_or_the_one_that_can_be_extended_so_a_choice_has_an_effect_bug_2099927() {
        var busy = List.of(new Busy(0, 8, 12, 0), new Busy(1, 10, 12, 0), new Busy(2, 9, 23, 0), new Busy(3, 0, 5, 0));
        var world = new World(1, List.of(4, 4, 4, 4), 0, 1_000, busy, List.of());
        var when = Worlds.hours(5, 8);
        assertThat(hosts(world, Prefer.TIGHTEST, when)).containsExactly(Worlds.host(0));
        assertThat(hosts(world, Prefer.EXTENDABLE, when)).containsExactly(Worlds.host(3));
        assertThat(hosts(world, Prefer.TIGHTEST, Worlds.hours(5, 9))).containsExactly(Worlds.host(2));
    }

    private static List<String> hosts(World world, Prefer prefer, Interval when) {
        var item = Item.of(Worlds.id(0), new Need.Hosts(1, 1, PropertyQuery.everything()));
        var ask = new Ask("mine", when, true, prefer, List.of(item), List.of());
        return Choice.decide(ask, world.snapshot()).orThrow().placements().get(Worlds.id(0)).stream()
                .map(Placement::place)
                .toList();
    }

    @Example
    void what_must_stay_stays_and_gains_more() {
        var world = new World(1, List.of(4, 4, 4, 4), 0, 1_000, List.of(), List.of());
        var kept = List.of(new Placement(Worlds.host(3), 1));
        var item = Item.of(Worlds.id(0), new Need.Hosts(2, 2, PropertyQuery.everything()))
                .keeping(kept);
        var grant = Choice.decide(Ask.of("mine", Worlds.hours(1, 2), List.of(item)), world.snapshot())
                .orThrow();
        assertThat(grant.placements().get(Worlds.id(0)))
                .containsExactly(new Placement(Worlds.host(0), 1), new Placement(Worlds.host(3), 1));
    }

    @Example
    void what_is_not_pending_never_moves() {
        var busy = List.of(new Busy(0, 2, 6, 0), new Busy(1, 6, 10, 0), new Busy(2, 0, 23, 0), new Busy(3, 0, 23, 0));
        var world = new World(1, List.of(4, 4, 4, 4), 0, 1_000, busy, List.of());
        var ask = ask(Worlds.hours(3, 9), new Need.Hosts(1, 1, PropertyQuery.everything()));
        assertThat(Choice.decide(ask, world.snapshot())).isInstanceOf(Answer.No.class);
        var moves = Choice.decide(ask, world.snapshot(Set.of(1))).orThrow().moves();
        assertThat(moves).extracting(Move::item).containsExactly(Worlds.id(1_001));
        assertThat(moves.getFirst().placement()).containsExactly(new Placement(Worlds.host(0), 1));
        var ids = new HashSet<UUID>();
        assertThat(moves).allMatch(move -> ids.add(move.item()));
    }

    @Example
    void a_thousand_hosts_with_a_hundred_claims_each_are_decided() {
        var snapshot = Worlds.large(1_000, 100);
        var item = Item.of(Worlds.id(0), new Need.Hosts(400, 500, PropertyQuery.everything()));
        var grant = Choice.decide(
                        Ask.of("mine", new Interval(Worlds.at(5_000), Worlds.at(5_001)), List.of(item)), snapshot)
                .orThrow();
        assertThat(grant.placements().get(Worlds.id(0))).hasSize(500);
        assertThat(grant.claims()).hasSize(500 + 2);
    }

    private static Need.Instances instances(long min, long max, Affinity affinity) {
        return new Need.Instances(Worlds.SMALL, min, max, affinity, PropertyQuery.everything());
    }

    private static Ask ask(Interval when, Need need) {
        return Ask.of("mine", when, List.of(Item.of(Worlds.id(0), need)));
    }
}
