package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.orchestrator.Sliver;
import holdfast.protocol.Message;
import holdfast.protocol.Placement;
import holdfast.protocol.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A part of a host that is lent under a contract, and the slice that runs there because there was no room at home
/// (fluidos.md 4.1, 4.6, 4.7).
final class LendingStoriesTest {
    private static final Duration TERM = Duration.ofHours(4);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private World world;

    @BeforeEach
    void start() {
        world = new World(1, test);
        world.settle();
    }

    /// The only host of the north has four cores.
    private void fillTheNorth() {
        world.create("full", TERM, vm("all", "NORTH", 4)).orThrow();
        world.settle();
    }

    private UUID anywhere(String name, int cores) {
        var term = new Interval(world.now(), world.now().plus(Duration.ofHours(2)));
        var made = world.createAnywhere(name, term, vm("node1", "NORTH", cores)).orThrow();
        world.settle();
        return made.slice().id();
    }

    private Resource sliver(UUID slice) {
        return world.slivers(slice).getFirst();
    }

    private String site(UUID slice, int attempt) {
        return Neighbour.site(Neighbour.contract(new SliverId(sliver(slice).id()), attempt));
    }

    @Test
    void a_slice_without_room_at_home_runs_on_a_borrowed_host_and_leaves_nothing() {
        fillTheNorth();
        var slice = anywhere("away", 2);

        assertThat(world.slice(slice).state())
                .as(() -> world.story(sliver(slice).id()))
                .isEqualTo("StableOK");
        assertThat(world.states(sliver(slice).id()))
                .containsExactly("ticketing", "acquiring", "ticketing", "ticketed", "redeeming", "active");
        var active = (Sliver.Active) Sliver.of(sliver(slice));
        assertThat(active.wanted().demand().site()).isEqualTo(site(slice, 1));
        assertThat(world.substrates.get("lab-am").present).hasSize(1);
        assertThat(world.substrates.get("lab-am").present.values().toString()).contains("lab-w2");
        world.neverEver();

        world.orchestrator.delete(World.ALICE, slice).orThrow();
        world.settle();
        assertThat(world.substrates.get("lab-am").present).isEmpty();
        assertThat(world.neighbour.states("lending")).containsOnly("ended");
        world.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        world.nothingIsLeft();
    }

    @Test
    void what_the_borrower_is_told_names_no_host_of_the_lender() {
        fillTheNorth();
        var slice = anywhere("away", 2);
        var active = (Sliver.Active) Sliver.of(sliver(slice));
        assertThat(active.ticket().placement().host()).isEqualTo(site(slice, 1) + "-host");
        assertThat(active.lease().host()).isEqualTo(site(slice, 1) + "-host");
        assertThat(active.toString()).doesNotContain("lab-w2").doesNotContain("LAB-H2");
    }

    @Test
    void more_than_was_lent_is_never_taken_and_the_rest_of_the_host_stays_free() {
        fillTheNorth();
        world.neighbour.generosity = 50;
        var slice = anywhere("away", 2);
        // the broker sees that half of it is too little, and after the last attempt gives up
        assertThat(world.slice(slice).state()).isEqualTo("Dead");
        assertThat(world.slice(slice).message().orElseThrow()).contains("more than any host at b-");
        assertThat(world.substrates.get("lab-am").made).isEmpty();
        world.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        world.nothingIsLeft();
    }

    @Test
    void the_lender_can_end_it_and_everything_on_it_is_closed() {
        fillTheNorth();
        var slice = anywhere("away", 2);
        var contract = Neighbour.contract(new SliverId(sliver(slice).id()), 1);
        world.run(tx -> world.engine.post().send(tx, "broker", "lab-am", new Message.Unlend(contract)));
        world.settle();
        assertThat(world.substrates.get("lab-am").present).isEmpty();
        assertThat(world.slice(slice).state()).isEqualTo("Dead");
        assertThat(world.neighbour.states("lending")).containsExactly("ended");
        world.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        world.nothingIsLeft();
    }

