package holdfast.orchestrator.instances;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Setup;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.SortField;
import org.jooq.impl.DSL;

/// The instances of a pool that one caller may see.
final class PoolRows {
    /// So many are held at a time.
    static final int PAGE = 500;

    private static final List<Field<?>> CREATION = List.of(RESOURCE.CREATED, RESOURCE.ID);

    private final PoolClouds all;
    private final Setup setup;
    private final Condition seen;

    /// @param seen selects those that the caller may see
    PoolRows(PoolClouds all, UUID pool, Setup setup, Condition seen) {
        this.all = all;
        this.setup = setup;
        this.seen = Fleet.there().and(Resources.partOf(pool)).and(seen);
    }

    Optional<Resource> find(Tx tx, UUID id) {
        return all.resources().list(tx, seen.and(Resources.withId(id)), 1).stream()
                .findFirst();
    }

    int count(InstanceFilter which) {
        return all.database().inTransaction(tx -> tx.sql().fetchCount(RESOURCE, seen.and(condition(which))));
    }

    /// As [VirtualCloud#instances].
    Stream<InstanceView> some(InstanceFilter which, int offset, int limit) {
        var selected = seen.and(condition(which));
        return Stream.iterate(page(selected, offset, limit), page -> !page.views.isEmpty(), page -> page.next(selected))
                .flatMap(page -> page.views.stream());
    }

    /// As [VirtualCloud#sorted].
    Stream<InstanceView> sorted(InstanceFilter which, InstanceOrder order, int offset, int limit) {
        var selected = seen.and(condition(which));
        var ids = all.database().inTransaction(tx -> ids(tx, selected, fields(order), offset, limit));
        return IntStream.iterate(0, from -> from < ids.size(), from -> from + PAGE)
                .mapToObj(from -> ids.subList(from, Math.min(from + PAGE, ids.size())))
                .flatMap(part -> all.database().inTransaction(tx -> views(tx, part)).stream());
    }

    /// Written as the indexes of instances have them; names of a pool are never equal.
    private static List<SortField<?>> fields(InstanceOrder order) {
        List<Field<?>> fields = switch (order.by()) {
            case ID -> List.of(RESOURCE.ID);
            case NAME -> List.of(RESOURCE.NAME.collate("C"));
            case CREATED -> CREATION;
            case CPU -> List.of(size(Measure.CPU), RESOURCE.CREATED, RESOURCE.ID);
            case MEMORY -> List.of(size(Measure.MEMORY), RESOURCE.CREATED, RESOURCE.ID);
        };
        return fields.stream()
                .<SortField<?>>map(field -> order.descending() ? field.desc() : field.asc())
                .toList();
    }

    private static Field<BigDecimal> size(Measure measure) {
        return DSL.field(measure.sql(), BigDecimal.class);
    }

    /// Along an index alone, so that those that are left out cost little.
    private static List<UUID> ids(
            Tx tx, Condition selected, List<? extends OrderField<?>> order, int offset, int limit) {
        return tx.sql()
                .select(RESOURCE.ID)
                .from(RESOURCE)
                .where(selected)
                .orderBy(order)
                .offset(offset)
                .limit(limit)
                .fetch(RESOURCE.ID);
    }

    /// Those of these ids, in their order.
    private List<InstanceView> views(Tx tx, List<UUID> ids) {
        var found = all.resources().list(tx, seen.and(Resources.withIds(ids)), PAGE).stream()
                .sorted(Comparator.comparingInt(one -> ids.indexOf(one.id())))
                .toList();
        return all.views(tx, () -> setup, found);
    }

    /// @param left how many are wanted after these
    private record Page(PoolRows rows, List<InstanceView> views, int left) {
        Page next(Condition selected) {
            var last = views.getLast();
            return views.size() < PAGE
                    ? new Page(rows, List.of(), 0)
                    : rows.page(selected.and(Resources.after(last.created(), last.id())), 0, left);
        }
    }

    private Page page(Condition selected, int offset, int limit) {
        int size = Math.clamp(limit, 0, PAGE);
        var views = size == 0
                ? List.<InstanceView>of()
                : all.database()
                        .inTransaction(tx -> offset == 0
                                ? all.views(tx, () -> setup, all.resources().list(tx, selected, size))
                                : views(tx, ids(tx, selected, CREATION, offset, size)));
        return new Page(this, views, limit - views.size());
    }

    /// What a filter says, in SQL: the same for every row as [InstanceFilter#holds] of what is shown of it.
    private static Condition condition(InstanceFilter which) {
        return switch (which) {
            case InstanceFilter.All(var all) ->
                DSL.and(all.stream().map(PoolRows::condition).toList());
            case InstanceFilter.Any(var any) ->
                DSL.or(any.stream().map(PoolRows::condition).toList());
            case InstanceFilter.Not(var one) -> DSL.not(condition(one));
            case InstanceFilter.Named(var name) -> text(name, Resources.named(name));
            case InstanceFilter.Among(var ids) -> Resources.withIds(ids);
            case InstanceFilter.InState(var states) -> Fleet.shownIn(states);
            case InstanceFilter.Before(var time) -> RESOURCE.CREATED.lt(time);
            case InstanceFilter.After(var time) -> RESOURCE.CREATED.gt(time);
            case InstanceFilter.Doing(var action) -> InstanceTasks.doing(action);
            case InstanceFilter.Sized(var measure, var least, var most) -> {
                var size = size(measure);
                yield size.isNotNull()
                        .and(least.map(number -> size.ge(BigDecimal.valueOf(number)))
                                .orElse(DSL.noCondition()))
                        .and(most.map(number -> size.le(BigDecimal.valueOf(number)))
                                .orElse(DSL.noCondition()));
            }
            // true or false even where there is nothing, so that the contrary is right as well
            case InstanceFilter.InRealm(var realm) ->
                text(
                        realm,
                        DSL.condition(
                                "(data -> 'order' -> 'realm' ->> 'name') is not distinct from {0}", DSL.val(realm)));
            case InstanceFilter.Tagged(var property, var value) ->
                text(
                        property + value,
                        DSL.condition(
                                "(data -> 'order' -> 'properties' ->> {0}) is not distinct from {1}",
                                DSL.val(property), DSL.val(value)));
        };
    }

    /// No text in the database holds that character, and it takes none with it.
    private static Condition text(String words, Condition condition) {
        return words.indexOf('\0') < 0 ? condition : DSL.falseCondition();
    }
}
