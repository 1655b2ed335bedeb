package holdfast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// How many instances a cloud broker can make, show and look after (aeolus.md 8): a server as users start it, over
/// clouds behind Deltacloud that this process plays.
final class CloudsBench implements AutoCloseable {
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 20);
    private static final int LAUNCHES = Integer.getInteger("bench.launches", 1_000);
    /// Before those that count: a server that has just started compiles itself, for more processor time than that
    /// of the launches.
    private static final int WARM = Integer.getInteger("bench.warm", 2_500);
    private static final int INSTANCES = Integer.getInteger("bench.instances", 100_000);
    /// Each waits for its instance, at most five seconds.
    private static final int CLIENTS = Integer.getInteger("bench.clients", 40);
    private static final int LATENCY = Integer.getInteger("bench.latency", 200);
    private static final int TURNS = Integer.getInteger("bench.rounds", 3);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ManyClouds clouds = new ManyClouds();
    private final Stage stage = Stage.open();
    private final Up up = stage.up("--site", System.getProperty("holdfast.home") + "/examples/fabric/network-ad.graphml=simulated");
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String token = Files.readString(stage.directory().resolve("server/token")).strip();
    private final Client client = new Client(up.port(), token);
    private final List<UUID> accounts = new ArrayList<>();
    private String pool = "";

    private CloudsBench() throws IOException, InterruptedException {}

    static void run(List<String> options) throws Exception {
        try (var bench = new CloudsBench()) {
            bench.setUp();
            if (wanted(options, "launch")) {
                bench.launches();
            } else {
                bench.oneAtEach();
            }
            if (wanted(options, "show")) {
                bench.show();
            }
            if (wanted(options, "track")) {
                bench.track();
            }
        }
    }

    private static boolean wanted(List<String> options, String part) {
        return options.isEmpty() || options.contains(part);
    }

    private void setUp() throws IOException, InterruptedException {
        var type = named("provider_types", "Mock");
        for (int i = 0; i < ACCOUNTS; i++) {
            var provider = made("provider", "{\"name\": \"p%d\", \"url\": \"%s\", \"provider_type\": {\"id\": \"%s\"}}"
                    .formatted(i, clouds.url(i), type));
            accounts.add(UUID.fromString(made("provider_account", """
                    {"label": "a%d", "provider": {"id": "%s"}, "credentials": {"username": "u", "password": "p"}}"""
                    .formatted(i, provider))));
        }
        made("hardware_profile", """
                {"name": "any", "memory": {"value": "512", "unit": "MB"}, "cpu": {"value": "1", "unit": "count"}}""");
        made("image", "{\"id\": \"web-os\", \"name\": \"web-os\"}");
        for (var account : accounts) {
            made("image_mapping", """
                    {"image": "web-os", "provider_account": "%s", "provider_image": "img1", "status": "COMPLETE"}"""
                    .formatted(account));
        }
        pool = named("pools", "default");
    }

    private String made(String kind, String body) throws IOException, InterruptedException {
        return client.post("/broker/" + kind + "s", "{\"" + kind + "\": " + body + "}").path(kind).path("id").asString();
    }

    private String named(String kind, String name) throws IOException, InterruptedException {
        return client.get("/broker/" + kind + "?name=" + name).path(kind).get(0).path("id").asString();
    }

    // --------------------------------------------------------------------------------------------------------------
    // launches

    private void launches() throws Exception {
        Report.title("clouds: %,d launches over %d accounts of clouds that take %d ms for each call"
                .formatted(LAUNCHES, ACCOUNTS, LATENCY));
        all(WARM, CLIENTS, this::launch);
        await(() -> count("running") == WARM);
        clouds.take(Duration.ofMillis(LATENCY));
        clouds.looks.set(0);
        clouds.most.set(0);
        clouds.orders.set(0);
        var start = now();
        var before = Cpu.of(up.process().pid(), stage.postgres());
        long began = System.nanoTime();
        try (var _ = Sampler.start(stage.database());
                var _ = Told.start(stage.database(), LAUNCHES)) {
            all(LAUNCHES, CLIENTS, this::launch);
            await(() -> count("running") == WARM + LAUNCHES);
        }
        double took = since(began);
        var used = Cpu.of(up.process().pid(), stage.postgres()).since(before);
        int most = clouds.most.get();
        int looks = clouds.looks.get();
        int orders = clouds.orders.get();
        if (orders != LAUNCHES || clouds.count() != WARM + LAUNCHES) {
            throw new IllegalStateException(orders + " orders and " + clouds.count() + " instances");
        }
        Report.rates("accepted", number("""
                select count(*) / greatest(0.001, extract(epoch from max(created) - min(created))) from instance_task
                where action = 'create' and created > '%s'""".formatted(start)));
        Report.millis("from the first request until the last runs", took);
        Report.line("processor time of the server and of the database for each", used.perUnit(LAUNCHES));
        Report.line("calls at the clouds", orders + " orders, " + looks + " looks, at most " + most + " at once");
        began = System.nanoTime();
        all(LAUNCHES, most, this::order);
        double alone = since(began);
        Report.millis("the same orders by hand, as many at once", alone);
        Report.medians("times the clouds' own time", took / alone);
        clouds.take(Duration.ZERO);
    }

    private void oneAtEach() throws Exception {
        for (int round = 0; count("running") < ACCOUNTS && round < 20; round++) { // drawn by lot
            all(ACCOUNTS * 10, 20, this::launch);
        }
    }

    private interface Numbered {
        void at(int number) throws Exception;
    }

    private static void all(int count, int atOnce, Numbered work) throws Exception {
        var room = new Semaphore(atOnce);
        var jobs = IntStream.range(0, count)
                .mapToObj(n -> (Callable<Void>) () -> {
                    room.acquire();
                    try {
                        work.at(n);
                    } finally {
                        room.release();
                    }
                    return null;
                })
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : threads.invokeAll(jobs)) {
                one.get();
            }
        }
    }

    private void launch(int number) throws IOException, InterruptedException {
        post("http://127.0.0.1:" + up.port() + "/api/instances", "image_id=web-os");
    }

    private void order(int number) throws IOException, InterruptedException {
        post(clouds.url(number % ACCOUNTS) + "/instances", "image_id=img1&name=by-hand");
    }

    private void post(String url, String form) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/xml")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(url + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    // --------------------------------------------------------------------------------------------------------------
    // shown

    private void show() throws Exception {
        CloudRows.instances(stage.database(), UUID.fromString(pool), INSTANCES);
        Report.title("clouds: %,d instances in a pool".formatted(INSTANCES));
        var last = named("instances", INSTANCES / 2);
        for (var question : List.of(
                new String[] {"Deltacloud, one", "/api/instances/" + last},
                new String[] {"Deltacloud, by name", "/api/instances?name=copy-" + INSTANCES / 2},
                new String[] {"Deltacloud, by id", "/api/instances?id=" + last},
                new String[] {"CIMI, one", "/cimi/machines/" + last},
                new String[] {"CIMI, how many there are", "/cimi/machines?$last=0"},
                new String[] {"/broker, one and how many there are", "/broker/instances?limit=1"},
                new String[] {"CIMI, $first=1&$last=100", "/cimi/machines?$first=1&$last=100"},
                new String[] {"CIMI, 100 in the middle", "/cimi/machines?$first=" + INSTANCES / 2 + "&$last=" + (INSTANCES / 2 + 99)},
                new String[] {"CIMI, $filter=name='...'", "/cimi/machines?$filter=name='copy-" + INSTANCES / 2 + "'"},
                new String[] {"CIMI, $filter=state='STOPPED', 100", "/cimi/machines?$filter=state='STOPPED'&$first=1&$last=100"},
                new String[] {"CIMI, $filter=cpu=1, 100", "/cimi/machines?$filter=cpu=1&$first=1&$last=100"},
                new String[] {"CIMI, $filter=memory>1, 100", "/cimi/machines?$filter=memory>1&$first=1&$last=100"},
                new String[] {"CIMI, $filter=description='x'", "/cimi/machines?$filter=description='x'"},
                new String[] {"CIMI, $orderby=name, 100", "/cimi/machines?$orderby=name&$first=1&$last=100"},
                new String[] {"CIMI, $orderby=name:desc, 100 in the middle", "/cimi/machines?$orderby=name:desc&$first="
                        + INSTANCES / 2 + "&$last=" + (INSTANCES / 2 + 99)},
                new String[] {"CIMI, $orderby=created:desc, 100", "/cimi/machines?$orderby=created:desc&$first=1&$last=100"},
                new String[] {"CIMI, $orderby=state, 100", "/cimi/machines?$orderby=state&$first=1&$last=100"},
                new String[] {"CIMI, $orderby=state:desc, 100 in the middle", "/cimi/machines?$orderby=state:desc&$first="
                        + INSTANCES / 2 + "&$last=" + (INSTANCES / 2 + 99)},
                new String[] {"CIMI, $orderby=cpu:desc, 100", "/cimi/machines?$orderby=cpu:desc&$first=1&$last=100"},
                new String[] {"CIMI, $orderby=memory, 100", "/cimi/machines?$orderby=memory&$first=1&$last=100"},
                new String[] {"Deltacloud, state=STOPPED", "/api/instances?state=STOPPED"},
                new String[] {"Deltacloud, all, JSON", "/api/instances?format=json"},
                new String[] {"Deltacloud, all, XML", "/api/instances?format=xml"},
                new String[] {"Deltacloud, all, HTML", "/api/instances?format=html"},
                new String[] {"CIMI, all, JSON", "/cimi/machines?format=json"},
                new String[] {"CIMI, all, XML", "/cimi/machines?format=xml"})) {
            asked(question[0], question[1].replace("'", "%27").replace("$", "%24").replace(">", "%3E").replace("cpu=1&", "cpu%3D1&"));
        }
        Report.line("heap of the server after a collection", heap());
    }

    private void asked(String what, String target) throws Exception {
        try {
            long bytes = client.bytes(target);
            MarketBench.served(what + ", %,d kB".formatted(bytes / 1_000), 1, _ -> client.bytes(target) > 0);
        } catch (IOException | IllegalStateException e) {
            Report.line(what, "not served: " + e.getMessage());
        }
    }

    private String named(String table, int number) {
        return stage.database().inTransaction(tx -> String.valueOf(
                tx.sql().fetchValue("select id from resource where type = 'cloudInstance' and name = 'copy-" + number + "'")));
    }

    // --------------------------------------------------------------------------------------------------------------
    // looked after

    private void track() throws Exception {
        int each = INSTANCES / ACCOUNTS;
        for (int i = 0; i < ACCOUNTS; i++) {
            var leases = CloudRows.leases(stage.database(), accounts.get(i), each);
            clouds.put(i, accounts.get(i), leases); // before two looks have missed them
        }
        CloudRows.analyze(stage.database());
        Report.title("clouds: the tracker over %,d instances of %d accounts".formatted(each * ACCOUNTS, ACCOUNTS));
        var missing = "select count(*) from resource where type = 'lease' and state <> 'active'";
        double lost = number(missing);
        for (int turn = 0; turn < TURNS; turn++) {
            var before = looks();
            long began = System.nanoTime();
            for (var account : accounts) {
                client.post("/v1/providers/" + account + "?action=refresh", "{}");
            }
            await(() -> IntStream.range(0, ACCOUNTS).allMatch(i -> looks().get(i) > before.get(i)));
            double took = since(began);
            Report.millis("a look at all accounts", took);
            Report.rates("instances looked at", each * ACCOUNTS / (took / 1_000));
            Report.line("heap of the server after a collection", heap());
        }
        if (number(missing) != lost) {
            throw new IllegalStateException("instances were taken for lost");
        }
    }

    /// By account, how often it was looked at.
    private List<Long> looks() {
        return accounts.stream()
                .map(account -> (long) number("select (data ->> 'sequence')::bigint from resource where id = '" + account + "'"))
                .toList();
    }

    // --------------------------------------------------------------------------------------------------------------

    private int count(String state) {
        return (int) number("select count(*) from resource where type = 'cloudInstance' and removed is null and state = '"
                + state + "' and name not like 'copy-%'");
    }

    private String now() {
        return stage.database().inTransaction(tx -> String.valueOf(tx.sql().fetchValue("select now()::text")));
    }

    private double number(String question) {
        return stage.database().inTransaction(tx -> ((Number) tx.sql().fetchValue(question.replace("?", "??"))).doubleValue());
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    private static void await(BooleanSupplier so) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("it did not come about within " + PATIENCE);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// Has the server collect its garbage first.
    private String heap() throws IOException, InterruptedException {
        var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var pid = String.valueOf(up.process().pid());
        new ProcessBuilder(tool, pid, "GC.run").redirectErrorStream(true).start().waitFor(60, TimeUnit.SECONDS);
        var told = new ProcessBuilder(tool, pid, "GC.heap_info").redirectErrorStream(true).start();
        var text = new String(told.getInputStream().readAllBytes(), UTF_8);
        long kilobytes = Pattern.compile("used (\\d+)K")
                .matcher(text.split("Metaspace")[0])
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
        return kilobytes / 1_024 + " MB";
    }

    @Override
    public void close() throws Exception {
        up.close();
        stage.close();
        clouds.close();
    }
}
