package holdfast.engine;

import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Optional;

/// How one resource is written, with what the journal tells of it: one statement for both.
final class ResourceRows {
    private static final String TOLD = """
            insert into journal (at, kind, resource, number, type, name, project, actor, from_state, to_state, who, why)
            select ?::timestamptz, ?::text, id, number, type, name, project, actor, ?::text, state, ?::text, ?::text from written""";

    private static final String ADD = """
            with written as (
                insert into resource (id, type, actor, parent, name, state, project, labels, version, data, message, trouble, progress,
                                      created, updated, removed)
                values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?::timestamptz)
                on conflict do nothing
                returning *
            ), told as (""" + TOLD + ") select number from written";

    private static final String UPDATE = """
            with written as (
                update resource
                   set state = ?, data = ?::jsonb, labels = ?::jsonb, name = ?, message = ?, trouble = ?, progress = ?,
                       removed = ?::timestamptz, updated = ?::timestamptz, version = version + 1
                 where id = ? and version = ?
                returning *
            ), told as (""" + TOLD + " where ?) select count(*)::int from written";

    private ResourceRows() {}

    /// @return its number; empty if there is one that excludes it
    static Optional<Long> add(Tx tx, Resource added, Instant now, String who, String why) {
        return tx.sql()
                .resultQuery(
                        ADD,
                        added.id(),
                        added.type(),
                        added.actor(),
                        added.parent().orElse(null),
                        added.name(),
                        added.state(),
                        added.project(),
                        Json.text(added.labels()),
                        added.version(),
                        added.data(),
                        added.message().orElse(null),
                        added.trouble().map(Resource.Trouble::word).orElse(null),
                        added.progress().orElse(null),
                        added.created(),
                        added.updated(),
                        added.removed().orElse(null),
                        now,
                        Journal.STATE,
                        null,
                        who,
                        why)
                .fetchOptional(0, Long.class);
    }

    /// @param before the state that it was read in
    /// @param always whether the journal tells of it although the state stays
    /// @return false if somebody has changed it since it was read
    static boolean update(Tx tx, String before, Resource changed, Instant now, String who, String why, boolean always) {
        boolean moved = !before.equals(changed.state());
        return tx.sql()
                        .fetchSingle(
                                UPDATE,
                                changed.state(),
                                changed.data(),
                                Json.text(changed.labels()),
                                changed.name(),
                                changed.message().orElse(null),
                                changed.trouble().map(Resource.Trouble::word).orElse(null),
                                changed.progress().orElse(null),
                                changed.removed().orElse(null),
                                now,
                                changed.id(),
                                changed.version(),
                                now,
                                moved ? Journal.STATE : Journal.CHANGE,
                                before,
                                who,
                                why,
                                moved || always)
                        .get(0, int.class)
                == 1;
    }
}
