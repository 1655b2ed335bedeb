package holdfast.authority;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.TestDatabase;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The drivers of accounts are kept, and are always those of the accounts as they are now.
final class OpenCloudsTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private final List<String> passwords = new ArrayList<>();
    private final CloudLab lab =
            new CloudLab(db, CloudPlan.SMALL, Optional.empty(), Optional.of(clock -> (_, _, password) -> {
                passwords.add(password.orElseThrow());
                return new SimulatedCloud(CloudPlan.SMALL, clock, Optional.empty(), Optional.empty());
            }));

    @Test
    void what_another_server_was_told_of_an_account_counts_from_then_on() {
        var id = lab.provider(Optional.of("old")).id();
        var here = lab.clouds.providers();
        var before = here.cloud(id);
        lab.boot();
        lab.look(tx -> lab.clouds
                .providers()
                .change(tx, id, CloudLab.ACCOUNT, Optional.of("new"), "admin")
                .orThrow());
        var after = here.cloud(id);
        assertThat(after).isNotSameAs(before);
        assertThat(passwords).containsExactly("old", "new");
        lab.settle();
        assertThat(here.cloud(id))
                .as("after a look that has changed nothing of that")
                .isSameAs(after);
    }

    @Test
    void it_costs_a_look_at_the_version_of_an_account() {
        var id = lab.provider(Optional.of("old")).id();
        var here = lab.clouds.providers();
        here.cloud(id);
        assertThat(Statements.here(() -> here.cloud(id))).as("begin and look").isEqualTo(2);
        assertThat(passwords).containsExactly("old");
    }
}
