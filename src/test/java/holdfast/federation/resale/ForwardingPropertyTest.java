package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.wire.Passing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// However supernodes know one another, a question that none of them can answer ends (fluidos.md 6.7).
final class ForwardingPropertyTest {
    private static final Instant NOW = Instant.parse("2031-05-02T08:00:00Z");
    private static final UUID ID = new UUID(0, 7);

    /// Supernodes that have nothing and pass on what they are asked, in any order.
    private static final class Net {
        final Map<String, List<String>> knows = new HashMap<>();
        final Map<String, Seen> seen = new HashMap<>();
        final Map<String, Integer> listed = new HashMap<>();
        final Map<String, Integer> passedOn = new HashMap<>();
        final List<String> pairs = new ArrayList<>();
        final List<Runnable> underWay = new ArrayList<>();
        /// Nodes that hand on nothing of what they were told about the question.
        final HashSet<String> forgetful = new HashSet<>();

        void link(String one, String other) {
            knows.computeIfAbsent(one, _ -> new ArrayList<>()).add(other);
            knows.computeIfAbsent(other, _ -> new ArrayList<>());
        }

        void list(String node, Passing passing) {
            listed.merge(node, 1, Integer::sum);
            var memory = seen.computeIfAbsent(node, _ -> new Seen());
            var told = forgetful.contains(node) ? new Passing(Optional.empty(), List.of(), Passing.USUAL) : passing;
            var outside = knows.getOrDefault(node, List.of()).stream()
                    .map(other -> new Forwarding.Outside(id(other), Optional.of(other)))
                    .toList();
            boolean first = memory.first(told.request(), "k8slice", NOW);
            if (Forwarding.decide(node, told, id(node), first, outside)
                    instanceof Forwarding.Decision.On(var asks, var _)) {
                passedOn.merge(node, 1, Integer::sum);
                memory.begins("k8slice");
                asks.forEach(ask -> {
                    var other = name(ask.peer());
                    assertThat(told.path()).as("%s asks %s", node, other).doesNotContain(other);
                    pairs.add(node + ">" + other);
                    underWay.add(() -> list(other, forgetful.contains(node) ? BARE : ask.passing()));
                });
            }
        }

        void run(Random random) {
            int steps = 0;
            while (!underWay.isEmpty()) {
                underWay.remove(random.nextInt(underWay.size())).run();
                assertThat(++steps).as("it goes on and on").isLessThan(1_000);
            }
        }

        private static UUID id(String node) {
            return new UUID(1, node.charAt(0));
        }

        private static String name(UUID id) {
            return String.valueOf((char) id.getLeastSignificantBits());
        }
    }

    private static final Passing BARE = new Passing(Optional.empty(), List.of(), Passing.USUAL);

    @Property(tries = 2_000)
    void every_net_of_six_ends_and_each_passes_on_once(
            @ForAll @IntRange(min = 1, max = 6) int nodes, @ForAll int links, @ForAll long seed) {
        var net = new Net();
        for (int one = 0; one < nodes; one++) {
            for (int other = 0; other < nodes; other++) {
                if (one != other && (Integer.rotateRight(links, one * 6 + other) & 1) == 1) {
                    net.link("" + (char) ('a' + one), "" + (char) ('a' + other));
                }
            }
        }
        net.list("a", Passing.first(ID, "consumer"));
        net.run(new Random(seed));
        assertThat(net.passedOn.values()).allMatch(times -> times == 1);
        assertThat(net.pairs).doesNotHaveDuplicates();
        assertThat(net.pairs).as("nobody asks who has it").noneMatch(pair -> pair.endsWith(">a"));
    }

    @Test
    void in_rings_of_two_and_three_each_is_asked_once() {
        for (var ring : List.of(List.of("a", "b"), List.of("a", "b", "c"))) {
            var net = new Net();
            ring.forEach(
                    one -> ring.stream().filter(other -> !other.equals(one)).forEach(other -> net.link(one, other)));
            net.list("a", Passing.first(ID, "consumer"));
            net.run(new Random(1));
            assertThat(net.listed.values()).as("%s", ring).hasSameSizeAs(ring).allMatch(times -> times == 1);
        }
    }

    @Test
    void a_question_that_comes_back_without_its_name_is_not_passed_on_again() {
        var net = new Net();
        net.link("a", "b");
        net.link("b", "a");
        net.forgetful.add("b");
        net.list("a", BARE);
        net.run(new Random(1));
        assertThat(net.passedOn).containsEntry("a", 1);
        assertThat(net.listed).containsEntry("a", 2);
    }

    @Test
    void each_waits_less_long_than_who_asks_it() {
        for (int hops = 2; hops <= 5; hops++) {
            assertThat(Forwarding.wait(hops - 1)).isLessThanOrEqualTo(Forwarding.wait(hops));
        }
        assertThat(Forwarding.wait(4).toSeconds()).isEqualTo(10);
        assertThat(Forwarding.wait(1).toMillis()).isEqualTo(1_500);
    }

    @Test
    void after_a_minute_a_name_may_be_used_again() {
        var seen = new Seen();
        assertThat(seen.first(Optional.of(ID), "", NOW)).isTrue();
        assertThat(seen.first(Optional.of(ID), "", NOW.plusSeconds(59))).isFalse();
        assertThat(seen.first(Optional.of(ID), "", NOW.plusSeconds(61))).isTrue();
    }
}
