package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Result;
import holdfast.authority.Provider;
import holdfast.broker.AllocationRequest;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Wanted;
import holdfast.drivers.holdfast.Account;
import holdfast.drivers.holdfast.HoldfastPeer;
import holdfast.engine.Resource;
import holdfast.outside.Await;
import holdfast.outside.ServerProcess;
import holdfast.platform.Faults;
import holdfast.platform.Json;
import holdfast.sim.World.Killed;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// One reservation over two brokers: two servers in processes of their own, each with a simulated cloud of two zones
/// with 32 vcpu, are providers of a third. Each of the three can be killed at any moment.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SpanTest {
    private static final String TOKEN = "token-of-the-third";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);
    /// Longer than a peer needs to come back after it was killed.
    private static final Duration LONG = Duration.ofMinutes(10);
    /// Between two tries of a step; time that passes without a try is not counted.
    private static final Duration TRY = Duration.ofMillis(500);
    /// A trial that goes on after so many kills has no end.
    private static final int MOST_KILLS = 200;

    @TempDir
    private static Path scratch;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Broker> peers = new ArrayList<>();

    /// A peer: its data stay when it is killed.
    private final class Broker {
        private final Path data;
        private ServerProcess server;
        private int port;

        Broker(String name) throws Exception {
            data = Files.createDirectories(scratch.resolve(name));
            var hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8)));
            Files.writeString(
                    data.resolve("tokens.yaml"), "- {name: third, project: span, sha256: %s}\n".formatted(hash));
            start();
            var admin = Files.readString(data.resolve("token")).strip();
            call(admin, "POST", "/v1/providers", "{\"name\": \"lab\", \"driver\": \"simulated\"}");
            await("the cloud of " + name, () -> !get("/v1/pools").path("data").isEmpty());
        }

        void start() throws IOException, InterruptedException {
            server = ServerProcess.start(data, port, ServerProcess.simulatedSites());
            port = server.port();
        }

        /// Without warning, and nobody tidies up.
        void kill() throws InterruptedException {
            server.kill();
        }

        void stop() {
            server.close();
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + port);
        }

        JsonNode get(String path) {
            return call(TOKEN, "GET", path, "");
        }

        private JsonNode call(String token, String method, String path, String body) {
            var request = HttpRequest.newBuilder(url().resolve(path))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                var answer = http.send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
                return Json.tree(answer.body());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /// The states of what it has for the third.
        List<String> has() {
            return get("/v1/reservations")
                    .path("data")
                    .valueStream()
                    .map(one -> one.path("state").asString(""))
                    .toList();
        }

        long vcpus() {
            return get("/v1/reservations?limit=10")
                    .at("/data/0/items/0/amounts/vcpu")
                    .asLong(0);
        }
    }

    @BeforeAll
    void startPeers() throws Exception {
        peers.add(new Broker("north"));
        peers.add(new Broker("south"));
    }

    @AfterAll
    void stopPeers() {
        peers.forEach(Broker::stop);
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.that(what, LIMIT, condition);
    }

    /// The third server.
    private final class Third implements AutoCloseable {
        private final TestDatabase test = TestDatabase.fresh();
        private final World world;
        private final List<UUID> providers = new ArrayList<>();
        private boolean mayTake = true;
        private int things;

        /// @param seed none twice, since ids follow from it
        Third(long seed, Duration lapse) {
            world = new World(seed, test, false);
            world.advance(Duration.between(world.now(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
            world.clouds = (id, account, password) -> cut(new HoldfastPeer(
                    id,
                    new Account(URI.create(account.endpoint()), "", password.orElse("")),
                    lapse,
                    InstantSource.system()));
            for (var peer : peers) {
                var account = new Provider.Account(
                        "holdfast", peer.url().toString(), Optional.empty(), "", "", "", "", List.of(), true, 0, 600);
                var added = world.look(tx -> world.providers
                        .add(tx, peer.data.getFileName().toString(), "admins", account, Optional.of(TOKEN), "admin")
                        .orThrow());
                providers.add(added.id());
            }
            world.settle();
        }

        ReservationRequest both(long north, long south) {
            var when = Interval.of(world.now().plus(Duration.ofHours(2)), Duration.ofHours(1));
            return ReservationRequest.of("span" + ++things, when, List.of(item(0, north, when), item(1, south, when)));
        }

        private Item item(int peer, long vcpus, Interval when) {
            var need =
                    Need.Quantity.of(new Capacities(Map.of("vcpu", vcpus, "memory_mb", 4_096L, "instance", 2L)), when);
            var item = Item.of(new UUID(things, peer), need);
            return new Item(
                    item.id(), Optional.of("p/" + providers.get(peer)), List.of(), item.within(), need, List.of());
        }

        Resource ask(ReservationRequest request) {
            return world.look(tx ->
                    world.broker.reservations().create(tx, World.ALICE, request).orThrow());
        }

        Resource now(Resource reservation) {
            return world.look(
                    tx -> world.engine.resources().find(tx, reservation.id()).orElseThrow());
        }

        Optional<Resource> there() {
            return world.look(tx -> world.engine.resources().ofType(tx, "reservation", 10)).stream()
                    .findFirst();
        }

        /// What became of its leases, for the message of a failed test.
        String leases() {
            return world.look(tx -> world.engine.resources().ofType(tx, "lease", 10)).stream()
                    .map(lease -> world.story(lease.id()))
                    .collect(Collectors.joining("\n\n"));
        }

        void cancel(Resource reservation) {
            world.look(tx -> world.broker.reservations().cancel(tx, reservation.id(), "alice"));
            pass();
        }

        /// Longer than anything is tried.
        void pass() {
            world.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
        }

        /// Has both hold their part, and takes none.
        Resource hold(ReservationRequest request) {
            mayTake = false;
            var made = ask(request);
            world.settle();
            mayTake = true;
            return made;
        }

        private Cloud cut(Cloud peer) {
            return (Cloud) Proxy.newProxyInstance(
                    SpanTest.class.getClassLoader(), new Class<?>[] {Cloud.class}, (_, method, given) -> {
                        boolean taking = method.getName().equals("ensure")
                                && given[1] instanceof Order.Held(Wanted.Amounts amounts, var _)
                                && amounts.taken();
                        if (taking && !mayTake) {
                            return new Result.Later("no line");
                        }
                        try {
                            return method.invoke(peer, given);
                        } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }

        @Override
        public void close() {
            test.close();
        }
    }

    /// What all peers have.
    private List<String> has() {
        return peers.stream().flatMap(peer -> peer.has().stream()).toList();
    }

    @Test
    void both_are_held_then_taken_changed_used_and_given_back() {
        try (var third = new Third(1, HoldfastPeer.LAPSE)) {
            var made = third.ask(third.both(8, 16));
            third.world.settle();
            assertThat(third.now(made).state()).isEqualTo("reserved");
            assertThat(has()).containsExactly("reserved", "reserved");
            assertThat(peers.get(1).vcpus()).isEqualTo(16);

            var longer = third.now(made).as(Reservation.class).when().until();
            third.world.look(tx -> third.world
                    .broker
                    .reservations()
                    .update(tx, made.id(), ReservationChange.NONE.until(longer.plusSeconds(600)), "alice")
                    .orThrow());
            third.world.settle();
            assertThat(peers.get(0).get("/v1/reservations").at("/data/0/end").stringValue())
                    .isEqualTo(longer.plusSeconds(600).toString());
            third.cancel(made);
            assertThat(third.now(made).state()).isEqualTo("cancelled");
            assertThat(has()).isEmpty();
        }
    }

    @Test
    void if_one_refuses_the_other_is_let_go_at_once() {
        try (var third = new Third(2, HoldfastPeer.LAPSE)) {
            var south = peers.get(1);
            var start = third.world.now().plus(Duration.ofHours(2));
            var others = List.of("north", "south").stream()
                    .map(zone -> south.call(
                            TOKEN, "POST", "/v1/reservations", """
                            {"name": "other", "start": "%s", "end": "%s",
                             "items": [{"kind": "quantity", "amounts": {"vcpu": 30}, "zones": ["%s"]}]}""".formatted(start, start.plusSeconds(3_600), zone)))
                    .toList();
            var made = third.ask(third.both(8, 16));
            third.world.settle();
            assertThat(third.now(made).state()).isEqualTo("rejected");
            assertThat(third.now(made).message().orElse(""))
                    .contains("the peer says: ")
                    .contains("vcpu");
            third.world.settleFor(Duration.ofSeconds(5), Duration.ofSeconds(1));
            assertThat(peers.getFirst().has()).as("long before it lapses").isEmpty();
            others.forEach(other -> south.call(
                    TOKEN, "DELETE", "/v1/reservations/" + other.get("id").stringValue(), ""));
        }
    }

    @Test
    void two_brokers_both_or_neither_with_one_killed_in_between() {
        try (var third = new Third(3, HoldfastPeer.LAPSE)) {
            var world = third.world;
            int kills = 0;
            for (boolean killed = true; killed; ) {
                assertThat(kills).isLessThan(MOST_KILLS);
                int n = ++kills;
                killed = dieAt(third, n);
                third.pass();
                var known = third.there();
                var found = has();
                if (known.isPresent()) {
                    assertThat(known.get().state()).as("killed at %s", n).isEqualTo("reserved");
                    assertThat(found).as("killed at %s", n).containsExactly("reserved", "reserved");
                    third.cancel(known.get());
                }
                assertThat(has()).as("left after a kill at %s", n).isEmpty();
                world.nothingIsLeft();
            }
            assertThat(kills).as("commits from the request to the promise").isGreaterThan(10);
        }
    }

    /// What dies in the middle of a step is taken for a step that failed.
    ///
    /// @return false if all was done before it could die
    private static boolean dieAt(Third third, int fatal) {
        var world = third.world;
        var died = new boolean[1];
        world.faults(new Faults() {
            @Override
            public void beforeCommit(int n) {
                if (n == fatal) {
                    died[0] = true;
                    throw new Killed();
                }
            }
        });
        try {
            third.ask(third.both(8, 16));
            world.settle();
            world.faults(Faults.NONE);
        } catch (Killed _) {
            world.faults(Faults.NONE);
            world.boot();
            world.engine.takeOver();
        }
        return died[0];
    }

    @Test
    void what_a_dead_coordinator_held_lapses_and_is_refused_when_it_is_taken_late() {
        try (var third = new Third(4, SHORT)) {
            var made = third.hold(third.both(8, 16));
            await("both to lapse while nobody is there", () -> has().isEmpty());
            third.world.boot();
            third.world.engine.takeOver();
            third.pass();
            assertThat(third.now(made).state()).isEqualTo("rejected");
            assertThat(third.now(made).message().orElse("")).contains("lapsed");
            assertThat(has()).isEmpty();
            third.world.nothingIsLeft();
        }
    }

    @Test
    void one_that_dies_before_it_is_taken_gives_neither_and_one_that_is_back_in_time_gives_both() throws Exception {
        var south = peers.get(1);
        try (var third = new Third(5, LONG)) {
            third.hold(third.both(8, 16));
            south.kill();
            third.world.settleFor(Duration.ofSeconds(10), Duration.ofSeconds(5));
            assertThat(peers.getFirst().has()).containsExactly("reserved");
            assertThat(third.there().orElseThrow().state())
                    .as("not promised yet")
                    .isEqualTo("initialized");
            south.start();
            third.world.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(5));
            assertThat(third.there().orElseThrow().state()).isEqualTo("reserved");
            assertThat(has()).containsExactly("reserved", "reserved");
            third.cancel(third.there().orElseThrow());
            assertThat(has()).isEmpty();
        }
        try (var third = new Third(6, LONG)) {
            var made = third.hold(third.both(8, 16));
            south.kill();
            third.world.settleFor(Duration.ofSeconds(10), TRY);
            assertThat(peers.getFirst().has()).containsExactly("reserved");
            third.world.settleFor(Duration.ofSeconds(70), TRY);
            assertThat(third.now(made).state()).as(third::leases).isEqualTo("rejected");
            assertThat(third.now(made).message().orElse("")).contains("no answer of the peer");
            assertThat(peers.getFirst().has()).as("the other is let go").isEmpty();
            south.start();
            third.pass();
            assertThat(has()).isEmpty();
            third.world.nothingIsLeft();
        }
    }

    @Test
    void what_a_peer_has_promised_it_still_has_after_it_was_killed_and_a_change_of_it_waits() throws Exception {
        var south = peers.get(1);
        try (var third = new Third(9, LONG)) {
            var made = third.ask(third.both(8, 16));
            third.world.settle();
            assertThat(third.now(made).state()).isEqualTo("reserved");
            south.kill();
            var end = third.now(made).as(Reservation.class).when().until().plusSeconds(600);
            third.world.look(tx -> third.world
                    .broker
                    .reservations()
                    .update(tx, made.id(), ReservationChange.NONE.until(end), "alice")
                    .orThrow());
            third.world.settleFor(Duration.ofSeconds(10), TRY);
            assertThat(third.now(made).as(Reservation.class).isUpdating()).isTrue();
            south.start();
            third.world.settleFor(Duration.ofSeconds(20), TRY);
            assertThat(third.now(made).as(Reservation.class).when().until()).isEqualTo(end);
            assertThat(peers)
                    .extracting(peer ->
                            peer.get("/v1/reservations").at("/data/0/end").stringValue())
                    .containsOnly(end.toString());
            third.cancel(made);
            assertThat(has()).isEmpty();
            third.world.nothingIsLeft();
        }
    }

    @Test
    void a_lost_answer_is_not_taken_for_a_refusal() {
        try (var third = new Third(7, HoldfastPeer.LAPSE)) {
            var lost = new int[1];
            third.world.line = (verb, call) -> {
                var answer = call.get();
                return verb.equals("ensure") && lost[0]++ % 2 == 0
                        ? new Result.Later("no answer", Optional.of(Duration.ofSeconds(1)))
                        : answer;
            };
            var made = third.ask(third.both(8, 16));
            third.world.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(1));
            assertThat(third.now(made).state()).isEqualTo("reserved");
            assertThat(has()).containsExactly("reserved", "reserved");
            third.cancel(made);
            assertThat(has()).isEmpty();
        }
    }

    @Test
    void a_server_runs_at_a_peer_out_of_what_it_holds() {
        try (var third = new Third(8, HoldfastPeer.LAPSE)) {
            var world = third.world;
            var when = Interval.of(world.now(), Duration.ofHours(1));
            var item = third.item(0, 8, when);
            var made = third.ask(ReservationRequest.of("now", when, List.of(item)));
            await("it to be active", () -> {
                world.settleFor(Duration.ofSeconds(1), Duration.ofSeconds(1));
                return third.now(made).state().equals("active");
            });
            var server = world.look(tx -> world.broker
                    .allocations()
                    .create(
                            tx,
                            World.ALICE,
                            AllocationRequest.of("web", "small", "cirros").under(made.id()))
                    .orThrow());
            await("it to run", () -> {
                world.settleFor(Duration.ofSeconds(1), Duration.ofSeconds(1));
                return third.now(server).state().equals("active");
            });
            var there = peers.getFirst().get("/v1/allocations").at("/data/0");
            assertThat(there.get("name").stringValue()).startsWith("web ");
            assertThat(there.get("priority").stringValue()).isEqualTo("high");
            third.world.look(tx -> world.broker.reservations().cancel(tx, made.id(), "alice"));
            await("all to be gone", () -> {
                world.settleFor(Duration.ofSeconds(1), Duration.ofSeconds(1));
                return has().isEmpty() && third.now(made).state().equals("cancelled");
            });
            world.nothingIsLeft();
        }
    }
}
