package holdfast.broker.market;

import holdfast.core.Interval;
import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// What claims take together, step by step: sums that are kept, so that one claim more or less does not add up all the
/// others anew. Never changes.
final class Taken {
    static final Taken NOTHING = new Taken(List.of());

    private static final List<Dimension> DIMENSIONS = List.of(Dimension.values());

    /// The price comes after the dimensions.
    private static final int PRICE = DIMENSIONS.size();

    /// First to last; before the first of them nothing is taken.
    private final List<Step> steps;

    private Taken(List<Step> steps) {
        this.steps = steps;
    }

    /// From then on until the next one.
    private static final class Step {
        final Instant from;
        final BigDecimal[] sums;

        Step(Instant from, BigDecimal[] sums) {
            this.from = from;
            this.sums = sums;
        }
    }

    /// The most that is taken at once, of each dimension and in price.
    record Peak(Vector amounts, BigDecimal price) {}

    static Taken of(Collection<Claim> claims) {
        var changes = new TreeMap<Instant, BigDecimal[]>();
        for (var claim : claims) {
            var sums = sums(claim);
            changes.merge(claim.term().from(), sums, Taken::plus);
            changes.merge(claim.term().until(), negated(sums), Taken::plus);
        }
        var steps = new ArrayList<Step>(changes.size());
        var present = zero();
        for (var change : changes.entrySet()) {
            present = plus(present, change.getValue());
            steps.add(new Step(change.getKey(), present));
        }
        return new Taken(steps);
    }

    Taken with(Claim claim) {
        return changed(claim.term(), sums(claim));
    }

    Taken without(Claim claim) {
        return changed(claim.term(), negated(sums(claim)));
    }

    private Taken changed(Interval term, BigDecimal[] difference) {
        var changed = new ArrayList<Step>(steps.size() + 2);
        changed.addAll(steps);
        int first = cut(changed, term.from());
        int last = cut(changed, term.until());
        for (int i = first; i < last; i++) {
            changed.set(i, new Step(changed.get(i).from, plus(changed.get(i).sums, difference)));
        }
        join(changed, last);
        join(changed, first);
        return new Taken(changed);
    }

    /// @return the index of the step that begins then, from now on
    private static int cut(List<Step> steps, Instant at) {
        int index = index(steps, at);
        if (index >= 0 && steps.get(index).from.equals(at)) {
            return index;
        }
        steps.add(index + 1, new Step(at, index < 0 ? zero() : steps.get(index).sums));
        return index + 1;
    }

    /// What is as it was before is no step.
    private static void join(List<Step> steps, int index) {
        var before = index == 0 ? zero() : steps.get(index - 1).sums;
        if (Arrays.equals(before, steps.get(index).sums, BigDecimal::compareTo)) {
            steps.remove(index);
        }
    }

    /// The last step that has begun by then, -1 if none has.
    private static int index(List<Step> steps, Instant at) {
        int low = 0;
        for (int high = steps.size(); low < high; ) {
            int middle = (low + high) >>> 1;
            if (steps.get(middle).from.isAfter(at)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low - 1;
    }

    Peak peak(Interval term) {
        int index = index(steps, term.from());
        var most = index < 0 ? zero() : steps.get(index).sums.clone();
        for (int i = index + 1; i < steps.size() && steps.get(i).from.isBefore(term.until()); i++) {
            var sums = steps.get(i).sums;
            for (int k = 0; k <= PRICE; k++) {
                most[k] = most[k].max(sums[k]);
            }
        }
        return new Peak(vector(most), most[PRICE]);
    }

    /// Tells what is taken from each of its instants on, until the next one.
    void from(Instant now, BiConsumer<Instant, Vector> told) {
        int index = index(steps, now);
        if (index >= 0) {
            told.accept(now, vector(steps.get(index).sums));
        }
        for (var step : steps.subList(index + 1, steps.size())) {
            told.accept(step.from, vector(step.sums));
        }
    }

    private static BigDecimal[] sums(Claim claim) {
        var sums = zero();
        for (int i = 0; i < PRICE; i++) {
            sums[i] = new BigDecimal(claim.amounts().get(DIMENSIONS.get(i)).nano());
        }
        sums[PRICE] = claim.price().map(Quote::amount).orElse(BigDecimal.ZERO);
        return sums;
    }

    private static Vector vector(BigDecimal[] sums) {
        var amounts = new EnumMap<Dimension, Quantity>(Dimension.class);
        for (int i = 0; i < PRICE; i++) {
            if (sums[i].signum() != 0) {
                amounts.put(DIMENSIONS.get(i), new Quantity(sums[i].toBigIntegerExact(), Suffix.DECIMAL));
            }
        }
        return new Vector(amounts);
    }

    private static BigDecimal[] plus(BigDecimal[] one, BigDecimal[] other) {
        var sums = new BigDecimal[PRICE + 1];
        Arrays.setAll(sums, i -> other[i].signum() == 0 ? one[i] : one[i].add(other[i]));
        return sums;
    }

    private static BigDecimal[] negated(BigDecimal[] sums) {
        return Arrays.stream(sums).map(BigDecimal::negate).toArray(BigDecimal[]::new);
    }

    private static BigDecimal[] zero() {
        return Collections.nCopies(PRICE + 1, BigDecimal.ZERO).toArray(BigDecimal[]::new);
    }
}
