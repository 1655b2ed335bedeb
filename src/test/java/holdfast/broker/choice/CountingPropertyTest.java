package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Worlds.World;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class CountingPropertyTest {
    @Provide
    Arbitrary<World> worlds() {
        return Worlds.worlds();
    }

    @Property(tries = 300)
    void the_count_of_a_flavor_is_that_of_brute_force(
            @ForAll("worlds") World world, @ForAll @LongRange(min = 1, max = 4) long vcpus) {
        var snapshot = world.snapshot();
        var flavor = new Flavor(vcpus, 512, 0);
        long all = 0;
        for (int site = 0; site < world.sites(); site++) {
            var zones = world.sites() == 1 ? List.of(Worlds.zone(0), Worlds.zone(1)) : List.of(Worlds.zone(site));
            long there = 0;
            while (new Brute(snapshot).possible(ask(flavor, there + 1, zones))) {
                there++;
            }
            all += there;
        }
        assertThat(Counting.flavor(snapshot, flavor, PropertyQuery.everything(), Worlds.hours(3, 9)))
                .isEqualTo(all);
    }

    private static Ask ask(Flavor flavor, long number, List<String> zones) {
        var need = new Need.Instances(flavor, number, number, Affinity.NONE, PropertyQuery.everything());
        return Ask.of(
                "mine", Worlds.hours(3, 9), List.of(Item.of(Worlds.id(0), need).in(zones)));
    }

    @Example
    void only_hosts_that_match_are_counted() {
        var world = new World(1, List.of(4, 4, 4, 4), 0, 100, List.of(), List.of());
        var query = PropertyQuery.parse("q", "[\"==\", \"$name\", \"h2\"]").orThrow();
        assertThat(Counting.flavor(world.snapshot(), Worlds.SMALL, query, Worlds.hours(0, 1)))
                .isEqualTo(2);
    }
}
