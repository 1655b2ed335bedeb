package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Driver;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Post;
import holdfast.inventory.GraphMl;
import holdfast.inventory.VertexClass;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Sliver;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SliceStoriesTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private World world;

    @BeforeEach
    void start() {
        world = new World(1, test);
        world.settle();
    }

    private Orchestrator.Created created(Answer<Orchestrator.Created> answer) {
        return answer.orThrow();
    }

    @Test
    void a_slice_with_two_devices_becomes_stable_and_leaves_nothing_when_it_is_deleted() {
        var made = created(
                world.create("first", Duration.ofHours(4), vm("node1", "LAB", 4, "GPU Tesla T4", "NVME P4510")));
        world.settle();
        var id = made.slice().id();

        assertThat(world.states(id)).containsExactly("Configuring", "StableOK");
        var sliver = world.slivers(id).getFirst();
        assertThat(world.states(sliver.id())).containsExactly("ticketing", "ticketed", "redeeming", "active");
        var active = (Sliver.Active) Sliver.of(sliver);
        assertThat(active.lease().host()).isEqualTo("lab-w1");
        assertThat(active.lease().units())
                .extracting(unit -> unit.bdf())
                .containsExactly("0000:21:00.0", "0000:22:00.0");
        assertThat(active.lease().facts())
                .containsEntry("node1-gpu.made", "yes")
                .containsEntry("vm.seen", "yes");
        world.neverEver();

        world.orchestrator.delete(World.ALICE, id).orThrow();
        world.settle();
        assertThat(world.slice(id).state()).isEqualTo("Dead");
        world.nothingIsLeft();
    }

    @Test
    void the_second_who_wants_the_last_device_is_refused_and_told_when_it_is_free() {
        var first = created(world.create("first", Duration.ofHours(4), vm("node1", "LAB", 1, "NVME P4510")));
        world.settle();
        var second = created(world.create("second", Duration.ofHours(2), vm("node1", "LAB", 1, "NVME P4510")));
        world.settle();

        var slice = world.slice(second.slice().id());
        assertThat(slice.state()).isEqualTo("Dead");
        assertThat(slice.message().orElseThrow()).contains("NVME P4510", "earliest start");
        var failed = (Sliver.Failed) Sliver.of(world.slivers(slice.id()).getFirst());
        assertThat(failed.why().kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(failed.why().earliest()).contains(world.now().plus(Duration.ofHours(4)));
        assertThat(world.slice(first.slice().id()).state()).isEqualTo("StableOK");
    }

    @Test
    void one_refused_sliver_releases_the_tickets_of_all_and_nothing_is_built() {
        var made = created(world.create(
                "five",
                Duration.ofHours(1),
                vm("a", "LAB", 1),
                vm("b", "LAB", 1),
                vm("c", "NORTH", 1),
                vm("d", "LAB", 1),
                vm("e", "NORTH", 99)));
        world.settle();
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("Dead");
        assertThat(world.slice(made.slice().id()).message().orElseThrow()).contains("99");
        assertThat(world.substrates.get("lab-am").made).isEmpty();
        world.nothingIsLeft();
    }

    @Test
    void a_slice_for_later_is_allocated_now_and_built_at_its_start() {
        var start = world.now().plus(Duration.ofDays(2));
        var made = created(
                world.create("later", Interval.of(start, Duration.ofHours(1)), vm("node1", "LAB", 2, "GPU RTX6000")));
        world.settle();
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("AllocatedOK");
        assertThat(world.substrates.get("lab-am").present).isEmpty();

        world.settleFor(Duration.ofDays(2), Duration.ofHours(6));
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("StableOK");

        world.settleFor(Duration.ofHours(2), Duration.ofMinutes(30));
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("Dead");
        world.nothingIsLeft();
    }

    @Test
    void a_device_that_cannot_be_attached_is_undone_and_the_slice_tells_why() {
        world.substrates.get("lab-am").trouble = (verb, key) -> {
            if (verb.equals("ensure") && key.part().equals("node1-gpu")) {
                throw new SimSubstrate.Broken();
            }
        };
        var made = created(
                world.create("broken", Duration.ofHours(1), vm("node1", "LAB", 2, "NVME P4510", "GPU Tesla T4")));
        world.settle();
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("Dead");
        assertThat(world.slice(made.slice().id()).message().orElseThrow()).contains("simulated failure of node1-gpu");
        assertThat(world.substrates.get("lab-am").made).hasSize(2);
        world.nothingIsLeft();
    }

    @Test
    void a_slice_that_is_deleted_while_it_is_built_is_taken_down_whole() {
        var made = created(world.create("hasty", Duration.ofHours(1), vm("node1", "LAB", 2, "GPU Tesla T4")));
        for (int i = 0; i < 3; i++) {
            world.mail().forEach(envelope -> {
                world.deliver(envelope);
                world.acknowledge(envelope);
            });
        }
        world.orchestrator.delete(World.ALICE, made.slice().id()).orThrow();
        world.settle();
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("Dead");
        world.nothingIsLeft();
    }

    @Test
    void a_lease_that_cannot_be_removed_stays_blocked_and_visible() {
        var made = created(world.create("sticky", Duration.ofHours(1), vm("node1", "LAB", 2, "GPU Tesla T4")));
        world.settle();
        world.substrates.get("lab-am").trouble = (verb, key) -> {
            if (verb.equals("remove") && key.part().equals("vm")) {
                throw new SimSubstrate.Broken();
            }
        };
        world.orchestrator.delete(World.ALICE, made.slice().id()).orThrow();
        world.settle();
        var leases = world.look(tx -> world.engine.resources().ofType(tx, "lease", 10));
        assertThat(leases).singleElement().satisfies(lease -> {
            assertThat(lease.state()).isEqualTo("close_failed");
            assertThat(lease.message().orElseThrow()).contains("simulated failure to remove vm");
        });
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("Dead");
        world.settleFor(Duration.ofHours(3), Duration.ofHours(1));
        world.neverEver();
        var hopeful = created(world.create("hopeful", Duration.ofHours(1), vm("node1", "LAB", 7, "NVME P4510")));
        world.settle();
        assertThat(world.slice(hopeful.slice().id()).message().orElseThrow()).contains("no host with");

        world.substrates.get("lab-am").trouble = SimSubstrate.Trouble.NONE;
        world.settleFor(Duration.ofMinutes(3), Duration.ofMinutes(1));
        world.nothingIsLeft();
    }

    @Test
    void what_has_no_lease_is_removed_within_minutes() {
        var stray = new Driver.Key("7f0c0000-0000-4000-8000-000000000000", "vm");
        var machine = new Driver.Spec.Machine("stray", "lab-w1", 1, 1, 1, Optional.empty(), 0);
        world.substrates.get("lab-am").present.put(stray, machine);
        world.settleFor(Duration.ofMinutes(2), Duration.ofMinutes(1));
        assertThat(world.substrates.get("lab-am").present).isEmpty();
    }

    @Test
    void a_lease_whose_machine_is_gone_says_so() {
        var made = created(world.create("lost", Duration.ofHours(1), vm("node1", "LAB", 2)));
        world.settle();
        world.substrates.get("lab-am").present.clear();
        world.settleFor(Duration.ofMinutes(2), Duration.ofMinutes(1));
        var leases = world.look(tx -> world.engine.resources().ofType(tx, "lease", 10));
        assertThat(leases)
                .singleElement()
                .satisfies(lease -> assertThat(lease.message()).contains("the machine is gone"));
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("StableOK");
    }

    @Test
    void a_claim_that_nobody_answers_fails_and_may_be_made_again() {
        world = new World(2, test);
        world.mail().forEach(world::acknowledge);
        world.settleFor(Duration.ofMinutes(5), Duration.ofMinutes(1));
        assertThat(world.delegations("broker")).containsOnly("failed");

        world.run(tx -> world.broker.supply().claim(tx, "lab-am", "primary", "admin"));
        world.settle();
        assertThat(world.delegations("broker")).containsExactlyInAnyOrder("delegated", "failed");
    }

    @Test
    void a_query_is_answered_with_what_is_free_in_its_window() {
        created(world.create("first", Duration.ofHours(4), vm("node1", "LAB", 3, "GPU RTX6000")));
        world.settle();
        var query = new Message.Query(new UUID(0, 9), 1, Interval.of(world.now(), Duration.ofHours(1)));
        world.run(tx -> world.engine.post().send(tx, "orchestrator", "broker", query));
        world.mail().forEach(world::deliver);

        var answer = world.mail().stream()
                .map(Post.Envelope::message)
                .filter(Message.QueryResult.class::isInstance)
                .map(Message.QueryResult.class::cast)
                .findFirst()
                .orElseThrow();
        var site = GraphMl.read(answer.model().orElseThrow())
                .ofClass(VertexClass.COMPOSITE_NODE)
                .filter(node -> node.name().equals("LAB"))
                .findFirst()
                .orElseThrow();
        assertThat(site.capacities("Capacities").get("core")).isEqualTo(16);
        assertThat(site.capacities("CapacityAllocations").get("core")).isEqualTo(3);
    }

    @Test
    void an_authority_that_never_answers_is_given_up_also_by_a_slice_for_later() {
        var start = world.now().plus(Duration.ofHours(3));
        var made = created(world.create("silent", Interval.of(start, Duration.ofHours(5)), vm("node1", "LAB", 2)));
        world.settle();
        world.advance(Duration.ofHours(3));
        while (world.step()) {
            world.mail().forEach(world::acknowledge);
        }
        world.advance(Duration.ofMinutes(21));
        world.settle();
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("Dead");
        assertThat(world.slice(made.slice().id()).message().orElseThrow()).contains("no answer within 20 minutes");
        world.nothingIsLeft();
    }

    @Test
    void a_process_that_this_version_does_not_know_holds_up_nothing_and_is_still_listed() {
        world.run(tx -> {
            var site = world.engine.resources().ofType(tx, "site", 1).getFirst();
            tx.sql().execute("""
                            insert into process (id, name, resource, resource_type, actor, step_since, run_after, entered, created)
                            values (?, 'site.dream', ?, 'site', ?, ?::timestamptz, ?::timestamptz, false, ?::timestamptz)""", new UUID(0, 5), site.id(), site.actor(), world.now(), world.now(), world.now());
        });
        var made = created(world.create("first", Duration.ofHours(1), vm("node1", "LAB", 1)));
        world.settle();
        assertThat(world.slice(made.slice().id()).state()).isEqualTo("StableOK");
        var dream = world.look(tx -> world.engine.processes().show(tx, new UUID(0, 5)))
                .orElseThrow();
        assertThat(dream.process().state()).isEqualTo("scheduled");
        assertThat(dream.process().steps()).isZero();
    }
}
