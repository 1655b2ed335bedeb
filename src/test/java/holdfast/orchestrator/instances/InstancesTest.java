package holdfast.orchestrator.instances;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Resource;
import holdfast.pools.clouds.Failures;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Quotas.Use;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The life of instances, with a broker and clouds that say what they are told to.
final class InstancesTest {
    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final InstanceLab lab = new InstanceLab(db);

    private UUID created(String name) {
        return lab.create(name, false).orThrow().id();
    }

    private UUID running(String name) {
        var id = created(name);
        lab.made(lab.place(InstanceLab.FIRST));
        return id;
    }

    private SliverId sliver(UUID id) {
        return lab.content(id).attempt().sliver().orElseThrow();
    }

    private static Refusal refusal(Answer<?> answer) {
        return ((Answer.No<?>) answer).why();
    }

    private String state(UUID id) {
        return lab.resource(id).state();
    }

    @Test
    void what_is_asked_for_is_placed_and_made_and_runs() {
        var id = created("web");
        assertThat(state(id)).isEqualTo("new");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(1, 0, 0));
        var sliver = lab.place(InstanceLab.FIRST);
        var order = lab.heard(Message.Provide.class).getLast();
        assertThat(order.provider()).isEqualTo(InstanceLab.FIRST);
        assertThat(order.wanted())
                .isInstanceOfSatisfying(
                        Wanted.Instance.class,
                        server -> assertThat(server.image()).isEqualTo("ami-1"));
        lab.made(sliver);
        assertThat(state(id)).isEqualTo("running");
        assertThat(lab.content(id).sight().publicAddresses()).containsExactly("198.51.100.4");
        assertThat(lab.content(id).sight().privateAddresses()).containsExactly("10.0.0.4");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 1, 0));
        assertThat(lab.used(InstanceLab.FIRST)).isEqualTo(new Use(0, 1, 0));
        assertThat(lab.tasks()).extracting(TaskView::state).containsExactly(TaskView.State.FINISHED);
    }

    @Test
    void what_fails_at_one_account_is_made_at_the_next_and_never_tried_again_there() {
        var id = created("web");
        var first = lab.place(InstanceLab.FIRST);
        lab.lease(first, UpdateLease.State.FAILED, "no room at the provider");
        assertThat(lab.used(InstanceLab.FIRST)).isEqualTo(new Use(0, 0, 0));
        assertThat(lab.heard(Message.Place.class).getLast().tried())
                .extracting(Match::account)
                .containsExactly(InstanceLab.FIRST);
        var second = lab.place(InstanceLab.SECOND);
        assertThat(second).isNotEqualTo(first);
        lab.made(second);
        assertThat(state(id)).isEqualTo("running");
        lab.lease(first, UpdateLease.State.LOST, "-");
        assertThat(state(id)).as("news of an attempt that is over").isEqualTo("running");
    }

    @Test
    void after_ten_accounts_that_fail_it_is_given_up() {
        var id = created("web");
        for (int i = 0; i < 10; i++) {
            lab.lease(lab.place(InstanceLab.FIRST), UpdateLease.State.FAILED, "no");
        }
        assertThat(state(id)).isEqualTo("create_failed");
        assertThat(lab.content(id).trouble().orElseThrow()).contains("too many launch retries");
        assertThat(lab.heard(Message.Place.class)).hasSize(10);
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
        lab.act(id, Action.DESTROY).orThrow();
        lab.lease(sliver(id), UpdateLease.State.FAILED, "told again");
        assertThat(lab.resource(id).removed()).isPresent();
    }

    @Test
    void what_can_be_nowhere_says_why_and_can_be_destroyed() {
        var id = created("web");
        lab.nowhere("acct-a: must_be_enabled");
        assertThat(state(id)).isEqualTo("create_failed");
        assertThat(lab.content(id).trouble()).contains("acct-a: must_be_enabled");
        assertThat(lab.tasks().getFirst().message()).contains("acct-a: must_be_enabled");
        lab.act(id, Action.DESTROY).orThrow();
        assertThat(lab.resource(id).removed()).isPresent();
    }

    @Test
    void what_failed_everywhere_says_what_the_last_account_said() {
        var id = created("web");
        lab.lease(lab.place(InstanceLab.FIRST), UpdateLease.State.FAILED, "nothing listens there");
        lab.lease(lab.place(InstanceLab.SECOND), UpdateLease.State.FAILED, "its quota is used up");
        lab.nowhere("acct-a: already_tried; acct-b: already_tried");
        assertThat(state(id)).isEqualTo("create_failed");
        var why = "the last account said: its quota is used up; no other will do: "
                + "acct-a: already_tried; acct-b: already_tried";
        assertThat(lab.content(id).trouble()).contains(why);
        assertThat(lab.tasks().getFirst().message()).contains(why);
    }

    @Test
    void while_the_mapper_is_down_it_waits_three_times_and_goes_on() {
        var known = lab.images;
        lab.images = Optional.empty();
        var id = created("web");
        lab.pass(Duration.ofSeconds(2));
        lab.pass(Duration.ofSeconds(8));
        assertThat(lab.heard(Message.Place.class)).isEmpty();
        lab.images = known;
        lab.pass(Duration.ofSeconds(32));
        assertThat(lab.heard(Message.Place.class)).hasSize(1);
        assertThat(state(id)).isEqualTo("new");
    }

    @Test
    void a_mapper_that_stays_down_fails_the_launch_in_the_end() {
        lab.images = Optional.empty();
        var id = created("web");
        for (int i = 0; i < 5; i++) lab.pass(Duration.ofSeconds(32));
        assertThat(state(id)).isEqualTo("create_failed");
        assertThat(lab.content(id).trouble().orElseThrow()).startsWith("image_mapper_unavailable");
    }

    @Test
    void it_is_stopped_started_and_restarted_one_thing_after_the_other() {
        var id = running("web");
        lab.act(id, Action.STOP).orThrow();
        assertThat(refusal(lab.act(id, Action.REBOOT)).message()).contains("stop is not done yet");
        lab.amended(Optional.empty());
        assertThat(state(id)).isEqualTo("stopped");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 1));
        assertThat(refusal(lab.act(id, Action.STOP)).kind()).isEqualTo(Refusal.Kind.CLASH);
        lab.act(id, Action.START).orThrow();
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(1, 0, 0));
        lab.amended(Optional.empty());
        assertThat(state(id)).isEqualTo("running");
        lab.act(id, Action.REBOOT).orThrow();
        lab.amended(Optional.empty());
        assertThat(lab.content(id).power()).isEqualTo(new Instance.Power(true, 1, 3));
        assertThat(lab.tasks()).hasSize(4).allMatch(task -> task.state() == TaskView.State.FINISHED);
    }

    @Test
    void one_that_restarts_is_shown_as_pending_until_it_has() {
        var id = running("web");
        assertThat(shown(id)).isEqualTo(InstanceState.RUNNING);
        lab.act(id, Action.REBOOT).orThrow();
        assertThat(shown(id)).isEqualTo(InstanceState.PENDING);
        assertThat(found(InstanceState.PENDING)).containsExactly("web");
        assertThat(found(InstanceState.RUNNING)).isEmpty();
        lab.amended(Optional.empty());
        assertThat(shown(id)).isEqualTo(InstanceState.RUNNING);
        assertThat(found(InstanceState.PENDING)).isEmpty();
        assertThat(found(InstanceState.RUNNING)).containsExactly("web");
        lab.lease(sliver(id), UpdateLease.State.ACTIVE, "HARD_REBOOT");
        assertThat(state(id)).as("somebody else restarts it").isEqualTo("pending");
        lab.lease(sliver(id), UpdateLease.State.ACTIVE, "ACTIVE");
        assertThat(state(id)).isEqualTo("running");
    }

    private InstanceState shown(UUID id) {
        return view(id).state();
    }

    private InstanceView view(UUID id) {
        var last = lab.look(tx -> lab.instances.tasks().last(tx, List.of(id)));
        return Views.of(lab.resource(id), Optional.ofNullable(last.get(id)), List.of(), Set.of(), lab.instant());
    }

    private List<String> found(InstanceState state) {
        return lab
                .look(tx -> lab.engine.resources().list(tx, Fleet.there().and(Fleet.shownIn(Set.of(state))), 10))
                .stream()
                .map(Resource::name)
                .toList();
    }

    @Test
    void one_that_was_rebooted_is_left_alone_for_two_minutes_unless_that_failed() {
        var id = running("web");
        lab.act(id, Action.REBOOT).orThrow();
        lab.amended(Optional.of(Refusal.broken("not now")));
        lab.act(id, Action.REBOOT).orThrow();
        assertThat(view(id).actions()).isEmpty();
        lab.amended(Optional.empty());
        assertThat(view(id).actions()).as("what would be taken").containsExactly(Action.STOP);
        lab.pass(Duration.ofSeconds(119));
        assertThat(refusal(lab.act(id, Action.REBOOT)))
                .isEqualTo(Refusal.clash("reboot is not possible for web: it was rebooted less than 2 minutes ago"));
        lab.pass(Duration.ofSeconds(1));
        assertThat(view(id).actions()).contains(Action.REBOOT);
        lab.act(id, Action.REBOOT).orThrow();
        lab.amended(Optional.empty());
        lab.act(id, Action.STOP).orThrow();
    }

    @Test
    void what_the_provider_refuses_leaves_it_as_it_was_and_says_why() {
        var id = running("web");
        lab.act(id, Action.STOP).orThrow();
        lab.amended(Optional.of(Refusal.broken("the provider answers 500")));
        assertThat(state(id)).isEqualTo("running");
        assertThat(lab.content(id).trouble()).contains("the provider answers 500");
        assertThat(lab.content(id).power().on()).isTrue();
        lab.act(id, Action.STOP).orThrow();
        lab.amended(Optional.empty());
        assertThat(lab.content(id).trouble()).isEmpty();
        lab.act(id, Action.START).orThrow();
        lab.amended(Optional.of(Refusal.broken("no")));
        assertThat(lab.used(InstanceLab.POOL)).as("a start that failed").isEqualTo(new Use(0, 0, 1));
    }

    @Test
    void what_vanishes_counts_no_more_and_waits_for_its_user() {
        var id = running("web");
        lab.lease(sliver(id), UpdateLease.State.LOST, "-");
        assertThat(state(id)).isEqualTo("vanished");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
        lab.lease(sliver(id), UpdateLease.State.CLOSED, "-");
        assertThat(lab.resource(id).removed()).isEmpty();
        lab.act(id, Action.DESTROY).orThrow();
        lab.lease(sliver(id), UpdateLease.State.CLOSED, "-");
        assertThat(lab.resource(id).removed()).isPresent();
    }

    @Test
    void what_others_do_to_it_is_seen() {
        var id = running("web");
        lab.lease(sliver(id), UpdateLease.State.ACTIVE, "STOPPED");
        assertThat(state(id)).isEqualTo("stopped");
        lab.lease(sliver(id), UpdateLease.State.ACTIVE, "something new");
        assertThat(state(id)).isEqualTo("stopped");
        lab.lease(sliver(id), UpdateLease.State.ACTIVE, "RUNNING");
        assertThat(state(id)).isEqualTo("running");
        lab.lease(sliver(id), UpdateLease.State.ACTIVE, "ERROR");
        assertThat(state(id)).isEqualTo("error");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
    }

    @Test
    void one_that_is_to_be_stopped_at_first_is_stopped_as_soon_as_it_runs() {
        var id = lab.create("web", true).orThrow().id();
        lab.made(lab.place(InstanceLab.FIRST));
        assertThat(state(id)).isEqualTo("running");
        lab.amended(Optional.empty());
        assertThat(state(id)).isEqualTo("stopped");
    }

    @Test
    void a_quota_that_is_reached_refuses_and_stores_nothing() {
        lab.poolLimits = new Limits(Optional.of(1), Optional.of(2));
        var first = running("one");
        var refused = refusal(lab.create("two", false));
        assertThat(refused.kind()).isEqualTo(Refusal.Kind.NOT_YOURS);
        assertThat(refused.message()).isEqualTo("pool_quota_reached: 1 of 1 instances run; stop or destroy one first");
        lab.act(first, Action.STOP).orThrow();
        lab.amended(Optional.empty());
        created("two");
        assertThat(refusal(lab.act(first, Action.START)).message()).startsWith("pool_quota_reached");
        lab.poolLimits = new Limits(Optional.empty(), Optional.of(2));
        assertThat(refusal(lab.create("three", false)).message()).startsWith("total_quota_reached");
        assertThat(lab.heard(Message.Place.class)).hasSize(2);
    }

    @Test
    void two_of_one_pool_have_two_names() {
        created("web");
        assertThat(refusal(lab.create("web", false)).kind()).isEqualTo(Refusal.Kind.CLASH);
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(1, 0, 0));
    }

    @Test
    void time_in_each_state_adds_up() {
        var id = running("web");
        lab.pass(Duration.ofMinutes(5));
        lab.act(id, Action.STOP).orThrow();
        lab.amended(Optional.empty());
        lab.pass(Duration.ofMinutes(3));
        lab.act(id, Action.START).orThrow();
        lab.amended(Optional.empty());
        assertThat(lab.content(id).times().spent())
                .isEqualTo(Map.of(
                        InstanceState.NEW, Duration.ZERO,
                        InstanceState.RUNNING, Duration.ofMinutes(5),
                        InstanceState.STOPPED, Duration.ofMinutes(3)));
    }

    @Test
    void what_was_done_to_instances_that_are_gone_is_forgotten_and_of_others_nothing() {
        running("there");
        var gone = created("gone");
        lab.lease(lab.place(InstanceLab.FIRST), UpdateLease.State.FAILED, "no");
        lab.nowhere("nothing is left to try");
        lab.act(gone, Action.DESTROY).orThrow();
        var later = lab.instant().plusSeconds(1);
        int tasks = lab.look(tx -> InstanceTasks.prune(tx, later, 100));
        int attempts = lab.look(tx -> Attempts.prune(tx, later, 100));
        int failures = lab.look(tx -> new Failures().prune(tx, later, 100));
        assertThat(tasks).as("its creation and its destruction").isEqualTo(2);
        assertThat(attempts).isOne();
        assertThat(failures).isOne();
        assertThat(lab.tasks()).hasSize(1);
        int rest = lab.look(tx -> InstanceTasks.prune(tx, later, 100));
        assertThat(rest).isZero();
    }

    @Test
    void everything_told_twice_has_its_effect_once() {
        var id = created("web");
        var sliver = lab.place(InstanceLab.FIRST);
        var asked = lab.heard(Message.Place.class).getLast();
        var again = new Match(InstanceLab.SECOND, "m1", Map.of(), "img-2", Optional.empty());
        lab.tell("broker", new Message.Placed(id, asked.round(), List.of(again), Optional.empty()));
        assertThat(lab.heard(Message.Provide.class)).hasSize(1);
        lab.made(sliver);
        lab.made(sliver);
        lab.act(id, Action.STOP).orThrow();
        lab.amended(Optional.empty());
        lab.amended(Optional.of(Refusal.broken("late")));
        assertThat(state(id)).isEqualTo("stopped");
        assertThat(lab.content(id).trouble()).isEmpty();
    }
}
