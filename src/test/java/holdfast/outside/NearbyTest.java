package holdfast.outside;

import static holdfast.outside.DomainServer.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Two servers on one network, which nobody has told of each other; one moves (fluidos.md 5.7).
@Timeout(600)
final class NearbyTest {
    @TempDir
    private Path scratch;

    private final int port = free();

    private static int free() {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    private DomainServer server(String name) throws Exception {
        return new DomainServer(scratch, name, name, ", nearby: {network: lo, port: " + port + ", use: all}");
    }

    private static Optional<JsonNode> peer(DomainServer server, String address) {
        return server.all("peers")
                .filter(peer -> peer.path("address").asString().equals(address))
                .findFirst();
    }

    @Test
    void they_find_each_other_and_one_that_moves_is_found_again() throws Exception {
        try (var valley = server("valley")) {
            var first = server("alps");
            try (first) {
                Await.that("alps to be up", LIMIT, () -> valley.states("peers").contains("up"));
                Await.that("valley to be up", LIMIT, () -> first.states("peers").contains("up"));
                var found = peer(valley, first.address()).orElseThrow();
                assertThat(found.path("found").asString()).isEqualTo("lan");
                assertThat(found.path("nodeId").asString()).isEqualTo("alps");
            }
            try (var moved = server("alps")) {
                assertThat(moved.address()).isNotEqualTo(first.address());
                Await.that(
                        "alps to be followed",
                        LIMIT,
                        () -> peer(valley, moved.address())
                                .filter(peer -> peer.path("state").asString().equals("up"))
                                .isPresent());
                assertThat(valley.all("peers")).hasSize(1);
            }
            var declared = valley.api().ask("GET", "/apis/network.fluidos.eu/v1alpha1/knownclusters", "");
            assertThat(declared.statusCode()).as(declared.body()).isEqualTo(200);
            assertThat(declared.body()).contains("knowncluster-alps");
        }
    }
}
