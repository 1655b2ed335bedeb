package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.BEGINNING;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Interval;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Sums that are kept are those that are made anew.
final class TakenTest {
    private static Interval hours(Random random) {
        return Interval.of(
                BEGINNING.plus(Duration.ofHours(random.nextInt(12))), Duration.ofHours(random.nextInt(1, 8)));
    }

    private static Claim claim(Random random) {
        return new Claim(
                UUID.randomUUID(),
                "f1",
                "ada",
                Optional.empty(),
                vector(random.nextInt(9) + "", random.nextInt(33) + "Gi", random.nextInt(3) + ""),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new Quote(BigDecimal.valueOf(random.nextInt(100), 2), BigDecimal.ONE)),
                Optional.empty(),
                hours(random));
    }

    private static TreeMap<Instant, Vector> steps(Taken taken, Instant from) {
        var steps = new TreeMap<Instant, Vector>();
        taken.from(from, steps::put);
        return steps;
    }

    @Property(tries = 300)
    void claims_that_come_and_go_leave_what_those_that_are_there_take(@ForAll Random random) {
        var taken = Taken.NOTHING;
        var claims = new ArrayList<Claim>();
        for (int i = 0; i < 20; i++) {
            if (claims.isEmpty() || random.nextInt(3) > 0) {
                claims.add(claim(random));
                taken = taken.with(claims.getLast());
            } else {
                taken = taken.without(claims.remove(random.nextInt(claims.size())));
            }
            var term = hours(random);
            var peak = taken.peak(term);
            var anew = Taken.of(claims).peak(term);
            assertThat(peak.amounts()).isEqualTo(anew.amounts()).isEqualTo(naive(claims, term));
            assertThat(peak.price()).isEqualByComparingTo(anew.price());
            for (var at = BEGINNING; at.isBefore(term.until()); at = at.plus(Duration.ofHours(1))) {
                var floor = Optional.ofNullable(
                        steps(taken, BEGINNING.minusSeconds(1)).floorEntry(at));
                assertThat(floor.map(step -> step.getValue()).orElse(Vector.NONE))
                        .isEqualTo(naive(claims, Interval.of(at, Duration.ofHours(1))));
            }
        }
        for (var claim : claims) taken = taken.without(claim);
        assertThat(steps(taken, BEGINNING)).isEmpty();
    }

    /// Hour by hour.
    private static Vector naive(List<Claim> claims, Interval term) {
        var most = Vector.NONE;
        for (var at = term.from(); at.isBefore(term.until()); at = at.plus(Duration.ofHours(1))) {
            var hour = at;
            most = most.max(claims.stream()
                    .filter(claim -> claim.term().contains(hour))
                    .map(Claim::amounts)
                    .reduce(Vector.NONE, Vector::plus));
        }
        return most;
    }
}
