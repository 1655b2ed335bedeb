package holdfast.outside;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Two server processes on one database, one of which is killed with signal 9 again and again, while many clients want
/// more of a cloud than there is, now and next week. Nothing is promised twice, nothing that was promised is lost, and
/// in the end nothing is left, neither in the calendar nor at the cloud.
///
/// Another course: `-Dholdfast.seed=42`.
class ReservationKillTest {
    private static final int CLIENTS = 64;
    private static final int KILLS = 3;
    /// As many as the simulated cloud has.
    private static final int HOSTS = 4;

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration WEEK = Duration.ofDays(7);
    /// A pool is looked at when something that is lent would be in the way, though it may have left before.
    private static final Set<String> COME_AGAIN =
            Set.of("site.observe", "task.execute", "provider.sync", "pool.preempt");

    @TempDir
    private Path scratch;

    private final long seed = Long.getLong("holdfast.seed", 20_260_102);
    private final Instant nextWeek =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(WEEK);
    private final AtomicReferenceArray<ServerProcess> servers = new AtomicReferenceArray<>(2);
    private final AtomicReferenceArray<Api> apis = new AtomicReferenceArray<>(2);
    /// Those that were killed, too.
    private final List<ServerProcess> started = new ArrayList<>();

    private final AtomicInteger cutOff = new AtomicInteger();
    /// Of each name that was asked for: the id of what was made, empty if it was refused. What was cut off without
    /// a key to ask again is not there.
    private final Map<String, Optional<String>> answered = new ConcurrentHashMap<>();

    private final Set<String> firstCome = ConcurrentHashMap.newKeySet();

    @Test
    void nothing_is_overbooked_lost_or_left_while_servers_are_killed() throws Exception {
        try (var postgres = new StoppablePostgres(scratch.resolve("database"))) {
            try {
                for (int n = 0; n < servers.length(); n++) start(n, postgres);
                addCloud();
                long began = System.nanoTime();
                storm(postgres);
                var calm = System.nanoTime();
                assertNothingIsDoubledOrLost();
                assertNextWeekIsFullAndNoMore();
                end();
                System.err.printf(
                        "seed %d: %d requests were answered, %d calls were cut off by %d kills in %d ms; all was over %d ms later%n",
                        seed,
                        answered.size(),
                        cutOff.get(),
                        KILLS,
                        (calm - began) / 1_000_000,
                        (System.nanoTime() - calm) / 1_000_000);
            } catch (AssertionError | Exception e) {
                started.forEach(server -> System.err.println(server.log()));
                throw e;
            } finally {
                for (int n = 0; n < servers.length(); n++)
                    if (servers.get(n) != null) servers.get(n).close();
            }
        }
    }

    private void addCloud() {
        var added = api().ask("POST", "/v1/providers", "{\"name\": \"lab\", \"driver\": \"simulated\"}");
        assertThat(added.statusCode()).as(added::body).isBetween(200, 202);
        Await.that(
                "the hosts of the cloud to be known",
                LIMIT,
                () -> api().get("/v1/units").path("data").size() == HOSTS);
    }

