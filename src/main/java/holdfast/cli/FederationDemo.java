package holdfast.cli;

import holdfast.cli.Terminal.Style;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Two domains that trade, in this terminal: each step is what any user could do by hand. Both have a supernode, and
/// their nodes know nobody else, so that all goes over four servers (fluidos.md 4.3).
final class FederationDemo {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
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

    /// @return exit status
    int tell() {
        stage.step("What this machine can do");
        var driver = stage.machines(simulated, stage.data.resolve("alps"));
        var all = open(driver);
        meet(all);
        var own = fill(all.bay());
        var offered = all.alps().listing();
        var intent = apply(all);
        if (stage.cleanup.done()) return ExitCode.FAILED; // interrupted
        if (!Nodes.text(intent, "state").equals("Running")) {
            stage.say(Style.BAD, "  It does not run: " + Nodes.text(intent, "transitioningMessage"));
            return ExitCode.FAILED;
        }
        var views = new FederationViews(stage, all);
        views.whatWasBought();
        views.whereItRuns(intent, driver);
        views.whatItAnswers(intent);
        views.howItCameAbout(intent);
        if (stage.stays()) {
            goesOn(all);
            return ExitCode.OK;
        }
        giveItUp(all, intent, own, offered);
        stage.over();
        return ExitCode.OK;
    }

    // -------------------------------------------------------------------------------------------------------------
    // two domains

    /// The servers, in the order in which a wish goes through them.
    ///
    /// @param bay the consumer
    /// @param alps the provider
    record Chain(DemoNode bay, DemoNode baySuper, DemoNode alpsSuper, DemoNode alps) {
        List<DemoNode> all() {
            return List.of(bay, baySuper, alpsSuper, alps);
        }
    }

    private Chain open(String driver) {
        stage.step("A large domain, alps, and a small one, bay: each a supernode and a node that knows only that");
        var alpsSuper = DemoNode.open(stage, "alps-super", "sp", "alps", "role: supernode", Optional.empty());
        var alps = DemoNode.open(stage, "alps", "p", "alps", under(alpsSuper), Optional.of(driver));
        var baySuper = DemoNode.open(stage, "bay-super", "sc", "bay", "role: supernode", Optional.empty());
        var bay = DemoNode.open(stage, "bay", "c", "bay", under(baySuper), Optional.of("simulated"));
        stage.done("four servers are ready, each with a database of its own");
        return new Chain(bay, baySuper, alpsSuper, alps);
    }

    private static String under(DemoNode supernode) {
        return "supernode: \"" + supernode.address() + "\"";
    }

    private void meet(Chain all) {
        stage.step("alps offers its host, and the supernode of bay is told of that of alps");
        stage.print("at alps:       holdfast flavor offer host --host ALPS-H1 --price '0.40 EUR hour'");
        var offer = Json.object().put("name", "host").put("hostId", "ALPS-H1");
        offer.putObject("price").put("amount", "0.40").put("currency", "EUR").put("period", "hour");
        all.alps().client().post(Client.path("flavors"), offer);
        var address = all.alpsSuper().address();
        stage.print("at bay-super:  holdfast peer add " + address + " --name alps-super");
        var peer = all.baySuper()
                .client()
                .post(
                        Client.path("peers"),
                        Json.object().put("address", address).put("name", "alps-super"));
        for (var node : List.of(all.alps(), all.bay())) node.execute("domain.keepalive"); // or soon by itself
        for (var node : all.all()) await(node.name() + " to know who there is", node::knowsOthers);
        all.alpsSuper().execute("domain.gather"); // or within a minute by itself
        await(
                "alps-super to know what alps offers",
                () -> !all.alpsSuper().all("candidates").isEmpty());
        stage.done("the peer is " + Nodes.text(peer, "state") + "; bay has never heard of alps");
    }

    /// All that bay has.
    private String fill(DemoNode bay) {
        stage.step("bay is full");
        var body = Json.object().put("name", "own").put("hours", 2);
        body.putArray("nodes")
                .addObject()
                .put("name", "node1")
                .put("site", "BAY")
                .put("cores", 2)
                .put("ram", 8)
                .put("disk", 10);
        var path = Client.path("slices", Nodes.text(bay.client().post(Client.path("slices"), body), "id"));
        await(
                "bay's own slice to run",
                () -> Nodes.text(bay.client().get(path), "state").equals("StableOK"));
        stage.indent(CapacityCommand.ask(bay.client(), 1).siteTable());
        stage.done("nothing is left of its cores");
        return path;
    }

    // -------------------------------------------------------------------------------------------------------------
    // what is bought

    private JsonNode apply(Chain all) {
        stage.step("An intent at bay that fits nowhere there");
        var file = wiring.example("federation").resolve("render.yaml");
        stage.print("holdfast intent apply " + file);
        var bay = all.bay().client();
        var made = bay.post(Client.path("intents"), Json.object().put("text", Inputs.text(file)));
        var path = Client.path("intents", Nodes.text(made, "id"));
        stage.cleanup.left("intent", () -> bay.delete(path), () -> all.alps().count("leases") == 0);
        var last = new JsonNode[] {made};
        var told = new String[] {""};
        await("the intent to run", () -> {
            last[0] = bay.get(path);
            var state = Nodes.text(last[0], "state");
            if (!state.equals(told[0])) stage.print(state);
            told[0] = state;
            return state.equals("Running") || DemoNode.isOver(state);
        });
        stage.done("intent " + told[0]);
        return last[0];
    }

    // -------------------------------------------------------------------------------------------------------------
    // the end

    private void goesOn(Chain all) {
        stage.say(Style.STRONG, "\nAll four go on running; so far it took " + stage.sinceBegin() + ".");
        for (var node : all.all())
            stage.print("holdfast contract list --server " + node.running().url() + " --token-file "
                    + node.running().tokenFile());
        stage.waits("Stop with Ctrl-C. The data are then in " + stage.data + ".");
    }

    private void giveItUp(Chain all, JsonNode intent, String own, String offered) {
        stage.step("It is given up");
        stage.print("holdfast intent delete " + Nodes.text(intent, "name"));
        var bay = all.bay().client();
        bay.delete(Client.path("intents", Nodes.text(intent, "id")));
        await(
                "alps to have its host back",
                () -> all.alps().count("leases") == 0 && all.alps().listing().equals(offered));
        stage.cleanup.gone();
        bay.delete(own);
        await(
                "nothing to be left",
                () -> CENSUS.stream().allMatch(what -> all.all().stream().allMatch(node -> node.count(what) == 0)));
        var table = Table.of("LEFT", ">BAY", ">BAY-SUPER", ">ALPS-SUPER", ">ALPS");
        CENSUS.forEach(what ->
                table.row(Stream.concat(Stream.of(what), all.all().stream().map(node -> node.count(what)))
                        .toArray()));
        stage.indent(table);
        stage.done("nothing is left at any of them, and alps offers its host as before");
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
