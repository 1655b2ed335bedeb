package holdfast.protocol.rear;

import holdfast.core.Quantity;
import holdfast.core.Refusal;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Optional;

/// Into what a flavor may be cut (fluidos.md 6.3). All of a dimension may be taken whatever the step; less of it is the
/// minimum and a number of steps more, counted from the minimum. Storage and GPUs need not be taken at all.
public final class Pieces {
    private Pieces() {}

    /// Why what is asked for is no piece of `whole`, naming field, value, rule and way out; empty if it is one.
    /// Settings of a service are not held against its template here.
    public static Optional<Refusal> fault(Kind whole, Configuration asked) {
        if (asked.type() != whole.type()) {
            return no(
                    "type",
                    "the configuration is for a flavor of type " + asked.type().word() + ", this one is of type "
                            + whole.type().word() + ": name that type");
        }
        return switch (asked) {
            case Configuration.Slice slice -> named(whole, slice).or(() -> uncut(whole, slice.amounts()));
            case Configuration.Instances instances -> uncut(whole, instances.amounts());
            case Configuration.Settings settings ->
                settings.hosting()
                        .filter(hosting -> whole instanceof ServiceOffer service
                                && !service.hosted().contains(hosting))
                        .flatMap(hosting -> no(
                                "hostingPolicy",
                                "the service is not hosted by " + hosting.word()
                                        + ": name a policy that the flavor offers, or none"));
            case Configuration.Access access ->
                whole instanceof Sensor sensor && !sensor.access().contains(access.protocol())
                        ? no(
                                "accessType",
                                "the sensor is not read by " + access.protocol() + ": name one of " + sensor.access()
                                        + " as accessType")
                        : Optional.empty();
        };
    }

    /// Whether the amounts are a piece of `whole`.
    public static boolean valid(Kind whole, Vector asked) {
        return uncut(whole, asked).isEmpty();
    }

    /// Whether anything can be cut of what is left: nothing is negative, and of all that is counted there is the
    /// minimum (fluidos.md 6.4).
    public static boolean sellable(Vector free, Kind kind) {
        return Vector.NONE.fitsIn(free)
                && kind.type().counted().stream()
                        .map(dimension -> free.get(dimension)
                                .compareTo(
                                        least(dimension, kind.policy().minimum().get(dimension))))
                        .allMatch(difference -> difference >= 0);
    }

    /// The least piece of a flavor that has at least `asked`.
    ///
    /// @param most of each dimension; those that are not named have no limit but the flavor's
    /// @return empty if there is none
    public static Optional<Vector> roundUp(Kind whole, Vector asked, Vector most) {
        var piece = new EnumMap<Dimension, Quantity>(Dimension.class);
        for (var dimension : Dimension.values()) {
            var amount = roundUp(whole, dimension, asked.get(dimension));
            if (amount.isEmpty() || tooMuch(amount.get(), most.get(dimension))) {
                return Optional.empty();
            }
            piece.put(dimension, amount.get());
        }
        return Optional.of(new Vector(piece));
    }

    private static boolean tooMuch(Quantity amount, Quantity most) {
        return most.signum() > 0 && amount.compareTo(most) > 0;
    }

    private static Optional<Quantity> roundUp(Kind whole, Dimension dimension, Quantity asked) {
        if (asked.signum() <= 0 && !whole.type().counted().contains(dimension)) {
            return Optional.of(Quantity.ZERO);
        }
        var minimum = whole.policy().minimum().get(dimension);
        var step = whole.policy().step().get(dimension);
        var first = minimum.signum() > 0 ? minimum : least(dimension, step);
        var grain = step.signum() > 0 ? step : dimension.unit();
        var cut = asked.compareTo(first) <= 0 ? first : minimum.plus(ceiling(asked.minus(minimum), grain));
        var all = whole.vector().get(dimension);
        if (faultOf(whole, dimension, cut).isEmpty()) {
            return Optional.of(cut);
        }
        return asked.compareTo(all) <= 0 && faultOf(whole, dimension, all).isEmpty()
                ? Optional.of(all)
                : Optional.empty();
    }

    /// The least multiple of `grain` that is not less.
    private static Quantity ceiling(Quantity amount, Quantity grain) {
        var up = amount.nano().add(grain.nano()).subtract(BigInteger.ONE);
        return new Quantity(up, amount.family()).floor(grain);
    }

    /// What a minimum or step of zero stands for.
    private static Quantity least(Dimension dimension, Quantity stated) {
        return stated.signum() > 0 ? stated : dimension.unit();
    }

    private static Optional<Refusal> named(Kind whole, Configuration.Slice asked) {
        if (asked.gpuModel().isPresent()
                && whole.gpuModel().isPresent()
                && !asked.gpuModel().equals(whole.gpuModel())) {
            return no(
                    "gpu.model",
                    "the GPUs are of model \"" + whole.gpuModel().get() + "\", not \""
                            + asked.gpuModel().get() + "\": name that model or none");
        }
        return asked.architecture()
                .filter(wanted ->
                        whole instanceof K8Slice slice && !slice.architecture().equals(wanted))
                .flatMap(wanted -> no(
                        "architecture", "the flavor is not of architecture \"" + wanted + "\": name its own or none"));
    }

    private static Optional<Refusal> uncut(Kind whole, Vector asked) {
        for (var dimension : Dimension.values()) {
            var rule = faultOf(whole, dimension, asked.get(dimension));
            if (rule.isPresent()) {
                return no(
                        dimension.word(),
                        dimension.word() + " " + asked.get(dimension) + " is no piece of "
                                + whole.vector().get(dimension) + ": " + rule.get());
            }
        }
        return Optional.empty();
    }

    /// The rule that an amount of one dimension breaks.
    private static Optional<String> faultOf(Kind whole, Dimension dimension, Quantity asked) {
        var all = whole.vector().get(dimension);
        var minimum = whole.policy().minimum().get(dimension);
        var step = whole.policy().step().get(dimension);
        if (asked.signum() < 0) {
            return Optional.of("it is less than nothing");
        }
        if (asked.compareTo(all) > 0) {
            return Optional.of("there is not so much of it, ask for less");
        }
        if (asked.signum() == 0) {
            return whole.type().counted().contains(dimension)
                    ? Optional.of("some of it must be taken, at least " + least(dimension, minimum))
                    : Optional.empty();
        }
        if (asked.compareTo(minimum) < 0) {
            return Optional.of("the least is " + minimum);
        }
        if (asked.equals(all)) {
            return Optional.empty();
        }
        if (!asked.equals(asked.floor(dimension.unit()))) {
            return Optional.of("it is not whole in units of " + dimension.unit());
        }
        var over = asked.minus(minimum);
        return step.signum() == 0 || over.equals(over.floor(step))
                ? Optional.empty()
                : Optional.of("take " + (minimum.signum() > 0 ? minimum + " and any number of " : "any number of ")
                        + step + (minimum.signum() > 0 ? " more" : "") + ", or all of it");
    }

    private static Optional<Refusal> no(String field, String message) {
        return Optional.of(Refusal.malformed("configuration." + field, message));
    }
}
