package holdfast.orchestrator.instances;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Quotas.Use;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The life of deployments, with a broker and clouds that say what they are told to.
final class DeployingTest {
    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final InstanceLab lab = new InstanceLab(db);

    private Answer<Resource> deploy(boolean partial, String... names) {
        var order = new Deployment.Order(Optional.empty(), Optional.empty(), partial, Map.of(), "");
        var drafts = Stream.of(names)
                .map(name -> new Parts.Draft(UUID.randomUUID(), "web/" + name, InstanceLab.order(false)))
                .toList();
        var answer = lab.transaction(
                tx -> lab.deploying.create(tx, InstanceLab.ANN, InstanceLab.POOL, "web", order, drafts, lab.owners()));
        lab.settle();
        return answer;
    }

    private UUID deployed(boolean partial, String... names) {
        return deploy(partial, names).orThrow().id();
    }

    private Deployment content(UUID id) {
        return lab.resource(id).as(Deployment.class);
    }

    private String state(UUID id) {
        return lab.resource(id).state();
    }

    private List<String> states(UUID id) {
        return content(id).parts().stream().map(this::state).toList();
    }

    private List<SliverId> slivers(UUID id) {
        return content(id).parts().stream()
                .map(part -> lab.content(part).attempt().sliver().orElseThrow())
                .toList();
    }

    /// The broker finds a place for all that asked last.
    private void place(UUID account) {
        var asked = lab.heard(Message.Place.class).getLast();
        var ids = asked.sought().stream().map(Message.Place.Sought::instance).toList();
        lab.look(tx -> lab.quotas.reserve(tx, ids, List.of(new Owner(Kind.ACCOUNT, account, Limits.NONE))));
        var match = new Match(account, "m1", Map.of(), "x", Optional.empty());
        var matches = ids.stream().map(_ -> match).toList();
        lab.tell(
                "broker", new Message.Placed(asked.launch(), asked.round(), matches, Optional.empty()), Deploying.NAME);
    }

    private void nowhere(String why) {
        var asked = lab.heard(Message.Place.class).getLast();
        var no = Optional.of(Refusal.clash(why));
        lab.tell("broker", new Message.Placed(asked.launch(), asked.round(), List.of(), no), Deploying.NAME);
    }

    private void failed(SliverId sliver) {
        lab.lease(sliver, UpdateLease.State.FAILED, "no room at the provider");
    }

    private void closed(SliverId sliver) {
        lab.lease(sliver, UpdateLease.State.CLOSED, "-");
    }

    private long closes(SliverId sliver) {
        return lab.heard(Message.Close.class).stream()
                .filter(close -> close.sliver().equals(sliver))
                .count();
    }

    private List<String> events(UUID id) {
        return lab.look(tx -> CloudEvents.latest(tx, id, 100)).stream()
                .map(event -> event.code().orElse("created"))
                .toList();
    }

    private void stop(UUID id) {
        lab.look(tx -> lab.deploying.stop(tx, lab.deploying.lock(tx, id).orElseThrow(), "ann"))
                .orThrow();
        lab.settle();
    }

    private void delete(UUID id) {
        lab.look(tx -> lab.deploying.delete(tx, lab.deploying.lock(tx, id).orElseThrow(), "ann"));
        lab.settle();
    }

    private UUID running(String... names) {
        var id = deployed(false, names);
        place(InstanceLab.FIRST);
        slivers(id).forEach(lab::made);
        return id;
    }

