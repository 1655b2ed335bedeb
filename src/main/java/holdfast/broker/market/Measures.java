package holdfast.broker.market;

import holdfast.calendar.Calendar;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Which roots were found to offer what there is, and when that must be looked at again: if their record, their claims
/// or what is booked of their hosts has changed, or if time brings something with it.
final class Measures {
    /// The version of a place that there is not.
    static final long NONE = -1;

    private static final int AT_ONCE = 1_000;

    private final String broker;
    private final Calendar calendar;

    Measures(String broker, Calendar calendar) {
        this.broker = broker;
        this.calendar = calendar;
    }

    private record Row(UUID root, long epoch, String place, long version) {}

    /// The roots of the broker, as far as they must be measured, with the epochs of their claims. Reads no offer.
    Map<UUID, Long> due(Tx tx, Instant now) {
        var due = new TreeMap<UUID, Long>();
        var rows = new ArrayList<Row>();
        tx.sql().resultQuery("""
                        select r.id, coalesce(e.epoch, 0) as epoch, m.place, m.version,
                            coalesce(m.seen = r.version and m.epoch = coalesce(e.epoch, 0) and m.until > ?::timestamptz, false) as known
                        from resource r left join root_measure m on m.root = r.id left join root_epoch e on e.root = r.id
                        where r.type = 'flavor' and r.actor = ? and r.removed is null
                        """, now, broker).forEach(row -> {
            var root = row.get("id", UUID.class);
            long epoch = row.get("epoch", Long.class);
            if (row.get("known", Boolean.class)) {
                rows.add(new Row(root, epoch, row.get("place", String.class), row.get("version", Long.class)));
            } else {
                due.put(root, epoch);
            }
        });
        var versions = calendar.versions(
                tx, broker, rows.stream().map(Row::place).distinct().toList());
        rows.stream()
                .filter(row -> versions.getOrDefault(row.place, NONE) != row.version)
                .forEach(row -> due.put(row.root, row.epoch));
        return due;
    }

    /// Of a root that offers what there is, or that no host of ours is behind.
    ///
    /// @param seen the version of its resource
    /// @param epoch of its claims
    /// @param version of the place of its host, read before it was measured
    record Found(UUID root, long seen, long epoch, String place, long version, Instant until) {}

    void keep(Tx tx, List<Found> found) {
        for (int i = 0; i < found.size(); i += AT_ONCE) {
            tx.sql().execute("""
                            insert into root_measure select * from jsonb_populate_recordset(null::root_measure, ?::jsonb)
                            on conflict (root) do update set seen = excluded.seen, epoch = excluded.epoch, place = excluded.place,
                                version = excluded.version, until = excluded.until
                            """, Json.text(found.subList(i, Math.min(found.size(), i + AT_ONCE))));
        }
    }
}
