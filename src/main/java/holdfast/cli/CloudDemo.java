package holdfast.cli;

import holdfast.cli.DemoBroker.Instance;
import holdfast.cli.DemoCloud.Below;
import holdfast.cli.DemoCloud.Real;
import holdfast.cli.Terminal.Style;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Many clouds as one, in this terminal: each step is what any user could do by hand (aeolus.md 1). One cloud is a
/// further server in a process of its own, with real virtual machines where this host runs them: so it can really be
/// killed, and the broker of this process stands above another. The other one is an OpenStack, if there is one, or a
/// third server with simulated machines.
final class CloudDemo {
    private static final Duration PAUSE = Duration.ofMillis(200);
    /// Machines that are emulated, and clouds on a machine with much else to do, need minutes.
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /// What may run in the pool at once.
    private static final int MOST = 3;
    private static final String NORTH = "north";
    private static final String SOUTH = "south";
    private static final String IMAGE = "web-os";
    private static final String ONLY_NORTH = "north-only";
    private static final String RUNNING = "RUNNING";

    private final Stage stage;
    private final Wiring wiring;
    private final boolean simulated;
    private final Optional<Path> openrc;

    /// @param simulated look for nothing real
    /// @param openrc the file that says who we are at an OpenStack; if empty, the one that `openstack/up` has made
    CloudDemo(Stage stage, boolean simulated, Optional<Path> openrc) {
        this.stage = stage;
        this.wiring = stage.wiring;
        this.simulated = simulated;
        this.openrc = openrc;
    }

    /// @return exit status
    int tell() {
        stage.step("What the clouds are made of");
        boolean guests = stage.machines(simulated, stage.data.resolve(NORTH)).equals("qemu");
        var stack = OpenRc.find(stage, simulated, openrc);
        stage.step("Two clouds, north and south, and a broker above them");
        var process = open(NORTH);
        var second = stack.isPresent() ? Optional.<DemoProcess>empty() : Optional.of(open(SOUTH));
        var running = stage.serve(List.of());
        var above = new DemoBroker("the broker", running);
        var below = below(process, NORTH, guests);
        stage.print("  its machines are " + (guests ? "real virtual machines of this host" : "simulated"));
        var other = second.map(server -> below(server, SOUTH, false));
        stack.ifPresent(one -> stage.print("south: the OpenStack at " + one.endpoint()));
        stage.done("all servers are ready, each with a database of its own");
        stage.step("The broker makes one cloud of them: a pool in which " + MOST + " may run, north before south");
        var type = above.type("Holdfast", "broker", "deltacloud");
        var north = known(above, type, process, below);
        var south = stack.<DemoCloud>map(account -> known(above, account))
                .orElseGet(() -> known(above, type, second.orElseThrow(), other.orElseThrow()));
        var clouds = List.<DemoCloud>of(north, south);
        setUp(above, north, south, stack.isPresent() ? image(above, south) : imageAt(SOUTH));
        stage.cleanup.left("instances", () -> revive(process), above::isEmptied);
        var first = launchTwo(above, north, clouds);
        loseOne(above, north, first.getFirst());
        var fallen = fallBack(above, north, south);
        var last = fill(above, north);
        comeBack(above, north, first.getLast());
        if (stage.cleanup.done()) return ExitCode.FAILED; // interrupted
        if (stage.stays()) {
            stage.goesOn(running, "configuration");
            return ExitCode.OK;
        }
        giveUp(above, clouds, List.of(first.getFirst(), first.getLast(), fallen, last));
        stage.cleanup.gone();
        stage.over();
        return ExitCode.OK;
    }

    // --------------------------------------------------------------------------------------------------------------
    // two clouds and one above

    private DemoProcess open(String name) {
        var process = DemoProcess.start(stage.data.resolve(name), wiring);
        stage.cleanup.server(process);
        return process;
    }

    /// What a cloud has, as its own administrator sets it up.
    ///
    /// @param guests its machines are real
    private DemoBroker below(DemoProcess process, String name, boolean guests) {
        var broker = new DemoBroker(name, process.ready());
        stage.print(name + ": " + process.url() + "/api, process " + process.pid());
        var type = guests ? broker.type("QEMU", "qemu", "qemu") : broker.type("Simulated", "simulated", "simulated");
        var account =
                broker.account(type, "machines", guests ? "http://localhost/" : "http://machines.example/", "any");
        broker.profile("small", guests ? 80 : 512);
        broker.image(imageAt(name), Map.of(account, guests ? "tiny" : "image-1"));
        return broker;
    }

