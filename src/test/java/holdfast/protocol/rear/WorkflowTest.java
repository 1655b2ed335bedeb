package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// In which workflow an offer is bought follows from the way that it has come (docs/decisions/0151).
final class WorkflowTest {
    private static final Flavor PLAIN = Samples.flavor("one", Samples.slice());
    private static final String OURS = PLAIN.owner().domain();

    private static Flavor again(Optional<String> domain, String... path) {
        var from = new Provenance(
                FlavorIds.origin("n", "f"),
                Optional.of("n"),
                domain,
                Optional.of("f"),
                List.of(path),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return Samples.flavor("one", from.in(PLAIN.kind()));
    }

    @Test
    void straight_from_its_owner_it_is_the_first_and_of_our_supernode_itself_the_second() {
        assertThat(Workflow.of(PLAIN, OURS, false)).isEqualTo(Workflow.W1);
        assertThat(Workflow.of(PLAIN, OURS, true)).isEqualTo(Workflow.W2);
        assertThat(Workflow.of(PLAIN, "elsewhere.example", true)).isEqualTo(Workflow.W1);
    }

    @Test
    void over_supernodes_it_is_of_our_domain_or_of_another() {
        assertThat(Workflow.of(again(Optional.of(OURS), "s"), OURS, true)).isEqualTo(Workflow.W2);
        assertThat(Workflow.of(again(Optional.of("jura.example"), "s"), OURS, true))
                .as("the other supernode sells what it owns")
                .isEqualTo(Workflow.W3);
        assertThat(Workflow.of(again(Optional.of("jura.example"), "sp", "s"), OURS, true))
                .isEqualTo(Workflow.W3);
    }

    @Test
    void who_does_not_say_its_domain_is_of_another_if_it_came_over_two() {
        assertThat(Workflow.of(again(Optional.empty(), "s"), OURS, true)).isEqualTo(Workflow.W2);
        assertThat(Workflow.of(again(Optional.empty(), "sp", "s"), OURS, true)).isEqualTo(Workflow.W3);
    }
}
