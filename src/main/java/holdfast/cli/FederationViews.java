package holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.cli.FederationDemo.Chain;
import holdfast.platform.Bridge;
import holdfast.platform.WebClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the demo of domains shows of what came about.
final class FederationViews {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long MOST = 1 << 20;

    private final Stage stage;
    private final Chain all;

    FederationViews(Stage stage, Chain all) {
        this.stage = stage;
        this.all = all;
    }

    void whatWasBought() {
        stage.step("What was bought");
        var contracts = Table.of("AT", "SIDE", "CONTRACT", "STATE", "BUYER", "SELLER", "UNTIL");
        for (var node : all.all())
            for (var one : node.all("contracts"))
                contracts.row(
                        node.name(),
                        Nodes.text(one, "side"),
                        Nodes.text(one, "name"),
                        Table.state(Nodes.text(one, "state")),
                        Nodes.text(one, "buyer"),
                        Nodes.text(one, "seller"),
                        Times.seconds(Nodes.text(one, "end"), stage.terminal.zone()));
        stage.indent(contracts);
        stage.print("");
        stage.print("What of alps is a site of bay now:");
        var sites = Table.of("SITE", "STATE", "SELLER", "AMOUNTS");
        for (var one : all.bay().all("peerings"))
            sites.row(
                    Nodes.text(one, "site"),
                    Table.state(Nodes.text(one, "state")),
                    Nodes.text(one, "seller"),
                    String.join(
                            ", ",
                            Nodes.texts(one, "granted").entrySet().stream()
                                    .map(amount -> amount.getKey() + " " + amount.getValue())
                                    .toList()));
        stage.indent(sites);
        stage.done("three contracts, one below the other, and each ends with the others");
    }

    void whereItRuns(JsonNode intent, String driver) {
        stage.step("Where it runs");
        for (var sliver : machines(intent)) {
            stage.print(sliver.name() + " at site " + sliver.site() + ", host " + SliceView.dash(sliver.host()));
            sliver.facts().entrySet().stream()
                    .filter(fact -> fact.getKey().startsWith("vm."))
                    .forEach(fact -> stage.print("  " + fact.getKey() + "  " + fact.getValue()));
        }
        var consoles = consoles();
        consoles.forEach(file -> stage.print("its console, on the host of alps:  " + file));
        stage.done(driver.equals("qemu") ? "a real machine, made by alps" : "a simulated machine, made by alps");
    }

    private List<SliverView> machines(JsonNode intent) {
        return Nodes.items(intent, "parts").stream()
                .flatMap(part -> SliceCommands.whole(all.bay().client(), Nodes.text(part, "slice")).slivers().stream())
                .toList();
    }

    /// Asked at bay, to which alps opens nothing else.
    void whatItAnswers(JsonNode intent) {
        stage.step("Its users at bay connect to port 80 of it");
        var bay = all.bay().client();
        try (var web = new WebClient(CONNECT, MOST)) {
            for (var machine : machines(intent)) {
                var path = Client.path(List.of("slivers", machine.id(), "connect"), Map.of("port", Optional.of("80")));
                var way = Nodes.text(bay.get(path), "way");
                stage.print(machine.name() + " says:  " + said(bay, web, path));
                stage.done("it is reached " + (way.equals("direct") ? "directly" : way));
            }
        }
    }

    private static String said(Client bay, WebClient web, String path) {
        var bytes = new ByteArrayOutputStream();
        try (var channel = bay.dial(web, path)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8)));
            Bridge.carry(channel, Channels.newChannel(bytes));
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "the machine does not answer: " + e.getMessage());
        }
        var lines =
                bytes.toString(UTF_8).lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "nothing" : lines.getLast();
    }

    /// Files of this host, which bay does not hear of.
    private List<Path> consoles() {
        var hosts = stage.data.resolve("alps").resolve("hosts");
        if (!Files.isDirectory(hosts)) return List.of();
        try (var found = Files.walk(hosts)) {
            return found.filter(file -> file.endsWith("console.log")).toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    void howItCameAbout(JsonNode intent) {
        stage.step("How it came about, from the journals of all four");
        var servers = new LinkedHashMap<String, Client>();
        all.all().forEach(node -> servers.put(node.role() + " " + node.name(), node.client()));
        var trace = TraceView.of(servers, Nodes.text(intent, "trace"));
        stage.indent(trace.table());
        stage.print("");
        stage.print(
                "c is the consumer, sc the supernode of its domain, sp that of the provider p; MS are milliseconds.");
        stage.done(trace.steps().size() + " entries for the steps of workflow " + String.join(", ", trace.workflows()));
    }
}
