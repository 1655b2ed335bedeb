package holdfast.engine;

import static holdfast.db.Tables.PROCESS;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.ProcessDefinition.Finish;
import holdfast.engine.ProcessInstance.Phase;
import holdfast.engine.Resource.Trouble;
import holdfast.engine.types.Move;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Faults;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Types that are data live their lives (cattle.md 3 and 6).
final class LifecycleTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Lab lab = new Lab(test);

    @Test
    void create_goes_on_as_activate_in_one_process_instance() {
        var network = lab.create("network", "{}");
        assertThat(lab.state(network)).isEqualTo("registering");
        lab.settle();
        assertThat(lab.state(network)).isEqualTo("active");
        assertThat(lab.processes(network)).singleElement().satisfies(process -> {
            assertThat(process.name()).isEqualTo("network.create");
            assertThat(process.runningAs()).contains("network.activate");
            assertThat(process.exitReason()).contains(ExitReason.DONE);
            assertThat(process.phase()).isEqualTo(Phase.DONE);
        });
        assertThat(journal(network))
                .extracting(Journal.Entry::to)
                .containsExactly("requested", "registering", "activating", "active");
    }

    @Test
    void an_instance_that_is_not_to_start_stops_at_stopped_and_can_be_started_then() {
        var instance = lab.create("instance", "{\"startOnCreate\": false}");
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("stopped");
        lab.act(instance, "instance.start").orThrow();
        assertThat(lab.state(instance)).isEqualTo("starting");
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("running");
    }

    @Test
    void removing_marks_the_resource_and_restoring_takes_that_back() {
        var network = lab.create("network", "{}");
        lab.settle();
        for (var verb : List.of("deactivate", "remove")) {
            lab.act(network, "network." + verb).orThrow();
            lab.settle();
        }
        var removed = lab.resource(network);
        assertThat(removed.state()).isEqualTo("removed");
        assertThat(removed.removed()).contains(lab.now());
        assertThat(removed.content().get("removeTime").stringValue()).isEqualTo("2030-01-07T08:10:00Z");
        lab.act(network, "network.restore").orThrow();
        lab.settle();
        assertThat(lab.resource(network)).satisfies(back -> {
            assertThat(back.state()).isEqualTo("inactive");
            assertThat(back.removed()).isEmpty();
            assertThat(back.content().has("removeTime")).isFalse();
        });
    }

    @Test
    void what_is_removed_is_purged_after_a_while_and_its_records_go_in_the_end() {
        lab.engine().keepHouse();
        lab.engine().keepHouse();
        var network = lab.create("network", "{}");
        lab.settle();
        lab.act(network, "network.deactivate", Json.tree("{\"network.deactivate::chain\": \"network.remove\"}"))
                .orThrow();
        lab.settleFor(Duration.ofMinutes(9), Duration.ofMinutes(1));
        assertThat(lab.state(network)).isEqualTo("removed");
        lab.settleFor(Duration.ofMinutes(3), Duration.ofMinutes(1));
        assertThat(lab.state(network)).isEqualTo("purged");
        assertThat(lab.processes(network).getLast().priority()).isEqualTo(-100);
        lab.settleFor(Duration.ofDays(8), Duration.ofHours(6));
        assertThat(lab.processes(network)).isEmpty();
        assertThat(lab.<Optional<Resource>>look(tx -> lab.engine().resources().find(tx, network)))
                .isEmpty();
        assertThat(lab.<Integer>look(tx -> tx.sql().fetchCount(PROCESS, PROCESS.RESULT.isNull())))
                .as("each task is scheduled once")
                .isEqualTo(2);
    }

    /// What a part kept, removed long ago.
    private UUID removed(String type) {
        var id = UUID.randomUUID();
        var resources = lab.engine().resources();
        lab.<Boolean>look(tx -> resources.insert(
                tx,
                resources
                        .fresh(id, type, "here", Optional.empty(), type, "active", "clouds", Json.object())
                        .removedAt(lab.now().minus(Duration.ofDays(3_000))),
                "test",
                ""));
        return id;
    }

    @Test
    void what_parts_kept_is_dropped_long_after_it_was_removed_unless_it_is_to_be_remembered() {
        var user = removed("cloudUser");
        var role = removed("cloudRole");
        lab.engine().keepHouse();
        lab.settleFor(Duration.ofDays(1), Duration.ofHours(6));
        assertThat(lab.<Optional<Resource>>look(tx -> lab.engine().resources().find(tx, user)))
                .isEmpty();
        assertThat(lab.<Optional<Resource>>look(tx -> lab.engine().resources().find(tx, role)))
                .isPresent();
    }

    @Test
    void the_records_of_types_that_are_never_purged_go_in_the_end_too() {
        lab.engine().keepHouse();
        var label = lab.create("label", "{}");
        lab.settle();
        lab.act(label, "label.remove").orThrow();
        lab.settleFor(Duration.ofDays(1), Duration.ofHours(6));
        assertThat(lab.state(label)).isEqualTo("removed");
        lab.settleFor(Duration.ofDays(9), Duration.ofHours(6));
        assertThat(lab.<Optional<Resource>>look(tx -> lab.engine().resources().find(tx, label)))
                .isEmpty();
    }

    @Test
    void an_update_leads_back_to_where_it_began() {
        var active = lab.create("network", "{}");
        lab.settle();
        lab.act(active, "network.update").orThrow();
        assertThat(lab.state(active)).isEqualTo("updating-active");
        lab.settle();
        assertThat(lab.state(active)).isEqualTo("active");
        lab.act(active, "network.deactivate").orThrow();
        lab.settle();
        lab.act(active, "network.update").orThrow();
        assertThat(lab.state(active)).isEqualTo("updating-inactive");
        lab.settle();
        assertThat(lab.state(active)).isEqualTo("inactive");
    }

    @Test
    void a_second_state_field_moves_while_the_first_is_under_way() {
        var instance = lab.create("instance", "{\"allocationState\": \"inactive\"}");
        lab.act(instance, "instance.allocate").orThrow();
        assertThat(lab.resource(instance).state("allocationState")).isEqualTo("activating");
        assertThat(lab.state(instance)).isEqualTo("creating");
        lab.settle();
        assertThat(lab.resource(instance).state("allocationState")).isEqualTo("active");
        assertThat(lab.state(instance)).isEqualTo("running");
        assertThat(journal(instance))
                .extracting(Journal.Entry::to)
                .contains("allocationState:activating", "allocationState:active");
    }

    @Test
    void what_the_state_does_not_allow_is_refused_with_what_it_takes() {
        var network = lab.create("network", "{}");
        lab.settle();
        assertThat(lab.act(network, "network.activate")).isInstanceOfSatisfying(Answer.No.class, no -> {
            var why = ((Answer.No<?>) no).why();
            assertThat(why.kind()).isEqualTo(Refusal.Kind.CLASH);
            assertThat(why.message()).contains("active", "inactive", "network.activate");
        });
        assertThat(lab.processes(network)).hasSize(1);
    }

    @Test
    void a_process_may_overtake_another_whose_state_is_among_its_start_states() {
        var instance = lab.create("instance", "{}");
        lab.act(instance, "instance.stop").orThrow();
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("stopped");
        assertThat(lab.processes(instance))
                .satisfiesExactly(
                        create -> assertThat(create.exitReason()).contains(ExitReason.CANCELED),
                        stop -> assertThat(stop.exitReason()).contains(ExitReason.DONE));
    }

    @Test
    void of_many_who_ask_for_the_same_at_once_one_is_taken() throws Exception {
        var instance = lab.create("instance", "{\"startOnCreate\": false}");
        lab.settle();
        var taken = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<Void>>();
            for (int i = 0; i < 16; i++) {
                calls.add(() -> {
                    if (lab.act(instance, "instance.start") instanceof Answer.Yes) {
                        taken.incrementAndGet();
                    }
                    return null;
                });
            }
            for (var call : threads.invokeAll(calls)) {
                call.get();
            }
        }
        assertThat(taken).hasValue(1);
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("running");
    }

    @Test
    void a_process_for_later_that_finds_its_work_done_ends_well() {
        var instance = lab.create("instance", "{\"startOnCreate\": false}");
        lab.settle();
        var later = lab.now().plusSeconds(60);
        lab.look(tx -> lab.engine()
                .processes()
                .schedule(tx, Processes.Request.at(later, "instance.start", instance, "alice"))
                .orThrow());
        lab.act(instance, "instance.start").orThrow();
        lab.settle();
        lab.advance(Duration.ofMinutes(2));
        lab.settle();
        assertThat(lab.processes(instance))
                .extracting(ProcessInstance::exitReason)
                .containsExactly(
                        Optional.of(ExitReason.DONE),
                        Optional.of(ExitReason.ALREADY_DONE),
                        Optional.of(ExitReason.DONE));
    }

    @Test
    void a_chain_in_the_arguments_replaces_the_rest_of_the_way() {
        var network = lab.create("network", "{}");
        lab.settle();
        lab.act(network, "network.deactivate", Json.tree("{\"network.deactivate::chain\": \"network.remove\"}"))
                .orThrow();
        lab.settle();
        assertThat(lab.state(network)).isEqualTo("removed");
        assertThat(lab.processes(network))
                .extracting(ProcessInstance::exitReason)
                .containsExactly(
                        Optional.of(ExitReason.DONE), Optional.of(ExitReason.CHAIN), Optional.of(ExitReason.DONE));
    }

    @Test
    void higher_priorities_run_first() {
        var ran = new ArrayList<String>();
        for (var type : Map.of("low", -100, "high", 100, "middle", 0).entrySet()) {
            add(type.getKey(), type.getValue(), context -> {
                ran.add(context.resource().type());
                return Outcome.done();
            });
        }
        for (var type : List.of("low", "middle", "high")) {
            lab.act(thing(type), type + ".work").orThrow();
        }
        lab.settle();
        assertThat(ran).containsExactly("high", "middle", "low");
    }

    @Test
    void logic_that_always_fails_is_given_up_and_an_operator_brings_it_on_its_way_again() {
        var broken = new boolean[] {true};
        add("thing", 0, Step.Retry.HANDLER, _ -> {
            if (broken[0]) {
                throw new IllegalStateException("no power");
            }
            return Outcome.done();
        });
        var thing = thing("thing");
        var process = lab.act(thing, "thing.work").orThrow();
        lab.settleFor(Duration.ofHours(2), Duration.ofMinutes(2));
        assertThat(lab.resource(thing)).satisfies(stuck -> {
            assertThat(stuck.state()).isEqualTo("working");
            assertThat(stuck.trouble()).contains(Trouble.OVERRIDE);
            assertThat(stuck.message().orElseThrow()).contains("no power", "50 times");
        });
        assertThat(lab.processes(thing).getFirst().state()).isEqualTo("failed");
        assertThat(lab.processes(thing).getFirst().runs()).isEqualTo(50);

        broken[0] = false;
        assertThat(lab.<Optional<Refusal>>look(
                        tx -> lab.engine().interventions().retry(tx, process, "root")))
                .isEmpty();
        lab.settle();
        assertThat(lab.resource(thing).state()).isEqualTo("worked");
        assertThat(lab.resource(thing).trouble()).isEmpty();
        assertThat(log(process)).contains("retried by root");
    }

    @Test
    void time_in_which_no_server_ran_is_not_counted_against_a_step() {
        add("thing", 0, _ -> new Outcome.Later(Duration.ofMinutes(10), "for power"));
        var thing = thing("thing");
        lab.act(thing, "thing.work").orThrow();
        lab.settle();
        lab.advance(Duration.ofDays(3));
        lab.settle();
        assertThat(lab.processes(thing).getFirst().state())
                .as("the step may take a day, and servers ran for a moment")
                .isEqualTo("waiting");
        lab.settleFor(Duration.ofHours(23), Duration.ofMinutes(10));
        assertThat(lab.processes(thing).getFirst().state()).isEqualTo("waiting");
        lab.settleFor(Duration.ofHours(2), Duration.ofMinutes(10));
        assertThat(lab.processes(thing).getFirst().state()).isEqualTo("failed");
        assertThat(lab.resource(thing).message().orElseThrow()).contains("gave up for power");
    }

    @Test
    void an_operator_can_go_over_a_step_give_a_process_up_or_stop_it() {
        add("thing", 0, _ -> new Outcome.Later(Duration.ofHours(1), "for ever"));
        var skipped = thing("thing");
        var given = thing("thing");
        var stopped = thing("thing");
        var processes = List.of(skipped, given, stopped).stream()
                .map(thing -> lab.act(thing, "thing.work").orThrow())
                .toList();
        lab.settle();
        var operator = lab.engine().interventions();
        assertThat(lab.<Optional<Refusal>>look(tx -> operator.skip(tx, processes.get(0), "root")))
                .isEmpty();
        assertThat(lab.<Optional<Refusal>>look(tx -> operator.fail(tx, processes.get(1), "root")))
                .isEmpty();
        assertThat(lab.<Optional<Refusal>>look(tx -> operator.cancel(tx, processes.get(2), "root")))
                .isEmpty();
        lab.settle();
        assertThat(lab.state(skipped)).isEqualTo("worked");
        assertThat(lab.resource(given)).satisfies(thing -> {
            assertThat(thing.state()).isEqualTo("working");
            assertThat(thing.trouble()).contains(Trouble.OVERRIDE);
            assertThat(thing.message()).contains("given up by root");
        });
        assertThat(lab.resource(stopped)).satisfies(thing -> {
            assertThat(thing.trouble()).contains(Trouble.OVERRIDE);
            assertThat(thing.message().orElseThrow()).contains("cancelled by root");
        });
        assertThat(lab.processes(stopped).getFirst().exitReason()).contains(ExitReason.CANCELED);
        for (var process : processes) {
            assertThat(lab.<Optional<Refusal>>look(tx -> operator.skip(tx, process, "root")))
                    .isPresent();
        }
        assertThat(lab.<Optional<Refusal>>look(tx -> operator.retry(tx, processes.get(1), "root")))
                .as("what was given up can be taken up again")
                .isEmpty();
        lab.settle();
        assertThat(lab.processes(given).getFirst().state()).isEqualTo("waiting");
    }

    @Test
    void a_process_waits_for_those_inside_of_it_and_fails_with_them() {
        declare("""
                {"name": "rack", "processes": {
                    "create": {"start": "requested", "during": "building", "done": "built"}}}""");
        declare("""
                {"name": "blade", "fields": {"rackId": "reference[rack]"}, "processes": {
                    "create": {"start": "requested", "during": "building", "done": "built"},
                    "power": {"start": "built", "during": "powering", "done": "on"}}}""");
        assertThat(
                        addProcess(
                                "rack",
                                "power",
                                "{\"start\": \"built\", \"during\": \"powering\", \"done\": \"on\", \"nested\": [\"blade.power\"]}"))
                .isInstanceOf(Answer.Yes.class);
        var rack = lab.create("rack", "{}");
        var blades = List.of(
                lab.create("blade", "{\"rackId\": \"%s\"}".formatted(rack)),
                lab.create("blade", "{\"rackId\": \"%s\"}".formatted(rack)));
        var other = lab.create("blade", "{}");
        lab.settle();
        lab.act(rack, "rack.power").orThrow();
        lab.settle();
        assertThat(lab.state(rack)).isEqualTo("on");
        assertThat(blades).allSatisfy(blade -> assertThat(lab.state(blade)).isEqualTo("on"));
        assertThat(lab.state(other)).as("of no rack").isEqualTo("built");
        var parent = lab.processes(rack).getLast();
        assertThat(lab.<List<ProcessInstance>>look(
                        tx -> lab.engine().processes().children(tx, parent.id())))
                .hasSize(2)
                .allSatisfy(child -> assertThat(child.exitReason()).contains(ExitReason.DONE));
    }

    @Test
    void declared_types_live_like_built_in_ones_and_survive_a_restart() {
        declare("{\"name\": \"antenna\", \"plural\": \"antennas\", \"life\": \"default\", \"activates\": true}");
        assertThat(addProcess(
                        "antenna", "turn", "{\"start\": \"active\", \"during\": \"turning\", \"done\": \"active\"}"))
                .isInstanceOf(Answer.Yes.class);
        var antenna = lab.create("antenna", "{}");
        lab.boot();
        lab.settle();
        assertThat(lab.state(antenna)).isEqualTo("active");
        lab.act(antenna, "antenna.turn").orThrow();
        assertThat(lab.state(antenna)).isEqualTo("turning");
        lab.settle();
        assertThat(lab.state(antenna)).isEqualTo("active");
        assertThat(lab.<Optional<Refusal>>look(tx -> lab.engine().declared().remove(tx, "antenna")))
                .isPresent();
    }

    @Test
    void bad_declarations_are_refused_and_change_nothing() {
        for (var bad : List.of(
                "{\"name\": \"network\", \"life\": \"default\"}",
                "{\"name\": \"thing\", \"plural\": \"networks\", \"life\": \"default\"}",
                "{\"name\": \"thing\", \"life\": \"default\", \"fields\": {\"x\": \"reference[nothing]\"}}",
                "{\"name\": \"thing\"}",
                "[]")) {
            assertThat(lab.<Answer<ResourceType>>look(
                            tx -> lab.engine().declared().add(tx, Json.tree(bad), "root")))
                    .as(bad)
                    .isInstanceOf(Answer.No.class);
        }
        assertThat(lab.engine().types().find("thing")).isEmpty();
    }

    @Test
    void a_kill_around_any_commit_of_a_life_changes_nothing_of_its_end() {
        int commits = life(Faults.NONE).commits;
        assertThat(commits).isBetween(20, 200);
        for (int n = 1; n <= commits; n++) {
            for (boolean before : List.of(true, false)) {
                var killed = life(killAt(n, before));
                assertThat(killed.state)
                        .as("kill %s commit %d", before ? "before" : "after", n)
                        .isEqualTo("purged");
            }
        }
    }

    private record Life(String state, int commits) {}

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Faults killAt(int number, boolean before) {
        return new Faults() {
            @Override
            public void beforeCommit(int n) {
                if (before && n == number) {
                    throw new Killed();
                }
            }

            @Override
            public void afterCommit(int n) {
                if (!before && n == number) {
                    throw new Killed();
                }
            }
        };
    }

    /// A network is made, deactivated with a chain to its removal, and purged; whoever runs it may die once.
    private Life life(Faults faults) {
        lab.database().inject(Faults.NONE);
        lab.engine().keepHouse();
        var network = lab.create("network", "{}");
        var count = new AtomicInteger();
        lab.database().inject(new Faults() {
            @Override
            public void beforeCommit(int n) {
                count.set(n);
                faults.beforeCommit(n);
            }

            @Override
            public void afterCommit(int n) {
                faults.afterCommit(n);
            }
        });
        var state = "";
        for (int turn = 0; turn < 30 && !state.equals("purged"); turn++) {
            try {
                state = lab.state(network);
                if (state.equals("active")) {
                    lab.act(
                            network,
                            "network.deactivate",
                            Json.tree("{\"network.deactivate::chain\": \"network.remove\"}"));
                }
                lab.settle();
            } catch (Killed _) {
                lab.boot();
            }
            lab.advance(Duration.ofMinutes(1));
        }
        lab.database().inject(Faults.NONE);
        lab.settle();
        assertThat(lab.processes(network))
                .allSatisfy(process -> assertThat(process.ended()).isPresent());
        return new Life(lab.state(network), count.get());
    }

    private List<Journal.Entry> journal(UUID resource) {
        return lab.look(tx -> lab.engine().journal().latest(tx, Journal.about(resource), 10));
    }

    private Answer<ResourceType> addProcess(String type, String verb, String json) {
        return lab.look(tx -> lab.engine().declared().addProcess(tx, type, verb, Json.tree(json), "root"));
    }

    private void declare(String json) {
        var answer = lab.look(tx -> lab.engine().declared().add(tx, Json.tree(json), "root"));
        assertThat(answer).as("%s", answer).isInstanceOf(Answer.Yes.class);
    }

    private void add(String type, int priority, Step.Action action) {
        add(type, priority, Step.Retry.QUICK, action);
    }

    /// A process of one step that undoes nothing.
    private void add(String type, int priority, Step.Retry retry, Step.Action action) {
        var step = Step.of("work", action).within(Duration.ofDays(1)).retrying(retry);
        lab.engine()
                .definitions()
                .add(new ProcessDefinition(
                        type + ".work",
                        type,
                        Optional.of(new Move(
                                Move.STATE, Map.of("ready", "working"), Map.of("working", "worked"), Optional.empty())),
                        _ -> List.of(step),
                        Ending.NONE,
                        Finish.NONE,
                        Optional.empty(),
                        priority));
    }

    private UUID thing(String type) {
        var id = lab.platform().newId();
        var resources = lab.engine().resources();
        lab.look(tx -> resources.insert(
                tx,
                resources.fresh(id, type, Resources.ACTOR, Optional.empty(), type, "ready", "physics", Json.object()),
                "alice",
                "test"));
        return id;
    }

    private List<String> log(UUID process) {
        return lab.look(tx -> lab.engine().processes().show(tx, process).orElseThrow()).log().stream()
                .map(line ->
                        line.outcome() + line.detail().map(text -> " " + text).orElse(""))
                .toList();
    }
}
