package holdfast.cli;

import holdfast.cli.ServerLauncher.Running;
import holdfast.cli.Terminal.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// A slice on real input, in this terminal: each step is what any user could do by hand.
final class SliceDemo {
    /// Two sites and the network between them.
    private static final int AUTHORITIES = 3;

    private static final Duration CLAIMS = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int CONSOLE_LINES = 40;

    private final Stage stage;
    private final Wiring wiring;
    private final Terminal terminal;
    private final boolean simulated;

    SliceDemo(Stage stage, boolean simulated) {
        this.stage = stage;
        this.wiring = stage.wiring;
        this.terminal = stage.terminal;
        this.simulated = simulated;
    }

    /// @return exit status
    int tell() {
        stage.step("What this machine can do");
        var driver = stage.machines(simulated, stage.data);
        var running = startTheServer(driver);
        var client = stage.client(running);
        var before = showWhatThereIs(client);
        var slice = submitTheSlice(client);
        slice = followIt(client, slice);
        if (stage.cleanup.done()) return ExitCode.FAILED; // interrupted
        if (!slice.good()) {
            terminal.print(slice.text(terminal));
            stage.say(Style.BAD, "The slice was not built.");
            return slice.exitCode() == ExitCode.OK ? ExitCode.FAILED : slice.exitCode();
        }
        if (!proveIt(slice, driver)) return ExitCode.FAILED;
        if (stage.stays()) {
            stage.goesOn(running, "slice");
            return ExitCode.OK;
        }
        boolean free = takeItDown(client, slice, before);
        stage.over();
        return free ? ExitCode.OK : ExitCode.FAILED;
    }

    /// 2: orchestrator, broker, and the authorities of two sites and the network between them, in this process.
    private Running startTheServer(String driver) {
        stage.step("A server with two sites and the network between them");
        var sites = UpCommand.examples(wiring, driver);
        if (sites.isEmpty())
            throw new CliException(ExitCode.MISSING, "the example sites are not in " + wiring.example("fabric"));
        var running = stage.serve(sites);
        stage.done("ready");
        return running;
    }

