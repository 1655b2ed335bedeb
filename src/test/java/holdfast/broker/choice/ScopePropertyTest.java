package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScopePropertyTest {
    @Provide
    Arbitrary<List<Integer>> windows() {
        return Worlds.window();
    }

    @Property
    void inclusive_is_some_hour_in_common_and_exclusive_every_hour_of_the_entry(
            @ForAll("windows") List<Integer> window, @ForAll("windows") List<Integer> entry, @ForAll boolean open) {
        int last = open ? 1_000 : entry.getLast();
        var until = open ? Optional.<java.time.Instant>empty() : Optional.of(Worlds.at(last));
        var inside = IntStream.range(entry.getFirst(), last)
                .map(hour -> hour >= window.getFirst() && hour < window.getLast() ? 1 : 0)
                .summaryStatistics();
        var asked = Worlds.hours(window.getFirst(), window.getLast());
        assertThat(Scope.matches(asked, Worlds.at(entry.getFirst()), until, true))
                .isEqualTo(inside.getMax() == 1);
        assertThat(Scope.matches(asked, Worlds.at(entry.getFirst()), until, false))
                .isEqualTo(inside.getMin() == 1);
    }
}
