package holdfast.broker.choice;

import holdfast.core.Capacities;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// How much a project has ahead: amounts times hours, for each dimension. The quota on it keeps anybody from reserving
/// all for ever (promise.md 6.10).
public final class VectorHours {
    private static final BigInteger HOUR = BigInteger.valueOf(3600);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private VectorHours() {}

    /// What is left of the steps after `now`, in begun hours of each dimension; [Long#MAX_VALUE] if there is no
    /// end. O(steps x D).
    public static Capacities ahead(List<Step> steps, Instant now) {
        var seconds = new TreeMap<String, BigInteger>();
        for (var step : steps) {
            var from = step.when().from().isBefore(now) ? now : step.when().from();
            if (!from.isBefore(step.when().until())) {
                continue;
            }
            var left = Duration.between(from, step.when().until());
            long rounded = left.getSeconds() + (left.getNano() > 0 ? 1 : 0);
            step.amount()
                    .amounts()
                    .forEach((name, amount) -> seconds.merge(
                            name, BigInteger.valueOf(rounded).multiply(BigInteger.valueOf(amount)), BigInteger::add));
        }
        var hours = new TreeMap<String, Long>();
        seconds.forEach((name, sum) -> hours.put(
                name,
                sum.add(HOUR.subtract(BigInteger.ONE)).divide(HOUR).min(MOST).longValueExact()));
        return new Capacities(hours);
    }
}
