package holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.calendar.Race;
import holdfast.calendar.Violation;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.inventory.Models;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Offer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that are decided at the same time, at two clouds with four hosts of 16 vcpu each.
final class AdmissionTest {
    private static final String BROKER = "broker";
    private static final UUID LAB = new UUID(1, 2);
    private static final UUID OTHER = new UUID(1, 3);
    private static final Caller USER = new Caller("alice", "expo", false);
    private static final Flavor LARGE = new Flavor(8, 16_384, 80);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final Platform platform = Platform.real();
    private final Engine engine = new Engine(platform, db.database());
    private final Hot hot = new Hot(engine.id(), db.database());
    private final Calendar calendar = new Calendar(hot);
    private final Broker broker = new Broker(
            BROKER, platform, engine, calendar, new Supply(BROKER, platform, engine, calendar, new Models(platform)));

    @AutoClose
    private final Desk desk = broker.desk(db.database(), hot);

    private final Interval tomorrow = Interval.of(platform.now().plus(Duration.ofDays(1)), Duration.ofHours(4));

    @BeforeEach
    void seeTheClouds() {
        var supply = new ProviderSupply(BROKER, platform, engine, calendar, new Units());
        for (var cloud : List.of(LAB, OTHER)) {
            var offer = new Offer(cloud.toString(), 0, false, CloudPlan.SMALL.supply());
            db.database()
                    .inTransaction(tx -> supply.updated(tx, new Message.UpdateSupply(cloud, 1, Optional.of(offer))));
        }
    }

    private Answer<Resource> reserve(UUID cloud, Need need) {
        return ask(cloud, need, (_, _) -> {});
    }

    private Answer<Resource> ask(UUID cloud, Need need, BiConsumer<Tx, Resource> along) {
        var item = Item.of(UUID.randomUUID(), need);
        var there = new Item(
                item.id(), Optional.of(Places.account(cloud)), List.of(), item.within(), item.need(), List.of());
        return desk.reserve(USER, ReservationRequest.of("expo", tomorrow, List.of(there)), along);
    }

    private Need vcpus(long count) {
        return Need.Quantity.of(Capacities.of("vcpu", count), tomorrow);
    }

    private static Need allHosts() {
        return new Need.Hosts(4, 4, PropertyQuery.everything());
    }

    private static Need large() {
        return new Need.Instances(LARGE, 1, 1, Affinity.NONE, PropertyQuery.everything());
    }

    @Test
    void who_asks_at_the_same_moment_gets_all_that_there_is_and_no_more() {
        var answers = Race.together(12, _ -> reserve(LAB, large()));

        assertThat(answers).filteredOn(Answer.Yes.class::isInstance).hasSize(8);
        List<Violation> overbooked = db.database().inTransaction(tx -> calendar.audit(tx));
        assertThat(overbooked).isEmpty();
    }

    @Test
    void those_who_ask_together_are_all_written_down_with_what_goes_along() {
        var made = Race.together(
                40, n -> ask(LAB, vcpus(1), (tx, one) -> remember(tx, n, one)).orThrow());

        assertThat(made).extracting(Resource::state).containsOnly("reserved");
        assertThat(made).extracting(Resource::id).doesNotHaveDuplicates();
        assertThat(count("resource where type = 'reservation' and state = 'reserved' and version = 2"))
                .isEqualTo(40);
        assertThat(count("journal where type = 'reservation' and to_state = 'initialized'"))
                .isEqualTo(40);
        assertThat(count("journal where from_state = 'initialized' and to_state = 'reserved'"))
                .isEqualTo(40);
        assertThat(count("notice where type = 'reservation.reserved'")).isEqualTo(40);
        assertThat(count("process where name = 'reservation.start'")).isEqualTo(40);
        assertThat(count("asked_before a join resource r on r.id = a.resource")).isEqualTo(40);
        assertThat(count("reservation_item i join booking b on b.holder = i.id where b.place = '" + Places.account(LAB)
                        + "'"))
                .isEqualTo(40);
    }

    @Test
    void one_that_fails_harms_no_other_and_leaves_nothing_behind() {
        var answers = Race.together(40, n -> {
            try {
                return ask(LAB, vcpus(1), (_, _) -> {
                            if (n % 8 == 0) {
                                throw new IllegalArgumentException("not that");
                            }
                        })
                        .orThrow()
                        .state();
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        });

        assertThat(answers).filteredOn("not that"::equals).hasSize(5);
        assertThat(answers).filteredOn("reserved"::equals).hasSize(35);
        assertThat(count("resource where type = 'reservation'")).isEqualTo(35);
        assertThat(count("booking where place = '" + Places.account(LAB) + "'")).isEqualTo(35);
        assertThat(count("process where name = 'reservation.start'")).isEqualTo(35);
    }

    private static void remember(Tx tx, int number, Resource made) {
        tx.sql()
                .execute(
                        "insert into asked_before (project, key, hash, resource, created) values ('expo', ?, '', ?, now())",
                        String.valueOf(number),
                        made.id());
    }

    private long count(String which) {
        return db.database()
                .inTransaction(tx ->
                        tx.sql().fetchSingle("select count(*) from " + which).get(0, Long.class));
    }

    @Test
    void who_books_at_one_cloud_is_not_waited_for_at_another() {
        db.database().inTransaction(tx -> {
            assertThat(calendar.lock(tx, BROKER, List.of(Places.account(OTHER))))
                    .hasSize(1);
            var meanwhile = CompletableFuture.supplyAsync(() -> reserve(LAB, vcpus(1)));
            assertThat(meanwhile.join()).isInstanceOf(Answer.Yes.class);
            return true;
        });
    }

    @Test
    void who_changes_what_is_at_one_cloud_waits_for_nobody_at_another() {
        var id = reserve(LAB, vcpus(1)).orThrow().id();
        var later = new ReservationChange(
                Optional.empty(),
                Optional.empty(),
                Optional.of(tomorrow.until().plus(Duration.ofHours(1))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        db.database().inTransaction(tx -> {
            assertThat(calendar.lock(tx, BROKER, List.of(Places.account(OTHER))))
                    .hasSize(1);
            var meanwhile = CompletableFuture.supplyAsync(() -> db.database()
                    .<Answer<Resource>>inTransaction(
                            other -> broker.reservations().update(other, id, later, "alice")));
            assertThat(meanwhile.join()).isInstanceOf(Answer.Yes.class);
            return true;
        });
    }

    @Test
    void a_host_that_is_taken_out_while_it_is_decided_is_not_granted() {
        var reserving = db.database().inTransaction(tx -> {
            var host = broker.hosts().all(tx).stream()
                    .filter(unit -> unit.provider().equals(LAB))
                    .findFirst()
                    .orElseThrow();
            broker.hosts().unregister(tx, host.number()).orThrow();
            var meanwhile = CompletableFuture.supplyAsync(() -> reserve(LAB, allHosts()));
            awaitWaiting(tx);
            return meanwhile;
        });

        assertThat(reserving.join()).isInstanceOf(Answer.No.class);
        assertThat(reserve(LAB, new Need.Hosts(3, 3, PropertyQuery.everything())))
                .isInstanceOf(Answer.Yes.class);
    }

    /// Until somebody waits for a lock.
    private static void awaitWaiting(Tx tx) {
        long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (tx.sql().fetch("select from pg_locks where not granted").isEmpty()) {
            assertThat(System.nanoTime()).as("nobody waits").isLessThan(until);
            tx.sql().execute("select pg_sleep(0.02)");
        }
    }
}
