package holdfast.cli;

import holdfast.cli.Terminal.Style;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A reservation at a cloud from request to end, in this terminal: each step is what any user could do by hand.
final class ReservationDemo {
    private static final String PROVIDER = "demo-cloud";
    private static final int SERVERS = 3;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration UNTIL_START = Duration.ofSeconds(5);
    /// Long enough for any cloud to make servers; what is to be waited for is brought forward when its turn comes.
    private static final Duration UNTIL_EXPIRY = Duration.ofMinutes(15);

    private static final Duration LENGTH = Duration.ofMinutes(30);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Stage stage;
    private final Wiring wiring;
    private final boolean simulated;
    private final Optional<Path> openrc;

    /// @param simulated look for no OpenStack
    /// @param openrc the file that says who we are at one; if empty, the one that `openstack/up` has made
    ReservationDemo(Stage stage, boolean simulated, Optional<Path> openrc) {
        this.stage = stage;
        this.wiring = stage.wiring;
        this.simulated = simulated;
        this.openrc = openrc;
    }

    /// @return exit status
    int tell() {
        stage.step("Which cloud");
        var account = OpenRc.find(stage, simulated, openrc);
        stage.step("A server, and the cloud as a provider");
        var running = stage.serve(List.of());
        var client = stage.client(running);
        var provider = register(client, account);
        var before = capacity(client, Instant.EPOCH);
        var reservation = reserve(client, provider);
        boolean refused = showThatOthersAreRefused(client, reservation);
        reservation = awaitTheStart(client, reservation);
        runTwo(client, provider, reservation);
        reservation = letTheThirdExpire(client, reservation);
        if (stage.stays()) {
            stage.goesOn(running, "reservation");
            return ExitCode.OK;
        }
        boolean free = awaitTheEnd(client, reservation, before);
        if (stage.cleanup.done()) return ExitCode.FAILED; // interrupted
        client.delete(Client.path("providers", Nodes.text(provider, "id")));
        stage.over();
        return refused && free ? ExitCode.OK : ExitCode.FAILED;
    }

    // -------------------------------------------------------------------------------------------------------------
    // the cloud

    private JsonNode register(Client client, Optional<OpenRc> account) {
        var body = account.map(found -> found.provider(PROVIDER))
                .orElseGet(() -> Json.object().put("name", PROVIDER).put("driver", "simulated"));
        // what is lent out here lasts for seconds: it is looked at as often as may be
        var added = client.post(Client.path("providers"), body.put("pollSeconds", 5));
        var provider = await(client, Client.path("providers", Nodes.text(added, "id")), one -> switch (state(one)) {
            case "up" -> true;
            case "down" ->
                throw new CliException(
                        ExitCode.FAILED, "the cloud cannot be used: " + Nodes.text(one, "transitioningMessage"));
            default -> false;
        });
        stage.print(ProviderView.line(provider).strip());
        await(
                client,
                Client.path("pools"),
                pools -> Nodes.items(pools).stream()
                        .anyMatch(pool -> Nodes.text(pool, "providerId").equals(Nodes.text(provider, "id"))));
        stage.done("the broker knows what it has");
        return provider;
    }

    // -------------------------------------------------------------------------------------------------------------
    // the reservation

    private JsonNode reserve(Client client, JsonNode provider) {
        var flavor = flavor(provider);
        stage.step("Room for %d servers of %s, from %d s from now on"
                .formatted(SERVERS, Nodes.text(flavor, "name"), UNTIL_START.toSeconds()));
        var start = wiring.platform().now().plus(UNTIL_START).truncatedTo(ChronoUnit.SECONDS);
        var body = request("demo", start);
        body.put("expiry", start.plus(UNTIL_EXPIRY).toString());
        if (Nodes.at(provider, "enforced").asBoolean(false)) slots(body, flavor);
        else
            amounts(
                    body,
                    Map.of(
                            "instance", (long) SERVERS,
                            "vcpu", SERVERS * Nodes.number(flavor, "vcpus"),
                            "memory_mb", SERVERS * Nodes.number(flavor, "memoryMb")));
        var made = client.post(Client.path("reservations"), body);
        var path = path(made);
        stage.cleanup.left("reservation", () -> client.delete(path), () -> isOver(client.get(path)));
        stage.print(ReservationView.line(stage.terminal, made).strip());
        if (Nodes.at(provider, "enforced").asBoolean(false))
            stage.print("the cloud holds a slot for each on a host of its own, and keeps others off");
        stage.print("what is not in use " + UNTIL_EXPIRY.toMinutes() + " minutes after its start is given back");
        stage.done("reserved");
        return made;
    }

    private ObjectNode request(String name, Instant start) {
        return Json.object()
                .put("name", name)
                .put("start", start.toString())
                .put("end", start.plus(LENGTH).toString());
    }

    /// Where the cloud keeps others off: each on a host of its own, so that one that is not used can be given back.
    private static void slots(ObjectNode body, JsonNode flavor) {
        body.putArray("items")
                .addObject()
                .put("kind", "instances")
                .put("flavor", Nodes.text(flavor, "id"))
                .put("min", SERVERS)
                .put("affinity", false);
    }

    private static void amounts(ObjectNode body, Map<String, Long> amounts) {
        body.putArray("items").addObject().put("kind", "quantity").set("amounts", Json.toTree(amounts));
    }

    /// The smallest.
    private static JsonNode flavor(JsonNode provider) {
        return Nodes.items(provider, "flavors").stream()
                .min(Comparator.comparingLong(one -> Nodes.number(one, "memoryMb")))
                .orElseThrow(() -> new CliException(ExitCode.FAILED, "the cloud has no flavor that we may see"));
    }

