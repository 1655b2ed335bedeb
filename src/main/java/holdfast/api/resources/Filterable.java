package holdfast.api.resources;

import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// Something by which a collection can be filtered and sorted.
///
/// @param sql its value in the database
/// @param nullable whether it may be null there
/// @param reader understands what a filter compares with
/// @param equal selects those that hold just that
/// @param absent selects those that have no value
/// @param options what it may be, if that is known; else empty
record Filterable(
        String name,
        List<Modifier> modifiers,
        Field<?> sql,
        boolean nullable,
        Reader reader,
        Function<Object, Condition> equal,
        Condition absent,
        List<String> options) {

    /// From the text of a filter to a value of the database.
    interface Reader {
        /// @return empty if nothing can be equal to it
        /// @throws Problem if it is not such a value at all
        Optional<Object> read(Tx tx, Ask ask, String text);
    }

    static Filterable text(String name, Field<String> sql, boolean nullable) {
        return new Filterable(
                name,
                Modifier.TEXT,
                sql,
                nullable,
                (_, _, text) -> Optional.of(text),
                same(sql),
                sql.isNull(),
                List.of());
    }

    static Filterable choice(String name, Field<String> sql, boolean nullable, List<String> options) {
        return new Filterable(
                name,
                Modifier.CHOICE,
                sql,
                nullable,
                (_, _, text) -> Optional.of(text),
                same(sql),
                sql.isNull(),
                options);
    }

    static Filterable date(String name, Field<?> sql, boolean nullable) {
        return new Filterable(
                name,
                Modifier.ORDERED,
                sql,
                nullable,
                (_, ask, text) -> Optional.of(Values.date(name, text, ask.now())),
                same(sql),
                sql.isNull(),
                List.of());
    }

    static Filterable number(String name, Field<?> sql, boolean nullable) {
        return new Filterable(
                name,
                Modifier.ORDERED,
                sql,
                nullable,
                (_, _, text) -> Optional.of(Values.number(name, text)),
                same(sql),
                sql.isNull(),
                List.of());
    }

    /// The same, with a faster way to find what is equal.
    Filterable withEqual(Function<Object, Condition> faster) {
        return new Filterable(name, modifiers, sql, nullable, reader, faster, absent, options);
    }

    static Function<Object, Condition> same(Field<?> sql) {
        return value -> DSL.condition("{0} = {1}", sql, bound(sql, value));
    }

    /// A value as a parameter of the type of the field.
    static Field<?> bound(Field<?> sql, Object value) {
        return DSL.val(value, sql.getDataType());
    }

    /// The condition of one filter.
    Condition condition(Tx tx, Ask ask, Modifier modifier, String text) {
        return switch (modifier) {
            case NULL -> absent;
            case NOTNULL -> absent.not();
            case LIKE -> DSL.condition("{0} like {1}", sql, DSL.val(whole(text)));
            case NOTLIKE ->
                DSL.condition("{0} not like {1}", sql, DSL.val(whole(text))).and(absent.not());
            case PREFIX -> DSL.condition("{0} like {1}", sql, DSL.val(escaped(text) + "%"));
            case EQ -> reader.read(tx, ask, text).map(equal).orElse(DSL.falseCondition());
            case NE -> compared(tx, ask, "<>", text).orElse(DSL.noCondition()).and(absent.not());
            case LT -> compared(tx, ask, "<", text).orElse(DSL.falseCondition());
            case LTE -> compared(tx, ask, "<=", text).orElse(DSL.falseCondition());
            case GT -> compared(tx, ask, ">", text).orElse(DSL.falseCondition());
            case GTE -> compared(tx, ask, ">=", text).orElse(DSL.falseCondition());
        };
    }

    private Optional<Condition> compared(Tx tx, Ask ask, String operator, String text) {
        return reader.read(tx, ask, text)
                .map(value -> DSL.condition("{0} " + operator + " {1}", sql, bound(sql, value)));
    }

    /// A pattern does not end within an escape.
    private static String whole(String pattern) {
        int backslashes = 0;
        while (backslashes < pattern.length() && pattern.charAt(pattern.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 0 ? pattern : pattern + "\\";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
