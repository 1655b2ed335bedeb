package holdfast.federation.buying;

import holdfast.core.Capacities;
import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Pieces;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Vector;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How much of a flavor to ask for (fluidos.md 6.2).
final class Sizing {
    private static final BigInteger NANO = BigInteger.TEN.pow(9);
    private static final BigInteger GIBI = BigInteger.ONE.shiftLeft(30).multiply(NANO);
    private static final Map<Attribute, Dimension> SIZES = Map.of(
            Attribute.CPU, Dimension.CPU,
            Attribute.MEMORY, Dimension.MEMORY,
            Attribute.PODS, Dimension.PODS,
            Attribute.STORAGE, Dimension.STORAGE,
            Attribute.GPU_CORES, Dimension.GPU_CORES,
            Attribute.GPU_MEMORY, Dimension.GPU_MEMORY);

    private Sizing() {}

    /// What is asked for of one flavor.
    ///
    /// @param configuration empty: all of it
    /// @param amounts that this is
    record Piece(Optional<Configuration> configuration, Vector amounts) {}

    /// Flavors in which machines of that size fit: at least so many cores and so many gigabytes, which are GiB.
    static Selector selector(Capacities size) {
        var filters = new ArrayList<Filter>();
        least(Attribute.CPU, size.get("core"), NANO, Suffix.DECIMAL).ifPresent(filters::add);
        least(Attribute.MEMORY, size.get("ram"), GIBI, Suffix.BINARY).ifPresent(filters::add);
        least(Attribute.STORAGE, size.get("disk"), GIBI, Suffix.BINARY).ifPresent(filters::add);
        return Selector.of(FlavorType.K8SLICE, filters).orThrow();
    }

    private static Optional<Filter> least(Attribute attribute, long amount, BigInteger unit, Suffix family) {
        var quantity = new Quantity(unit.multiply(BigInteger.valueOf(amount)), family);
        return amount == 0
                ? Optional.empty()
                : Optional.of(Filter.range(attribute, Optional.of(quantity.text()), Optional.empty())
                        .orThrow());
    }

    /// In whole cores and gigabytes, none too many: what machines can have of it.
    static Capacities machines(Vector amounts) {
        return Capacities.of(
                down(amounts, Dimension.CPU, NANO),
                down(amounts, Dimension.MEMORY, GIBI),
                down(amounts, Dimension.STORAGE, GIBI));
    }

    private static long down(Vector amounts, Dimension dimension, BigInteger unit) {
        return amounts.get(dimension).nano().divide(unit).longValueExact();
    }

    /// The least valid piece of a flavor that has what a selector names. Of what it does not name: the whole amount
    /// of CPU and memory; of pods as large a share as of CPU or memory, whichever is larger; nothing else. All of
    /// the flavor if it names no amount, and of what is not cut.
    ///
    /// @return empty if there is no such piece
    static Optional<Piece> piece(Flavor flavor, Selector selector) {
        if (flavor.kind() instanceof ServiceOffer offer) {
            return Serving.piece(offer).map(settings -> new Piece(Optional.of(settings), Vector.NONE));
        }
        var bounds = bounds(selector);
        if (bounds.isEmpty() || !(flavor.kind() instanceof K8Slice whole)) {
            return Optional.of(new Piece(Optional.empty(), flavor.kind().vector()));
        }
        var asked = new EnumMap<Dimension, Quantity>(Dimension.class);
        var most = new EnumMap<Dimension, Quantity>(Dimension.class);
        for (var dimension : List.of(Dimension.CPU, Dimension.MEMORY)) {
            asked.put(dimension, whole.vector().get(dimension));
        }
        bounds.forEach((dimension, bound) -> {
            asked.put(dimension, bound.least);
            bound.most.ifPresent(limit -> most.put(dimension, limit));
        });
        asked.computeIfAbsent(Dimension.PODS, _ -> pods(whole.vector(), asked));
        return Pieces.roundUp(whole, new Vector(asked), new Vector(most))
                .map(piece -> new Piece(Optional.of(new Configuration.Slice(piece)), piece));
    }

    private record Bound(Quantity least, Optional<Quantity> most) {}

    private static Map<Dimension, Bound> bounds(Selector selector) {
        var bounds = new EnumMap<Dimension, Bound>(Dimension.class);
        for (var filter : selector.filters()) {
            var dimension = SIZES.get(filter.attribute());
            if (dimension != null) {
                switch (filter.test()) {
                    case Filter.Amount(var value) -> bounds.put(dimension, new Bound(value, Optional.of(value)));
                    case Filter.Range(var min, var max) ->
                        bounds.put(dimension, new Bound(min.orElse(Quantity.ZERO), max));
                    case Filter.Text _, Filter.Found _ -> {}
                }
            }
        }
        return bounds;
    }

    /// Rounded up to whole pods.
    private static Quantity pods(Vector whole, Map<Dimension, Quantity> asked) {
        var cpu = share(whole, asked, Dimension.CPU);
        var memory = share(whole, asked, Dimension.MEMORY);
        return cpu.compareTo(memory) >= 0 ? cpu : memory;
    }

    private static Quantity share(Vector whole, Map<Dimension, Quantity> asked, Dimension dimension) {
        var all = whole.get(dimension).nano();
        if (all.signum() == 0) {
            return Quantity.ZERO;
        }
        var pods = whole.get(Dimension.PODS).nano();
        var part = asked.getOrDefault(dimension, Quantity.ZERO).nano();
        var grain = all.multiply(NANO);
        var count = pods.multiply(part).add(grain.subtract(BigInteger.ONE)).divide(grain);
        return new Quantity(count.multiply(NANO), Suffix.DECIMAL);
    }
}
