package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReservationDemoTest {
    @Test
    @Timeout(300)
    void without_openstack_it_is_shown_on_a_simulated_cloud_and_nothing_is_left(@TempDir Path scratch)
            throws Exception {
        var data = scratch.resolve("data");
        var ended = ServerProcess.run(scratch, "demo", "reservation", "--simulated", "--data", data.toString());
        assertThat(ended.out())
                .contains("a simulated cloud, as you asked")
                // whose start may have come before the server has said it
                .containsPattern("demo \\(1r\\d+\\) is (reserved|starting|active), from ")
                .contains("refused, with what could be had instead")
                .contains("given back: 1 instance, 512 memory_mb, 1 vcpu")
                .contains("ended, and the servers are gone from the cloud")
                .contains("all is free again: 64 vcpus");
        assertThat(ended.exit()).isZero();
        ServerProcess.databaseIsStopped(data);
    }
}
