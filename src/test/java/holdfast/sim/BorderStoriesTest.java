package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Interval;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.Sliver;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The stories of [LendingStoriesTest] between two domains that have nothing in common but a bad wire (fluidos.md 4.6,
/// 4.7).
final class BorderStoriesTest {
    @AutoClose
    private final TestDatabase one = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase two = TestDatabase.fresh();

    private Border begin(long seed) {
        var border = new Border(seed, one, two);
        var filled = border.buyer.create("full", Duration.ofHours(4), vm("all", "NORTH", 4));
        filled.orThrow();
        border.settle();
        return border;
    }

    private static UUID away(Border border) {
        var now = border.buyer.now();
        var term = new Interval(now, now.plus(Duration.ofHours(2)));
        var made = border.buyer.createAnywhere("away", term, vm("node1", "NORTH", 2));
        return made.orThrow().slice().id();
    }

    private static Resource sliver(Border border, UUID slice) {
        return border.buyer.slivers(slice).getFirst();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatever_happens_on_the_way_each_thing_is_done_once_and_nothing_is_left(long seed) {
        var border = begin(seed);
        var contract = border.buy();
        border.wire.trouble = seed == 1 ? 0 : 40;
        var slice = away(border);
        border.settle();
        assertThat(border.buyer.slice(slice).state())
                .as(() -> border.buyer.story(sliver(border, slice).id()))
                .isEqualTo("StableOK");
        assertThat(border.lendings()).containsExactly("claimed");
        var lab = border.seller.substrates.get("lab-am");
        assertThat(lab.present).hasSize(1);
        assertThat(border.buyer.substrates.get("lab-am").present).isEmpty();
        border.buyer.neverEver();
        border.seller.neverEver();

        border.buyer.orchestrator.delete(World.ALICE, slice).orThrow();
        border.settle();
        assertThat(lab.present).isEmpty();
        assertThat(lab.made.values()).containsExactly(1);
        assertThat(border.lendings()).containsExactly("ended");
        assertThat(border.state(contract)).isEqualTo("terminated");
        border.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        border.buyer.nothingIsLeft();
        border.seller.nothingIsLeft();
        assertThat(border.over)
                .as("an hour after the end no mail is taken any more")
                .isNotEmpty();
    }

    @Test
    void neither_side_learns_more_of_the_other_than_it_must() {
        var border = begin(1);
        border.buy();
        var slice = away(border);
        border.settle();
        var active = (Sliver.Active) Sliver.of(sliver(border, slice));
        assertThat(active.toString()).doesNotContain("lab-w2").doesNotContain("LAB-H2");
        var lease =
                border.seller.lease("lab-am", new SliverId(sliver(border, slice).id()));
        assertThat(lease.data().toString()).doesNotContain("alice");
        assertThat(lease.project()).as("a project there is none of ours").startsWith("physics@");
    }

    @Test
    void the_seller_can_end_it_and_the_slice_is_dead() {
        var border = begin(2);
        var contract = border.buy();
        border.wire.trouble = 40;
        var slice = away(border);
        border.settle();
        border.seller.run(tx -> {
            var market = border.seller.broker.market().contracts();
            var found = market.find(tx, contract.id()).orElseThrow();
            market.release(tx, found.id(), "admin", "needed here").orThrow();
        });
        border.settle();
        assertThat(border.seller.substrates.get("lab-am").present).isEmpty();
        assertThat(border.buyer.slice(slice).state()).isEqualTo("Dead");
        border.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        border.buyer.nothingIsLeft();
        border.seller.nothingIsLeft();
    }

    @Test
    void who_says_to_close_what_is_not_its_own_closes_nothing() {
        var border = begin(1);
        border.buy();
        var own = border.seller
                .create("own", Duration.ofHours(4), vm("a", "LAB", 8))
                .orThrow()
                .slice()
                .id();
        border.settle();
        var sliver = border.seller.slivers(own).getFirst();
        var route = border.customer.routes().getFirst();
        border.buyer.run(tx -> border.buyer
                .engine
                .post()
                .send(tx, "orchestrator", "lab-am@" + route.contract(), new Message.Close(new SliverId(sliver.id()))));
        border.settle();
        assertThat(border.seller.slice(own).state()).isEqualTo("StableOK");
        assertThat(border.buyer.<Set<String>>look(border.buyer.engine.post()::abroad))
                .as("it was told")
                .isEmpty();
        assertThat(border.seller.<List<Resource>>look(
                        tx -> border.seller.engine.resources().list(tx, Resources.typed("lease"), 10)))
                .extracting(Resource::state)
                .containsExactly("active");
    }
}