    private boolean showThatOthersAreRefused(Client client, JsonNode reservation) {
        stage.step("Another who wants all that there was");
        var start = Instant.parse(Nodes.text(reservation, "start"));
        var body = request("greedy", start);
        amounts(body, Map.of("vcpu", dimension(capacity(client, start), "total")));
        try {
            client.post(Client.path("reservations"), body);
        } catch (CliException e) {
            stage.print(e.getMessage());
            e.hints().forEach(stage::print);
            stage.done(e.exitCode() == ExitCode.NO_ROOM ? "refused, with what could be had instead" : "refused");
            return e.exitCode() == ExitCode.NO_ROOM;
        }
        stage.say(Style.BAD, "  NOT refused: what was reserved was promised twice");
        return false;
    }

    private JsonNode awaitTheStart(Client client, JsonNode reservation) {
        stage.step("Its time begins");
        var active = await(client, path(reservation), one -> state(one).equals("active") || isOver(one));
        if (isOver(active)) {
            throw new CliException(
                    ExitCode.FAILED,
                    "the reservation is " + state(active) + ": " + Nodes.text(active, "error", "message"));
        }
        stage.done("active");
        return active;
    }

    // -------------------------------------------------------------------------------------------------------------
    // its use

    private void runTwo(Client client, JsonNode provider, JsonNode reservation) {
        stage.step("Two servers from it");
        var image = Nodes.items(provider, "images").stream().findFirst();
        var network = Nodes.items(provider, "networks").stream()
                .filter(one -> !Nodes.at(one, "external").asBoolean(false))
                .findFirst();
        var table = Table.of("SERVER", "STATE", "AT THE CLOUD", "~HOST");
        for (var name : List.of("demo-1", "demo-2")) {
            var body = Json.object()
                    .put("name", name)
                    .put("flavor", Nodes.text(flavor(provider), "id"))
                    .put("reservation", Nodes.text(reservation, "id"));
            image.ifPresent(one -> body.put("image", Nodes.text(one, "id")));
            network.ifPresent(one -> body.putArray("networks").add(Nodes.text(one, "id")));
            var made = client.post(Client.path("allocations"), body);
            var runs = await(
                    client,
                    Client.path("allocations", Nodes.text(made, "id")),
                    one -> state(one).equals("active") || state(one).equals("error"));
            if (state(runs).equals("error")) {
                throw new CliException(
                        ExitCode.FAILED, name + " does not run: " + Nodes.text(runs, "error", "message"));
            }
            table.row(
                    name,
                    Table.state(state(runs)),
                    Nodes.text(runs, "serverId"),
                    SliceView.dash(Nodes.text(runs, "host")));
        }
        stage.indent(table);
        stage.done("\nthey run");
    }

    private JsonNode letTheThirdExpire(Client client, JsonNode reservation) {
        stage.step("Nobody uses the third");
        bringForward(client, reservation, "expiry");
        var less = await(
                client, path(reservation), one -> !Nodes.texts(one, "released").isEmpty() || isOver(one));
        var words = Nodes.texts(less, "released").entrySet().stream()
                .map(amount -> amount.getValue() + " " + amount.getKey())
                .toList();
        stage.done("given back: " + String.join(", ", words));
        return less;
    }

    /// So that nobody has to wait for it.
    private void bringForward(Client client, JsonNode reservation, String what) {
        var soon = wiring.platform().now().plus(SOON).truncatedTo(ChronoUnit.SECONDS);
        stage.print("PUT " + path(reservation) + "   " + what + " in " + SOON.toSeconds() + " s");
        client.put(path(reservation), Json.object().put(what, soon.toString()));
    }

    private boolean awaitTheEnd(Client client, JsonNode reservation, JsonNode before) {
        stage.step("Its time ends");
        bringForward(client, reservation, "end");
        var last = await(client, path(reservation), ReservationDemo::isOver);
        stage.cleanup.gone();
        stage.done(state(last) + ", and the servers are gone from the cloud");
        var after = capacity(client, Instant.EPOCH);
        boolean same = dimension(after, "available") == dimension(before, "available")
                && dimension(after, "reserved") + dimension(after, "allocated") == 0;
        if (same) stage.done("all is free again: " + dimension(after, "available") + " vcpus");
        else stage.say(Style.BAD, "  NOT all is free again: " + after);
        return same;
    }

    // -------------------------------------------------------------------------------------------------------------
    // asking

    /// What there is of virtual processors at an instant.
    ///
    /// @param at EPOCH = now
    private static JsonNode capacity(Client client, Instant at) {
        return client.get(Client.path(
                List.of("capacity", "quadruple"),
                Map.of(
                        "provider", Optional.of(PROVIDER),
                        "dimension", Optional.of("vcpu"),
                        "start", Optional.of(at.toString()).filter(_ -> at.isAfter(Instant.EPOCH)))));
    }

    private static long dimension(JsonNode capacity, String what) {
        return Nodes.items(capacity, "dimensions").stream()
                .mapToLong(one -> Nodes.number(one, what))
                .sum();
    }

    private JsonNode await(Client client, String path, Predicate<JsonNode> enough) {
        var deadline = wiring.platform().now().plus(PATIENCE);
        while (true) {
            var now = client.get(path);
            if (enough.test(now)) return now;
            if (wiring.platform().now().isAfter(deadline))
                throw new CliException(
                        ExitCode.FAILED,
                        Nodes.text(now, "name") + " is still " + state(now) + " after " + Times.words(PATIENCE));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String path(JsonNode reservation) {
        return Client.path("reservations", Nodes.text(reservation, "id"));
    }

    private static String state(JsonNode one) {
        return Nodes.text(one, "state");
    }

    private static boolean isOver(JsonNode reservation) {
        return List.of("rejected", "lapsed", "expired", "cancelled", "ended", "failed")
                .contains(state(reservation));
    }
}
