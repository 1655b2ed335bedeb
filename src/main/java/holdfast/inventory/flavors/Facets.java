package holdfast.inventory.flavors;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import holdfast.core.Quantity;
import holdfast.platform.Json;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.node.ObjectNode;

/// What of a flavor selectors look at, as columns beside it. With them the database leaves out what does not match; the
/// last word has [Selector#matches], for regular expressions and long texts are not looked at here. Rows whose `words`
/// are null were written before there were such columns: they are looked at one by one.
public final class Facets {
    private static final Map<Attribute, String> AMOUNTS = new TreeMap<>(Map.ofEntries(
            Map.entry(Attribute.CPU, "cpu"),
            Map.entry(Attribute.MEMORY, "memory"),
            Map.entry(Attribute.PODS, "pods"),
            Map.entry(Attribute.STORAGE, "storage"),
            Map.entry(Attribute.GPU, "gpu_cores"),
            Map.entry(Attribute.GPU_CORES, "gpu_cores"),
            Map.entry(Attribute.GPU_MEMORY, "gpu_memory"),
            Map.entry(Attribute.SAMPLING_RATE, "sampling_rate"),
            Map.entry(Attribute.LATENCY, "latency"),
            Map.entry(Attribute.PRICE, "price"),
            Map.entry(Attribute.CARBON, "carbon")));

    private static final String WORDS = "words";

    /// The columns, with commas between them.
    public static final String COLUMNS = AMOUNTS.values().stream().distinct().collect(joining(", ")) + ", " + WORDS;

    /// An index takes no longer ones, in characters.
    private static final int LONGEST = 200;

    private final Field<String> kind;
    private final Map<Attribute, Field<BigDecimal>> amounts;
    private final Field<String[]> words;

    /// @param table which has the columns, and the type of flavor as `kind`
    public Facets(Table<?> table) {
        this.kind = field(table, "kind", SQLDataType.CLOB);
        this.amounts = AMOUNTS.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, column -> field(table, column.getValue(), SQLDataType.NUMERIC)));
        this.words = field(table, WORDS, SQLDataType.CLOB.array());
    }

    private static <T> Field<T> field(Table<?> table, String name, DataType<T> type) {
        return Objects.requireNonNull(table.field(name, type), name);
    }

    /// Fills in the columns of a flavor.
    public void fill(Record row, Flavor flavor) {
        row.set(kind, flavor.kind().type().word());
        amountsOf(flavor)
                .forEach((attribute, amount) -> row.set(Objects.requireNonNull(amounts.get(attribute)), amount));
        row.set(words, wordsOf(flavor));
    }

    /// What stands in the columns of a flavor, by their names.
    public static ObjectNode columns(Flavor flavor) {
        var columns = Json.object();
        amountsOf(flavor).forEach((attribute, amount) -> columns.put(AMOUNTS.get(attribute), amount));
        return columns.set(WORDS, Json.toTree(wordsOf(flavor)));
    }

    private static Map<Attribute, BigDecimal> amountsOf(Flavor flavor) {
        var amounts = new TreeMap<Attribute, BigDecimal>();
        for (var attribute : AMOUNTS.keySet()) {
            if (attribute.isOf(flavor.kind().type())) {
                attribute.amount(flavor).ifPresent(amount -> amounts.put(attribute, number(amount)));
            }
        }
        return amounts;
    }

    private static String[] wordsOf(Flavor flavor) {
        var type = flavor.kind().type();
        return Stream.of(Attribute.values())
                .filter(attribute -> attribute.isOf(type))
                .flatMap(attribute -> attribute.texts(flavor).stream().flatMap(text -> word(attribute, text).stream()))
                .toArray(String[]::new);
    }

    /// The same text for the same amounts, however they are written.
    public static String amounts(Vector vector) {
        return vector.amounts().entrySet().stream()
                .map(amount -> amount.getKey().word() + "=" + amount.getValue().nano())
                .collect(joining(" "));
    }

    /// Whether a row may be one that the selector finds.
    public Condition maybe(Selector selector) {
        return selector.filters().stream()
                .map(this::maybe)
                .reduce(kind.eq(selector.type().word()), Condition::and)
                .or(words.isNull());
    }

    private Condition maybe(Filter filter) {
        var attribute = filter.attribute();
        return switch (filter.test()) {
            case Filter.Amount(var value) -> range(attribute, Optional.of(value), Optional.of(value));
            case Filter.Range(var least, var most) -> range(attribute, least, most);
            case Filter.Text(var value) ->
                word(attribute, value)
                        .map(word -> words.contains(new String[] {word}))
                        .orElse(DSL.noCondition());
            case Filter.Found _ -> DSL.noCondition();
        };
    }

    private Condition range(Attribute attribute, Optional<Quantity> least, Optional<Quantity> most) {
        return Optional.ofNullable(amounts.get(attribute))
                .map(column -> DSL.and(
                        least.map(Facets::number).map(column::ge).orElse(DSL.noCondition()),
                        most.map(Facets::number).map(column::le).orElse(DSL.noCondition())))
                .orElse(DSL.noCondition());
    }

    private static BigDecimal number(Quantity amount) {
        return new BigDecimal(amount.nano(), 9);
    }

    private static Optional<String> word(Attribute attribute, String text) {
        return text.length() > LONGEST ? Optional.empty() : Optional.of(attribute.word() + "=" + text);
    }
}
