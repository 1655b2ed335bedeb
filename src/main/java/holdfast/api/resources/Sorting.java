package holdfast.api.resources;

import holdfast.platform.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// The order of a collection: by a field, those that are equal by number, all in one direction. What has no value comes
/// last, or first in a descending order.
///
/// @param by empty = by number only
record Sorting(Optional<Filterable> by, boolean descending, Field<Long> number) {
    /// @param newestFirst the order if none is asked for
    static Sorting of(Ask ask, Map<String, Filterable> known, Field<Long> number, boolean newestFirst) {
        var asked = ask.all("sort").stream().findFirst();
        var by = asked.map(known::get);
        boolean descending = by.isPresent()
                ? ask.all("order").stream().findFirst().orElse("").equalsIgnoreCase("desc")
                : asked.isEmpty() && newestFirst;
        return new Sorting(by, descending, number);
    }

    /// The name of the field; empty text for the order of numbers.
    String name() {
        return by.map(Filterable::name).orElse("");
    }

    private Optional<Filterable> field() {
        return by.filter(one -> !one.sql().equals(number));
    }

    /// Whether the number alone decides.
    boolean byNumber() {
        return field().isEmpty();
    }

    /// The value to begin after, in SQL.
    Field<?> value() {
        return field().<Field<?>>map(Filterable::sql).orElse(number);
    }

    List<OrderField<?>> order(boolean reversed) {
        var order = new ArrayList<OrderField<?>>();
        boolean down = descending != reversed;
        field().ifPresent(one -> order.add(down ? one.sql().desc() : one.sql().asc()));
        order.add(down ? number.desc() : number.asc());
        return order;
    }

    /// Selects what comes after a place, or before it.
    Condition beyond(Marker marker) {
        boolean down = descending != marker.before();
        var sign = down ? "<" : ">";
        if (field().isEmpty()) {
            return down ? number.lt(marker.number()) : number.gt(marker.number());
        }
        var sql = field().get().sql();
        var next = down ? number.lt(marker.number()) : number.gt(marker.number());
        if (marker.value().isEmpty()) {
            return down
                    ? sql.isNull().and(next).or(sql.isNotNull())
                    : sql.isNull().and(next);
        }
        var value = Filterable.bound(sql, typed(marker.value().get()).orElseThrow());
        var row = DSL.condition("({0}, {1}) " + sign + " ({2}, {3})", sql, number, value, DSL.val(marker.number()));
        return down || !field().get().nullable() ? row : row.or(sql.isNull());
    }

    /// Whether the value of a marker is one of the field.
    boolean fits(Marker marker) {
        return marker.value().isEmpty()
                || field().isPresent() && typed(marker.value().get()).isPresent();
    }

    private Optional<Object> typed(String text) {
        var type = value().getType();
        if (type == String.class) {
            return Optional.of(text);
        }
        return type == Instant.class
                ? Values.date(text).map(time -> time)
                : Values.number(text).map(value -> value);
    }

    /// As it stands in a collection; empty if nothing was asked for.
    Optional<ObjectNode> shown(Ask ask) {
        return by.map(one -> Json.object()
                .put("name", one.name())
                .put("order", descending ? "desc" : "asc")
                .put("reverse", Urls.with(ask, Map.of("sort", one.name(), "order", descending ? "asc" : "desc"))));
    }
}
