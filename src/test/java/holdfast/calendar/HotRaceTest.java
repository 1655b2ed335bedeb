package holdfast.calendar;

import static holdfast.calendar.Race.together;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.platform.DatabaseUnavailableException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Never overbooked, and nothing that was answered is lost, though many want the same places and connections break.
class HotRaceTest extends CalendarFixture {
    private static final int CLIENTS = 64;
    private static final int EACH = 12;

    @Test
    void with_64_clients_at_hot_places_of_two_servers_and_broken_connections_what_was_granted_is_there_and_no_more() {
        for (var place : List.of("a", "b")) {
            in(tx -> calendar.setTotal(tx, BOOK, place, cores(100), at(-1000)));
        }
        try (var one = HotServer.of(new UUID(1, 1), db.database(), calendar);
                var other = HotServer.of(new UUID(2, 2), db.open(), calendar)) {
            one.heat(new PlaceId(BOOK, "a"));
            one.heat(new PlaceId(BOOK, "b"));
            var granted = together(CLIENTS, client -> {
                var random = new SplittableRandom(client);
                var own = new HashSet<UUID>();
                for (int i = 0; i < EACH; i++) {
                    if (i == EACH / 2 && client % 20 == 0) {
                        breakConnections();
                    }
                    if (i == EACH / 3 && client % 30 == 0) {
                        one.heat(new PlaceId(BOOK, "a"));
                    }
                    var holder = new UUID(client, i);
                    if (stubbornly(client % 8 == 0 ? other : one, bookings(random, holder)) instanceof Answer.Yes) {
                        own.add(holder);
                    }
                    if (random.nextInt(4) == 0) {
                        var earlier = new UUID(client, random.nextInt(i + 1));
                        release(earlier);
                        own.remove(earlier);
                    }
                }
                return own;
            });
            var holders = in(
                    tx -> tx.sql().fetch("select distinct holder from booking").getValues(0, UUID.class));
            assertThat(granted.stream().flatMap(Set::stream)).containsExactlyInAnyOrderElementsOf(holders);
            assertThat(audit()).isEmpty();
            assertThat(in(tx -> calendar.usage(tx, BOOK, hours(0, 100)))
                            .get("a")
                            .used()
                            .get("core"))
                    .isBetween(90L, 100L);
        }
    }

    private static List<Booking> bookings(SplittableRandom random, UUID holder) {
        int from = random.nextInt(40);
        var first = new Booking(
                BOOK, holder, "a", hours(from, from + random.nextInt(1, 30)), cores(random.nextInt(1, 20)), Set.of());
        return random.nextInt(3) == 0
                ? List.of(first, new Booking(BOOK, holder, "b", first.when(), first.amount(), Set.of()))
                : List.of(first);
    }

    /// Whoever does not hear an answer asks again.
    private static Answer<List<Booking>> stubbornly(HotServer server, List<Booking> bookings) {
        while (true) {
            try {
                return server.book(bookings);
            } catch (DatabaseUnavailableException _) {
                Thread.onSpinWait();
            }
        }
    }

    private void release(UUID holder) {
        while (true) {
            try {
                in(tx -> calendar.release(tx, BOOK, holder, at(-1)));
                return;
            } catch (DatabaseUnavailableException _) {
                Thread.onSpinWait();
            }
        }
    }

    private void breakConnections() {
        try (var connection = db.database().connect();
                var statement = connection.createStatement()) {
            statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        } catch (SQLException e) {
            Thread.onSpinWait(); // somebody else did it, to us
        }
    }
}
