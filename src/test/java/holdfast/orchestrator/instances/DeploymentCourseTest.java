package holdfast.orchestrator.instances;

import static holdfast.orchestrator.instances.DeploymentState.FAILED;
import static holdfast.orchestrator.instances.DeploymentState.INCOMPLETE;
import static holdfast.orchestrator.instances.DeploymentState.NEW;
import static holdfast.orchestrator.instances.DeploymentState.PENDING;
import static holdfast.orchestrator.instances.DeploymentState.ROLLBACK_COMPLETE;
import static holdfast.orchestrator.instances.DeploymentState.ROLLBACK_FAILED;
import static holdfast.orchestrator.instances.DeploymentState.ROLLBACK_IN_PROGRESS;
import static holdfast.orchestrator.instances.DeploymentState.RUNNING;
import static holdfast.orchestrator.instances.DeploymentState.SHUTTING_DOWN;
import static holdfast.orchestrator.instances.DeploymentState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.instances.DeploymentCourse.News;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of aeolus.md 3.2.
final class DeploymentCourseTest {
    private static DeploymentState whole(DeploymentState now, String parts) {
        return DeploymentCourse.after(now, false, news(parts));
    }

    private static DeploymentState partial(DeploymentState now, String parts) {
        return DeploymentCourse.after(now, true, news(parts));
    }

    /// States by their first letters, `+` if something is at an account.
    private static News news(String parts) {
        var states = Stream.of(parts.replace("+", "").strip().split(" "))
                .filter(word -> !word.isBlank())
                .map(word -> InstanceState.named(word).orElseThrow())
                .toList();
        return new News.Parts(states, parts.contains("+"));
    }

    @Test
    void a_launch_runs_when_all_of_it_runs() {
        assertThat(DeploymentCourse.after(NEW, false, new News.Placed())).isEqualTo(PENDING);
        assertThat(whole(PENDING, "running new +")).isEqualTo(PENDING);
        assertThat(whole(PENDING, "running pending +")).isEqualTo(PENDING);
        assertThat(whole(PENDING, "running running +")).isEqualTo(RUNNING);
        assertThat(partial(PENDING, "running running +")).isEqualTo(RUNNING);
    }

    @Test
    void one_that_fails_takes_all_back_unless_what_can_be_made_is_to_stay() {
        for (var failed : List.of("create_failed", "error", "vanished")) {
            assertThat(whole(PENDING, "new " + failed + " +")).isEqualTo(ROLLBACK_IN_PROGRESS);
            assertThat(partial(PENDING, "new " + failed + " +")).isEqualTo(PENDING);
            assertThat(partial(PENDING, "running " + failed + " +")).isEqualTo(INCOMPLETE);
            assertThat(partial(PENDING, "create_failed " + failed)).isEqualTo(FAILED);
        }
    }

    @Test
    void what_is_taken_back_is_complete_when_nothing_is_left_there() {
        assertThat(whole(ROLLBACK_IN_PROGRESS, "create_failed shutting_down +")).isEqualTo(ROLLBACK_IN_PROGRESS);
        assertThat(whole(ROLLBACK_IN_PROGRESS, "create_failed create_failed +"))
                .as("the provider has not said that it is gone")
                .isEqualTo(ROLLBACK_IN_PROGRESS);
        assertThat(whole(ROLLBACK_IN_PROGRESS, "create_failed stopped")).isEqualTo(ROLLBACK_COMPLETE);
        assertThat(whole(ROLLBACK_IN_PROGRESS, "create_failed running +")).isEqualTo(ROLLBACK_IN_PROGRESS);
        assertThat(whole(ROLLBACK_IN_PROGRESS, "create_failed vanished +")).isEqualTo(ROLLBACK_FAILED);
        assertThat(whole(ROLLBACK_IN_PROGRESS, "error stopped")).isEqualTo(ROLLBACK_FAILED);
        assertThat(DeploymentCourse.after(ROLLBACK_IN_PROGRESS, false, new News.Overdue()))
                .isEqualTo(ROLLBACK_FAILED);
    }

    @Test
    void after_that_it_is_made_elsewhere_or_nowhere() {
        assertThat(DeploymentCourse.after(ROLLBACK_COMPLETE, false, new News.Placed()))
                .isEqualTo(PENDING);
        assertThat(DeploymentCourse.after(ROLLBACK_COMPLETE, false, new News.Nowhere()))
                .isEqualTo(FAILED);
        assertThat(DeploymentCourse.after(NEW, true, new News.Nowhere())).isEqualTo(FAILED);
        assertThat(whole(ROLLBACK_COMPLETE, "new new")).isEqualTo(ROLLBACK_COMPLETE);
    }

    @Test
    void what_runs_follows_its_instances() {
        assertThat(whole(RUNNING, "running stopped +")).isEqualTo(INCOMPLETE);
        assertThat(whole(RUNNING, "running vanished +")).isEqualTo(INCOMPLETE);
        assertThat(whole(RUNNING, "running shutting_down +")).isEqualTo(RUNNING);
        assertThat(whole(RUNNING, "stopped vanished +")).isEqualTo(STOPPED);
        assertThat(whole(INCOMPLETE, "running running +")).isEqualTo(RUNNING);
        assertThat(whole(INCOMPLETE, "running pending +")).isEqualTo(INCOMPLETE);
        assertThat(whole(INCOMPLETE, "stopped create_failed +")).isEqualTo(STOPPED);
        assertThat(whole(STOPPED, "stopped running +")).isEqualTo(INCOMPLETE);
        assertThat(whole(STOPPED, "running running +")).isEqualTo(RUNNING);
        assertThat(whole(RUNNING, "")).as("all are destroyed one by one").isEqualTo(STOPPED);
    }

    @Test
    void whatever_is_active_can_be_stopped_and_nothing_else() {
        for (var state : DeploymentState.values()) {
            var active = EnumSet.of(NEW, PENDING, RUNNING, INCOMPLETE, ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE);
            assertThat(DeploymentCourse.after(state, false, new News.Stop()))
                    .isEqualTo(active.contains(state) ? SHUTTING_DOWN : state);
        }
        assertThat(whole(SHUTTING_DOWN, "stopped running +")).isEqualTo(SHUTTING_DOWN);
        assertThat(whole(SHUTTING_DOWN, "stopped create_failed +")).isEqualTo(STOPPED);
    }

    @Test
    void what_is_over_stays_over() {
        for (var state : List.of(FAILED, ROLLBACK_FAILED)) {
            for (var news : List.of(new News.Placed(), new News.Nowhere(), new News.Overdue(), news("running +"))) {
                assertThat(DeploymentCourse.after(state, false, news)).isEqualTo(state);
            }
        }
    }
}
