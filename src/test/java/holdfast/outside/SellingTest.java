package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that sells to other domains, as they see it.
@Timeout(300)
final class SellingTest {
    private static final Pattern PORT = Pattern.compile("n4tor1no00 of alps\\.example at (http://\\S+)");

    private static HttpResponse<String> ask(String method, String url, String body)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    void what_an_administrator_offers_is_bought_at_a_port_of_its_own(@TempDir Path scratch) throws Exception {
        var config = Files.writeString(scratch.resolve("settings.yaml"), """
                federation: {nodeId: n4tor1no00, domain: alps.example, advertised: "127.0.0.1:30000", port: 0, auth: none}
                """);
        try (var server = ServerProcess.start(scratch.resolve("data"), "--config", config.toString())) {
            var port = PORT.matcher(server.log());
            assertThat(port.find()).as(server.log()).isTrue();
            var rear = port.group(1) + "/api/v2/";
            assertThat(ask("GET", rear + "flavors", "").statusCode()).isEqualTo(204);
            assertThat(ask("GET", port.group(1) + "/v1/slices", "").statusCode())
                    .isEqualTo(404);
            var offered = server.cli(
                    "flavor",
                    "offer",
                    "edge",
                    "--cpu",
                    "8",
                    "--memory",
                    "32Gi",
                    "--pods",
                    "110",
                    "--price",
                    "0.40 EUR hour");
            assertThat(offered.exit()).as(offered.out()).isZero();

            var flavor = Json.tree(ask("GET", rear + "flavors", "").body()).get(0);
            assertThat(flavor.at("/owner/ID").asString()).isEqualTo("n4tor1no00");
            var held = Json.tree(ask("POST", rear + "reservations", """
                    {"flavorID": "%s", "buyerID": {"ID": "anna", "IP": "10.0.0.7:30000", "domain": "b.example",
                     "additionalInformation": {"liqoID": "f"}}}""".formatted(
                                    flavor.path("flavorID").asString()))
                    .body());
            var contract = ask(
                    "POST", rear + "transactions/" + held.path("transactionID").asString() + "/purchase", "{}");
            assertThat(contract.statusCode()).as(contract.body()).isEqualTo(200);
            var listed = server.cli("contract", "list");
            assertThat(listed.out()).contains("anna@b.example");
            var name = Json.tree(contract.body()).path("contractID").asString();
            assertThat(server.cli("contract", "release", name).exit()).isZero();
            assertThat(server.cli("flavor", "withdraw", "edge").exit()).isZero();
            assertThat(ask("GET", rear + "flavors", "").statusCode()).isEqualTo(204);
        }
    }
}