    /// All clients at once, until each has done what it wants and the last kill is over.
    private void storm(StoppablePostgres postgres) throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, CLIENTS)
                    .mapToObj(n -> clients.submit((Callable<Void>) () -> {
                        new Client(n).live();
                        return null;
                    }))
                    .toList();
            var random = new Random(seed);
            for (int kill = 0; kill < KILLS; kill++) {
                Await.pass(500 + random.nextInt(1_500));
                int victim = random.nextInt(servers.length());
                servers.get(victim).kill();
                start(victim, postgres);
            }
            for (var one : all) one.get();
        }
    }

    /// Wants a host next week as all others do, and for some seconds now whatever chance says.
    private final class Client {
        private final int number;
        private final Random random;

        Client(int number) {
            this.number = number;
            this.random = new Random(seed * 1_000 + number);
        }

        void live() {
            reserve("week-" + number, nextWeek, 3_600, "{\"kind\": \"hosts\", \"min\": 1}", true)
                    .ifPresent(firstCome::add);
            for (int round = 0; round < 2; round++) {
                var start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2 + random.nextInt(4));
                var name = "r" + number + "-" + round;
                var made = reserve(name, start, 2 + random.nextInt(4), item(), random.nextBoolean());
                if (made.isPresent()) lead(made.get(), name, start);
                else server("lent-" + name, "");
            }
        }

        private String item() {
            return switch (random.nextInt(3)) {
                case 0 -> "{\"kind\": \"hosts\", \"min\": 1, \"max\": 2}";
                case 1 -> "{\"kind\": \"instances\", \"flavor\": \"large\", \"min\": 2}";
                default ->
                    "{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 8, \"memory_mb\": 16384, \"instance\": 1}}";
            };
        }

        private void lead(String reservation, String name, Instant start) {
            var path = "/v1/reservations/" + reservation;
            switch (random.nextInt(4)) {
                case 0 -> call("DELETE", path, "", "");
                case 1 -> call("PUT", path, "{\"end\": \"" + start.plusSeconds(8) + "\"}", "");
                case 2 -> call("PUT", path, "{\"expiry\": \"" + start.plusSeconds(1) + "\"}", "");
                default -> {}
            }
            server("in-" + name, ", \"allocateOnStart\": true, \"reservation\": \"" + reservation + "\"");
        }

        private void server(String name, String more) {
            var body = "{\"name\": \"" + name + "\", \"flavor\": \"small\", \"image\": \"cirros\"" + more + "}";
            var answer = call("POST", "/v1/allocations", body, "");
            if (more.isEmpty() && answer.filter(it -> it.statusCode() < 300).isPresent())
                call("DELETE", "/v1/allocations/" + id(answer.get()), "", "");
        }

        /// @return the id of what is promised
        private Optional<String> reserve(String name, Instant start, int seconds, String item, boolean again) {
            var body = "{\"name\": \"" + name + "\", \"start\": \"" + start + "\", \"durationSeconds\": " + seconds
                    + ", \"items\": [" + item + "]}";
            if (!again) {
                call("POST", "/v1/reservations", body, "").ifPresent(it -> answered.put(name, promised(it)));
                return answered.getOrDefault(name, Optional.empty());
            }
            var first = promised(untilAnswered(body, name));
            answered.put(name, first);
            if (random.nextBoolean()) {
                var second = untilAnswered(body, name);
                if (first.isPresent()) assertThat(id(second)).as(second::body).isEqualTo(first.get());
                else answered.put(name, promised(second)); // what was refused may find room the next time
            }
            return answered.get(name);
        }

        private HttpResponse<String> untilAnswered(String body, String key) {
            var answer = call("POST", "/v1/reservations", body, key);
            while (answer.isEmpty()) answer = call("POST", "/v1/reservations", body, key);
            return answer.get();
        }

        private Optional<String> promised(HttpResponse<String> answer) {
            return answer.statusCode() < 300 ? Optional.of(id(answer)) : Optional.empty();
        }

        /// Empty if the server was killed meanwhile, is not there, or is too busy to say whether it was done.
        private Optional<HttpResponse<String>> call(String method, String path, String body, String key) {
            try {
                var answer = apis.get(random.nextInt(apis.length())).call(method, path, body, key);
                assertThat(answer.statusCode())
                        .as(() -> method + " " + path + ": " + answer.body())
                        .isNotEqualTo(500);
                if (answer.statusCode() != 503) return Optional.of(answer);
            } catch (IOException _) {
                Await.pass(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            cutOff.incrementAndGet();
            return Optional.empty();
        }
    }

    private static String id(HttpResponse<String> answer) {
        return Json.tree(answer.body()).path("uuid").asString("");
    }

    private Api api() {
        return apis.get(0);
    }

    private List<JsonNode> all(String type) {
        var found = new ArrayList<JsonNode>();
        var list = api().get("/v1/" + type + "?_removed=true&limit=1000");
        assertThat(list.at("/pagination/partial").asBoolean(false)).isFalse();
        list.path("data").forEach(found::add);
        return found;
    }

    /// What was promised is known by its id, once; what was refused is not there; and no name is there twice.
    private void assertNothingIsDoubledOrLost() {
        var known = all("reservations");
        var names = known.stream().collect(groupingBy(one -> one.get("name").stringValue(), counting()));
        assertThat(names.values()).as(names::toString).containsOnly(1L);
        assertThat(answered.size()).isGreaterThan(CLIENTS);
        answered.forEach((name, made) -> assertThat(known.stream()
                        .filter(one -> one.get("name").stringValue().equals(name))
                        .map(one -> one.get("uuid").stringValue()))
                .as(name)
                .isEqualTo(made.stream().toList()));
    }

    /// All asked for one host of the same hour until they were answered.
    private void assertNextWeekIsFullAndNoMore() {
        assertThat(firstCome).as("promised").hasSize(HOSTS);
        var bars = new ArrayList<String>();
        api().get("/v1/calendar?start=" + nextWeek + "&end=" + nextWeek.plusSeconds(60) + "&limit=10000")
                .path("rows")
                .forEach(row -> {
                    if (row.path("host").isString())
                        row.path("bars").forEach(bar -> {
                            if (bar.get("firm").booleanValue()) // what is lent leaves in time
                            bars.add(row.get("host").stringValue());
                        });
                });
        assertThat(bars).as("in the calendar").hasSize(HOSTS).doesNotHaveDuplicates();
    }

    /// Gives up next week, and waits until the rest is over by itself.
    private void end() throws IOException {
        audit();
        for (var one : firstCome)
            assertThat(api().ask("DELETE", "/v1/reservations/" + one, "").statusCode())
                    .isEqualTo(202);
        for (var one : api().present("allocations")) // lent, and its client was cut off
        api().ask("DELETE", "/v1/allocations/" + one.split(" ")[0], "");
        for (var type : List.of("reservations", "allocations", "leases"))
            Await.nothing(type, LIMIT, () -> api().present(type));
        Await.nothing("process but those that come again", LIMIT, () -> {
            var open = api().openProcesses();
            open.removeAll(COME_AGAIN);
            return open;
        });
        assertThat(all("reservations").stream()
                        .filter(one -> !wasAskedTooLate(one))
                        .map(one -> one.get("state").stringValue()
                                + one.at("/error/message").asString("")))
                .isSubsetOf("ended", "cancelled", "expired");
        assertThat(all("allocations").stream().map(one -> one.get("state").stringValue()))
                .isSubsetOf("deleted", "cancelled", "error");
        audit();
        var cloud = cloud();
        assertThat(List.of(cloud.get("servers"), cloud.get("holds"), cloud.get("volumes")))
                .as("left at the cloud")
                .allMatch(JsonNode::isEmpty);
        assertThat(cloud.get("made").intValue())
                .as("servers that were ever made")
                .isPositive()
                .isLessThanOrEqualTo(all("allocations").size());
    }

    /// Its provider was asked only when its time was over, since a server was killed meanwhile.
    private static boolean wasAskedTooLate(JsonNode reservation) {
        var why = reservation.at("/error/message").asString("");
        return reservation.get("state").stringValue().equals("rejected") && why.startsWith("the term ended at ");
    }

    private JsonNode cloud() throws IOException {
        try (var files = Files.newDirectoryStream(scratch.resolve("cloud"), "*.json")) {
            return Json.tree(Files.readString(files.iterator().next()));
        }
    }

    /// A round for each book, the past of the calendar included: nothing is found.
    private void audit() {
        for (int book = 0; book < 3; book++) {
            var before = audited();
            assertThat(api().ask("POST", "/v1/tasks/calendar.audit?action=execute", "{}")
                            .statusCode())
                    .isEqualTo(202);
            Await.that("the audit", LIMIT, () -> !audited().equals(before));
            assertThat(audited()).contains("\"0 violations");
        }
        assertThat(api().ask("GET", "/metrics", "").body())
                .contains("holdfast_overbooked{why=\"unknown\"} 0", "holdfast_overbooked{why=\"lost\"} 0");
    }

    private String audited() {
        var task = api().get("/v1/tasks/calendar.audit");
        return task.get("lastEnd") + " " + task.get("lastOutcome");
    }

    private void start(int number, StoppablePostgres postgres) throws Exception {
        var config = Files.writeString(
                scratch.resolve("settings-" + number + ".yaml"),
                "simulated: {directory: " + scratch.resolve("cloud") + "}\n");
        var arguments = new ArrayList<>(List.of(ServerProcess.simulatedSites()));
        arguments.addAll(List.of("--database", postgres.url(), "--config", config.toString()));
        var server = ServerProcess.start(
                scratch.resolve("server-" + number), postgres.access(), arguments.toArray(String[]::new));
        started.add(server);
        servers.set(number, server);
        apis.set(number, server.api());
    }
}
