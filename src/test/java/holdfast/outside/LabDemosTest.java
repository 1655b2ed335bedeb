package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demos with a real OpenStack and, where this host has QEMU, with real virtual machines, to their end.
@Timeout(1_200)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LabDemosTest {
    private static final Duration LIMIT = Duration.ofMinutes(9);

    @TempDir
    static Path scratch;

    private LabClient client;

    @BeforeAll
    void come_in() {
        client = LabClient.open(scratch, "no demo was played with a real OpenStack");
    }

    @AfterAll
    void leave() throws Exception {
        if (client != null) client.close();
    }

    private String played(String story) throws Exception {
        var ended = ServerProcess.run(
                scratch,
                Map.of(),
                LIMIT,
                "demo",
                story,
                "--openrc",
                client.openrc().toString());
        assertThat(ended.exit()).as(ended.out()).isZero();
        assertThat(client.json("admin", "server", "list"))
                .as("servers of the project")
                .isEmpty();
        return ended.out();
    }

    @Test
    void of_two_real_clouds_one_is_killed_and_the_other_goes_on_and_nothing_is_left() throws Exception {
        var told = played("cloud");
        assertThat(told)
                .contains("south: the OpenStack at " + client.keystone())
                .contains("web-1 has vanished, and counts no more: 1 runs")
                .contains("it was tried at north, and made at south")
                .contains("it has what it had, web-2 once, and can be launched at again")
                .contains("nothing is left anywhere");
        if (Commands.find("qemu-system-x86_64").isPresent()) assertThat(told).contains("real virtual machines");
    }

    @Test
    void of_three_slots_that_a_real_cloud_keeps_two_are_used_and_one_is_given_back() throws Exception {
        assertThat(played("reservation"))
                .contains("keeps others off")
                .contains("refused, with what could be had instead")
                .contains("given back: 1 instance")
                .contains("ended, and the servers are gone from the cloud")
                .contains("all is free again");
    }
}
