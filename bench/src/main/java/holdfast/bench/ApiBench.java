package holdfast.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How fast servers with few and with many resources of a declared type answer, over HTTP on this machine: what costs
/// a page must not cost more when the list is longer.
final class ApiBench {
    private static final int[] SIZES = Arrays.stream(
                    System.getProperty("bench.sizes", "1000,100000,1000000").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int[] CLIENTS = {1, 8};
    private static final long TIME = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("bench.millis", 400));
    private static final String THINGS = "/v1/things";
    private static final AtomicInteger MADE = new AtomicInteger();

    private final List<Server> servers = new ArrayList<>();

    /// Something that is asked again and again.
    private interface Question {
        void ask() throws Exception;
    }

    private record Server(int size, Client client, Map<String, Question> questions) {}

    private ApiBench(List<Shelf> shelves) throws Exception {
        for (var shelf : shelves) {
            var client = new Client(shelf.up().port(), shelf.token());
            servers.add(new Server(shelf.size(), client, questions(client, shelf.size())));
        }
    }

    static void run(List<String> options) throws Exception {
        var shelves = new ArrayList<Shelf>();
        try {
            for (int size : SIZES) {
                shelves.add(Shelf.open(size));
            }
            var bench = new ApiBench(shelves);
            bench.warmUp();
            for (var name : bench.servers.getFirst().questions.keySet()) {
                if (options.isEmpty() || options.stream().anyMatch(name::contains)) {
                    for (int clients : CLIENTS) {
                        bench.measure(name, clients);
                    }
                }
            }
        } finally {
            for (var shelf : shelves) {
                shelf.close();
            }
        }
    }

    private static Map<String, Question> questions(Client client, int size) throws Exception {
        int middle = size / 2;
        var first = THINGS + "?limit=";
        var questions = new LinkedHashMap<String, Question>();
        var targets = new LinkedHashMap<String, String>();
        targets.put("first page of 100", first + 100);
        targets.put("page of 100 in the middle, by marker", deep(client, middle).replace("limit=3000", "limit=100"));
        var one = client.get(first + 1).path("data").get(0).path("id").stringValue();
        targets.put("one by id", THINGS + "/" + one);
        targets.put("name=, 1 match", THINGS + "?name=n" + middle);
        targets.put("name_prefix=, 2 matches", THINGS + "?name_prefix=n" + size / 10);
        targets.put("state=, 10 % match", THINGS + "?state=inactive");
        targets.put("project= and state=, 10 match", THINGS + "?project=p7&state=inactive");
        targets.put("field of the content, 1 match", THINGS + "?serial=s" + middle);
        targets.put("field of the content, 10 matches", THINGS + "?batch=b" + middle / 20);
        targets.put("field of the content, a third matches", THINGS + "?color=red");
        targets.put("field of the content, none match", THINGS + "?serial=none");
        targets.put("sort=name", THINGS + "?sort=name");
        targets.put("name_like=, most match", THINGS + "?name_like=%251%25");
        targets.put("no index: name_like=, none match", THINGS + "?name_like=%25x%25");
        targets.put("no index: size_gt=, last 10 match", THINGS + "?size_gt=" + (size - 10));
        targets.put("no index: sort=size", THINGS + "?sort=size");
        targets.forEach((name, target) -> questions.put(name, () -> client.text(target)));
        questions.put(
                "create",
                () -> client.post(THINGS, "{\"name\": \"new\", \"serial\": \"m" + MADE.incrementAndGet() + "\", \"color\": \"red\"}"));
        return questions;
    }

    /// The address of a page that begins after so many.
    private static String deep(Client client, int after) throws Exception {
        var page = THINGS + "?limit=" + Math.min(after, 3000);
        for (int seen = 0; seen < after; seen += 3000) {
            page = client.get(page).path("pagination").path("next").stringValue();
        }
        return page.replaceAll("limit=\\d+", "limit=3000");
    }

    /// Or the parts that come first would look slower than they are.
    private void warmUp() throws Exception {
        for (var server : servers) {
            ask(() -> server.client.text(THINGS), 8, 10 * TIME, new ConcurrentLinkedQueue<>());
        }
    }

    /// The servers take turns, round by round.
    private void measure(String name, int clients) throws Exception {
        Report.title("api: " + name + ", " + clients + (clients == 1 ? " client" : " clients"));
        var rates = new double[servers.size()][ROUNDS];
        var times = new ArrayList<ConcurrentLinkedQueue<Long>>();
        servers.forEach(_ -> times.add(new ConcurrentLinkedQueue<>()));
        for (int round = -1; round < ROUNDS; round++) { // the first is not counted
            for (int i = 0; i < servers.size(); i++) {
                var taken = new ConcurrentLinkedQueue<Long>();
                double rate = ask(servers.get(i).questions.get(name), clients, TIME, taken);
                if (round >= 0) {
                    rates[i][round] = rate;
                    times.get(i).addAll(taken);
                }
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            Report.served(
                    servers.get(i).size + " resources",
                    times.get(i).stream().mapToLong(Long::longValue).toArray(),
                    rates[i]);
        }
        if (servers.size() > 1) {
            Report.ratios(
                    servers.getLast().size + " / " + servers.getFirst().size + " resources", rates[servers.size() - 1], rates[0]);
        }
    }

    /// @return answers per second
    private static double ask(Question question, int clients, long nanos, ConcurrentLinkedQueue<Long> times)
            throws Exception {
        long began = System.nanoTime();
        Callable<Boolean> asking = () -> {
            do {
                long sent = System.nanoTime();
                question.ask();
                times.add(System.nanoTime() - sent);
            } while (System.nanoTime() - began < nanos);
            return true;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : threads.invokeAll(Collections.nCopies(clients, asking))) {
                one.get();
            }
        }
        return times.size() / ((System.nanoTime() - began) / 1e9);
    }
}
