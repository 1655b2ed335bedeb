package holdfast.bench;

import holdfast.federation.peers.Peers;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// How fast domains trade (fluidos.md 8): what is asked, held, bought over others, searched among many, and how soon a
/// server goes on after a restart. All traffic stays on the loopback of this machine.
final class MarketBench {
    private static final int FLAVORS = Integer.getInteger("bench.flavors", 50_000);
    private static final int PEERS = Integer.getInteger("bench.peers", 1_000);
    private static final int TRANSACTIONS = Integer.getInteger("bench.transactions", 100_000);
    private static final int CHAINS = Integer.getInteger("bench.chains", 30);
    static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    static final long TIME = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("bench.millis", 500));
    private static final UUID NOBODY = new UUID(0, 1);
    private static final Contract.Ask NOTHING = new Contract.Ask(Optional.empty(), Optional.empty());

    private MarketBench() {}

    private interface Part {
        void run() throws Exception;
    }

    static void run(List<String> options) throws Exception {
        part(options, "list", MarketBench::list);
        part(options, "reserve", ReserveBench::run);
        part(options, "chain", MarketBench::chain);
        part(options, "discovery", MarketBench::discovery);
        part(options, "restart", MarketBench::restart);
    }

    private static void part(List<String> options, String name, Part part) throws Exception {
        if (options.isEmpty() || options.contains(name)) {
            part.run();
        }
    }

    private static void list() throws Exception {
        try (var stage = Stage.open();
                var shop = new Shop("seller", "alps.example", stage.database(), false)) {
            Shelves.fill(shop, FLAVORS);
            var byHand = Shelves.byHand(stage.database());
            var client = new Client(shop.port(), "");
            var questions = Map.of(
                    "cpu, memory and price in ranges",
                    "filter[cpu][range][min]=8&filter[cpu][range][max]=12&filter[memory][range][min]=48Gi&filter[price][range][max]=0.1",
                    "an exact amount, architecture and country",
                    "filter[cpu][match]=7&filter[architecture][match]=amd64&filter[location.country][match]=Italy",
                    "what has no index: pods and latency",
                    "filter[pods][match]=11&filter[latency][range][max]=5&filter[memory][range][max]=20Gi",
                    "a regular expression beside a price",
                    "filter[architecture][regex]=^arm&filter[price][range][max]=0.005",
                    "nothing has so much",
                    "filter[cpu][range][min]=1000");
            for (var question : new TreeMap<>(questions).entrySet()) {
                var target = "/api/v2/flavors/k8slice?" + question.getValue().replace("[", "%5B").replace("]", "%5D").replace("^", "%5E");
                int count = client.get(target).size();
                for (int clients : new int[] {1, 8}) {
                    Report.title("market: LIST of " + FLAVORS + ", " + question.getKey() + ": " + count + ", " + clients
                            + (clients == 1 ? " client" : " clients"));
                    served("over HTTP", clients, _ -> !client.text(target).isEmpty());
                    if (question.getKey().startsWith("cpu, memory")) {
                        served("the same by hand in SQL, without HTTP", clients, byHand);
                    }
                }
            }
        }
    }

    /// Asks some rounds long; the first does not count.
    static void served(String what, int clients, Crowd.Question question) throws Exception {
        var rates = new double[ROUNDS];
        var nanos = new ArrayList<Long>();
        Crowd.ask(clients, TIME, question);
        for (int round = 0; round < ROUNDS; round++) {
            var crowd = Crowd.ask(clients, TIME, question);
            rates[round] = crowd.perSecond();
            for (long each : crowd.nanos()) {
                nanos.add(each);
            }
        }
        var all = nanos.stream().mapToLong(Long::longValue).toArray();
        Report.served(what, all, rates);
        Report.p95(all);
    }

    /// A consumer, its supernode, that of the provider, and the provider, each with a database of its own.
    private static void chain() throws Exception {
        try (var stage = Stage.open();
                var one = stage.another("one");
                var two = stage.another("two");
                var three = stage.another("three");
                var provider = new Shop("p", "jura.example", stage.database(), false);
                var above = new Shop("sp", "jura.example", one, true);
                var here = new Shop("sc", "valais.example", two, true);
                var consumer = new Shop("c", "valais.example", three, false)) {
            here.knows(above);
            consumer.joins(here);
            provider.joins(above);
            for (var shop : List.of(provider, above, here, consumer)) {
                shop.start();
            }
            provider.offer(Goods.plenty(provider.self, "root"));
            above.supernode.orElseThrow().gather();
            Report.title("market: a chain of 4, without fabric, " + CHAINS + " times one after the other");
            var times = new long[4][CHAINS];
            for (int i = -3; i < CHAINS; i++) { // the first are not counted
                var taken = bought(consumer, here);
                for (int k = 0; k < taken.length && i >= 0; k++) {
                    times[k][i] = taken[k];
                }
            }
            Report.spread("discovery", times[0]);
            Report.spread("reserve", times[1]);
            Report.spread("purchase", times[2]);
            Report.spread("all of it", times[3]);
        }
    }

    private static long[] bought(Shop consumer, Shop here) {
        var trace = new Trace(UUID.randomUUID().toString(), Workflow.W3);
        var wanted = Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
        long began = System.nanoTime();
        consumer.discovery.discover(wanted, trace, NOBODY);
        var found = consumer.database
                .inTransaction(tx -> consumer.candidates.matching(tx, wanted, consumer.platform.now()))
                .getFirst()
                .flavor();
        long discovered = System.nanoTime();
        var to = Endpoint.plain(here.self.address());
        var buyer = consumer.client;
        var held = yes(buyer.reserve(to, Dialect.NODE, found.id(), Optional.of(Goods.piece()), UUID.randomUUID(), trace));
        long reserved = System.nanoTime();
        yes(buyer.purchase(to, Dialect.NODE, held.id(), NOTHING, UUID.randomUUID(), trace));
        long done = System.nanoTime();
        return new long[] {discovered - began, reserved - discovered, done - reserved, done - began};
    }

    private static <T> T yes(Told<T> told) {
        if (told instanceof Told.Yes<T>(var value)) {
            return value;
        }
        throw new IllegalStateException(told.toString());
    }

    private static void discovery() throws Exception {
        try (var stage = Stage.open();
                var many = new ManyPeers(PEERS, 10);
                var buyer = new Shop("buyer", "alps.example", stage.database(), false)) {
            meet(buyer, many);
            Report.title("market: discovery among " + PEERS + " peers with 10 flavors each");
            discover("all are well, first time", buyer);
            discover("all are well, again", buyer);
            many.are(0, PEERS / 50, ManyPeers.Mood.SLOW);
            discover("2 % take two seconds", buyer);
            many.are(PEERS / 50, PEERS / 100, ManyPeers.Mood.DEAD);
            discover("2 % take two seconds, 1 % never answer", buyer);
            var few = selector(Filter.range(Attribute.CPU, Optional.of("64"), Optional.empty()).orThrow(),
                    Filter.range(Attribute.MEMORY, Optional.of("90Gi"), Optional.empty()).orThrow());
            served(
                    "what is known that matches, few of " + PEERS * 10,
                    1,
                    _ -> !buyer.database
                            .inTransaction(tx -> buyer.candidates.matching(tx, few, buyer.platform.now()))
                            .isEmpty());
        }
    }

    private static void meet(Shop buyer, ManyPeers many) throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < PEERS; i++) {
                var wish = new Peers.Wish(Optional.of("peer" + i), many.address(i), Optional.empty());
                threads.execute(() -> buyer.peers.add(wish, "bench", "bench").orThrow());
            }
            threads.shutdown();
            if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("peers could not be added within 2 minutes");
            }
        }
    }

    private static void discover(String what, Shop buyer) {
        long began = System.nanoTime();
        var found = buyer.discovery.discover(
                selector(), new Trace(UUID.randomUUID().toString(), Workflow.W1), NOBODY);
        Report.line(
                what,
                String.format(
                        Locale.ROOT,
                        "%,.1f s, %,d offers, %d failed",
                        (System.nanoTime() - began) / 1e9,
                        found.candidates(),
                        found.failed().size()));
    }

    private static Selector selector(Filter... filters) {
        return Selector.of(FlavorType.K8SLICE, List.of(filters)).orThrow();
    }

    private static void restart() throws Exception {
        try (var stage = Stage.open()) {
            int roots = Math.max(1, TRANSACTIONS / 500);
            try (var shop = new Shop("seller", "alps.example", stage.database(), false)) {
                Shelves.transactions(shop, roots, TRANSACTIONS);
            }
            Report.title("market: restart with " + TRANSACTIONS + " transactions on " + roots + " roots");
            restarted(stage.database());
        }
    }

    private static void restarted(Database database) throws InterruptedException, IOException, SQLException {
        long began = System.nanoTime();
        try (var shop = new Shop("seller", "alps.example", database, false)) {
            shop.start();
            Report.millis("from nothing but the database to started", (System.nanoTime() - began) / 1e6);
            var first = Shelves.one(database);
            new Client(shop.port(), "").text("/api/v2/flavors/k8slice?filter%5Bcpu%5D%5Brange%5D%5Bmin%5D=400000");
            Report.millis("until the first LIST is answered", (System.nanoTime() - began) / 1e6);
            ReserveBench.reserve(shop, first, "buyer");
            Report.millis("until the first piece is reserved", (System.nanoTime() - began) / 1e6);
            ReserveBench.reserve(shop, first, "buyer2");
            Report.millis("until the second piece of that root is reserved", (System.nanoTime() - began) / 1e6);
        }
    }
}