    private static String imageAt(String cloud) {
        return "web-" + cloud;
    }

    /// As the broker above knows a server below.
    private Below known(DemoBroker above, String type, DemoProcess process, DemoBroker one) {
        stage.print(
                "POST /broker/provider_accounts   at-" + one.name + ", seen through Deltacloud at " + one.url + "/api");
        return new Below(process, one, above.account(type, one.name, one.url + "/api", one.token));
    }

    private Real known(DemoBroker above, OpenRc account) {
        var who = account.credentials();
        stage.print("POST /broker/provider_accounts   at-south, " + who);
        var type = above.type("OpenStack itself", "nova", "openstack");
        return new Real(
                SOUTH,
                new DemoStack(account),
                above.account(
                        type,
                        SOUTH,
                        account.endpoint(),
                        account.region().orElse(""),
                        who.user() + "+" + who.project(),
                        who.password()));
    }

    private String image(DemoBroker above, DemoCloud cloud) {
        await(
                "what can be booted at " + cloud.name() + " to be known",
                () -> !above.images(cloud.account()).isEmpty());
        return above.images(cloud.account()).getFirst();
    }

    /// A server that is dead cannot take down what it has.
    private static void revive(DemoProcess process) {
        if (process.isAlive()) process.ready();
        else process.again();
    }

    /// @param boots what the image is called at south
    private void setUp(DemoBroker above, DemoCloud north, DemoCloud south, String boots) {
        above.profile("any", 64);
        stage.print("POST /broker/image_mappings      " + IMAGE + " is " + imageAt(NORTH) + " at north and " + boots
                + " at south; north-only is at north only");
        above.image(IMAGE, Map.of(north.account(), imageAt(NORTH), south.account(), boots));
        above.image(ONLY_NORTH, Map.of(north.account(), imageAt(NORTH)));
        var pool = above.pool();
        above.put(pool, "{\"pool\": {\"quota\": {\"maximum_running_instances\": \"" + MOST + "\"}}}");
        above.post(
                pool + "/priority_groups",
                "{\"priority_group\": {\"name\": \"first\", \"score\": 100, \"provider_accounts\": [\""
                        + north.account() + "\"]}}");
        above.put(pool + "/selection_strategies/strict_order", "{\"selection_strategy\": {\"enabled\": true}}");
        stage.done("users see one cloud, " + above.url + "/api");
    }

    // --------------------------------------------------------------------------------------------------------------
    // its life

    private List<Instance> launchTwo(DemoBroker above, DemoCloud north, List<DemoCloud> clouds) {
        stage.step("Two instances, by Deltacloud");
        var made = List.of(launched(above, "web-1"), launched(above, "web-2"));
        show(above, clouds);
        see(made.stream().allMatch(one -> north.named(one.name()).size() == 1), "both are at north", "both at north");
        return made;
    }

    private Instance launched(DemoBroker above, String name) {
        stage.print("POST /api/instances   image_id=" + IMAGE + "&name=" + name);
        var made = above.launched(IMAGE, name);
        await(name + " to run", () -> above.instance(made.id()).state().equals(RUNNING));
        return above.instance(made.id());
    }

    private void loseOne(DemoBroker above, Below north, Instance lost) {
        stage.step("Somebody at north deletes one behind our back");
        var there = north.of(lost.name()).getFirst();
        stage.print("at north: POST /api/instances/" + there.id() + "/stop, DELETE /api/instances/" + there.id());
        north.broker().stop(there);
        await(
                there.name() + " to stop",
                () -> north.broker().instance(there.id()).state().equals("STOPPED"));
        north.broker().destroy(there);
        stage.print("the tracker looks twice a minute, and believes the second look; here it is asked to look now");
        await("the tracker to notice", () -> {
            above.look(north.account());
            LockSupport.parkNanos(PAUSE.toNanos());
            return above.instance(lost.id()).state().equals("ERROR");
        });
        tellEvents(above, lost);
        see(
                above.events(lost.id()).contains("vanished") && above.running() == 1,
                lost.name() + " has vanished, and counts no more: 1 runs",
                "that it vanished and counts no more");
    }

    private Instance fallBack(DemoBroker above, Below north, DemoCloud south) {
        stage.step("North fails: its process is killed");
        stage.print("kill -9 " + north.process().pid());
        north.process().kill();
        var made = launched(above, "web-3");
        show(above, List.of(south));
        tellEvents(above, made);
        see(
                south.named("web-3").size() == 1
                        && above.events(made.id()).stream().anyMatch(event -> event.contains("attempt_failed")),
                "it was tried at north, and made at south",
                "that it was tried at north and made at south");
        return made;
    }