    @Test
    void what_cannot_be_taken_down_keeps_the_contract_stuck_until_it_is_gone() {
        fillTheNorth();
        var slice = anywhere("away", 2);
        world.substrates.get("lab-am").trouble = (verb, _) -> {
            if (verb.equals("remove")) {
                throw new SimSubstrate.Broken();
            }
        };
        world.orchestrator.delete(World.ALICE, slice).orThrow();
        world.settleFor(Duration.ofHours(1), Duration.ofMinutes(5));
        assertThat(world.neighbour.states("lending")).containsExactly("stuck");

        world.substrates.get("lab-am").trouble = SimSubstrate.Trouble.NONE;
        var contract = Neighbour.contract(new SliverId(sliver(slice).id()), 1);
        world.run(tx -> world.engine.post().send(tx, "broker", "lab-am", new Message.Unlend(contract)));
        world.settle();
        assertThat(world.neighbour.states("lending")).containsExactly("ended");
        assertThat(world.substrates.get("lab-am").present).isEmpty();
    }

    @Test
    void who_has_no_live_contract_gets_nothing() {
        fillTheNorth();
        var slice = anywhere("away", 2);
        var active = (Sliver.Active) Sliver.of(sliver(slice));
        var info = world.info(slice);
        var other = new SliverId(UUID.randomUUID());
        var stolen = new Ticket(
                other,
                active.ticket().delegation(),
                "orchestrator",
                "lab-am",
                active.ticket().term(),
                active.ticket().demand(),
                new Placement("x", "x", active.ticket().placement().granted(), List.of()));
        world.run(
                tx -> world.engine.post().send(tx, "orchestrator", "lab-am", new Message.Redeem(other, info, stolen)));
        world.settle();
        assertThat(world.substrates.get("lab-am").present).hasSize(1);
        assertThat(world.lease("lab-am", other).message().orElseThrow()).contains("no contract that lives");

        // nor does the borrower, beyond what was lent
        var more = new SliverId(UUID.randomUUID());
        var twice = new Ticket(
                more,
                active.ticket().delegation(),
                "broker",
                "lab-am",
                active.ticket().term(),
                active.ticket().demand(),
                active.ticket().placement());
        world.run(tx -> world.engine.post().send(tx, "orchestrator", "lab-am", new Message.Redeem(more, info, twice)));
        world.settle();
        assertThat(world.substrates.get("lab-am").present).hasSize(1);
        assertThat(world.lease("lab-am", more).message().orElseThrow())
                .contains("the borrowed host has no")
                .doesNotContain("LAB");
    }

    @Test
    void a_borrowed_site_is_there_for_its_project_alone() {
        fillTheNorth();
        var slice = anywhere("away", 2);
        var site = site(slice, 1);
        var demand = List.of(vm("node1", site, 1));
        assertThat(world.<List<Refusal>>look(tx -> world.broker.tickets().check(tx, "physics", demand)))
                .isEmpty();
        assertThat(world.<List<Refusal>>look(tx -> world.broker.tickets().check(tx, "chemistry", demand)))
                .singleElement()
                .satisfies(why -> assertThat(why.message()).contains("asks for site " + site + ", which is not known"));
    }

    @Test
    void when_nobody_lends_either_the_slice_says_so() {
        fillTheNorth();
        world.create("lab", TERM, vm("a", "LAB", 8), vm("b", "LAB", 8)).orThrow();
        world.settle();
        var slice = anywhere("away", 2);
        assertThat(world.slice(slice).state()).isEqualTo("Dead");
        assertThat(world.states(sliver(slice).id())).containsExactly("ticketing", "acquiring", "failed");
        assertThat(world.neighbour.states("lending")).isEmpty();
    }

    @Test
    void where_it_is_does_not_matter_to_a_demand_without_a_site_but_never_a_borrowed_host() {
        var slice =
                world.create("here", TERM, vm("node1", "", 8)).orThrow().slice().id();
        world.settle();
        assertThat(world.slice(slice).state()).isEqualTo("StableOK");
        var big =
                world.create("big", TERM, vm("node1", "", 9)).orThrow().slice().id();
        world.settle();
        assertThat(((Sliver.Failed) Sliver.of(sliver(big))).why())
                .satisfies(why -> assertThat(why.kind()).isEqualTo(Refusal.Kind.NO_ROOM))
                .satisfies(why -> assertThat(why.message()).contains("more than any host at this domain has"));
    }
}
