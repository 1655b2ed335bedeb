package holdfast.bench;

import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.Json;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// How fast a server with a million resources of one type answers questions about them, over HTTP on this machine.
final class ApiBench {
    private static final int RESOURCES = Integer.getInteger("bench.resources", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int DEEP_PAGES = 200;
    private static final int[] CLIENTS = {1, 16};
    private static final long TIME = TimeUnit.SECONDS.toNanos(2);
    private static final String FILL =
            """
            insert into resource (id, type, actor, name, state, project, data, created, updated)
            select uuidv7(), 'userPreference', 'resources', 'n' || i, case when i %% 10 = 0 then 'active' else 'inactive' end, 'default',
                   jsonb_build_object('kind', 'userPreference', 'value', 'v' || i %% 10000), now(), now()
              from generate_series(1, %d) i""";

    private final String base;
    private final String token;
    private final HttpClient client = HttpClient.newHttpClient();

    private ApiBench(int port, String token) {
        this.base = "http://127.0.0.1:" + port + "/v1/userpreferences";
        this.token = token;
    }

    static void run() throws Exception {
        var data = Stage.place();
        try {
            fill(data);
            try (var up = Up.start(data)) {
                var token = Files.readString(data.resolve("token")).strip();
                new ApiBench(up.port(), token).measure();
            }
        } finally {
            PrivateFiles.deleteTree(data);
        }
    }

    private static void fill(Path data) throws Exception {
        try (var postgres = EmbeddedPostgres.start(data.resolve("postgres"), EmbeddedPostgres.Options.standard());
                var database = Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(FILL.formatted(RESOURCES));
            statement.execute("vacuum analyze resource");
        }
    }

    private void measure() throws Exception {
        var questions = questions();
        for (int clients : CLIENTS) {
            Report.title("api: " + RESOURCES + " resources, " + clients + " clients");
            var rates = new LinkedHashMap<String, double[]>();
            var times = new LinkedHashMap<String, ConcurrentLinkedQueue<Long>>();
            for (int round = -1; round < ROUNDS; round++) {
                for (var question : questions.entrySet()) {
                    var taken = new ConcurrentLinkedQueue<Long>();
                    double rate = ask(question.getValue(), clients, taken);
                    if (round >= 0) { // the first warms up
                        rates.computeIfAbsent(question.getKey(), _ -> new double[ROUNDS])[round] = rate;
                        times.computeIfAbsent(question.getKey(), _ -> new ConcurrentLinkedQueue<>())
                                .addAll(taken);
                    }
                }
            }
            rates.forEach((name, rate) -> {
                Report.rates(name, rate);
                Report.times("    time", times.get(name).stream().mapToLong(Long::longValue).toArray());
            });
        }
    }

    private Map<String, String> questions() throws Exception {
        var questions = new LinkedHashMap<String, String>();
        questions.put("first page of 100", base);
        questions.put("page of 100 by marker, " + 1000 * DEEP_PAGES + " deep", deep().replace("limit=1000", "limit=100"));
        questions.put("state=active", base + "?state=active");
        questions.put("name=n4711, one match", base + "?name=n4711");
        questions.put("value=v4711, a field of the content", base + "?value=v4711");
        questions.put("sort=name", base + "?sort=name");
        var first = Json.tree(get(base + "?limit=1")).path("data").get(0).path("id").stringValue();
        questions.put("one by id", base + "/" + first);
        return questions;
    }

    private String deep() throws Exception {
        var page = base + "?limit=1000";
        for (int i = 0; i < DEEP_PAGES; i++) {
            page = Json.tree(get(page)).path("pagination").path("next").stringValue();
        }
        return page;
    }

    private String get(String uri) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(uri))
                .header("Authorization", "Bearer " + token)
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "%s answered %d: %s", uri, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    /// @return answers per second
    private double ask(String uri, int clients, ConcurrentLinkedQueue<Long> times) throws Exception {
        long began = System.nanoTime();
        Callable<Boolean> asking = () -> {
            while (System.nanoTime() - began < TIME) {
                long sent = System.nanoTime();
                get(uri);
                times.add(System.nanoTime() - sent);
            }
            return true;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < clients; i++) {
                all.add(asking);
            }
            for (var one : threads.invokeAll(all)) {
                one.get();
            }
        }
        return times.size() / ((System.nanoTime() - began) / 1e9);
    }
}
