package holdfast.bench;

import holdfast.platform.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Fills the database of a cloud broker: copies of rows that it wrote itself.
final class CloudRows {
    private CloudRows() {}

    /// Copies an instance that runs, with its task; each tenth is stopped.
    static void instances(Database database, UUID pool, int count) throws SQLException {
        execute(
                database,
                """
                create table copy as select r.id as old, gen_random_uuid() as new, n from generate_series(1, %d) n, lateral (
                    select id from resource where type = 'cloudInstance' and state = 'running'
                        and (data ->> 'pool')::uuid = '%s' limit 1) r"""
                        .formatted(count, pool),
                """
                insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', c.new,
                    'number', nextval(pg_get_serial_sequence('resource', 'number')), 'name', 'copy-' || c.n,
                    'state', case when c.n %% 10 = 0 then 'stopped' else 'running' end,
                    'created', r.created + c.n * interval '1 millisecond'))).*
                from resource r join copy c on c.old = r.id"""
                        .replace("%%", "%"),
                """
                insert into instance_task select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(),
                    'instance', c.new))).*
                from instance_task t join copy c on c.old = t.instance""",
                "drop table copy",
                "vacuum analyze");
    }

    /// Copies a lease of an account until it has so many.
    ///
    /// @return the copies
    static List<UUID> leases(Database database, UUID account, int count) throws SQLException {
        var of = "type = 'lease' and state = 'active' and removed is null and data -> 'order' ->> 'provider' = '" + account + "'";
        execute(
                database,
                """
                create table copy as select r.id as old, gen_random_uuid() as new, n from generate_series(1, %d) n, lateral (
                    select id from resource where %s limit 1) r"""
                        .formatted(count - count(database, of), of),
                """
                insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', c.new,
                    'number', nextval(pg_get_serial_sequence('resource', 'number')), 'name', 'copy-' || c.n || '-' || r.name))).*
                from resource r join copy c on c.old = r.id""",
                "drop table copy");
        return database.inTransaction(tx -> tx.sql()
                .resultQuery("select id from resource where " + of + " and name like 'copy-%'")
                .fetch(row -> row.get(0, UUID.class)));
    }

    private static int count(Database database, String which) {
        return database.inTransaction(
                tx -> ((Number) tx.sql().fetchValue("select count(*) from resource where " + which)).intValue());
    }

    static void analyze(Database database) throws SQLException {
        execute(database, "vacuum analyze");
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
