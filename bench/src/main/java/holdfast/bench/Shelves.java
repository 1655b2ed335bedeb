package holdfast.bench;

import holdfast.platform.Database;
import java.sql.SQLException;

/// Fills databases with more than the market itself could write in a minute: some is sold and offered by it, and then
/// copied row by row.
final class Shelves {
    private static final int FEW = 500;

    private static final String COPY_LISTINGS =
            """
            insert into listing select (jsonb_populate_record(l, jsonb_build_object(
                'id', l.id || '-' || n, 'root', gen_random_uuid(), 'flavor', jsonb_set(l.flavor, '{id}', to_jsonb(l.id || '-' || n))))).*
            from listing l, generate_series(1, %d) n where l.state = 'LISTED'""";

    private Shelves() {}

    /// Offers so many flavors, to the next 500.
    static void fill(Shop shop, int count) throws SQLException {
        for (int i = 0; i < FEW; i++) {
            shop.offer(Goods.varied(shop.self, i * 101));
        }
        execute(shop.database, COPY_LISTINGS.formatted(Math.max(1, count / FEW) - 1), "vacuum analyze listing");
    }

    /// The same flavors in a table made for one question alone.
    static Crowd.Question byHand(Database database) throws SQLException {
        execute(
                database,
                """
                create table by_hand_offer as
                select id, (flavor #>> '{kind,vector,amounts,CPU}')::int as cpu,
                       (flavor #>> '{kind,vector,amounts,MEMORY}')::bigint >> 30 as gigabytes,
                       (flavor #>> '{price,amount}')::numeric as price, flavor
                from listing where state = 'LISTED'""",
                "create index on by_hand_offer (cpu)",
                "create index on by_hand_offer (price)",
                "create index on by_hand_offer (gigabytes)",
                "vacuum analyze by_hand_offer");
        return _ -> database.inTransaction(tx -> !tx.sql()
                .fetch("select flavor from by_hand_offer where cpu between 8 and 12 and gigabytes >= 48 and price <= 0.1 order by price")
                .isEmpty());
    }

    /// Reserves pieces of some roots; all but the first of each are copies, without their bookings in the calendar.
    static void transactions(Shop shop, int roots, int count) throws SQLException {
        for (int i = 0; i < roots; i++) {
            var name = shop.offer(Goods.plenty(shop.self, "root-" + i));
            ReserveBench.reserve(shop, name, "first" + i);
        }
        execute(
                shop.database,
                """
                create table copy as select c.transaction as old, gen_random_uuid() as new
                from claim c, generate_series(1, %d)""".formatted(Math.max(1, count / roots) - 1),
                """
                insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', c.new,
                    'number', nextval(pg_get_serial_sequence('resource', 'number')), 'name', replace(c.new::text, '-', '') || '-1'))).*
                from resource r join copy c on c.old = r.id""",
                """
                insert into claim select (jsonb_populate_record(r, jsonb_build_object('transaction', c.new,
                    'body', jsonb_set(r.body, '{transaction}', to_jsonb(c.new))))).*
                from claim r join copy c on c.old = r.transaction""",
                """
                insert into process select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'resource', c.new,
                    'number', nextval(pg_get_serial_sequence('process', 'number'))))).*
                from process r join copy c on c.old = r.resource""",
                "drop table copy",
                "vacuum analyze");
    }

    /// The name of something that is listed.
    static String one(Database database) {
        return database.inTransaction(tx ->
                String.valueOf(tx.sql().fetchValue("select min(id) from listing where state = 'LISTED'")));
    }

    private static void execute(Database database, String... statements) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            for (var each : statements) {
                statement.execute(each);
            }
        }
    }
}
