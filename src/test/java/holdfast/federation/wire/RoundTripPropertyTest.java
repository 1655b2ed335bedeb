package holdfast.federation.wire;

import static holdfast.federation.wire.Published.assertConforms;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.platform.Json;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Carbon;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Sensor;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vector;
import holdfast.protocol.rear.Vm;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;

/// Whatever is traded: each dialect writes what its schema accepts, and reads the same from it.
class RoundTripPropertyTest {
    private static final String ODD = "aZ0 -.,:/\"\\{}ü漢\uD83D\uDE00\t";

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
        assertThat(RearReader.transaction(node.transaction(transaction), Instant.EPOCH).orThrow())
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
        var flavor = any.flavor(any.random.nextBoolean() ? Map.of("name", "a slice") : Map.of());
        assertConforms("schemas/flavor", doc.flavor(flavor));
        assertThat(RearReader.flavor(doc.flavor(flavor)).orThrow())
                .isEqualTo(flavor.kind() instanceof K8Slice ? flavor : any.named(flavor));

        var ask = new Transaction.Ask(flavor.id(), any.identity(), any.maybe(any.configuration()));
        assertConforms("schemas/reservation", doc.reserve(ask));
        assertThat(RearReader.reserve(doc.reserve(ask)).orThrow()).isEqualTo(ask);

