package holdfast.engine;

import static holdfast.db.Tables.RESOURCE;

import holdfast.db.tables.records.ResourceRecord;
import holdfast.platform.Json;
import holdfast.platform.LostRaceException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.SelectSeekStep2;
import org.jooq.impl.DSL;

/// The one store of all resources. Every change of state is written to the journal in the same transaction.
public final class Resources {
    /// Whose record resources are whose type is data: every server looks after them.
    public static final String ACTOR = "resources";

    private final Platform platform;

    public Resources(Platform platform) {
        this.platform = platform;
    }

    /// Selects the one of that id.
    public static Condition withId(UUID id) {
        return RESOURCE.ID.eq(id);
    }

    /// Selects those of these ids. One text for any number of them, so that the database plans it once.
    public static Condition withIds(Collection<UUID> ids) {
        return RESOURCE.ID.eq(DSL.any(ids.toArray(UUID[]::new)));
    }

    /// Selects those of one type.
    public static Condition typed(String type) {
        return RESOURCE.TYPE.eq(type);
    }

    /// Selects those of these types.
    static Condition typedAnyOf(String... types) {
        return RESOURCE.TYPE.eq(DSL.any(types));
    }

    /// Selects those in one state.
    public static Condition inState(String state) {
        return RESOURCE.STATE.eq(state);
    }

    /// Selects those in one of these states.
    public static Condition inAnyOf(Collection<String> states) {
        return RESOURCE.STATE.eq(DSL.any(states.toArray(String[]::new)));
    }

    /// Selects those of one name.
    public static Condition named(String name) {
        return RESOURCE.NAME.eq(name);
    }

    /// Selects those that belong to one project.
    public static Condition ownedBy(String project) {
        return RESOURCE.PROJECT.eq(project);
    }

    /// Selects those that one actor keeps.
    public static Condition keptBy(String actor) {
        return RESOURCE.ACTOR.eq(actor);
    }

    /// Selects the parts of `parent`.
    public static Condition partOf(UUID parent) {
        return RESOURCE.PARENT.eq(parent);
    }

    /// Selects those that are not removed.
    public static Condition present() {
        return RESOURCE.REMOVED.isNull();
    }

    /// Selects those that come after one in the order of [#list].
    public static Condition after(Instant created, UUID id) {
        return DSL.row(RESOURCE.CREATED, RESOURCE.ID).gt(created, id);
    }

    /// A resource that is about to be inserted: version 1, created now.
    public Resource fresh(
            UUID id,
            String type,
            String actor,
            Optional<UUID> parent,
            String name,
            String state,
            String project,
            Object data) {
        var now = platform.now();
        return new Resource(
                id,
                0,
                type,
                actor,
                parent,
                name,
                state,
                project,
                Map.of(),
                1,
                Json.text(data),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now,
                now,
                Optional.empty(),
                new Resource.Reading(data));
    }

    /// @return false if a resource of that id, or a slice of that name in that project, exists already; then
    ///     nothing is changed
    public boolean insert(Tx tx, Resource resource, String who, String why) {
        return add(tx, resource, who, why).isPresent();
    }

    /// The same, and as it was stored.
    public Optional<Resource> add(Tx tx, Resource resource, String who, String why) {
        return ResourceRows.add(tx, resource, platform.now(), who, why).map(resource::numbered);
    }

    public Optional<Resource> find(Tx tx, UUID id) {
        return tx.sql().selectFrom(RESOURCE).where(RESOURCE.ID.eq(id)).fetchOptional(Resources::read);
    }

    /// The resource, locked until the transaction ends. Lock a parent before its parts, and all of them before
    /// places of a calendar: who has those already does not wait here, but starts again ([Tx#mustNotWait]).
    public Optional<Resource> lock(Tx tx, UUID id) {
        return lock(tx, withId(id));
    }

    /// The one that `condition` selects, likewise.
    public Optional<Resource> lock(Tx tx, Condition condition) {
        return locked(tx, condition).stream().findFirst();
    }

    /// Those of these ids, likewise, locked in the order of their ids.
    public List<Resource> lockAll(Tx tx, Collection<UUID> ids) {
        return locked(tx, ids);
    }

    static List<Resource> locked(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : locked(tx, withIds(ids));
    }

    /// Those that `condition` selects, likewise.
    public List<Resource> lockAll(Tx tx, Condition condition) {
        return locked(tx, condition);
    }

    /// Processes of what is locked may be written meanwhile.
    static List<Resource> locked(Tx tx, Condition condition) {
        var query = tx.sql()
                .selectFrom(RESOURCE)
                .where(condition)
                .orderBy(RESOURCE.ID)
                .forNoKeyUpdate();
        return tx.mustNotWait()
                ? tx.withoutWaiting(() -> query.noWait().fetch(Resources::read), again -> locked(again, condition))
                : query.fetch(Resources::read);
    }

    /// The parts of `parent` of one type that are not removed, in the order of their creation.
    public List<Resource> parts(Tx tx, UUID parent, String type) {
        return list(tx, RESOURCE.PARENT.eq(parent).and(RESOURCE.TYPE.eq(type)).and(RESOURCE.REMOVED.isNull()), 100_000);
    }

