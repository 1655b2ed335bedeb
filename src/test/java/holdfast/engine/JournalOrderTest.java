package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.core.RefusedException;
import holdfast.engine.Journal.Cursor;
import holdfast.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What readers of the journal may rely on.
class JournalOrderTest {
    private static final String WRITE = """
            insert into journal (at, resource, number, type, name, project, actor, to_state, who, why)
            values (now(), md5('x')::uuid, 1, 'thing', ?, 'p', 'a', 's', 'w', '')""";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private final Journal journal = new Journal(Platform.real());

    private Journal.Page read(Cursor after, int limit) {
        return db.database().inTransaction(tx -> journal.read(tx, DSL.noCondition(), after, limit));
    }

    private void write(String name) {
        db.database().inTransaction(tx -> tx.sql().execute(WRITE, name));
    }

    @Test
    void an_entry_is_not_shown_before_those_of_older_transactions() throws Exception {
        var written = new CountDownLatch(1);
        var may = new CountDownLatch(1);
        var slow = Thread.ofVirtual()
                .start(() -> db.database().inTransaction(tx -> {
                    tx.sql().execute(WRITE, "slow");
                    written.countDown();
                    try {
                        return may.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        written.await();
        write("fast");
        var early = read(Cursor.START, 10);
        assertThat(early.entries()).isEmpty();
        assertThat(early.pending()).isTrue();
        may.countDown();
        slow.join();
        assertThat(read(early.next(), 10).entries())
                .extracting(Journal.Entry::name)
                .containsExactly("slow", "fast");
    }

    @Test
    void many_readers_of_many_writers_see_the_same_entries_once_each_in_the_same_order() throws Exception {
        int writers = 8;
        int each = 60;
        var left = new AtomicInteger(writers);
        var threads = new ArrayList<Thread>();
        for (int writer = 0; writer < writers; writer++) {
            int number = writer;
            threads.add(Thread.ofVirtual().start(() -> {
                var random = new SplittableRandom(number);
                for (int n = 0; n < each; n++) {
                    var name = number + "/" + n;
                    boolean rolledBack = random.nextInt(10) == 0;
                    try {
                        db.database().inTransaction(tx -> {
                            tx.sql().execute(WRITE, name);
                            tx.sql().execute("select pg_sleep(?)", random.nextInt(4) / 1000.0);
                            tx.sql().execute(WRITE, name + "+");
                            if (rolledBack) {
                                throw new IllegalArgumentException("never mind");
                            }
                            return true;
                        });
                    } catch (IllegalArgumentException _) {
                        // as it was meant to be
                    }
                }
                left.decrementAndGet();
            }));
        }
        var seen = List.of(new ArrayList<String>(), new ArrayList<String>(), new ArrayList<String>());
        for (var names : seen) {
            int limit = 1 + 7 * seen.indexOf(names);
            threads.add(Thread.ofVirtual().start(() -> {
                var place = Cursor.START;
                while (true) {
                    boolean last = left.get() == 0;
                    var page = read(place, limit);
                    page.entries().forEach(entry -> names.add(entry.name()));
                    place = page.next();
                    if (last && !page.full() && !page.pending()) {
                        return;
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        var stored = db.database()
                .inTransaction(
                        tx -> tx.sql().resultQuery("select name from journal").fetch(0, String.class));
        for (var names : seen) {
            assertThat(names).containsExactlyInAnyOrderElementsOf(stored).isEqualTo(seen.getFirst());
        }
        assertThat(stored).hasSizeGreaterThan(writers * each);
    }

    @Test
    void a_place_in_the_future_is_refused_because_the_journal_was_restored() {
        write("one");
        assertThatThrownBy(() -> read(new Cursor(900_000_000_000L, 1), 10))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("restored from a backup");
    }

    @Test
    void the_number_of_an_entry_is_a_place_too() {
        write("one");
        write("two");
        var place = db.database().inTransaction(tx -> journal.after(tx, 1));
        assertThat(read(place, 10).entries()).extracting(Journal.Entry::name).containsExactly("two");
        assertThat(db.database().inTransaction(tx -> journal.after(tx, 0)).equals(Cursor.START))
                .isTrue();
        assertThat(Cursor.parse(place.text())).contains(place);
        assertThat(Cursor.parse("1-")).isEmpty();
    }
}