    @Test
    void all_of_it_is_made_at_one_account_and_runs_when_all_run() {
        var id = deployed(false, "front", "back", "data");
        assertThat(state(id)).isEqualTo("new");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(3, 0, 0));
        assertThat(lab.heard(Message.Place.class))
                .singleElement()
                .satisfies(place -> assertThat(place.sought())
                        .extracting(Message.Place.Sought::name)
                        .containsExactly("web/front", "web/back", "web/data"));
        place(InstanceLab.FIRST);
        assertThat(state(id)).isEqualTo("pending");
        assertThat(lab.heard(Message.Provide.class))
                .hasSize(3)
                .allMatch(order -> order.provider().equals(InstanceLab.FIRST));
        lab.made(slivers(id).get(1));
        assertThat(state(id)).isEqualTo("pending");
        lab.pass(Duration.ofMinutes(1));
        lab.made(slivers(id).get(0));
        lab.made(slivers(id).get(2));
        assertThat(state(id)).isEqualTo("running");
        assertThat(lab.used(InstanceLab.FIRST)).isEqualTo(new Use(0, 3, 0));
        lab.pass(Duration.ofMinutes(10));
        var uptime = content(id).uptime();
        assertThat(uptime.since(uptime.first(), lab.instant())).isEqualTo(Duration.ofMinutes(11));
        assertThat(uptime.since(uptime.all(), lab.instant())).isEqualTo(Duration.ofMinutes(10));
        assertThat(events(id))
                .containsExactly(
                        "created", "pending", "deployment_launch_match", "first_running", "running", "all_running");
    }

    @Test
    void if_one_cannot_be_made_nothing_is_left_there_before_all_are_made_elsewhere() {
        var id = deployed(false, "front", "back", "data");
        place(InstanceLab.FIRST);
        var first = slivers(id);
        lab.made(first.get(0));
        failed(first.get(1));
        assertThat(state(id)).isEqualTo("rollback_in_progress");
        assertThat(states(id)).containsExactly("shutting_down", "create_failed", "create_failed");
        assertThat(closes(first.get(0))).isEqualTo(1);
        assertThat(closes(first.get(2))).as("it may be being made").isEqualTo(1);
        assertThat(lab.used(InstanceLab.FIRST)).as("what may be there counts").isEqualTo(new Use(1, 1, 0));
        closed(first.get(0));
        assertThat(lab.heard(Message.Place.class)).hasSize(1);
        assertThat(lab.used(InstanceLab.POOL)).as("its places are kept").isEqualTo(new Use(3, 0, 0));
        closed(first.get(2));
        assertThat(state(id)).isEqualTo("rollback_complete");
        assertThat(lab.used(InstanceLab.FIRST)).isEqualTo(new Use(0, 0, 0));
        assertThat(lab.heard(Message.Place.class).getLast().tried())
                .extracting(Match::account)
                .containsOnly(InstanceLab.FIRST);
        place(InstanceLab.SECOND);
        assertThat(slivers(id)).doesNotContainAnyElementsOf(first);
        slivers(id).forEach(lab::made);
        assertThat(state(id)).isEqualTo("running");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 3, 0));
        assertThat(lab.used(InstanceLab.SECOND)).isEqualTo(new Use(0, 3, 0));
        assertThat(events(id)).contains("deployment_launch_failed", "rollback_complete", "relaunch");
        assertThat(lab.tasks())
                .filteredOn(task -> task.state() == TaskView.State.FINISHED)
                .as("of each instance, and of all together")
                .hasSize(5)
                .filteredOn(TaskView::whole)
                .hasSize(1);
    }

    @Test
    void what_can_be_made_stays_if_that_was_asked_for() {
        var id = deployed(true, "front", "back");
        place(InstanceLab.FIRST);
        var slivers = slivers(id);
        failed(slivers.get(1));
        assertThat(state(id)).isEqualTo("pending");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(1, 0, 0));
        lab.made(slivers.get(0));
        assertThat(state(id)).isEqualTo("incomplete");
        assertThat(states(id)).containsExactly("running", "create_failed");
        assertThat(lab.heard(Message.Close.class)).isEmpty();
    }

    @Test
    void after_ten_accounts_it_is_given_up_and_counts_no_more() {
        var id = deployed(false, "front", "back");
        for (int round = 1; round <= 10; round++) {
            assertThat(lab.heard(Message.Place.class)).hasSize(round);
            place(InstanceLab.FIRST);
            var slivers = slivers(id);
            failed(slivers.get(0));
            closed(slivers.get(1));
        }
        assertThat(state(id)).isEqualTo("failed");
        assertThat(content(id).trouble().orElseThrow()).startsWith("too many launch retries");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
        assertThat(events(id)).filteredOn("deployment_launch_match"::equals).hasSize(10);
    }

    @Test
    void what_no_account_takes_fails_and_can_be_deleted() {
        var id = deployed(false, "front", "back");
        nowhere("ours: must_be_enabled");
        assertThat(state(id)).isEqualTo("failed");
        assertThat(states(id)).containsOnly("create_failed");
        assertThat(content(id).trouble()).contains("ours: must_be_enabled");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
        delete(id);
        assertThat(lab.resource(id).removed()).isPresent();
    }

    @Test
    void what_failed_at_every_account_says_what_the_last_one_said() {
        var id = deployed(false, "front", "back");
        place(InstanceLab.FIRST);
        var slivers = slivers(id);
        failed(slivers.get(0));
        closed(slivers.get(1));
        nowhere("ours: already_tried");
        assertThat(state(id)).isEqualTo("failed");
        assertThat(content(id).trouble().orElseThrow())
                .startsWith("the last account said: ")
                .contains("front: no room at the provider")
                .endsWith("; no other will do: ours: already_tried");
    }

    @Test
    void one_that_is_made_while_all_are_taken_back_is_taken_back_too() {
        var id = deployed(false, "front", "back");
        place(InstanceLab.FIRST);
        var slivers = slivers(id);
        failed(slivers.get(0));
        lab.made(slivers.get(1));
        assertThat(state(id)).isEqualTo("rollback_in_progress");
        assertThat(states(id)).containsExactly("create_failed", "shutting_down");
        closed(slivers.get(1));
        assertThat(state(id)).isEqualTo("rollback_complete");
    }

    @Test
    void what_cannot_be_taken_back_is_asked_for_each_minute_and_given_up_after_an_hour() {
        var id = deployed(false, "front", "back");
        place(InstanceLab.FIRST);
        var slivers = slivers(id);
        failed(slivers.get(0));
        lab.lease(slivers.get(1), UpdateLease.State.CLOSE_FAILED, "the provider does not answer");
        for (int minute = 0; minute < 59; minute++) lab.pass(Duration.ofMinutes(1));
        assertThat(state(id)).isEqualTo("rollback_in_progress");
        assertThat(closes(slivers.get(1))).isEqualTo(60);
        lab.pass(Duration.ofMinutes(1));
        assertThat(state(id)).isEqualTo("rollback_failed");
        assertThat(lab.used(InstanceLab.FIRST))
                .as("something may be there still")
                .isEqualTo(new Use(1, 0, 0));
    }

    @Test
    void all_of_it_is_stopped_and_what_is_being_made_as_soon_as_it_runs() {
        var id = deployed(false, "front", "back");
        place(InstanceLab.FIRST);
        var slivers = slivers(id);
        lab.made(slivers.get(0));
        stop(id);
        assertThat(state(id)).isEqualTo("shutting_down");
        lab.amended(Optional.empty());
        assertThat(states(id)).containsExactly("stopped", "new");
        lab.made(slivers.get(1));
        lab.amended(Optional.empty());
        assertThat(state(id)).isEqualTo("stopped");
        assertThat(events(id)).contains("all_stopped");
        var uptime = content(id).uptime();
        lab.pass(Duration.ofHours(1));
        assertThat(uptime.since(uptime.first(), lab.instant())).isZero();
    }

    @Test
    void a_stop_that_fails_is_asked_for_again() {
        var id = running("front");
        stop(id);
        lab.amended(Optional.of(Refusal.broken("the provider answers 500")));
        lab.pass(Duration.ofMinutes(1));
        lab.amended(Optional.empty());
        assertThat(state(id)).isEqualTo("stopped");
        assertThat(lab.heard(Message.Amend.class)).hasSize(2);
    }

    @Test
    void what_is_stopped_before_it_is_placed_leaves_the_account_that_was_found() {
        var id = deployed(false, "front", "back");
        stop(id);
        assertThat(state(id)).isEqualTo("stopped");
        assertThat(states(id)).containsOnly("create_failed");
        place(InstanceLab.FIRST);
        assertThat(lab.used(InstanceLab.FIRST)).isEqualTo(new Use(0, 0, 0));
        assertThat(lab.heard(Message.Provide.class)).isEmpty();
    }

    @Test
    void what_is_stopped_is_started_and_follows_its_instances() {
        var id = running("front", "back");
        stop(id);
        for (var amend : lab.heard(Message.Amend.class)) {
            lab.tell("clouds", new Message.Amended(amend.sliver(), amend.revision(), Optional.empty()));
        }
        assertThat(state(id)).isEqualTo("stopped");
        lab.look(tx -> lab.deploying.start(
                        tx, lab.deploying.lock(tx, id).orElseThrow(), "ann", _ -> Answer.yes(lab.owners())))
                .orThrow();
        lab.settle();
        var starts = lab.heard(Message.Amend.class).subList(2, 4);
        lab.tell(
                "clouds",
                new Message.Amended(starts.get(0).sliver(), starts.get(0).revision(), Optional.empty()));
        assertThat(state(id)).isEqualTo("incomplete");
        lab.tell(
                "clouds",
                new Message.Amended(starts.get(1).sliver(), starts.get(1).revision(), Optional.empty()));
        assertThat(state(id)).isEqualTo("running");
    }

    @Test
    void what_is_deleted_while_it_runs_is_gone_when_all_of_it_is() {
        var id = running("front", "back");
        var slivers = slivers(id);
        delete(id);
        assertThat(content(id).deleting()).isTrue();
        closed(slivers.get(0));
        assertThat(lab.resource(id).removed()).isEmpty();
        closed(slivers.get(1));
        assertThat(lab.resource(id).removed()).isPresent();
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
    }

    @Test
    void what_cannot_be_destroyed_stays_and_is_destroyed_when_asked_again() {
        var id = running("front");
        var sliver = slivers(id).getFirst();
        delete(id);
        lab.lease(sliver, UpdateLease.State.CLOSE_FAILED, "-");
        assertThat(content(id).deleting()).isFalse();
        assertThat(events(id)).contains("destroy_failed");
        delete(id);
        closed(sliver);
        assertThat(lab.resource(id).removed()).isPresent();
    }

    @Test
    void what_is_deleted_while_it_is_taken_back_goes_and_is_not_made_elsewhere() {
        var id = deployed(false, "front", "back");
        place(InstanceLab.FIRST);
        var slivers = slivers(id);
        failed(slivers.get(0));
        delete(id);
        closed(slivers.get(1));
        assertThat(lab.resource(id).removed()).isPresent();
        assertThat(lab.heard(Message.Place.class)).hasSize(1);
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
    }

    @Test
    void a_quota_takes_all_of_it_or_nothing() {
        lab.poolLimits = new Limits(Optional.of(2), Optional.empty());
        var refused = deploy(false, "front", "back", "data");
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Answer.No.class, no -> assertThat(no.why().kind()).isEqualTo(Refusal.Kind.NOT_YOURS));
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 0, 0));
        deployed(false, "front", "back");
        assertThat(deploy(false, "other")).as("the name is taken").isInstanceOf(Answer.No.class);
    }

    @Test
    void one_that_vanishes_leaves_the_others_and_counts_no_more() {
        var id = running("front", "back");
        lab.lease(slivers(id).get(0), UpdateLease.State.LOST, "-");
        assertThat(state(id)).isEqualTo("incomplete");
        assertThat(events(id)).contains("some_stopped");
        assertThat(lab.used(InstanceLab.POOL)).isEqualTo(new Use(0, 1, 0));
    }
}