    /// The parts of all of `parents` of one type, removed or not, in the order of their creation: one query for a
    /// whole list.
    public List<Resource> partsOf(Tx tx, Collection<UUID> parents, String type) {
        return parents.isEmpty()
                ? List.of()
                : list(
                        tx,
                        RESOURCE.PARENT
                                .eq(DSL.any(parents.toArray(UUID[]::new)))
                                .and(RESOURCE.TYPE.eq(type)),
                        100_000);
    }

    /// Resources of one type that are not removed, in the order of their creation.
    public List<Resource> ofType(Tx tx, String type, int limit) {
        return list(tx, RESOURCE.TYPE.eq(type).and(RESOURCE.REMOVED.isNull()), limit);
    }

    /// What `condition` selects, in the order of creation, at most `limit`.
    public List<Resource> list(Tx tx, Condition condition, int limit) {
        return ordered(tx, condition).limit(limit).fetch(Resources::read);
    }

    /// The same without the first so many.
    public List<Resource> list(Tx tx, Condition condition, int offset, int limit) {
        return offset == 0
                ? list(tx, condition, limit)
                : ordered(tx, condition).offset(offset).limit(limit).fetch(Resources::read);
    }

    private static SelectSeekStep2<ResourceRecord, Instant, UUID> ordered(Tx tx, Condition condition) {
        return tx.sql().selectFrom(RESOURCE).where(condition).orderBy(RESOURCE.CREATED, RESOURCE.ID);
    }

    /// The ids of what `condition` selects.
    public Set<UUID> ids(Tx tx, Condition condition) {
        return tx.sql().select(RESOURCE.ID).from(RESOURCE).where(condition).fetchSet(RESOURCE.ID);
    }

    /// The one that `condition` selects and that was made last.
    public Optional<Resource> newest(Tx tx, Condition condition) {
        return tx.sql()
                .selectFrom(RESOURCE)
                .where(condition)
                .orderBy(RESOURCE.CREATED.desc(), RESOURCE.ID.desc())
                .limit(1)
                .fetchOptional(Resources::read);
    }

    /// Of each of these types the one that `condition` selects, that is not removed and has the highest number;
    /// along an index for each type.
    public List<Resource> lastOfEach(Tx tx, Collection<String> types, Condition condition) {
        var type = DSL.field(DSL.name("wanted", "name"), String.class);
        var last = DSL.field(DSL.name("last", "id"), UUID.class);
        var wanted = DSL.unnest(types.toArray(String[]::new)).as("wanted", "name");
        var lasts = DSL.lateral(DSL.select(RESOURCE.ID)
                        .from(RESOURCE)
                        .where(RESOURCE.TYPE.eq(type).and(present()).and(condition))
                        .orderBy(RESOURCE.NUMBER.desc())
                        .limit(1))
                .as("last");
        return tx.sql()
                .selectFrom(RESOURCE)
                .where(RESOURCE.ID.in(DSL.select(last).from(wanted).crossJoin(lasts)))
                .fetch(Resources::read);
    }

    /// Writes the state, content, labels, message and removal of `changed`.
    ///
    /// @param before the state that it was read in
    /// @throws LostRaceException if somebody has changed it since it was read
    public Resource update(Tx tx, String before, Resource changed, String who, String why) {
        return update(tx, before, changed, who, why, false);
    }

    /// The same of a change that the journal notes although the state stays.
    public Resource change(Tx tx, Resource changed, String who, String why) {
        return update(tx, changed.state(), changed, who, why, true);
    }

    private Resource update(Tx tx, String before, Resource changed, String who, String why, boolean always) {
        var now = platform.now();
        if (!ResourceRows.update(tx, before, changed, now, who, why, always)) {
            throw new LostRaceException(changed.type() + " " + changed.id()
                    + " was changed by somebody else since version " + changed.version());
        }
        return changed.nextVersion(now);
    }

    /// How many resources there are, by type and state, removed ones left out.
    public Map<String, Map<String, Integer>> census(Tx tx) {
        return census(tx, DSL.noCondition());
    }

    /// How many of the resources that `condition` selects there are, by type and state, removed ones left out.
    public Map<String, Map<String, Integer>> census(Tx tx, Condition condition) {
        var census = new TreeMap<String, Map<String, Integer>>();
        tx.sql()
                .select(RESOURCE.TYPE, RESOURCE.STATE, DSL.count())
                .from(RESOURCE)
                .where(RESOURCE.REMOVED.isNull().and(condition))
                .groupBy(RESOURCE.TYPE, RESOURCE.STATE)
                .forEach(row -> census.computeIfAbsent(row.value1(), _ -> new TreeMap<>())
                        .put(row.value2(), row.value3()));
        return census;
    }

    static Resource read(ResourceRecord row) {
        return new Resource(
                row.getId(),
                row.getNumber(),
                row.getType(),
                row.getActor(),
                Optional.ofNullable(row.getParent()),
                row.getName(),
                row.getState(),
                row.getProject(),
                labels(row.getLabels()),
                row.getVersion(),
                row.getData().data(),
                Optional.ofNullable(row.getMessage()),
                Optional.ofNullable(row.getTrouble()).flatMap(Resource.Trouble::of),
                Optional.ofNullable(row.getProgress()),
                row.getCreated(),
                row.getUpdated(),
                Optional.ofNullable(row.getRemoved()),
                new Resource.Reading());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> labels(JSONB labels) {
        return labels.data().equals("{}") ? Map.of() : (Map<String, String>) Json.read(labels.data(), Map.class);
    }
}
