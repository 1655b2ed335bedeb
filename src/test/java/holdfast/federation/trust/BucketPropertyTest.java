package holdfast.federation.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

final class BucketPropertyTest {
    private static final Instant BEGINNING = Instant.parse("2031-05-02T08:00:00Z");
    private static final BigInteger TOKEN = BigInteger.valueOf(1_000_000_000);

    @Property(tries = 500)
    void however_often_it_is_looked_at_nothing_is_lost_and_nothing_won(
            @ForAll @IntRange(min = 1, max = 1_000) int perSecond,
            @ForAll @IntRange(min = 1, max = 100) int burst,
            @ForAll @Size(max = 60) List<@LongRange(min = -5_000_000, max = 3_000_000_000L) Long> steps) {
        var rate = new Bucket.Rate(perSecond, burst);
        var bucket = rate.full(BEGINNING);
        var room = BigInteger.valueOf(burst).multiply(TOKEN);
        var exact = room;
        var now = BEGINNING;
        var latest = BEGINNING;
        for (long step : steps) {
            now = now.plusNanos(step);
            if (now.isAfter(latest)) {
                var won = BigInteger.valueOf(Duration.between(latest, now).toNanos())
                        .multiply(BigInteger.valueOf(perSecond));
                exact = exact.add(won).min(room);
                latest = now;
            }
            bucket = bucket.refilled(rate, now);
            var taken = bucket.take();
            assertThat(taken.isPresent()).isEqualTo(exact.compareTo(TOKEN) >= 0);
            if (taken.isPresent()) {
                bucket = taken.get();
                exact = exact.subtract(TOKEN);
            } else {
                var wait = bucket.wait(rate);
                assertThat(bucket.refilled(rate, latest.plus(wait)).take()).isPresent();
                assertThat(bucket.refilled(rate, latest.plus(wait).minusNanos(1))
                                .take())
                        .isEmpty();
            }
            assertThat(bucket.nanos()).isEqualTo(exact.longValueExact());
        }
    }

    @Property(tries = 50)
    void a_bucket_that_was_left_alone_for_years_is_full(@ForAll @LongRange(min = 1, max = 100_000) long days) {
        var rate = new Bucket.Rate(1_000_000, 1_000_000);
        var bucket = new Bucket(0, BEGINNING).refilled(rate, BEGINNING.plus(Duration.ofDays(days)));
        assertThat(bucket.isFull(rate)).isTrue();
    }
}
