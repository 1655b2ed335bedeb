package holdfast.api.resources;

import holdfast.platform.Json;
import holdfast.platform.SqlErrors;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Record3;
import org.jooq.Result;
import org.jooq.ResultQuery;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// Finds one page of a long list of rows that have an id and a number. Costs what the page has, not what the list has,
/// where an index serves filter and order; where none does, it is given up after ten seconds. A page ends early where
/// its rows weigh too much.
///
/// @param contents what is large in a row
record Pages(Table<?> table, Field<UUID> id, Field<Long> number, List<Field<JSONB>> contents) {
    static final int STANDARD = 100;
    static final int MOST = 3_000;
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /// @param ids in their order
    record Page(List<UUID> ids, int limit, Optional<Marker> next, Optional<Marker> previous, boolean isFirst) {
        ObjectNode pagination(Ask ask) {
            var node = Json.object();
            node.put("first", isFirst ? null : Urls.with(ask, Map.of()));
            node.put("previous", previous.map(marker -> url(ask, marker)).orElse(null));
            node.put("next", next.map(marker -> url(ask, marker)).orElse(null));
            node.put("limit", limit).putNull("total");
            return node.put("partial", next.isPresent());
        }

        private static String url(Ask ask, Marker marker) {
            return Urls.with(ask, Map.of("marker", marker.text()));
        }
    }

    /// How many to show at most: what is no number is ignored, and negative means all that there can be.
    static int limit(Ask ask) {
        return ask.all("limit").stream()
                .findFirst()
                .filter(text -> text.matches("-?\\d{1,9}"))
                .map(Integer::parseInt)
                .map(limit -> limit < 0 ? MOST : Math.min(limit, MOST))
                .orElse(STANDARD);
    }

    /// Of what is read for each row.
    Weight weight() {
        return new Weight(table, id, contents);
    }

    Page find(Tx tx, Ask ask, Condition which, Sorting sorting) {
        int limit = limit(ask);
        var marker = Marker.of(ask, sorting);
        boolean back = marker.filter(Marker::before).isPresent();
        if (limit == 0) {
            return new Page(List.of(), 0, Optional.empty(), Optional.empty(), marker.isEmpty());
        }
        var rows = within(PATIENCE, query(tx, which, sorting, marker, limit + 1));
        int fitting = weight().fitting(
                        tx,
                        rows.stream().limit(limit).<UUID>map(Record3::value1).toList());
        boolean more = rows.size() > fitting;
        var shown = rows.subList(0, fitting);
        var inOrder = back ? shown.reversed() : shown;
        if (inOrder.isEmpty()) {
            var turned = marker.map(Marker::turned);
            return new Page(
                    List.of(),
                    limit,
                    turned.filter(one -> !one.before()),
                    turned.filter(Marker::before),
                    marker.isEmpty());
        }
        var next = back || more ? Optional.of(mark(sorting, inOrder.getLast(), false)) : Optional.<Marker>empty();
        var previous = marker.isPresent() && (!back || more)
                ? Optional.of(mark(sorting, inOrder.getFirst(), true))
                : Optional.<Marker>empty();
        return new Page(inOrder.stream().map(row -> row.value1()).toList(), limit, next, previous, marker.isEmpty());
    }

    /// Others need the database too.
    ///
    /// @param patience whole seconds
    /// @throws Problem if it takes longer
    static <R extends Record> Result<R> within(Duration patience, ResultQuery<R> query) {
        return within(
                patience, () -> query.queryTimeout((int) patience.toSeconds()).fetch());
    }

    /// Each statement of `work`, and what follows in the transaction, may take as long as a page.
    static <T> T within(Tx tx, Supplier<T> work) {
        tx.sql().execute("set local statement_timeout = " + PATIENCE.toMillis());
        return within(PATIENCE, work);
    }

    private static <T> T within(Duration patience, Supplier<T> work) {
        try {
            return work.get();
        } catch (DataAccessException e) {
            if (SqlErrors.isCancelled(e)) {
                throw Problem.malformed(
                        "query",
                        "this takes longer than the " + patience.toSeconds()
                                + " s that a page may take: no index serves these filters and this order, and there is"
                                + " too much to look through; filter by the value of a field (=), by name, state or"
                                + " project as well, or leave out sort");
            }
            throw e;
        }
    }

    /// What is asked of the database: where a page begins, up to `most` rows.
    ResultQuery<? extends Record3<UUID, Long, ?>> query(
            Tx tx, Condition which, Sorting sorting, Optional<Marker> marker, int most) {
        return tx.sql()
                .select(id, number, sorting.value())
                .from(table)
                .where(which.and(marker.map(sorting::beyond).orElse(DSL.noCondition())))
                .orderBy(sorting.order(marker.filter(Marker::before).isPresent()))
                .limit(most);
    }

    private static Marker mark(Sorting sorting, Record3<UUID, Long, ?> row, boolean before) {
        var value = sorting.byNumber()
                ? Optional.<String>empty()
                : Optional.ofNullable(row.value3()).map(Object::toString);
        return new Marker(sorting.name(), sorting.descending(), before, value, row.value2());
    }
}
