package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three server processes on one database under load, while one after the other is killed with signal 9 and started
/// again.
class ScaleOutTest {
    private static final int SERVERS = 3;
    private static final int CLIENTS = 6;
    private static final int NETWORKS = 60;
    private static final int KILLS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path scratch;

    private final AtomicReferenceArray<ServerProcess> servers = new AtomicReferenceArray<>(SERVERS);
    private final AtomicInteger refusals = new AtomicInteger();

    @Test
    void nothing_is_lost_or_done_twice_while_servers_are_killed_at_random() throws Exception {
        try (var postgres = new StoppablePostgres(scratch.resolve("database"))) {
            try {
                for (int n = 0; n < SERVERS; n++) servers.set(n, server(n, postgres));
                var networks = ConcurrentHashMap.<UUID>newKeySet();
                long began = System.nanoTime();
                int kills = live(networks, postgres);
                var took = Duration.ofNanos(System.nanoTime() - began);
                System.err.println(NETWORKS + " networks lived their lives of 4 processes in " + took.toMillis()
                        + " ms on " + SERVERS + " servers, " + kills + " of which were killed meanwhile; "
                        + refusals.get() + " calls were repeated");
                assertThat(kills).isEqualTo(KILLS);
                for (var network : networks) assertLivedOnce(network);
                Await.that(
                        "no process but those that come again",
                        LIMIT,
                        () -> servers.get(0).api().openProcesses().stream().allMatch(Api.COME_AGAIN::contains));
            } finally {
                for (int n = 0; n < SERVERS; n++)
                    if (servers.get(n) != null) servers.get(n).close();
            }
        }
    }

    private int live(ConcurrentHashMap.KeySetView<UUID, Boolean> networks, StoppablePostgres postgres)
            throws Exception {
        var left = new AtomicInteger(NETWORKS);
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var clients = new ArrayList<Callable<Void>>();
            for (int client = 0; client < CLIENTS; client++) {
                var random = new Random(client);
                clients.add(() -> {
                    while (left.getAndDecrement() > 0) networks.add(life(random));
                    return null;
                });
            }
            var running = clients.stream().map(threads::submit).toList();
            int kills = 0;
            var random = new Random(42);
            while (kills < KILLS) {
                Await.pass(300 + random.nextInt(700));
                int victim = random.nextInt(SERVERS);
                servers.get(victim).kill();
                kills++;
                servers.set(victim, server(victim, postgres));
            }
            for (var one : running) one.get();
            return kills;
        }
    }

    /// Leads a network from its creation to its removal, asking whichever server is there.
    private UUID life(Random random) {
        var id = new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong()); // of version 4
        var body = "{\"name\": \"n\", \"uuid\": \"" + id + "\"}";
        Await.that("network " + id + " to be there", LIMIT, () -> {
            int status = ask(random, "POST", "/v1/networks", body)
                    .map(HttpResponse::statusCode)
                    .orElse(0);
            return status == 201 || status == 409;
        });
        Await.that("network " + id + " to be removed", LIMIT, () -> {
            var state = ask(random, "GET", "/v1/networks/" + id, "")
                    .filter(answer -> answer.statusCode() == 200)
                    .map(answer -> Json.tree(answer.body()).path("state").asString(""))
                    .orElse("");
            switch (state) {
                case "active" -> ask(random, "POST", "/v1/networks/" + id + "?action=deactivate", "{}");
                case "inactive" -> ask(random, "DELETE", "/v1/networks/" + id, "");
                default -> {}
            }
            return state.equals("removed");
        });
        return id;
    }

    private Optional<HttpResponse<String>> ask(Random random, String method, String path, String body) {
        try {
            return Optional.of(servers.get(random.nextInt(SERVERS)).api().call(method, path, body));
        } catch (IOException _) { // killed, or not yet there again
            refusals.incrementAndGet();
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void assertLivedOnce(UUID network) {
        var states = new ArrayList<String>();
        servers.get(0)
                .api()
                .get("/v1/journal?limit=100&resource=" + network)
                .path("data")
                .forEach(entry -> states.add(entry.path("to").asString("")));
        assertThat(states)
                .isEqualTo(List.of(
                        "requested",
                        "registering",
                        "activating",
                        "active",
                        "deactivating",
                        "inactive",
                        "removing",
                        "removed"));
    }

    private ServerProcess server(int number, StoppablePostgres postgres) throws Exception {
        var arguments = new ArrayList<>(List.of(ServerProcess.simulatedSites()));
        arguments.addAll(List.of("--database", postgres.url()));
        return ServerProcess.start(
                scratch.resolve("server-" + number), postgres.access(), arguments.toArray(String[]::new));
    }
}
