package holdfast.sim;

import static holdfast.db.Tables.NOTICE;
import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.TestDatabase;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Item;
import holdfast.calendar.Calendar;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// No server runs for hours in which hundreds of things were due, and then one starts (promise.md 6.12).
final class OutageStoriesTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private final Reserving user = new Reserving(world);

    private record Told(UUID object, String type, boolean missed) {}

    private List<String> zone(String name) {
        return world.look(tx -> new Calendar().places(tx, "broker")).stream()
                .filter(place -> place.endsWith("/a/" + name))
                .toList();
    }

    /// Asks and does not wait.
    private UUID ask(String name, Interval when, Optional<Instant> expiry, Item item) {
        var request = new ReservationRequest(
                name,
                when,
                Optional.empty(),
                expiry,
                Optional.empty(),
                Optional.empty(),
                50,
                false,
                Prefer.TIGHTEST,
                List.of(item));
        return user.ask(request).orThrow().id();
    }

    private UUID one(Interval when, List<String> south) {
        return ask("small", when, Optional.empty(), user.vcpus(1, when).in(south));
    }

    private String state(UUID id) {
        return world.look(
                tx -> world.engine.resources().find(tx, id).map(Resource::state).orElseThrow());
    }

    private List<Told> told() {
        return world.look(tx -> tx.sql()
                .select(NOTICE.OBJECT, NOTICE.TYPE, NOTICE.DATA)
                .from(NOTICE)
                .where(NOTICE.TYPE.startsWith("reservation."))
                .orderBy(NOTICE.SEQ)
                .fetch(row -> new Told(
                        row.value1(),
                        row.value2().substring("reservation.".length()),
                        Json.tree(row.value3().data()).path("missed").asBoolean(false))));
    }

    private static int at(List<Told> told, UUID id, String type) {
        for (int i = 0; i < told.size(); i++) {
            if (told.get(i).object().equals(id) && told.get(i).type().equals(type)) {
                return i;
            }
        }
        throw new AssertionError(type + " was not told of " + id);
    }

    @Test
    void ends_come_before_starts_and_what_is_over_by_then_is_not_begun() {
        var now = world.now();
        var north = zone("north");
        var south = zone("south");
        var before = ask(
                "before",
                Interval.of(now, HOUR.multipliedBy(2)),
                Optional.empty(),
                user.hosts(2).in(north));
        var long_ = Interval.of(now, HOUR.multipliedBy(9));
        var unused = ask(
                "unused",
                long_,
                Optional.of(now.plus(HOUR.multipliedBy(2))),
                user.vcpus(1, long_).in(south));
        world.settle();
        var after = ask(
                "after",
                Interval.of(now.plus(HOUR.multipliedBy(2)), HOUR.multipliedBy(6)),
                Optional.empty(),
                user.hosts(2).in(north));
        var held = ask(
                "held",
                Interval.of(now.plus(HOUR.multipliedBy(2)), HOUR),
                Optional.empty(),
                user.hosts(1).in(south));
        var over = new ArrayList<UUID>();
        var late = new ArrayList<UUID>();
        for (int i = 0; i < 200; i++) {
            var start = now.plus(HOUR).plus(MINUTE.multipliedBy(i % 170));
            over.add(one(Interval.of(start, MINUTE.multipliedBy(9)), south));
        }
        for (int i = 0; i < 4; i++) {
            late.add(one(Interval.of(now.plus(HOUR.multipliedBy(4)), HOUR.multipliedBy(4)), south));
        }
        world.settle();
        assertThat(state(before)).isEqualTo("active");
        int known = told().size();

        world.advance(HOUR.multipliedBy(5));
        world.boot();
        var opened = new ArrayList<String>();
        world.line = (verb, call) -> {
            opened.add(verb);
            return call.get();
        };
        world.settle();
        world.settleFor(MINUTE, Duration.ofSeconds(10));

        var told = told();
        var since = told.subList(known, told.size());
        assertThat(state(before)).isEqualTo("ended");
        assertThat(state(after)).isEqualTo("active");
        assertThat(state(unused)).isEqualTo("expired");
        assertThat(List.of(at(since, before, "ending"), at(since, unused, "expiring"), at(since, after, "starting")))
                .isSorted();
        assertThat(opened).as("only the one that is not over was opened").containsOnlyOnce("ensure");
        over.add(held);
        for (var id : over) {
            assertThat(state(id)).isEqualTo("ended");
            assertThat(since)
                    .filteredOn(one -> one.object().equals(id))
                    .extracting(Told::type, Told::missed)
                    .containsExactly(tuple("ending", true), tuple("ended", false));
        }
        for (var id : late) {
            assertThat(state(id)).isEqualTo("active");
            assertThat(since.get(at(since, id, "starting")).missed()).isTrue();
        }
        assertThat(since.get(at(since, before, "ending")).missed()).isTrue();
        user.pass(HOUR.multipliedBy(5));
        world.nothingIsLeft();
        assertThat(told().subList(told.size(), told().size()))
                .as("what comes in time is not missed")
                .noneMatch(Told::missed);
    }
}
