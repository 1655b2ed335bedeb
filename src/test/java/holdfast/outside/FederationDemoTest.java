package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FederationDemoTest {
    @Test
    @Timeout(300)
    void what_finds_no_room_is_bought_of_the_other_domain_and_nothing_is_left(@TempDir Path scratch) throws Exception {
        var data = scratch.resolve("data");
        var ended = ServerProcess.run(scratch, "demo", "federation", "--simulated", "--data", data.toString());
        assertThat(ended.out())
                .contains("simulated machines, as you asked")
                .contains("the peer is up")
                .contains("intent Running")
                .containsPattern("alps +seller +\\S+ +active +bay-node@bay.example +alps-node@alps.example")
                .containsPattern("bay +buyer +\\S+ +active +bay-node@bay.example +alps-node@alps.example")
                .containsPattern("b-[0-9a-f]{8} +active")
                .containsPattern("front at site \\S+, host \\S+")
                .contains("a simulated machine, made by alps")
                .containsPattern("alps +#\\d+")
                .containsPattern("bay +#31")
                .contains("nothing is left at either");
        assertThat(Pattern.compile("(?m)^ +(leases|contracts|peerings) +0 +0$")
                        .matcher(ended.out())
                        .results()
                        .count())
                .isEqualTo(3);
        assertThat(ended.exit()).isZero();
        for (var domain : new String[] {"alps", "bay"})
            assertThat(data.resolve(domain).resolve("postgres/postmaster.pid"))
                    .as("the database is stopped")
                    .doesNotExist();
    }
}
