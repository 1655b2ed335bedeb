package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/// Signals with branches.
final class SignalTest {
    @Test
    void who_waits_for_a_branch_is_woken_for_that_branch_and_for_the_whole() {
        var whole = new Signal();
        var one = whole.branch();
        var other = whole.branch();
        one.raise();
        assertThat(List.of(whole.count(), one.count(), other.count())).containsExactly(0L, 1L, 0L);
        whole.raise();
        assertThat(List.of(whole.count(), one.count(), other.count())).containsExactly(1L, 2L, 1L);
    }

    @Test
    void other_servers_are_told_of_a_branch_as_of_the_whole() {
        var told = new LinkedBlockingQueue<String>();
        var whole = new Signal();
        var branch = whole.branch();
        whole.echo(() -> told.add("told"));
        branch.raise();
        assertThat(told).hasSize(1);
        branch.raiseHere();
        whole.raise();
        assertThat(told).hasSize(2);
    }
}
