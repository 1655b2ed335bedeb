package holdfast.federation.resale;

import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Provenance;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes of what another offers what we offer (fluidos.md 6.7), as a pure function.
///
/// @param self who offers it again
/// @param margin what is added to its price
/// @param maxHops an offer that has come a longer way is not offered again
public record Readvertising(NodeIdentity self, Margin margin, int maxHops) {
    /// How long an offer is remembered under the name that it was given here.
    public static final Duration LIFE = Duration.ofHours(24);

    /// More than anything that has a price.
    private static final BigDecimal UNPRICED = new BigDecimal("1e60");

    /// Why an offer is not offered again; empty if it may be.
    ///
    /// @param ours tags of what is our own
    public Optional<String> fault(Flavor heard, Set<String> ours) {
        var from = Provenance.of(heard);
        if (ours.contains(from.tag()) || from.node().equals(Optional.of(self.id()))) {
            return Optional.of("it is our own");
        }
        if (from.path().contains(self.id())) {
            return Optional.of("it was offered by us before");
        }
        if (from.path().size() >= maxHops) {
            return Optional.of("it has come over " + from.path().size() + " nodes");
        }
        return Optional.empty();
    }

    /// The tag of what we offer under a name of our own.
    public String tag(String flavor) {
        return FlavorIds.origin(self.id(), flavor);
    }

    /// A name for it that nobody has.
    ///
    /// @param chance 24 of its bits are in the name
    public String name(Flavor heard, long chance) {
        var from = Provenance.of(heard);
        return FlavorIds.again(self.domain(), heard.kind().type(), from.tag(), chance);
    }

    /// The offer as it is ours. What nodes that know nothing of this drop is in its name.
    ///
    /// @param name what it is called here
    /// @param asOf when it was heard of
    public Flavor again(Flavor heard, String name, Instant asOf) {
        var from = Provenance.of(heard);
        var path = new ArrayList<>(from.path());
        path.add(self.id());
        var until = asOf.plus(LIFE);
        var here = new Provenance(
                from.tag(),
                Optional.of(from.node().orElse(heard.owner().id())),
                from.path().isEmpty() ? Optional.of(heard.owner().domain()) : from.domain(),
                Optional.of(from.flavor().orElse(heard.id())),
                path,
                Optional.of(from.asOf().orElse(asOf)),
                Optional.of(from.expires().filter(until::isAfter).orElse(until)),
                from.catalog());
        return new Flavor(
                name,
                self.id(),
                self,
                here.in(heard.kind()),
                heard.price().map(margin::on),
                heard.available(),
                heard.network(),
                heard.place(),
                heard.since(),
                heard.extra());
    }

    /// Of several ways to the same offer the best: over the fewest nodes, then the cheapest, then that of the node
    /// whose id comes first (fluidos.md 6.6).
    public static List<Flavor> best(List<Flavor> heard) {
        Map<String, Flavor> kept = new HashMap<>();
        var order = Comparator.comparingInt(
                        (Flavor flavor) -> Provenance.of(flavor).path().size())
                .thenComparing(flavor -> flavor.price().flatMap(Price::hourly).orElse(UNPRICED))
                .thenComparing(Flavor::provider)
                .thenComparing(Flavor::id);
        heard.forEach(flavor -> kept.merge(
                Provenance.of(flavor).tag(), flavor, (one, other) -> order.compare(one, other) <= 0 ? one : other));
        return heard.stream().filter(flavor -> kept.containsValue(flavor)).toList();
    }
}