    private Instance fill(DemoBroker above, DemoCloud north) {
        stage.step("While north is away nothing is tried there, and what it has is not taken for lost");
        await("the broker to know that north is away", () -> {
            above.look(north.account());
            LockSupport.parkNanos(PAUSE.toNanos());
            return !above.isAvailable(north.name());
        });
        refused(above, ONLY_NORTH, "web-x", 409, "the provider does not answer");
        var made = launched(above, "web-4");
        var states = above.instances().stream()
                .filter(one -> one.name().equals("web-2"))
                .toList();
        see(
                states.stream().allMatch(one -> one.state().equals(RUNNING))
                        && above.events(made.id()).stream().noneMatch(event -> event.contains("attempt_failed")),
                "web-4 is at south at once, web-2 is still known to run at north",
                "that nothing is tried at north and nothing lost there");
        stage.step("The quota is full");
        refused(above, IMAGE, "web-5", 403, "quota");
        see(
                above.running() == MOST,
                "refused: " + MOST + " run, one of them at a cloud that is away",
                "that " + MOST + " run");
        return made;
    }

    /// A launch that must not be taken.
    private void refused(DemoBroker above, String image, String name, int status, String why) {
        stage.print("POST /api/instances   image_id=" + image + "&name=" + name);
        var answer = above.launch(image, name);
        stage.print(answer.status() + "  " + DemoBroker.why(answer).replace("; ", "\n       "));
        if (answer.status() != status || !answer.text().contains(why))
            throw notSeen("a refusal with status " + status + " that says: " + why);
    }

    private void comeBack(DemoBroker above, Below north, Instance kept) {
        stage.step("North is started again");
        stage.print("process " + north.process().again().pid());
        await("north to be available", () -> {
            above.look(north.account());
            LockSupport.parkNanos(PAUSE.toNanos());
            return above.isAvailable(north.name());
        });
        see(
                north.of(kept.name()).stream().map(Instance::state).toList().equals(List.of(RUNNING))
                        && above.instance(kept.id()).state().equals(RUNNING),
                "it has what it had, " + kept.name() + " once, and can be launched at again",
                "what it had");
    }

    // --------------------------------------------------------------------------------------------------------------
    // the end

    private void giveUp(DemoBroker above, List<DemoCloud> clouds, List<Instance> made) {
        stage.step("All is given up");
        for (var one : made) {
            if (above.instance(one.id()).state().equals(RUNNING)) above.stop(one);
            await(
                    one.name() + " to stop",
                    () -> !above.instance(one.id()).state().startsWith("RUN")
                            && !above.instance(one.id()).state().equals("STOPPING"));
            above.destroy(one);
        }
        await(
                "nothing to be left",
                () -> above.instances().isEmpty()
                        && clouds.stream()
                                .allMatch(cloud -> made.stream()
                                        .allMatch(one -> cloud.named(one.name()).isEmpty())));
        stage.print("at the broker 0, at north 0, at south 0; in use of the quota: " + above.running());
        for (var image : List.of(IMAGE, ONLY_NORTH)) above.delete("/broker/images/" + image);
        for (var cloud : clouds) above.delete("/broker/provider_accounts/" + cloud.account());
        see(above.running() == 0, "nothing is left anywhere", "that nothing is left");
    }

    // --------------------------------------------------------------------------------------------------------------
    // looking

    private void show(DemoBroker above, List<DemoCloud> clouds) {
        var table = Table.of("INSTANCE", "STATE", "IN TRUTH");
        for (var one : above.instances()) {
            var there = clouds.stream()
                    .flatMap(cloud -> cloud.named(one.name()).stream().map(name -> name + " at " + cloud.name()))
                    .toList();
            boolean unseen = there.isEmpty() && one.state().equals(RUNNING);
            table.row(
                    one.name(),
                    Table.state(one.state()),
                    unseen ? "at north, which is away" : SliceView.dash(String.join(", ", there)));
        }
        stage.indent(table);
    }

    private void tellEvents(DemoBroker above, Instance one) {
        stage.print("what happened to " + one.name() + ":");
        above.events(one.id()).forEach(event -> stage.print("  " + event));
    }

    private void see(boolean seen, String words, String what) {
        if (!seen) throw notSeen(what);
        stage.done(words);
    }

    private CliException notSeen(String what) {
        stage.say(Style.BAD, "  NOT seen: " + what);
        return new CliException(ExitCode.FAILED, "this is not what was to be seen: " + what);
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
