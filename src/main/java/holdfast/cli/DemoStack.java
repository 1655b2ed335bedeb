package holdfast.cli;

import holdfast.platform.Json;
import holdfast.platform.WebClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A real OpenStack, asked without the broker what runs there for our project.
final class DemoStack {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LARGEST = 16 << 20;

    private final OpenRc account;

    DemoStack(OpenRc account) {
        this.account = account;
    }

    /// Names of the servers that there are.
    List<String> servers() {
        try (var web = new WebClient(CONNECT, LARGEST)) {
            var login = web.call(account.credentials().login(""), LIMIT);
            var token = login.header("x-subject-token").orElseThrow(() -> silent("it gives no token"));
            var nova = Nodes.items(Json.tree(login.text()).path("token"), "catalog").stream()
                    .filter(service -> Nodes.text(service, "type").equals("compute"))
                    .flatMap(service -> Nodes.items(service, "endpoints").stream())
                    .filter(one -> Nodes.text(one, "interface").equals("public"))
                    .filter(one -> account.region()
                            .map(Nodes.text(one, "region")::equals)
                            .orElse(true))
                    .map(one -> Nodes.text(one, "url"))
                    .findFirst()
                    .orElseThrow(() -> silent("its catalog names no Nova"));
            var asked = new WebClient.Call(
                    "GET", URI.create(nova + "/servers"), Map.of("X-Auth-Token", token), Optional.empty());
            return Nodes.items(Json.tree(web.call(asked, LIMIT).text()), "servers").stream()
                    .map(server -> Nodes.text(server, "name"))
                    .toList();
        } catch (IOException e) {
            throw silent(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw silent("interrupted");
        }
    }

    private CliException silent(String why) {
        return new CliException(ExitCode.NO_SERVER, "the OpenStack at " + account.endpoint() + ": " + why);
    }
}
