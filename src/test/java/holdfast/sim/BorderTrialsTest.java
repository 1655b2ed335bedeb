package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.orchestrator.Orchestrator.Created;
import holdfast.platform.Faults;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The trials of [TrialsTest] across a border: a slice that runs at another domain and is deleted, with a kill before
/// or after each write of either side.
///
/// Kills at each 19th write; all with `-Dholdfast.stride=1`.
final class BorderTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 19);

    @AutoClose
    private final TestDatabase one = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase two = TestDatabase.fresh();

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void a_life_goes_on_after_a_kill_on_either_side(boolean atBuyer, boolean after) {
        int commits = commits(atBuyer);
        assertThat(commits).isGreaterThan(10);
        for (int at = 1; at <= commits; at += STRIDE) {
            var border = begin();
            side(border, atBuyer).faults(Trials.killer(at, after));
            live(border, "killed at commit " + at);
            assertThat(border.deaths).as("deaths at commit %s", at).isLessThanOrEqualTo(1);
        }
    }

    private int commits(boolean atBuyer) {
        var border = begin();
        var counter = new Trials.Counter();
        side(border, atBuyer).faults(counter);
        live(border, "without a kill");
        return counter.commits;
    }

    private static World side(Border border, boolean atBuyer) {
        return atBuyer ? border.buyer : border.seller;
    }

    private Border begin() {
        var border = new Border(7, one, two);
        border.buyer.create("full", Duration.ofHours(4), vm("all", "NORTH", 4)).orThrow();
        border.settle();
        border.buy();
        return border;
    }

    private static void live(Border border, String when) {
        var slice = new UUID[1];
        border.atBuyer(() -> slice[0] = made(border.buyer));
        border.settle();
        border.atBuyer(
                () -> assertThat(border.buyer.slice(slice[0]).state()).as(when).isEqualTo("StableOK"));
        assertThat(border.seller.substrates.get("lab-am").present).as(when).hasSize(1);
        border.atBuyer(() -> {
            if (!border.buyer.slice(slice[0]).state().equals("Closing")) {
                border.buyer.orchestrator.delete(World.ALICE, slice[0]).orThrow();
            }
        });
        border.settle();
        border.settleFor(Duration.ofHours(8), Duration.ofHours(2));
        border.buyer.faults(Faults.NONE);
        border.seller.faults(Faults.NONE);
        assertThat(border.buyer.states(slice[0])).as(when).contains("StableOK").endsWith("Closing", "Dead");
        assertThat(border.lendings()).as(when).containsExactly("ended");
        border.buyer.nothingIsLeft();
        border.seller.nothingIsLeft();
    }

    private static UUID made(World world) {
        var term = Interval.of(world.now(), Duration.ofHours(2));
        return switch (world.createAnywhere("away", term, vm("node1", "NORTH", 2))) {
            case Answer.Yes<Created>(var made) -> made.slice().id();
            // killed after the commit: it is there already
            case Answer.No<Created> _ ->
                world.look(tx -> world.engine.resources().ofType(tx, "slice", 10)).stream()
                        .filter(slice -> slice.name().equals("away"))
                        .findFirst()
                        .orElseThrow()
                        .id();
        };
    }
}
