package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A part of a cluster is bought, used and given back, with a kill of either side on the way.
///
/// Kills at each 127th write; all with `-Dholdfast.stride=1`.
final class ClusterTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 127);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_life_goes_on_after_a_kill_of_either_side(boolean before) {
        boolean died = true;
        for (int at = before ? 5 : 5 + STRIDE / 2; died; at += STRIDE) {
            boolean buyer = lives(at, before, true);
            died = lives(at, before, false) || buyer;
        }
    }

    /// @param commit at which the one dies
    /// @return whether it came to that
    private static boolean lives(int commit, boolean before, boolean buyer) {
        try (var two = new TwoClusters(false)) {
            var victim = buyer ? two.buyer : two.seller;
            victim.diesAt(commit, before);
            var intent = two.apply("web", "2");
            var when = "%s killed %s commit %d".formatted(victim.node.id(), before ? "before" : "after", commit);
            if (buyer) { // of a seller that does not answer just then nothing is bought
                assertThat(two.state(intent)).as(when).isEqualTo("Running");
            }
            two.delete(intent);
            assertThat(two.state(intent)).as(when).isIn("Released", "Failed");
            assertThat(TwoClusters.parts(two.buyer)).as(when).isEmpty();
            assertThat(TwoClusters.parts(two.seller)).as(when).isEmpty();
            assertThat(two.buyer.states("peering")).as(when).isSubsetOf("released");
            victim.isSafe();
            two.domains.neverEver();
            two.domains.agree();
            return victim.deaths > 0;
        }
    }
}
