package holdfast.bench;

import holdfast.broker.market.Buyer;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.platform.Database;
import holdfast.protocol.rear.NodeIdentity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// How many pieces can be reserved per second, of one root and of many, with so many claims there already.
final class ReserveBench {
    private static final int[] CLAIMS = Arrays.stream(
                    System.getProperty("bench.claims", "0,100,1000").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int ROOTS = Integer.getInteger("bench.roots", 32);
    private static final int CLIENTS = 8;
    private static final AtomicLong BUYERS = new AtomicLong();

    private record Made(Buyer buyer, UUID transaction) {}

    private ReserveBench() {}

    static void run() throws Exception {
        try (var stage = Stage.open();
                var shop = new Shop("seller", "alps.example", stage.database(), false)) {
            for (int claims : CLAIMS) {
                Report.title("market: reserve, " + claims + " claims of each root already there");
                var one = List.of(filled(shop, claims));
                var many = new ArrayList<String>();
                for (int i = 0; i < ROOTS; i++) {
                    many.add(claims > 100 ? (i < 2 ? filled(shop, claims) : many.get(i % 2)) : filled(shop, claims));
                }
                measure(shop, "one root, 1 client", one, 1);
                measure(shop, "one root, " + CLIENTS + " clients", one, CLIENTS);
                measure(shop, many.stream().distinct().count() + " roots, " + CLIENTS + " clients", many, CLIENTS);
                byHand(stage.database(), claims);
            }
        }
    }

    private static String filled(Shop shop, int claims) {
        var name = shop.offer(Goods.plenty(shop.self, "root-" + UUID.randomUUID()));
        for (int i = 0; i < claims; i++) {
            reserve(shop, name, "before" + BUYERS.incrementAndGet());
        }
        return name;
    }

    static Made reserve(Shop shop, String flavor, String buyer) {
        var identity = new NodeIdentity(buyer, "127.0.0.1:1", buyer + ".example", Optional.empty());
        var who = new Buyer(identity, buyer, "fabric");
        var wish = new Sales.Wish(flavor, Optional.of(Goods.piece()), Optional.empty());
        var verdict = shop.counter.apply(new Sales.Order(who, wish));
        if (verdict instanceof Verdict.Held(var claim)) {
            return new Made(who, claim.transaction());
        }
        throw new IllegalStateException(verdict.toString());
    }

    /// What is reserved is given up after each round, so that all rounds begin with as many claims.
    private static void measure(Shop shop, String what, List<String> roots, int clients) throws Exception {
        var rates = new double[MarketBench.ROUNDS];
        var nanos = new ArrayList<Long>();
        for (int round = -1; round < rates.length; round++) {
            var made = new ConcurrentLinkedQueue<Made>();
            var crowd = Crowd.ask(clients, MarketBench.TIME, random -> made.add(reserve(
                    shop, roots.get(random.nextInt(roots.size())), "buyer" + BUYERS.incrementAndGet())));
            giveUp(shop, made);
            if (round >= 0) {
                rates[round] = crowd.perSecond();
                for (long each : crowd.nanos()) {
                    nanos.add(each);
                }
            }
        }
        Report.served(what, nanos.stream().mapToLong(Long::longValue).toArray(), rates);
    }

    private static void giveUp(Shop shop, Iterable<Made> made) {
        for (var one : made) {
            shop.database.inTransaction(tx -> {
                var name = shop.engine.resources().find(tx, one.transaction()).orElseThrow().name();
                return shop.market.sales().cancel(tx, one.buyer(), name).orThrow();
            });
        }
    }

    /// The least that keeps one from selling twice: lock the root, add up, insert.
    private static void byHand(Database database, int claims) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists by_hand_claim, by_hand_root");
            statement.execute("create table by_hand_root (id int primary key, cpu bigint, memory bigint, pods bigint)");
            statement.execute("create table by_hand_claim (id uuid primary key, root int, buyer text, cpu bigint, memory bigint,"
                    + " pods bigint, starts timestamptz, ends timestamptz)");
            statement.execute("create index on by_hand_claim (root)");
            statement.execute("insert into by_hand_root select i, 1000000000, 1000000000, 1000000000 from generate_series(1, "
                    + ROOTS + ") i");
            statement.execute("insert into by_hand_claim select gen_random_uuid(), r, 'b', 2, 4, 10, now(), now() + interval '1 day'"
                    + " from generate_series(1, " + ROOTS + ") r, generate_series(1, " + claims + ")");
            statement.execute("analyze by_hand_claim");
        }
        for (int roots : new int[] {1, ROOTS}) {
            var crowd = Crowd.ask(CLIENTS, MarketBench.TIME, random -> database.inTransaction(tx -> {
                int root = 1 + random.nextInt(roots);
                tx.sql().fetch("select * from by_hand_root where id = ? for update", root);
                tx.sql()
                        .fetch(
                                "select sum(cpu), sum(memory), sum(pods) from by_hand_claim where root = ? and starts < now() + interval '1 day' and ends > now()",
                                root);
                return tx.sql()
                                .execute(
                                        "insert into by_hand_claim values (gen_random_uuid(), ?, 'b', 2, 4, 10, now(), now() + interval '1 day')",
                                        root)
                        == 1;
            }));
            Report.served(
                    "by hand in SQL, " + (roots == 1 ? "one root" : roots + " roots") + ", " + CLIENTS + " clients",
                    crowd.nanos(),
                    crowd.perSecond());
        }
    }
}
