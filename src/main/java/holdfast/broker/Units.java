package holdfast.broker;

import static holdfast.db.Tables.UNIT;

import holdfast.core.CloudSupply.Host;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// The hosts of providers, which can be held one by one.
public final class Units {
    /// What every host has, and the dimension that it is.
    private static final Map<String, String> COLUMNS =
            Map.of("vcpus", "vcpu", "memory_mb", "memory_mb", "local_gb", "disk_gb");

    /// One of them.
    ///
    /// @param number unique among all, and never given again
    /// @param place in the broker's book
    /// @param outside what the provider calls it
    /// @param extra what administrators have said of it
    /// @param registered may be reserved as a whole
    public record Unit(
            long number,
            UUID provider,
            String name,
            String zone,
            String place,
            String outside,
            Map<String, Long> total,
            Map<String, String> properties,
            Map<String, String> extra,
            boolean registered,
            boolean up,
            Instant created,
            Optional<Instant> updated) {

        /// All that queries may ask about: what every host has, what was seen of this one, and what
        /// administrators have said of it, each name where it comes first (promise.md 6.9).
        public Map<String, String> asked() {
            var all = new TreeMap<>(extra);
            all.putAll(properties);
            all.put("id", Long.toString(number));
            all.put("hypervisor_hostname", name);
            all.put("availability_zone", zone);
            COLUMNS.forEach((column, dimension) -> all.put(column, Long.toString(total.getOrDefault(dimension, 0L))));
            return all;
        }
    }

    /// Takes over the hosts that were seen at a provider; those that were not are not up. What did not change is
    /// not written.
    void seen(Tx tx, UUID provider, List<Host> hosts, Instant now) {
        tx.sql()
                .execute(
                        """
                        with seen as (
                            select * from jsonb_to_recordset(?::jsonb) as h (name text, zone text, place text, outside text, total jsonb,
                                                                            properties jsonb, up boolean)
                        ), gone as (
                            update unit set up = false, updated = ?::timestamptz
                             where provider = ? and kind = 'host' and up and not exists (select from seen where seen.name = unit.name)
                        )
                        insert into unit (provider, kind, name, zone, place, outside, total, properties, registered, up, created)
                        select ?, 'host', name, zone, place, outside, total, properties, true, up, ?::timestamptz from seen order by name
                        on conflict (provider, kind, name) do update
                           set zone = excluded.zone, outside = excluded.outside, total = excluded.total, properties = excluded.properties,
                               up = excluded.up, updated = excluded.created
                         where (unit.zone, unit.outside, unit.total, unit.properties, unit.up)
                               is distinct from (excluded.zone, excluded.outside, excluded.total, excluded.properties, excluded.up)""",
                        Json.text(hosts.stream()
                                .map(host -> Map.of(
                                        "name", host.name(),
                                        "zone", host.zone(),
                                        "place", Places.host(provider, host.name()),
                                        "outside", host.id(),
                                        "total", host.total(),
                                        "properties", host.properties(),
                                        "up", host.up()))
                                .toList()),
                        now,
                        provider,
                        provider,
                        now);
    }

    /// The hosts of all providers, by number.
    public List<Unit> hosts(Tx tx) {
        return tx.sql()
                .selectFrom(UNIT)
                .where(UNIT.KIND.eq("host"))
                .orderBy(UNIT.NUMBER)
                .fetch(Units::read);
    }

    /// Those of one provider.
    public List<Unit> hosts(Tx tx, UUID provider) {
        return tx.sql()
                .selectFrom(UNIT)
                .where(UNIT.PROVIDER.eq(provider).and(UNIT.KIND.eq("host")))
                .orderBy(UNIT.NUMBER)
                .fetch(Units::read);
    }

    /// The hosts at these places.
    List<Unit> at(Tx tx, Collection<String> places) {
        return tx.sql()
                .selectFrom(UNIT)
                .where(UNIT.PLACE.eq(DSL.any(places.toArray(String[]::new))).and(UNIT.KIND.eq("host")))
                .orderBy(UNIT.NUMBER)
                .fetch(Units::read);
    }

    /// One host.
    public Optional<Unit> find(Tx tx, long number) {
        return tx.sql()
                .selectFrom(UNIT)
                .where(UNIT.NUMBER.eq(number).and(UNIT.KIND.eq("host")))
                .fetchOptional(Units::read);
    }

    @SuppressWarnings("unchecked")
    static Unit read(Record row) {
        return new Unit(
                row.get(UNIT.NUMBER),
                row.get(UNIT.PROVIDER),
                row.get(UNIT.NAME),
                row.get(UNIT.ZONE),
                row.get(UNIT.PLACE),
                row.get(UNIT.OUTSIDE),
                amounts(row.get(UNIT.TOTAL)),
                (Map<String, String>) Json.read(row.get(UNIT.PROPERTIES).data(), Map.class),
                (Map<String, String>) Json.read(row.get(UNIT.EXTRA).data(), Map.class),
                row.get(UNIT.REGISTERED),
                row.get(UNIT.UP),
                row.get(UNIT.CREATED),
                Optional.ofNullable(row.get(UNIT.UPDATED)));
    }

    private static Map<String, Long> amounts(JSONB json) {
        var amounts = new TreeMap<String, Long>();
        Json.tree(json.data())
                .properties()
                .forEach(one -> amounts.put(one.getKey(), one.getValue().asLong()));
        return Map.copyOf(amounts);
    }
}
