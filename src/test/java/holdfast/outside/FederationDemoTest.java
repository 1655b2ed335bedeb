package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
                .contains("bay has never heard of alps")
                .contains("intent Running")
                .containsPattern("bay +buyer +\\S+ +active +bay-node@bay.example +bay-super-node@bay.example")
                .containsPattern("bay-super +middle +\\S+ +active")
                .containsPattern("alps-super +middle +\\S+ +active")
                .containsPattern("alps +seller +\\S+ +active +\\S+@alps.example +alps-node@alps.example")
                .containsPattern("b-[0-9a-f]{8} +active")
                .containsPattern("front at site \\S+, host \\S+")
                .contains("a simulated machine, made by alps")
                .containsPattern("front says:  .*front")
                .contains("it is reached by way of bay-super-node@bay.example")
                .contains("steps of workflow W3")
                .contains("nothing is left at any of them");
        assertThat(steps(ended.out()))
                .as("each step of the workflow, by whoever takes it")
                .containsAll(
                        List.of("c bay #1", "c bay #7", "sc bay-super #8", "sc bay-super #10", "sp alps-super #12"))
                .containsAll(List.of("sc bay-super #21", "sp alps-super #22", "p alps #23", "p alps #26", "c bay #41"));
        assertThat(steps(ended.out()).stream().map(step -> step.replaceAll(".*#", "")))
                .containsAll(
                        IntStream.rangeClosed(1, 41).mapToObj(Integer::toString).toList());
        assertThat(Pattern.compile("(?m)^ +(leases|contracts|peerings) +0 +0 +0 +0$")
                        .matcher(ended.out())
                        .results()
                        .count())
                .isEqualTo(3);
        assertThat(ended.exit()).isZero();
        for (var domain : List.of("alps", "alps-super", "bay-super", "bay"))
            ServerProcess.databaseIsStopped(data.resolve(domain));
    }

    /// As `sc bay-super #21`.
    private static Set<String> steps(String out) {
        return Pattern.compile("(?m)^ +\\d+ +(\\w+ \\S+) +((?:#\\w+ )+)")
                .matcher(out)
                .results()
                .flatMap(row -> Stream.of(row.group(2).split(" ")).map(number -> row.group(1) + " " + number))
                .collect(Collectors.toSet());
    }
}
