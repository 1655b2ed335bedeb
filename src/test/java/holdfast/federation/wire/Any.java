package holdfast.federation.wire;

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
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Sensor;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vector;
import holdfast.protocol.rear.Vm;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// Draws what is traded by chance.
///
/// @param exact whether amounts may be finer than the documented dialect can say
record Any(Random random, boolean exact) {
    private static final String ODD = "aZ0 -.,:/\"\\{}ü漢\uD83D\uDE00\t";

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    <T> Optional<T> maybe(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    String text() {
        var points = ODD.codePoints().toArray();
        var text = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--)
            text.appendCodePoint(points[random.nextInt(points.length)]);
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
        return new K8Slice(word(), slicing(), maybe(word()), properties(), new Policy(main(), main()));
    }

    Vm vm() {
        long least = 1L + random.nextInt(5);
        var instance = new Vector(Map.of(
                Dimension.CPU, Quantity.of(random.nextInt(64)),
                Dimension.MEMORY, KindReader.MEBI.times(random.nextInt(100_000)),
                Dimension.STORAGE, KindReader.GIBI.times(random.nextInt(1_000)),
                Dimension.GPU_CORES, Quantity.of(random.nextInt(3))));
        return new Vm(word(), maybe(word()), instance, maybe(word()), properties(), least, least + random.nextInt(9));
    }

    ServiceOffer service() {
        return new ServiceOffer(text(), text(), word(), words(), List.of(one(List.of(HostingPolicy.values()))), free());
    }

    Sensor sensor() {
        boolean http = random.nextBoolean();
        return new Sensor(
                word(),
                text(),
                text(),
                text(),
                number(),
                number(),
                number(),
                text(),
                http ? Optional.of(words()) : Optional.empty(),
                http ? maybe(word()) : Optional.of(word()),
                properties());
    }

    OptionalLong number() {
        return random.nextBoolean() ? OptionalLong.of(random.nextInt(10_000)) : OptionalLong.empty();
    }

    JsonNode free() {
        return Json.tree(
                "{\"type\": \"object\", \"Type\": [1, 2.50, null, true], \"x\": {\"y\": \"%s\"}}".formatted(word()));
    }

    Properties properties() {
        var carbon = new Carbon(
                random.nextInt(1000),
                random.longs(random.nextInt(4), -5, 900).boxed().toList());
        return new Properties(
                random.nextInt(100),
                words(),
                maybe(carbon),
                rules(),
                rules(),
                random.nextBoolean()
                        ? Map.of()
                        : Map.of("TEE", Json.tree("true"), word(), Json.tree("[1, {\"a\": null}]")));
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
                "alps-example-" + word(),
                word(),
                identity(),
                kind,
                maybe(new Price("0.40", text(), text())),
                random.nextBoolean(),
                maybe(word()),
                place,
                since,
                extra);
    }

    /// The same without a name, unless it is a slice.
    Flavor named(Flavor flavor) {
        return flavor.kind() instanceof K8Slice
                ? flavor
                : new Flavor(
                        flavor.id(),
                        flavor.provider(),
                        flavor.owner(),
                        flavor.kind(),
                        flavor.price(),
                        flavor.available(),
                        flavor.network(),
                        flavor.place(),
                        flavor.since(),
                        Map.of());
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
                "contract-" + word(),
                bought.id(),
                flavor,
                bought.configuration(),
                bought.buyer(),
                bought.cluster(),
                identity(),
                maybe(credentials()),
                maybe(second()),
                random.nextBoolean() ? Map.of() : Map.of("price.amount", "0.1250", word(), text()),
                maybe(word()),
                telemetry);
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
