package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CloudDemoTest {
    @Test
    @Timeout(300)
    void of_two_clouds_one_is_killed_and_the_other_goes_on_and_nothing_is_left(@TempDir Path scratch) throws Exception {
        var data = scratch.resolve("data");
        var ended = ServerProcess.run(scratch, "demo", "cloud", "--simulated", "--data", data.toString());
        assertThat(ended.out())
                .contains("simulated machines, as you asked", "a simulated cloud, as you asked")
                .contains("both are at north")
                .contains("web-1 has vanished, and counts no more: 1 runs")
                .contains("attempt_failed: nothing listens there")
                .contains("it was tried at north, and made at south")
                .containsPattern("409 +at-north: provider_not_available: the provider does not answer\n"
                        + " +at-south: image_not_pushed_to_provider: the image cannot be booted")
                .contains("403  pool_quota_reached: 3 of 3 instances run")
                .contains("it has what it had, web-2 once, and can be launched at again")
                .contains("nothing is left anywhere");
        assertThat(ended.exit()).isZero();
        assertThat(Pattern.compile("process (\\d+)")
                        .matcher(ended.out())
                        .results()
                        .map(found -> Long.parseLong(found.group(1))))
                .hasSize(3)
                .noneMatch(ServerProcess::runs);
        for (var server : new String[] {"", "north", "south"}) ServerProcess.databaseIsStopped(data.resolve(server));
    }
}
