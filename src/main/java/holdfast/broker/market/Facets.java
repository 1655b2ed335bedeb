package holdfast.broker.market;

import static holdfast.db.Tables.LISTING;
import static java.util.stream.Collectors.joining;

import holdfast.core.Quantity;
import holdfast.db.tables.records.ListingRecord;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/// What of a flavor selectors look at, as columns beside it. With them the database leaves out what does not match; the
/// last word has [Selector#matches], for regular expressions and long texts are not looked at here.
final class Facets {
    private static final Map<Attribute, TableField<ListingRecord, BigDecimal>> AMOUNTS = Map.ofEntries(
            Map.entry(Attribute.CPU, LISTING.CPU),
            Map.entry(Attribute.MEMORY, LISTING.MEMORY),
            Map.entry(Attribute.PODS, LISTING.PODS),
            Map.entry(Attribute.STORAGE, LISTING.STORAGE),
            Map.entry(Attribute.GPU, LISTING.GPU_CORES),
            Map.entry(Attribute.GPU_CORES, LISTING.GPU_CORES),
            Map.entry(Attribute.GPU_MEMORY, LISTING.GPU_MEMORY),
            Map.entry(Attribute.SAMPLING_RATE, LISTING.SAMPLING_RATE),
            Map.entry(Attribute.LATENCY, LISTING.LATENCY),
            Map.entry(Attribute.PRICE, LISTING.PRICE),
            Map.entry(Attribute.CARBON, LISTING.CARBON));

    /// An index takes no longer ones, in characters.
    private static final int LONGEST = 200;

    private Facets() {}

    /// Fills in the columns of a flavor.
    static void fill(ListingRecord row, Flavor flavor) {
        var type = flavor.kind().type();
        row.setKind(type.word());
        row.setAmounts(amounts(flavor.kind().vector()));
        AMOUNTS.forEach((attribute, column) -> {
            if (attribute.isOf(type)) {
                row.set(column, attribute.amount(flavor).map(Facets::number).orElse(null));
            }
        });
        row.setWords(Stream.of(Attribute.values())
                .filter(attribute -> attribute.isOf(type))
                .flatMap(attribute -> attribute.texts(flavor).stream().flatMap(text -> word(attribute, text).stream()))
                .toArray(String[]::new));
    }

    /// The same text for the same amounts, however they are written.
    static String amounts(Vector vector) {
        return vector.amounts().entrySet().stream()
                .map(amount -> amount.getKey().word() + "=" + amount.getValue().nano())
                .collect(joining(" "));
    }

    /// Whether a row may be one that the selector finds.
    static Condition maybe(Selector selector) {
        return selector.filters().stream()
                .map(Facets::maybe)
                .reduce(LISTING.KIND.eq(selector.type().word()), Condition::and)
                .or(LISTING.KIND.isNull());
    }

    private static Condition maybe(Filter filter) {
        var attribute = filter.attribute();
        return switch (filter.test()) {
            case Filter.Amount(var value) -> range(attribute, Optional.of(value), Optional.of(value));
            case Filter.Range(var least, var most) -> range(attribute, least, most);
            case Filter.Text(var value) ->
                word(attribute, value)
                        .map(word -> LISTING.WORDS.contains(new String[] {word}))
                        .orElse(DSL.noCondition());
            case Filter.Found _ -> DSL.noCondition();
        };
    }

    private static Condition range(Attribute attribute, Optional<Quantity> least, Optional<Quantity> most) {
        return Optional.ofNullable(AMOUNTS.get(attribute))
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