        var transaction = any.transaction(ask);
        assertConforms("schemas/transaction", doc.transaction(transaction));
        assertThat(RearReader.transaction(doc.transaction(transaction), Instant.EPOCH).orThrow())
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
            if (attribute.isOf(type) && any.random.nextInt(3) == 0) filters.add(any.filter(attribute));
        }
        var selector = Selector.of(type, filters).orThrow();
        var raw = QueryText.write(SelectorQuery.write(selector, dialect));
        assertThat(QueryText.read(raw).flatMap(query -> SelectorQuery.read(type, query)).orThrow())
                .isEqualTo(selector);
    }

    /// Draws values.
    record Any(Random random, boolean exact) {
        <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        <T> Optional<T> maybe(T value) {
            return random.nextBoolean() ? Optional.of(value) : Optional.empty();
        }

        String text() {
            var points = ODD.codePoints().toArray();
            var text = new StringBuilder();
            for (int left = random.nextInt(8); left > 0; left--) text.appendCodePoint(points[random.nextInt(points.length)]);
            return text.toString();
        }

        String word() {
            return "w" + Integer.toHexString(random.nextInt(1 << 20));
        }

        List<String> words() {
            return random.ints(random.nextInt(3)).mapToObj(_ -> word()).toList();
        }

        /// Zero included; for the documented dialect, in its grain.
        Quantity amount(long grain) {
            var family = one(List.of(Suffix.values()));
            var factor = exact ? 1 : grain;
            var nano = BigInteger.valueOf(random.nextLong(100_000)).multiply(BigInteger.valueOf(factor));
            return new Quantity(random.nextBoolean() ? nano : nano.shiftLeft(20), family);
        }

        Quantity cpu() {
            return amount(1_000_000);
        }

        Quantity whole() {
            return amount(1_000_000_000);
        }

        Vector main() {
            return Vector.of(cpu(), whole(), whole());
        }

        Vector slicing() {
            return main().with(Dimension.STORAGE, whole())
                    .with(Dimension.GPU_CORES, cpu())
                    .with(Dimension.GPU_MEMORY, whole());
        }

        K8Slice slice() {
            return new K8Slice(
                    word(), slicing(), maybe(word()), properties(), new Policy(main(), main()));
        }

        Vm vm() {
            long least = 1 + random.nextInt(5);
            var instance = new Vector(Map.of(
                    Dimension.CPU, Quantity.of(random.nextInt(64)),
                    Dimension.MEMORY, KindReader.MEBI.times(random.nextInt(100_000)),
                    Dimension.STORAGE, KindReader.GIBI.times(random.nextInt(1_000)),
                    Dimension.GPU_CORES, Quantity.of(random.nextInt(3))));
            return new Vm(word(), maybe(word()), instance, maybe(word()), properties(), least, least + random.nextInt(9));
        }

        ServiceOffer service() {
            return new ServiceOffer(
                    text(), text(), word(), words(), List.of(one(List.of(HostingPolicy.values()))), free());
        }

        Sensor sensor() {
            boolean http = random.nextBoolean();
            return new Sensor(
                    word(), text(), text(), text(), number(), number(), number(), text(),
                    http ? Optional.of(words()) : Optional.empty(),
                    http ? maybe(word()) : Optional.of(word()),
                    properties());
        }

        OptionalLong number() {
            return random.nextBoolean() ? OptionalLong.of(random.nextInt(10_000)) : OptionalLong.empty();
        }

        JsonNode free() {
            return Json.tree("{\"type\": \"object\", \"Type\": [1, 2.50, null, true], \"x\": {\"y\": \"%s\"}}".formatted(word()));
        }

        Properties properties() {
            var carbon = new Carbon(random.nextInt(1000), random.longs(random.nextInt(4), -5, 900).boxed().toList());
            return new Properties(
                    random.nextInt(100), words(), maybe(carbon), rules(), rules(),
                    random.nextBoolean() ? Map.of() : Map.of("TEE", Json.tree("true"), word(), Json.tree("[1, {\"a\": null}]")));
        }

        List<NetworkRule> rules() {
            return random.ints(random.nextInt(3))
                    .mapToObj(_ -> new NetworkRule(word(), end(), end(), "443", "HTTPS"))
                    .toList();
        }

        NetworkRule.End end() {
            return random.nextBoolean()
                    ? new NetworkRule.End(random.nextBoolean(), Optional.of("10.0.0.0/16"), Map.of(), Map.of())
                    : new NetworkRule.End(random.nextBoolean(), Optional.empty(), labels(), labels());
        }

        Map<String, String> labels() {
            return random.nextBoolean() ? Map.of() : Map.of("app", text(), word(), "*");
        }

        NodeIdentity identity() {
            return new NodeIdentity(word(), "10.0.0." + random.nextInt(99) + ":30000", "alps.example", Optional.of(word()));
        }

        Flavor flavor(Map<String, String> extra) {
            Kind kind = one(List.of(slice(), vm(), service(), sensor()));
            var place = new Location(text(), text(), text(), text(), text());
            var since = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            return new Flavor(
                    "alps-example-" + word(), word(), identity(), kind, maybe(new Price("0.40", text(), text())),
                    random.nextBoolean(), maybe(word()), place, since, extra);
        }

        /// The same without a name, unless it is a slice.
        Flavor named(Flavor flavor) {
            return flavor.kind() instanceof K8Slice
                    ? flavor
                    : new Flavor(
                            flavor.id(), flavor.provider(), flavor.owner(), flavor.kind(), flavor.price(),
                            flavor.available(), flavor.network(), flavor.place(), flavor.since(), Map.of());
        }

        Configuration configuration() {
            return one(List.of(
                    new Configuration.Slice(slicing(), maybe(word()), maybe(word())),
                    new Configuration.Instances(1 + random.nextInt(9)),
                    new Configuration.Settings(maybe(HostingPolicy.SHARED), free()),
                    new Configuration.Access(Configuration.Access.Protocol.MQTT)));
        }

        Instant second() {
            return Instant.ofEpochSecond(random.nextInt());
        }

        Transaction transaction(Transaction.Ask ask) {
            return new Transaction(word(), ask.flavor(), ask.buyer(), word(), ask.configuration(), second());
        }

        Contract.Credentials credentials() {
            return random.nextBoolean()
                    ? new Contract.Credentials(word(), "YXBpVmVyc2lvbjogdjEK")
                    : new Contract.Credentials(
                            word(), Optional.empty(), maybe(word()), Optional.of("https://x.example"), maybe(word()));
        }

        Contract.Telemetry telemetry() {
            return new Contract.Telemetry("http://10.0.0.1/x", words());
        }

        Contract contract(Flavor flavor, Transaction bought, Optional<Contract.Telemetry> telemetry) {
            return new Contract(
                    "contract-" + word(), bought.id(), flavor, bought.configuration(), bought.buyer(), bought.cluster(),
                    identity(), maybe(credentials()), maybe(second()),
                    random.nextBoolean() ? Map.of() : Map.of("price.amount", "0.1250", word(), text()),
                    maybe(word()), telemetry);
        }

        Filter filter(Attribute attribute) {
            var low = amount(1).text();
            var answer = attribute.form() == Attribute.Form.TEXT
                    ? random.nextBoolean() ? Filter.match(attribute, text()) : Filter.regex(attribute, "^(a|ü)+ [&=]$")
                    : switch (random.nextInt(4)) {
                        case 0 -> Filter.match(attribute, low);
                        case 1 -> Filter.range(attribute, Optional.of(low), Optional.empty());
                        case 2 -> Filter.range(attribute, Optional.empty(), Optional.of(low));
                        default -> Filter.range(attribute, Optional.of(low), Optional.of("1E"));
                    };
            return answer.orThrow();
        }
    }
}
