package holdfast.authority;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.TypeFile;
import org.junit.jupiter.api.Test;

/// What the file of types says of leases is what the authority's recipes do.
final class DeclaredLeaseTest {
    @Test
    void recipes_lead_leases_as_declared() {
        var lease = TypeFile.standard().stream()
                .filter(type -> type.name().equals(Authority.LEASE))
                .findFirst()
                .orElseThrow();
        var recipes = LeaseProcesses.all(
                _ -> {
                    throw new IllegalStateException("nothing is made here");
                },
                Ending.NONE);
        assertThat(lease.processes().stream().map(ProcessType::name))
                .containsExactlyElementsOf(
                        recipes.stream().map(ProcessDefinition::name).toList());
        for (var recipe : recipes) {
            var declared =
                    lease.process(recipe.name().substring("lease.".length())).orElseThrow();
            assertThat(declared.move()).isEqualTo(recipe.move());
        }
    }
}