    /// Still 2: the sites' delegations are claimed and merged; the resource query answers.
    private CapacityView showWhatThereIs(Client client) {
        var deadline = wiring.platform().now().plus(CLAIMS);
        while (!claimed(client)) {
            if (wiring.platform().now().isAfter(deadline))
                throw new CliException(
                        ExitCode.FAILED, "the sites' delegations were not claimed within " + Times.words(CLAIMS));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        var hosts = CapacityCommand.ask(client, 2);
        var sites = CapacityCommand.ask(client, 1);
        terminal.print("\n  The resource query, level 1 (free/all):\n");
        stage.indent(sites.siteTable());
        terminal.print("\n  level 2:\n");
        stage.indent(hosts.hostTable(""));
        stage.done("\n  delegations claimed");
        return hosts;
    }

    private static boolean claimed(Client client) {
        var claims = client.list(List.of("delegations"), Map.of(), 1000).stream()
                .filter(delegation -> !Nodes.text(delegation, "authority").isEmpty()) // the broker's own records
                .toList();
        return claims.size() >= AUTHORITIES
                && claims.stream().allMatch(claim -> Nodes.text(claim, "state").equals("delegated"));
    }

    /// 3: as any client would.
    private SliceView submitTheSlice(Client client) {
        stage.step("A slice: one VM at RENC with a Tesla T4 and an NVMe P4510");
        var file = wiring.example("fabric").resolve("asm-one-vm-two-pci.graphml");
        terminal.print("  holdfast slice create " + file);
        var request = SliceFile.read(file).put("name", "demo").put("hours", 1);
        var slice = new SliceView(client.post(Client.path("slices"), request));
        var path = Client.path("slices", slice.id());
        stage.cleanup.left("slice", () -> client.delete(path), () -> new SliceView(client.get(path)).dead());
        stage.done("accepted: " + slice.id());
        return slice;
    }

    /// 4: asked, ticketed, redeeming, step by step.
    private SliceView followIt(Client client, SliceView slice) {
        stage.step("How it gets on");
        try (var view = new ProgressView(
                terminal, terminal.out(), terminal.watched() && terminal.lively(), wiring.platform())) {
            view.show(slice);
            var last = new Follow(client, wiring.platform(), view::say)
                    .until(slice.id(), now -> now.settled(wiring.platform().now()), view::show);
            stage.done("slice " + last.state());
            return last;
        }
    }

    /// 5: what the lease says beside what the guest itself sees.
    private boolean proveIt(SliceView slice, String driver) {
        stage.step("The proof");
        stage.indent(slice.devices());
        for (var sliver : slice.slivers()) {
            var machine = List.of("hypervisor", "accelerator", "image", "cores", "memory", "pid", "boot.ms").stream()
                    .filter(fact -> !sliver.fact("vm." + fact).isEmpty())
                    .map(fact -> fact + " " + sliver.fact("vm." + fact))
                    .toList();
            terminal.print("\n  " + sliver.name() + " on host " + SliceView.dash(sliver.host())
                    + (machine.isEmpty() ? "" : ": " + String.join(", ", machine)));
            var console = console(sliver);
            var listed = console.isEmpty() ? pciOf(sliver) : console;
            if (!listed.isEmpty()) {
                terminal.print(
                        "\n  What the guest itself lists on its console (address, vendor:device, class, driver, kind):\n");
                listed.forEach(line -> terminal.print("    " + line));
            }
        }
        if (driver.equals("simulated")) {
            stage.done("\n  simulated machines: there is no guest to ask");
            return true;
        }
        var unseen = slice.slivers().stream()
                .flatMap(sliver -> unseenByGuest(sliver).stream())
                .toList();
        if (unseen.isEmpty()) stage.done("\n  every device in the lease is a PCI function that the guest itself lists");
        else stage.say(Style.BAD, "  NOT seen by the guest: " + String.join(", ", unseen));
        return unseen.isEmpty();
    }

    /// Devices of the lease whose address the guest's own listing does not have.
    static List<String> unseenByGuest(SliverView sliver) {
        var listed = pciOf(sliver).stream().map(line -> line.split(" ", 2)[0]).toList();
        return sliver.units().stream()
                .map(unit -> Nodes.text(unit, "component"))
                .filter(component -> !listed.contains(sliver.fact(component + ".guest.bdf")))
                .toList();
    }

    /// 6: everything is as before.
    private boolean takeItDown(Client client, SliceView slice, CapacityView before) {
        stage.step("Taking it down");
        client.delete(Client.path("slices", slice.id()));
        try (var view = new ProgressView(
                terminal, terminal.out(), terminal.watched() && terminal.lively(), wiring.platform())) {
            new Follow(client, wiring.platform(), view::say).until(slice.id(), SliceView::dead, view::show);
        }
        stage.cleanup.gone();
        var after = CapacityCommand.ask(client, 2);
        boolean same = after.json().path("hosts").equals(before.json().path("hosts"))
                && after.json().path("sites").equals(before.json().path("sites"));
        terminal.print("");
        stage.indent(after.siteTable());
        if (same) stage.done("\n  everything is free again, to the last core and device");
        else stage.say(Style.BAD, "  NOT everything is free again: compare with the table above");
        return same;
    }

    /// The guest's own listing: facts `vm.pci.0`, `vm.pci.1`, ... in order.
    static List<String> pciOf(SliverView sliver) {
        return sliver.facts().entrySet().stream()
                .filter(fact -> fact.getKey().matches("vm\\.pci\\.[0-9]{1,6}"))
                .sorted(Comparator.comparingInt(
                        fact -> Integer.parseInt(fact.getKey().substring("vm.pci.".length()))))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// From the guest's console, which is a file on this host: that it is up, and its last answer.
    private static List<String> console(SliverView sliver) {
        var file = Path.of(sliver.fact("vm.console.log"));
        if (file.toString().isEmpty() || !Files.isReadable(file)) return List.of();
        try (var in = Files.newInputStream(file)) {
            var lines = new String(in.readNBytes(1 << 20), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("[^\\x20-\\x7e]", ""))
                    .filter(line -> !line.isBlank())
                    .toList();
            return excerpt(lines);
        } catch (IOException _) {
            return List.of();
        }
    }

    /// Each line of an answer carries its tag, and the last line of all ends one.
    static List<String> excerpt(List<String> lines) {
        if (lines.isEmpty()) return List.of();
        var tag = lines.getLast().substring(lines.getLast().lastIndexOf(' ') + 1);
        return lines.stream()
                .filter(line -> line.contains(" ready ") || line.contains(tag))
                .limit(CONSOLE_LINES)
                .toList();
    }
}
