package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A cloud broker is killed (signal 9) while fifty instances are made at two clouds that live on, and again while they
/// are given up. None is lost, none is there twice, nothing is left, and quotas count what there is.
///
/// Another moment: `-Dholdfast.seed=42`.
class CloudKillTest {
    private static final int LAUNCHES = 50;
    /// As many as the first cloud may have.
    private static final int NORTH = 20;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path scratch;

    private final long seed = Long.getLong("holdfast.seed", 20_260_103);
    private final int port = Ports.free();
    private final AtomicInteger cutOff = new AtomicInteger();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private volatile ServerProcess server;
    private volatile CompletableFuture<Void> up = CompletableFuture.completedFuture(null);

    @Test
    @Timeout(300)
    void fifty_launches_are_made_once_each_and_given_up_once_each_though_the_broker_is_killed() throws Exception {
        try (var north = new MockDeltacloud("mock");
                var south = new MockDeltacloud("mock")) {
            var clouds = List.of(north, south);
            clouds.forEach(cloud -> cloud.latency = Duration.ofMillis(150));
            server = start();
            try {
                var accounts = setUp(north, south);
                var random = new SplittableRandom(seed);
                killedDuring(this::launch, () -> made(clouds) >= 1 + random.nextInt(LAUNCHES / 2));
                assertEachIsThereOnce(clouds, accounts);
                killedDuring(this::giveUp, () -> there(clouds) <= LAUNCHES - 1 - random.nextInt(LAUNCHES / 2));
                assertNothingIsLeft(clouds, accounts);
                System.err.printf("seed %d: %d calls were cut off by 2 kills%n", seed, cutOff.get());
            } catch (AssertionError | Exception e) {
                System.err.println(server.log());
                throw e;
            } finally {
                server.close();
            }
        }
    }

    private ServerProcess start() throws Exception {
        return ServerProcess.start(scratch.resolve("data"), port, ServerProcess.simulatedSites());
    }

    private static int made(List<MockDeltacloud> clouds) {
        return clouds.stream().mapToInt(cloud -> cloud.made).sum();
    }

    private static int there(List<MockDeltacloud> clouds) {
        return names(clouds).size();
    }

    private static List<String> names(List<MockDeltacloud> clouds) {
        return clouds.stream().flatMap(cloud -> names(cloud).stream()).toList();
    }

