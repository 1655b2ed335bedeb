package holdfast.cli;

import holdfast.cli.ServerLauncher.Options;
import holdfast.cli.ServerLauncher.Running;
import holdfast.cli.ServerLauncher.Site;
import holdfast.cli.Terminal.Style;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// Two domains that trade, in this terminal: each step is what any user could do by hand.
final class FederationDemo {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Set<String> OVER =
            Set.of("Done", "Released", "Failed", "Dead", "closed", "terminated", "expired", "returned", "ended");
    private static final List<String> CENSUS =
            List.of("slices", "leases", "contracts", "lendings", "borrowings", "peerings", "solvers");

    private final Stage stage;
    private final Wiring wiring;
    private final boolean simulated;

    FederationDemo(Stage stage, boolean simulated) {
        this.stage = stage;
        this.wiring = stage.wiring;
        this.simulated = simulated;
    }

    /// @param address for other domains
    private record Domain(String name, Running running, Client client, String address) {
        List<JsonNode> all(String collection) {
            return client.list(List.of(collection), Map.of(), 1000);
        }

        /// How many are there that are not over.
        long count(String collection) {
            return all(collection).stream()
                    .filter(one -> !OVER.contains(Nodes.text(one, "state")))
                    .count();
        }

        String listing() {
            return all("flavors").stream()
                    .map(one -> Nodes.text(one, "listing"))
                    .findFirst()
                    .orElse("");
        }
    }

    /// @return exit status
    int tell() {
        stage.step("What this machine can do");
        var driver = stage.machines(simulated, stage.data.resolve("alps"));
        // further domains, such as a supernode and what is behind it, are opened here
        stage.step("A large domain, alps, and a small one, bay: two servers, each with a database of its own");
        var alps = open("alps", driver);
        var bay = open("bay", "simulated");
        stage.done("ready");
        meet(alps, bay);
        var own = fill(bay);
        var offered = alps.listing();
        var intent = apply(alps, bay);
        if (stage.cleanup.done()) return ExitCode.FAILED; // interrupted
        if (!Nodes.text(intent, "state").equals("Running")) {
            stage.say(Style.BAD, "  It does not run: " + Nodes.text(intent, "transitioningMessage"));
            return ExitCode.FAILED;
        }
        showWhatWasBought(alps, bay);
        showWhereItRuns(bay, intent, driver);
        showHowItCameAbout(alps, bay, intent);
        if (stage.stays()) {
            goesOn(alps, bay);
            return ExitCode.OK;
        }
        boolean nothing = giveItUp(alps, bay, intent, own, offered);
        stage.over();
        return nothing ? ExitCode.OK : ExitCode.FAILED;
    }

    // -------------------------------------------------------------------------------------------------------------
    // two domains

    private Domain open(String name, String driver) {
        var advertisement = wiring.example("federation").resolve(name + "-site-ad.graphml");
        if (!Files.isRegularFile(advertisement))
            throw new CliException(ExitCode.MISSING, "the example site " + advertisement + " is not there");
        var data = stage.data.resolve(name);
        int port = Ports.free();
        var address = "127.0.0.1:" + port;
        var sites = List.of(new Site(advertisement, driver));
        var running = stage.serve(
                new Options(data, Ports.free(), Optional.empty(), Optional.of(settings(name, port)), sites, sites));
        return new Domain(name, running, stage.client(running), address);
    }

