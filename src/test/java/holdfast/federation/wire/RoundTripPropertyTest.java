package holdfast.federation.wire;

import static holdfast.federation.wire.Published.assertConforms;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever is traded: each dialect writes what its schema accepts, and reads the same from it.
class RoundTripPropertyTest {
    private final RearWriter node = Dialect.NODE.writer();
    private final RearWriter doc = Dialect.DOC.writer();

    @Provide
    Arbitrary<Any> exact() {
        return Arbitraries.longs().map(seed -> new Any(new Random(seed), true));
    }

    /// Without what the patterns of the documented dialect cannot say.
    @Provide
    Arbitrary<Any> documentable() {
        return Arbitraries.longs().map(seed -> new Any(new Random(seed), false));
    }

    @Property(tries = 100)
    void nodes_are_told_exactly(@ForAll("exact") Any any) {
        var flavor = any.flavor(Map.of());
        assertConforms("wire/node-flavor-list", node.flavors(List.of(flavor)));
        assertThat(RearReader.flavors(node.flavors(List.of(flavor))).orThrow())
                .isEqualTo(new Heard(List.of(flavor), 0, List.of()));

        var ask = new Transaction.Ask(flavor.id(), any.identity(), any.maybe(any.configuration()));
        assertConforms("wire/node-reserve-request", node.reserve(ask));
        assertThat(RearReader.reserve(node.reserve(ask)).orThrow()).isEqualTo(ask);

        var transaction = any.transaction(ask);
        assertConforms("wire/node-transaction", node.transaction(transaction));
        assertThat(RearReader.transaction(node.transaction(transaction), Instant.EPOCH)
                        .orThrow())
                .isEqualTo(transaction);

        var purchase = new Contract.Ask(any.maybe(any.credentials()), any.maybe(any.telemetry()));
        assertConforms("wire/node-purchase-request", node.purchase(purchase));
        assertThat(RearReader.purchase(node.purchase(purchase)).orThrow()).isEqualTo(purchase);

        var contract = any.contract(flavor, transaction, purchase.telemetry());
        assertConforms("wire/node-contract", node.contract(contract));
        assertThat(RearReader.contract(node.contract(contract)).orThrow()).isEqualTo(contract);
    }

    @Property(tries = 100)
    void the_documented_dialect_tells_the_same(@ForAll("documentable") Any any) {
        var flavor = any.flavor(any.random().nextBoolean() ? Map.of("name", "a slice") : Map.of());
        assertConforms("schemas/flavor", doc.flavor(flavor));
        assertThat(RearReader.flavor(doc.flavor(flavor)).orThrow())
                .isEqualTo(flavor.kind() instanceof K8Slice ? flavor : any.named(flavor));

        var ask = new Transaction.Ask(flavor.id(), any.identity(), any.maybe(any.configuration()));
        assertConforms("schemas/reservation", doc.reserve(ask));
        assertThat(RearReader.reserve(doc.reserve(ask)).orThrow()).isEqualTo(ask);

        var transaction = any.transaction(ask);
        assertConforms("schemas/transaction", doc.transaction(transaction));
        assertThat(RearReader.transaction(doc.transaction(transaction), Instant.EPOCH)
                        .orThrow())
                .isEqualTo(transaction);

        var purchase = new Contract.Ask(any.maybe(any.credentials()), Optional.empty());
        assertConforms("schemas/purchase-request", doc.purchase(purchase));
        assertThat(RearReader.purchase(doc.purchase(purchase)).orThrow()).isEqualTo(purchase);

        var contract = any.contract(any.named(flavor), transaction, any.maybe(any.telemetry()));
        assertConforms("schemas/contract", doc.contract(contract));
        assertThat(RearReader.contract(doc.contract(contract)).orThrow()).isEqualTo(contract);
    }

    @Property(tries = 100)
    void what_is_documented_is_never_more_than_there_is(@ForAll("exact") Any any) {
        var slice = any.slice();
        var flavor = Samples.flavor("alps-1", slice);
        assertConforms("schemas/flavor", doc.flavor(flavor));
        var read = (K8Slice) RearReader.flavor(doc.flavor(flavor)).orThrow().kind();
        assertThat(read.vector().fitsIn(slice.vector())).isTrue();
        assertThat(slice.policy().minimum().fitsIn(read.policy().minimum())).isTrue();
        assertThat(slice.policy().step().fitsIn(read.policy().step())).isTrue();
    }

    @Property(tries = 300)
    void selectors_are_asked_as_they_are(@ForAll("exact") Any any, @ForAll Dialect dialect) {
        var type = any.one(List.of(FlavorType.values()));
        var filters = new ArrayList<Filter>();
        for (var attribute : Attribute.values()) {
            if (attribute.isOf(type) && any.random().nextInt(3) == 0) filters.add(any.filter(attribute));
        }
        var selector = Selector.of(type, filters).orThrow();
        var raw = QueryText.write(SelectorQuery.write(selector, dialect));
        assertThat(QueryText.read(raw)
                        .flatMap(query -> SelectorQuery.read(type, query))
                        .orThrow())
                .isEqualTo(selector);
    }
}
