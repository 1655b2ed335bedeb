package holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.decisions.Decisions;
import holdfast.calendar.Calendar;
import holdfast.calendar.Usage;
import holdfast.calendar.Whole;
import holdfast.core.Capacities;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Engine;
import holdfast.inventory.Models;
import holdfast.platform.Platform;
import holdfast.protocol.Message;
import holdfast.protocol.Offer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ProviderSupplyTest {
    private static final Instant NOW = Instant.parse("2030-01-07T08:00:00Z");
    private static final UUID PROVIDER = new UUID(1, 2);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final Platform platform = Platform.seeded(7, InstantSource.fixed(NOW));
    private final Calendar calendar = new Calendar();
    private final Units units = new Units();
    private final ProviderSupply supply =
            new ProviderSupply("broker", platform, new Engine(platform, db.database()), calendar, units);

    private void update(long sequence, Optional<CloudSupply> what) {
        var offer = what.map(has -> new Offer("lab", 0, true, has));
        db.database().inTransaction(tx -> supply.updated(tx, new Message.UpdateSupply(PROVIDER, sequence, offer)));
    }

    private Map<String, Usage> book() {
        return db.database().inTransaction(tx -> calendar.usage(tx, "broker", Interval.of(NOW, Duration.ofHours(1))));
    }

    private long total(String place, String dimension) {
        return book().get(place).total().get(dimension);
    }

    private List<Units.Unit> hosts() {
        return db.database().inTransaction(units::hosts);
    }

    @Test
    void a_provider_has_an_account_zones_and_hosts_in_the_book() {
        update(1, Optional.of(CloudPlan.SMALL.supply()));
        assertThat(total(Places.account(PROVIDER), "vcpu")).isEqualTo(64);
        assertThat(total(Places.zone(PROVIDER, "north"), "vcpu")).isEqualTo(32);
        assertThat(total(Places.host(PROVIDER, "host-3"), "memory_mb")).isEqualTo(65_536);
        assertThat(total(Places.host(PROVIDER, "host-3"), Whole.DIMENSION)).isEqualTo(Whole.ALL);
        assertThat(hosts()).extracting(Units.Unit::name).containsExactly("host-1", "host-2", "host-3", "host-4");
        assertThat(hosts()).allMatch(Units.Unit::up);
    }

    @Test
    void what_the_account_does_not_limit_is_not_limited() {
        var unlimited = CloudPlan.SMALL.supply().with(List.of());
        update(
                1,
                Optional.of(new CloudSupply(
                        List.of(), Map.of("vcpu", 8L), List.of(), unlimited.flavors(), List.of(), List.of(), false)));
        assertThat(total(Places.account(PROVIDER), "vcpu")).isEqualTo(8);
        assertThat(total(Places.account(PROVIDER), "volume_gb")).isEqualTo(holdfast.calendar.Booking.MOST);
    }

    @Test
    void what_is_held_on_hosts_is_not_limited_as_the_account_is() {
        var small = CloudPlan.SMALL.supply();
        var limits = Map.of("vcpu", 8L, "instance", 2L, "volume", 3L);
        update(
                1,
                Optional.of(new CloudSupply(
                        small.hosts(), limits, small.zones(), small.flavors(), List.of(), List.of(), true)));
        assertThat(total(Places.account(PROVIDER), "vcpu")).isEqualTo(64);
        assertThat(total(Places.account(PROVIDER), "instance")).isEqualTo(4_000);
        assertThat(total(Places.account(PROVIDER), "volume")).isEqualTo(3);
    }

    @Test
    void old_news_changes_nothing() {
        var small = CloudPlan.SMALL.supply();
        update(2, Optional.of(small.in(List.of("north"))));
        update(1, Optional.of(small));
        update(2, Optional.of(small));
        assertThat(hosts()).hasSize(2);
        update(3, Optional.of(small));
        assertThat(hosts()).hasSize(4);
    }

    @Test
    void a_host_that_is_not_seen_any_more_has_nothing_and_keeps_its_number() {
        var small = CloudPlan.SMALL.supply();
        update(1, Optional.of(small));
        var before = hosts();
        update(2, Optional.of(small.with(small.hosts().subList(0, 3))));
        assertThat(hosts()).hasSize(4);
        assertThat(hosts().getLast().up()).isFalse();
        assertThat(total(Places.host(PROVIDER, "host-4"), "vcpu")).isZero();
        assertThat(total(Places.zone(PROVIDER, "south"), "vcpu")).isEqualTo(16);
        update(3, Optional.of(small));
        assertThat(hosts())
                .extracting(Units.Unit::number)
                .isEqualTo(before.stream().map(Units.Unit::number).toList());
        assertThat(total(Places.host(PROVIDER, "host-4"), "vcpu")).isEqualTo(16);
    }

    @Test
    void a_provider_that_is_taken_out_has_nothing() {
        update(1, Optional.of(CloudPlan.SMALL.supply()));
        update(2, Optional.empty());
        assertThat(book().values()).allMatch(usage -> usage.total().amounts().isEmpty());
        update(3, Optional.of(CloudPlan.SMALL.supply()));
        assertThat(book().values())
                .as("and does not come back")
                .allMatch(usage -> usage.total().amounts().isEmpty());
    }

    private void drift(long sequence, CloudServer... servers) {
        db.database().inTransaction(tx -> {
            var engine = new Engine(platform, db.database());
            var items = new Items();
            var snapshots = new Snapshots("broker", engine, calendar, new Units(), new FloatingAddresses(), items);
            var inside = new Inside("broker", calendar);
            var drawing =
                    new Drawing(inside, calendar, snapshots, new Decisions(platform, "broker", inside.book(), () -> 0));
            new Strangers("broker", platform, engine, calendar, items, drawing)
                    .seen(tx, new Message.Drift(PROVIDER, sequence, List.of(servers)));
            return true;
        });
    }

    private static CloudServer server(String id, String host, long vcpus) {
        return new CloudServer(
                id,
                "their-" + id,
                Optional.empty(),
                "ACTIVE",
                Optional.of(host),
                Optional.of("north"),
                "theirs",
                Map.of("vcpu", vcpus, "memory_mb", 512L, "disk_gb", 1L, "instance", 1L),
                false,
                Optional.empty());
    }

    private long lent(String place, String dimension) {
        return db.database()
                .inTransaction(tx -> calendar.lent(tx, "broker", List.of(place), NOW))
                .getOrDefault(place, Capacities.NONE)
                .get(dimension);
    }

    @Test
    void servers_that_nobody_asked_for_are_counted_as_lent_while_they_are_there() {
        update(1, Optional.of(CloudPlan.SMALL.supply()));
        drift(1, server("a", "host-1", 4), server("b", "host-2", 2));
        assertThat(lent(Places.host(PROVIDER, "host-1"), "vcpu")).isEqualTo(4);
        assertThat(lent(Places.zone(PROVIDER, "north"), "vcpu")).isEqualTo(6);
        assertThat(lent(Places.account(PROVIDER), "instance")).isEqualTo(2);
        assertThat(book().get(Places.account(PROVIDER)).free().get("vcpu"))
                .as("what is firm does not see them")
                .isEqualTo(64);
        drift(2, server("b", "host-2", 2));
        assertThat(lent(Places.zone(PROVIDER, "north"), "vcpu")).isEqualTo(2);
        drift(2, server("b", "host-2", 2));
        assertThat(lent(Places.zone(PROVIDER, "north"), "vcpu"))
                .as("told twice")
                .isEqualTo(2);
        drift(3);
        assertThat(lent(Places.account(PROVIDER), "instance")).isZero();
    }

    @Test
    void strangers_of_a_provider_that_is_taken_out_are_forgotten() {
        update(1, Optional.of(CloudPlan.SMALL.supply()));
        drift(1, server("a", "host-1", 4));
        db.database().inTransaction(tx -> {
            var gone = new Message.UpdateSupply(PROVIDER, 2, Optional.empty());
            broker().on(tx, "clouds", gone);
            broker().on(tx, "clouds", gone);
            return true;
        });
        assertThat(lent(Places.host(PROVIDER, "host-1"), "vcpu")).isZero();
        assertThat(lent(Places.account(PROVIDER), "instance")).isZero();
        assertThat(book().values()).allMatch(usage -> usage.total().amounts().isEmpty());
    }

    private Broker broker() {
        var engine = new Engine(platform, db.database());
        var models = new Models(platform);
        return new Broker(
                "broker", platform, engine, calendar, new Supply("broker", platform, engine, calendar, models));
    }

    @Test
    void more_strangers_than_there_is_room_for_do_not_stop_the_others_from_being_counted() {
        update(1, Optional.of(CloudPlan.SMALL.supply()));
        drift(1, server("a", "host-1", 400), server("b", "host-2", 2));
        assertThat(lent(Places.zone(PROVIDER, "north"), "vcpu")).isEqualTo(2);
    }
}
