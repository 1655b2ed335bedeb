package holdfast.protocol.rear;

import static java.util.stream.Collectors.joining;

import holdfast.core.Quantity;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the two sides of a contract sign, and publishers of their offers (fluidos.md 5.13): a text of lines that is the
/// same for both, whichever dialect the contract came in. The seller signs that text; the buyer signs it together with
/// the seller's signature.
public final class Signatures {
    /// In [Contract#extra]: that of the seller.
    public static final String SELLER = "x-rear-signature";

    /// In [Contract#extra]: that of the buyer, over the seller's as well.
    public static final String BUYER = "x-rear-countersignature";

    private static final String FIRST = "contract of REAR, version 1\n";
    private static final String PUBLISHED = "offer of REAR, version 1\n";

    /// What the documented dialect tells of CPUs.
    private static final Quantity MILLI = Quantity.ofNano(1_000_000);

    private Signatures() {}

    /// What a contract says: who sells how much of what to whom, until when and for how much. How it is reached and
    /// how it goes are no part of it.
    public static String text(Contract contract) {
        var lines = new TreeMap<String, String>();
        lines.put("contract", contract.id());
        lines.put("transaction", contract.transaction());
        lines.put("buyer", who(contract.buyer()));
        lines.put(
                "cluster",
                contract.cluster().isEmpty() ? contract.buyer().fabric().orElse("") : contract.cluster());
        lines.put("seller", who(contract.seller()));
        contract.expires()
                .ifPresent(end ->
                        lines.put("until", end.truncatedTo(ChronoUnit.SECONDS).toString()));
        contract.networkRules().ifPresent(rules -> lines.put("network", rules));
        flavor(lines, contract.flavor());
        contract.configuration().ifPresent(bought -> configuration(lines, bought));
        contract.extra().forEach((name, value) -> lines.put("extra." + name, value));
        lines.remove("extra." + SELLER);
        lines.remove("extra." + BUYER);
        return text(FIRST, lines);
    }

    /// What a publisher states of an offer: what it is, whose, since when and for how long.
    public static String text(Publication published) {
        var lines = new TreeMap<String, String>();
        lines.put("publisher", published.publisher());
        lines.put("owner", who(published.flavor().owner()));
        lines.put("address", published.flavor().owner().address());
        lines.put("epoch", "" + published.epoch());
        lines.put("sequence", "" + published.sequence());
        lines.put("asof", published.asOf().toString());
        lines.put("ttl", "" + published.ttlSeconds());
        lines.put("visibility", published.visibility().stream().sorted().collect(joining(",")));
        flavor(lines, published.flavor());
        return text(PUBLISHED, lines);
    }

    private static String text(String first, SortedMap<String, String> lines) {
        return lines.entrySet().stream()
                .map(line -> line(line.getKey()) + "=" + line(line.getValue()) + "\n")
                .collect(joining("", first, ""));
    }

    private static String who(NodeIdentity node) {
        return node.id() + "@" + node.domain();
    }

    /// Amounts of other kinds are told in coarser units, by dialects that differ: their names stand for them.
    private static void flavor(Map<String, String> lines, Flavor flavor) {
        lines.put("flavor", flavor.id());
        lines.put("type", flavor.kind().type().word());
        if (flavor.kind() instanceof K8Slice slice) {
            amounts(lines, "flavor.", slice.vector());
        }
        flavor.price()
                .ifPresent(price -> lines.put("price", price.amount() + "|" + price.currency() + "|" + price.period()));
    }

    private static void configuration(Map<String, String> lines, Configuration bought) {
        amounts(lines, "bought.", bought.amounts());
        switch (bought) {
            case Configuration.Slice slice -> {
                slice.gpuModel().ifPresent(model -> lines.put("bought.gpu.model", model));
                slice.architecture().ifPresent(name -> lines.put("bought.architecture", name));
            }
            case Configuration.Instances _ -> {}
            case Configuration.Settings settings -> {
                settings.hosting().ifPresent(hosting -> lines.put("bought.hosting", hosting.name()));
                lines.put("bought.data", settings.data().toString());
            }
            case Configuration.Access access ->
                lines.put("bought.access", access.protocol().name());
        }
    }

    /// CPUs in whole thousandths, everything else in whole units: as the coarser dialect tells them.
    private static void amounts(Map<String, String> lines, String prefix, Vector amounts) {
        amounts.amounts().forEach((dimension, amount) -> {
            var grain = dimension.unit().equals(Quantity.ofNano(1)) ? MILLI : dimension.unit();
            lines.put(
                    prefix + dimension.word(),
                    amount.nano().divide(grain.nano()).toString());
        });
    }

    /// Without line breaks of its own, and without what would be taken for the end of a name.
    private static String line(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("=", "\\e");
    }

    /// The contract with the seller's signature, made anew; that of a buyer under other words is gone.
    public static Contract signed(Contract contract, Notary notary) {
        var extra = new TreeMap<>(contract.extra());
        extra.remove(BUYER);
        extra.put(SELLER, notary.sign(text(contract)));
        return contract.saying(extra);
    }

    /// What is wrong with the seller's signature.
    ///
    /// @param fingerprint of the seller's key
    public static Optional<String> fault(Contract contract, String fingerprint, Notary notary) {
        var signature = contract.extra().get(SELLER);
        return signature == null
                ? Optional.of("it is not signed")
                : notary.fault(text(contract), signature, fingerprint);
    }

    /// The buyer's signature.
    public static String countersign(Contract contract, Notary notary) {
        return notary.sign(nested(contract));
    }

    /// What is wrong with the buyer's signature.
    ///
    /// @param fingerprint of the buyer's key
    public static Optional<String> fault(Contract contract, String signature, String fingerprint, Notary notary) {
        return notary.fault(nested(contract), signature, fingerprint);
    }

    private static String nested(Contract contract) {
        return text(contract) + contract.extra().getOrDefault(SELLER, "");
    }

    /// The contract with the signatures under another telling of it, and nothing else of that.
    public static Contract signedAs(Contract contract, Contract told) {
        var extra = new TreeMap<>(contract.extra());
        for (var signature : List.of(SELLER, BUYER)) {
            extra.remove(signature);
            Optional.ofNullable(told.extra().get(signature)).ifPresent(by -> extra.put(signature, by));
        }
        return contract.saying(extra);
    }

    /// The contract with the buyer's signature beside the seller's.
    public static Contract signedByBoth(Contract contract, String signature) {
        var extra = new TreeMap<>(contract.extra());
        extra.put(BUYER, signature);
        return contract.saying(extra);
    }
}
