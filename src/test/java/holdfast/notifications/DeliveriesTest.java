package holdfast.notifications;

import static holdfast.notifications.NoticeWorld.ADMIN;
import static holdfast.notifications.NoticeWorld.ALICE;
import static holdfast.notifications.NoticeWorld.BEGIN;
import static holdfast.notifications.NoticeWorld.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeWorld.Posted;
import holdfast.platform.Faults;
import holdfast.platform.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Delivery to subscribers, on simulated time.
@Timeout(300)
class DeliveriesTest {
    private static final Face.Patience DAY =
            Face.ours((_, _) -> Optional.empty()).patience();

    @AutoClose
    private final NoticeWorld world = new NoticeWorld();

    private List<Long> sequences() {
        return world.posted.stream().map(Posted::sequence).toList();
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void a_receiver_that_was_down_a_minute_misses_nothing_and_hears_all_in_order() {
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        var up = BEGIN.plus(Duration.ofMinutes(1));
        var taken = new ArrayList<Posted>();
        world.receiver = posted -> {
            if (posted.at().isBefore(up)) {
                throw new IOException("nothing listens there");
            }
            taken.add(posted);
            return 200;
        };
        for (int second = 0; second < 150; second++) {
            world.tell("reservation.updated", "physics");
            world.first.settle();
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(taken).extracting(Posted::sequence).containsExactlyElementsOf(numbers(1, 150));
        assertThat(world.posted.stream()
                        .filter(posted -> posted.at().isBefore(up))
                        .map(posted -> Duration.between(BEGIN, posted.at()).toSeconds()))
                .as("attempts while it is down")
                .containsExactly(0L, 1L, 3L, 7L, 15L, 31L);
        assertThat(taken.getFirst().at()).as("the next attempt").isEqualTo(BEGIN.plusSeconds(63));
    }

    @Test
    void a_slow_receiver_gives_way_to_others_after_ten_seconds() {
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.receiver = posted -> {
            if (posted.body().get("project").stringValue().equals("physics")) {
                world.pass(Duration.ofSeconds(3));
            }
            return 200;
        };
        for (int n = 0; n < 50; n++) {
            world.tell("reservation.updated", "physics");
        }
        world.tell("reservation.started", "biology");
        assertThat(world.first.idle()).isFalse(); // the first round has begun without it
        world.subscribe(BOB, NoticeFilter.ALL, Optional.of(0L));
        world.first.settle();
        var first = world.posted.stream()
                .filter(posted -> posted.type().equals("reservation.started"))
                .findFirst()
                .orElseThrow();
        assertThat(first.at()).isBefore(BEGIN.plusSeconds(30));
        assertThat(sequences()).hasSize(51).contains(50L);
    }

    @Test
    void one_project_has_a_share_of_the_deliveries_and_the_others_go_on() throws InterruptedException {
        var release = new CountDownLatch(1);
        var heard = new CountDownLatch(1);
        var waiting = new AtomicInteger();
        Receiver receiver = (_, letter, _) -> {
            if (letter.body().contains("biology")) {
                heard.countDown();
            } else {
                waiting.incrementAndGet();
                release.await();
            }
            return 200;
        };
        for (int n = 0; n < 300; n++) {
            world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        }
        world.subscribe(BOB, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.updated", "physics");
        world.tell("reservation.updated", "biology");
        var busy = world.started(receiver);
        try {
            assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.get()).isLessThanOrEqualTo(Shares.MOST);
        } finally {
            release.countDown();
            busy.stop();
        }
    }

    @Test
    void a_status_that_is_no_success_is_a_failure_and_a_redirect_is_none() {
        var statuses = new ArrayList<>(List.of(302, 500, 404, 299));
        world.receiver = _ -> statuses.removeFirst();
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.started", "physics");
        for (int second = 0; second < 10; second++) {
            world.first.settle();
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(sequences()).containsExactly(1L, 1L, 1L, 1L);
    }

    @Test
    void after_a_day_of_failures_it_is_suspended_and_pollers_are_told_once() {
        world.receiver = _ -> 500;
        var subscription = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.started", "physics");
        var day = BEGIN.plus(Duration.ofHours(24));
        var suspendedAt = Optional.<Instant>empty();
        while (world.now.isBefore(day.plus(Duration.ofHours(2)))) {
            world.first.settle();
            if (suspendedAt.isEmpty() && world.look(subscription).state().equals("suspended")) {
                suspendedAt = Optional.of(world.now);
            }
            world.pass(Duration.ofMinutes(1));
        }
        assertThat(suspendedAt.orElseThrow()).isBetween(day, day.plusSeconds(360));
        assertThat(world.posted)
                .as("none after it was suspended")
                .allSatisfy(posted -> assertThat(posted.at()).isBeforeOrEqualTo(day.plusSeconds(360)));
        assertThat(world.posted.size()).as("every five minutes").isBetween(288, 300);
        assertThat(world.look(subscription).message().orElse("")).contains("it answered 5xx", "begin anew");
        assertThat(world.board())
                .extracting(one -> one.notice().type())
                .containsExactly("reservation.started", "subscription.suspended");
        var told = world.board().getLast().notice();
        assertThat(told.object().id()).isEqualTo(subscription);
        assertThat(told.project()).isEqualTo("physics");
        assertThat(told.data().toString()).doesNotContain(NoticeWorld.SECRET).contains("it answered 5xx");

        world.posted.clear();
        world.receiver = _ -> 200;
        world.change(subscription, Optional.empty());
        world.first.settle();
        assertThat(world.look(subscription).state()).isEqualTo("active");
        assertThat(world.posted)
                .extracting(Posted::type)
                .containsExactly("reservation.started", "subscription.suspended");
    }

    @Test
    void one_whose_owner_may_not_hear_any_more_is_suspended_and_posted_nothing() {
        var subscription = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.barred.put("alice", "alice is no member any more");
        world.tell("reservation.started", "physics");
        world.first.settle();
        assertThat(world.posted).isEmpty();
        assertThat(world.look(subscription).state()).isEqualTo("suspended");
        assertThat(world.look(subscription).message()).contains("alice is no member any more");
        assertThat(world.board())
                .extracting(one -> one.notice().type())
                .containsExactly("reservation.started", "subscription.suspended");
        world.barred.clear();
        world.change(subscription, Optional.empty());
        world.first.settle();
        assertThat(world.posted)
                .extracting(Posted::type)
                .containsExactly("reservation.started", "subscription.suspended");
    }

    @Test
    void what_was_delivered_and_not_noted_before_a_kill_is_delivered_again_and_nothing_is_lost() {
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        Stream.of("started", "updated", "ended").forEach(word -> world.tell("reservation." + word, "physics"));
        var dying = world.another();
        world.receiver = posted -> {
            if (posted.sequence() == 2) {
                dying.database.inject(new Faults() {
                    @Override
                    public void beforeCommit(int n) {
                        throw new IllegalStateException("killed");
                    }
                });
            }
            return 200;
        };
        try {
            dying.settle();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("killed");
        }
        assertThat(sequences()).containsExactly(1L, 2L);
        world.receiver = _ -> 200;
        world.first.settle();
        assertThat(sequences()).as("the claim still holds").containsExactly(1L, 2L);
        world.pass(Duration.ofSeconds(61));
        world.first.settle();
        assertThat(sequences()).containsExactly(1L, 2L, 2L, 3L);
    }

    @Test
    void two_servers_never_deliver_to_one_at_the_same_time_and_a_slow_one_stops() {
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        for (int n = 0; n < 3; n++) {
            world.tell("reservation.updated", "physics");
        }
        var second = world.another();
        var depth = new ArrayList<Long>();
        world.receiver = posted -> {
            if (!depth.isEmpty()) {
                return 200;
            }
            depth.add(posted.sequence());
            second.settle();
            assertThat(sequences()).as("while the first delivers").containsExactly(1L);
            world.pass(Duration.ofSeconds(61));
            second.settle();
            assertThat(sequences()).as("the first hung for too long").containsExactly(1L, 1L, 2L, 3L);
            return 200;
        };
        world.first.settle();
        assertThat(sequences()).as("what it had not noted was another's").containsExactly(1L, 1L, 2L, 3L);
    }

    @Test
    void a_subscription_hears_of_its_project_and_of_everybody_and_that_of_an_administrator_of_all() {
        var alice = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        var bob = world.subscribe(BOB, NoticeFilter.ALL, Optional.empty());
        var admin = world.subscribe(ADMIN, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.started", "physics");
        world.tell("reservation.started", "biology");
        world.tell("capacity.changed", "");
        world.first.settle();
        assertThat(heardBy(alice)).containsExactly(1L, 3L);
        assertThat(heardBy(bob)).containsExactly(2L, 3L);
        assertThat(heardBy(admin)).containsExactly(1L, 2L, 3L);
    }

    private List<Long> heardBy(UUID subscription) {
        return world.posted.stream()
                .filter(posted ->
                        posted.body().get("subscription").stringValue().equals(subscription.toString()))
                .map(Posted::sequence)
                .toList();
    }

    @Test
    void what_is_not_for_it_is_passed_over_however_much_it_is() {
        world.subscribe(ALICE, NoticeFilter.ALL.withEvents(List.of("reservation.ended")), Optional.empty());
        world.first.database.inTransaction(tx -> {
            for (int n = 0; n < 450; n++) {
                world.tell(tx, world.notice("reservation.updated", "physics", world.platform.newId(), 1));
            }
            world.tell(tx, world.notice("reservation.ended", "physics", world.platform.newId(), 1));
            return true;
        });
        world.first.settle();
        assertThat(sequences()).containsExactly(451L);
        assertThat(world.first.idle()).as("then there is nothing to do").isTrue();
    }

    @Test
    void with_since_it_hears_again_what_came_after_that() {
        var subscription = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        for (int n = 0; n < 4; n++) {
            world.tell("reservation.updated", "physics");
        }
        world.first.settle();
        world.change(subscription, Optional.of(2L));
        world.first.settle();
        assertThat(sequences()).containsExactly(1L, 2L, 3L, 4L, 3L, 4L);
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.of(1L));
        world.first.settle();
        assertThat(sequences().subList(6, 9)).containsExactly(2L, 3L, 4L);
        world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.first.settle();
        assertThat(world.posted).as("one that begins now").hasSize(9);
    }

    @Test
    void a_receiver_that_is_down_holds_up_no_other() {
        var down = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        var up = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.receiver =
                posted -> posted.body().get("subscription").stringValue().equals(down.toString()) ? 500 : 200;
        world.tell("reservation.started", "physics");
        world.tell("reservation.ended", "physics");
        world.first.settle();
        assertThat(heardBy(up)).containsExactly(1L, 2L);
        assertThat(heardBy(down)).containsExactly(1L);
    }

    @Test
    void what_is_removed_hears_no_more_even_of_what_was_told_before() {
        var subscription = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.started", "physics");
        world.first.database.inTransaction(tx -> world.first
                .notifications
                .subscribers()
                .remove(
                        tx,
                        world.first.engine.resources().lock(tx, subscription).orElseThrow(),
                        "alice"));
        world.first.settle();
        assertThat(world.posted).isEmpty();
        assertThat(world.look(subscription).state()).isEqualTo("removed");
    }

    @Test
    void the_body_is_that_of_the_board_with_the_subscription_and_the_secret_is_nowhere_in_the_open() {
        var subscription = world.subscribe(ALICE, NoticeFilter.ALL, Optional.empty());
        world.tell("reservation.started", "physics");
        world.first.settle();
        var heard = world.posted.getFirst();
        Numbered shown = world.board().getFirst();
        assertThat(heard.body())
                .isEqualTo(Json.tree(Json.text(shown.body().put("subscription", subscription.toString()))));
        assertThat(heard.body().propertyNames())
                .contains("id", "sequence", "subscription", "type", "time", "object", "data");
        assertThat(heard.body().get("object").propertyNames()).containsExactly("kind", "id", "version");
        assertThat(heard.secret()).contains(NoticeWorld.SECRET);
        assertThat(world.look(subscription).data()).doesNotContain(NoticeWorld.SECRET, "secret");
        var stored = world.first.database.inTransaction(tx -> tx.sql()
                .resultQuery("select secret from delivery")
                .fetchOptional(0, String.class)
                .orElseThrow());
        assertThat(stored).startsWith("sealed:").doesNotContain(NoticeWorld.SECRET);
    }

    @Test
    void pauses_double_up_to_five_minutes_for_a_day() {
        var began = BEGIN;
        var pauses = LongStream.rangeClosed(1, 11)
                .map(attempt -> new Failing((int) attempt, began).pause(DAY).toSeconds())
                .boxed()
                .toList();
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
        assertThat(new Failing(Integer.MAX_VALUE, began).pause(DAY)).isEqualTo(Duration.ofSeconds(300));
        var failing = Failing.again(4, Optional.of(began), began.plusSeconds(99));
        assertThat(failing).isEqualTo(new Failing(5, began));
        assertThat(failing.isHopeless(DAY, began.plus(Duration.ofHours(24)).minusMillis(1)))
                .isFalse();
        assertThat(failing.isHopeless(DAY, began.plus(Duration.ofHours(24)))).isTrue();
    }
}
