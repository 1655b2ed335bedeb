package holdfast.cli;

import holdfast.cli.ServerLauncher.Options;
import holdfast.cli.ServerLauncher.Running;
import holdfast.cli.ServerLauncher.Site;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// One of the servers of the federation that a demo shows, and what is asked of it.
///
/// @param role in the chain, such as `sc`
/// @param address for other nodes
record DemoNode(String name, String role, Running running, Client client, String address) {
    private static final Set<String> OVER =
            Set.of("Done", "Released", "Failed", "Dead", "closed", "terminated", "expired", "returned", "ended");

    /// Starts one, which is stopped when the demo is over.
    ///
    /// @param more of its settings, such as `role: supernode`
    /// @param driver of its site; without one it has no site
    static DemoNode open(Stage stage, String name, String role, String domain, String more, Optional<String> driver) {
        var data = stage.data.resolve(name);
        int port = Ports.free();
        var address = "127.0.0.1:" + port;
        var settings =
                "federation: {nodeId: %s-node, domain: %s.example, advertised: \"%s\", port: %d, auth: none, %s}\n"
                        .formatted(name, domain, address, port, more);
        var sites = driver.map(one -> new Site(advertisement(stage, name), one)).stream()
                .toList();
        var config = Optional.of(written(stage.data, name, settings));
        var running = stage.serve(new Options(data, Ports.free(), Optional.empty(), config, sites, sites));
        return new DemoNode(name, role, running, stage.client(running), address);
    }

    private static Path advertisement(Stage stage, String name) {
        var file = stage.wiring.example("federation").resolve(name + "-site-ad.graphml");
        if (!Files.isRegularFile(file))
            throw new CliException(ExitCode.MISSING, "the example site " + file + " is not there");
        return file;
    }

    private static Path written(Path directory, String name, String settings) {
        try {
            Files.createDirectories(directory);
            return Files.writeString(directory.resolve(name + ".yaml"), settings);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "the settings of " + name + " cannot be written: " + e.getMessage());
        }
    }

    static boolean isOver(String state) {
        return OVER.contains(state);
    }

    List<JsonNode> all(String collection) {
        return client.list(List.of(collection), Map.of(), 1000);
    }

    /// How many are there that are not over.
    long count(String collection) {
        return all(collection).stream()
                .filter(one -> !isOver(Nodes.text(one, "state")))
                .count();
    }

    /// The name under which its first offer is listed.
    String listing() {
        return all("flavors").stream()
                .map(one -> Nodes.text(one, "listing"))
                .findFirst()
                .orElse("");
    }

    /// Whether its peers answer, of which there is one at least.
    boolean knowsOthers() {
        var states = all("peers").stream().map(one -> Nodes.text(one, "state")).collect(Collectors.toSet());
        return states.equals(Set.of("up"));
    }

    /// Does now what it does again and again.
    void execute(String task) {
        all("tasks").stream()
                .filter(one -> Nodes.text(one, "name").equals(task))
                .forEach(one -> client.post(
                        Client.path(List.of("tasks", Nodes.text(one, "id")), Map.of("action", Optional.of("execute"))),
                        Json.object()));
    }
}