    private static List<String> names(MockDeltacloud cloud) {
        synchronized (cloud) {
            return cloud.instances.values().stream()
                    .map(one -> one.form.getOrDefault("name", ""))
                    .toList();
        }
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is done

    private interface Moment {
        boolean isThere();
    }

    /// All at once, each until it is answered; the server is killed at a moment on the way.
    private void killedDuring(Function<Integer, Callable<Void>> what, Moment moment) throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, LAUNCHES)
                    .mapToObj(n -> clients.submit(what.apply(n)))
                    .toList();
            Await.that("the moment of the kill", LIMIT, moment::isThere);
            up = new CompletableFuture<>();
            server.kill();
            server = start();
            up.complete(null);
            for (var one : all) one.get();
        }
    }

    private Callable<Void> launch(int number) {
        return () -> {
            var answer =
                    untilAnswered("POST", "/api/instances", "image_id=web-os&name=web-" + number, "token-" + number);
            assertThat(answer.statusCode()).as(answer::body).isEqualTo(201);
            return null;
        };
    }

    private Callable<Void> giveUp(int number) {
        return () -> {
            var found = json(untilAnswered("GET", "/api/instances?name=web-" + number, "", ""))
                    .path("instances");
            var at = "/api/instances/" + found.get(0).path("id").asString();
            untilAnswered("POST", at + "/stop", "", ""); // 405 if it was asked for before, and not answered
            Await.that("web-" + number + " to be gone", LIMIT, () -> {
                int status = untilAnswered("DELETE", at, "", "").statusCode();
                assertThat(status).isIn(204, 404, 405);
                return status == 404;
            });
            return null;
        };
    }

    // --------------------------------------------------------------------------------------------------------------
    // what must be

    private void assertEachIsThereOnce(List<MockDeltacloud> clouds, List<String> accounts) {
        Await.that(
                "all to run",
                LIMIT,
                () -> get("/api/instances")
                        .path("instances")
                        .valueStream()
                        .allMatch(one -> one.path("state").asString().equals("RUNNING")));
        var wanted = IntStream.range(0, LAUNCHES).mapToObj(n -> "web-" + n).toList();
        assertThat(get("/api/instances")
                        .path("instances")
                        .valueStream()
                        .map(one -> one.path("name").asString()))
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(names(clouds).stream().map(name -> name.replaceAll("-[^-]*$", "")))
                .as("at the clouds")
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(made(clouds)).as("ever made").isEqualTo(LAUNCHES);
        assertThat(names(clouds.getFirst())).hasSize(NORTH);
        for (var cloud : clouds) assertThat(cloud.keys).as("keys").hasSameSizeAs(names(cloud));
        assertCounted(LAUNCHES, accounts, NORTH, LAUNCHES - NORTH);
    }

    private void assertNothingIsLeft(List<MockDeltacloud> clouds, List<String> accounts) {
        assertThat(get("/api/instances").path("instances")).isEmpty();
        Await.nothing("instances at the clouds", LIMIT, () -> names(clouds));
        Await.nothing(
                "keys at the clouds",
                LIMIT,
                () -> clouds.stream()
                        .flatMap(cloud -> cloud.keys.keySet().stream())
                        .toList());
        assertCounted(0, accounts, 0, 0);
    }

    private void assertCounted(int all, List<String> accounts, int north, int south) {
        var pool = get("/broker/pools").path("pools").get(0);
        var family = get("/broker/pool_families").path("pool_families").get(0);
        var owners = Map.of(
                "pool:" + pool.path("id").asString(), all,
                "pool_family:" + family.path("id").asString(), all,
                "provider_account:" + accounts.getFirst(), north,
                "provider_account:" + accounts.getLast(), south);
        owners.forEach((owner, count) -> {
            var quota = get("/broker/quotas?owner=" + owner).path("quota");
            assertThat(Stream.of("running_instances", "total_instances")
                            .map(which -> quota.path(which).asInt(-1)))
                    .as(owner)
                    .containsOnly(count);
        });
    }

    // --------------------------------------------------------------------------------------------------------------
    // asking

    /// @return the ids of the accounts
    private List<String> setUp(MockDeltacloud north, MockDeltacloud south) {
        var type =
                get("/broker/provider_types?name=Mock").path("provider_types").get(0);
        var accounts = Stream.of(north, south)
                .map(cloud -> {
                    var name = cloud == north ? "north" : "south";
                    var provider = made("provider", """
                            {"name": "%s", "url": "%s", "provider_type": {"id": "%s"}}""".formatted(
                                    name, cloud.url(), type.path("id").asString()));
                    return made("provider_account", """
                            {"label": "at-%s", "provider": {"id": "%s"}, "credentials": {"username": "%s", "password": "%s"}}""".formatted(
                                    name, provider, MockDeltacloud.USER, MockDeltacloud.PASSWORD));
                })
                .toList();
        put(
                "/broker/provider_accounts/" + accounts.getFirst(),
                "{\"provider_account\": {\"quota\": {\"maximum_running_instances\": \"" + NORTH + "\"}}}");
        made("hardware_profile", """
                {"name": "small", "memory": {"value": "512", "unit": "MB"}, "cpu": {"value": "1", "unit": "count"}}""");
        made("image", """
                {"id": "web-os", "name": "web-os"}""");
        accounts.forEach(account -> made("image_mapping", """
                {"image": "web-os", "provider_account": "%s", "provider_image": "img1", "status": "COMPLETE"}""".formatted(account)));
        var pool = "/broker/pools/"
                + get("/broker/pools").path("pools").get(0).path("id").asString();
        post(pool + "/priority_groups", """
                {"priority_group": {"name": "first", "score": 100, "provider_accounts": ["%s"]}}""".formatted(accounts.getFirst()));
        put(pool + "/selection_strategies/strict_order", "{\"selection_strategy\": {\"enabled\": true}}");
        return accounts;
    }

    private String made(String kind, String body) {
        return post("/broker/" + kind + "s", "{\"" + kind + "\": " + body + "}")
                .path(kind)
                .path("id")
                .asString();
    }

    private JsonNode post(String path, String body) {
        return json(untilAnswered("POST", path, body, ""));
    }

    private void put(String path, String body) {
        json(untilAnswered("PUT", path, body, ""));
    }

    private JsonNode get(String path) {
        return json(untilAnswered("GET", path, "", ""));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer::body).isBetween(200, 299);
        return answer.body().isEmpty() ? Json.object() : Json.tree(answer.body());
    }

    /// Asks until the server is there and says whether it was done.
    private HttpResponse<String> untilAnswered(String method, String path, String body, String key) {
        return Await.value(method + " " + path + " to be answered", LIMIT, () -> {
            try {
                var answer = call(method, path, body, key);
                return Optional.of(answer).filter(it -> it.statusCode() != 503);
            } catch (IOException _) {
                cutOff.incrementAndGet();
                up.join();
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        });
    }

    private HttpResponse<String> call(String method, String path, String body, String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + server.token())
                .header("Accept", "application/json")
                .header("Content-Type", body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!key.isEmpty()) request.header("X-Client-Token", key);
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