    private Path settings(String name, int port) {
        try {
            Files.createDirectories(stage.data);
            return Files.writeString(
                    stage.data.resolve(name + ".yaml"),
                    "federation: {nodeId: %s-node, domain: %s.example, advertised: \"127.0.0.1:%d\", port: %d, auth: none}\n"
                            .formatted(name, name, port, port));
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "the settings of " + name + " cannot be written: " + e.getMessage());
        }
    }

    private void meet(Domain alps, Domain bay) {
        stage.step("alps offers its host, and bay is told of alps");
        stage.print("at alps:  holdfast flavor offer host --host ALPS-H1 --price '0.40 EUR hour'");
        var offer = Json.object().put("name", "host").put("hostId", "ALPS-H1");
        offer.putObject("price").put("amount", "0.40").put("currency", "EUR").put("period", "hour");
        alps.client.post(Client.path("flavors"), offer);
        stage.print("at bay:   holdfast peer add " + alps.address + " --name alps");
        var peer = bay.client.post(
                Client.path("peers"), Json.object().put("address", alps.address).put("name", "alps"));
        stage.done("the peer is " + Nodes.text(peer, "state"));
    }

    /// All that bay has.
    private String fill(Domain bay) {
        stage.step("bay is full");
        var body = Json.object().put("name", "own").put("hours", 2);
        body.putArray("nodes")
                .addObject()
                .put("name", "node1")
                .put("site", "BAY")
                .put("cores", 2)
                .put("ram", 8)
                .put("disk", 10);
        var path = Client.path("slices", Nodes.text(bay.client.post(Client.path("slices"), body), "id"));
        await(
                "bay's own slice to run",
                () -> Nodes.text(bay.client.get(path), "state").equals("StableOK"));
        stage.indent(CapacityCommand.ask(bay.client, 1).siteTable());
        stage.done("nothing is left of its cores");
        return path;
    }

    // -------------------------------------------------------------------------------------------------------------
    // what is bought

    private JsonNode apply(Domain alps, Domain bay) {
        stage.step("An intent at bay that fits nowhere there");
        var file = wiring.example("federation").resolve("render.yaml");
        stage.print("holdfast intent apply " + file);
        var made = bay.client.post(Client.path("intents"), Json.object().put("text", Inputs.text(file)));
        var path = Client.path("intents", Nodes.text(made, "id"));
        stage.cleanup.left("intent", () -> bay.client.delete(path), () -> alps.count("leases") == 0);
        var last = new JsonNode[] {made};
        var told = new String[] {""};
        await("the intent to run", () -> {
            last[0] = bay.client.get(path);
            var state = Nodes.text(last[0], "state");
            if (!state.equals(told[0])) stage.print(state);
            told[0] = state;
            return state.equals("Running") || OVER.contains(state);
        });
        stage.done("intent " + told[0]);
        return last[0];
    }

    private void showWhatWasBought(Domain alps, Domain bay) {
        stage.step("What was bought");
        var contracts = Table.of("AT", "SIDE", "CONTRACT", "STATE", "BUYER", "SELLER", "UNTIL");
        for (var domain : List.of(alps, bay))
            for (var one : domain.all("contracts"))
                contracts.row(
                        domain.name,
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
        for (var one : bay.all("peerings"))
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
        stage.done("both sides know of it");
    }

    private void showWhereItRuns(Domain bay, JsonNode intent, String driver) {
        stage.step("Where it runs");
        for (var part : Nodes.items(intent, "parts")) {
            var slice = new SliceView(bay.client.get(Client.path(
                    List.of("slices", Nodes.text(part, "slice")), Map.of("include", Optional.of("slivers")))));
            for (var sliver : slice.slivers()) {
                stage.print(sliver.name() + " at site " + sliver.site() + ", host " + SliceView.dash(sliver.host()));
                sliver.facts().entrySet().stream()
                        .filter(fact -> fact.getKey().startsWith("vm."))
                        .forEach(fact -> stage.print("  " + fact.getKey() + "  " + fact.getValue()));
            }
        }
        var consoles = consoles();
        consoles.forEach(file -> stage.print("its console, on the host of alps:  " + file));
        stage.done(driver.equals("qemu") ? "a real machine, made by alps" : "a simulated machine, made by alps");
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

    private void showHowItCameAbout(Domain alps, Domain bay, JsonNode intent) {
        stage.step("How it came about, from the journals of both");
        var servers = new LinkedHashMap<String, Client>();
        servers.put(bay.name, bay.client);
        servers.put(alps.name, alps.client);
        var trace = TraceView.of(servers, Nodes.text(intent, "trace"));
        stage.indent(trace.table());
        stage.done("\n" + trace.steps().size() + " steps");
    }

    private void goesOn(Domain alps, Domain bay) {
        stage.say(Style.STRONG, "\nBoth go on running; so far it took " + stage.sinceBegin() + ".");
        for (var domain : List.of(bay, alps))
            stage.print("holdfast contract list --server " + domain.running.url() + " --token-file "
                    + domain.running.tokenFile());
        stage.waits("Stop with Ctrl-C. The data are then in " + stage.data + ".");
    }

    // -------------------------------------------------------------------------------------------------------------
    // the end

    private boolean giveItUp(Domain alps, Domain bay, JsonNode intent, String own, String offered) {
        stage.step("It is given up");
        stage.print("holdfast intent delete " + Nodes.text(intent, "name"));
        bay.client.delete(Client.path("intents", Nodes.text(intent, "id")));
        await(
                "alps to have its host back",
                () -> alps.count("leases") == 0 && alps.listing().equals(offered));
        stage.cleanup.gone();
        bay.client.delete(own);
        await("nothing to be left", () -> CENSUS.stream().allMatch(what -> alps.count(what) + bay.count(what) == 0));
        var table = Table.of("LEFT", ">ALPS", ">BAY");
        CENSUS.forEach(what -> table.row(what, alps.count(what), bay.count(what)));
        stage.indent(table);
        stage.done("nothing is left at either, and alps offers its host as before");
        return true;
    }

    private void await(String what, BooleanSupplier so) {
        var deadline = wiring.platform().now().plus(PATIENCE);
        while (!so.getAsBoolean()) {
            if (wiring.platform().now().isAfter(deadline))
                throw new CliException(
                        ExitCode.FAILED, "waited " + Times.words(PATIENCE) + " for " + what + ", in vain");
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
