package holdfast.drivers.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// A driver and the server that it speaks to, on simulated time.
final class DeltacloudRig implements AutoCloseable, InstantSource {
    static final UUID OWNER = UUID.fromString("0badcafe-0000-4000-8000-000000000001");
    static final String LEASE = "5f0c1d4e-0001-4c1e-9d5a-000000000001";
    static final Key VM = new Key(LEASE, "server");
    static final Key OPENER = new Key(LEASE, "key");
    static final Limits LIMITS = new Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(90),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));

    final MockDeltacloud mock;
    Deltacloud driver;
    private final Limits limits;
    private Instant now = Instant.parse("2030-01-07T08:00:00Z");

    DeltacloudRig(String type) {
        this(type, LIMITS);
    }

    DeltacloudRig(String type, Limits limits) {
        this.mock = new MockDeltacloud(type);
        this.limits = limits;
        this.driver = open(OWNER, MockDeltacloud.PASSWORD, false);
    }

    Deltacloud open(UUID owner, String password, boolean rewrite) {
        var account = new Account(
                mock.url(), mock.type, Optional.empty(), MockDeltacloud.USER, password, Optional.empty(), rewrite);
        return new Deltacloud(owner, account, limits, this);
    }

    /// As after a restart: all that is in memory is gone.
    void restart() {
        driver.close();
        driver = open(OWNER, MockDeltacloud.PASSWORD, false);
    }

    static Wanted.Instance wanted() {
        return new Wanted.Instance(
                "web/1",
                "m1-small",
                Map.of(),
                "img1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                true,
                0);
    }

    static Order.Instance running() {
        return new Order.Instance(wanted(), Way.MAKE);
    }

    static Order.Instance stopped() {
        return new Order.Instance(wanted().switched(false), Way.SWITCH);
    }

    Map<String, String> done(Order order) {
        return done(() -> driver.ensure(VM, order));
    }

    void removed() {
        done(() -> driver.remove(VM));
    }

    /// Asks again as long as it is told to.
    Map<String, String> done(Supplier<Result> verb) {
        return ((Result.Done) ended(verb)).facts();
    }

    String failed(Order order) {
        return ((Result.Failed) ended(() -> driver.ensure(VM, order))).why();
    }

    private Result ended(Supplier<Result> verb) {
        for (int n = 0; n < 100; n++) {
            var result = verb.get();
            if (!(result instanceof Result.Later(var _, var again))) return result;
            pass(again.orElse(Duration.ofMillis(500)));
        }
        throw new AssertionError("never done");
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static <T> T seen(Cloud.Look<T> look) {
        assertThat(look).isInstanceOf(Cloud.Look.Seen.class);
        return ((Cloud.Look.Seen<T>) look).what();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void close() {
        driver.close();
        mock.close();
    }
}
