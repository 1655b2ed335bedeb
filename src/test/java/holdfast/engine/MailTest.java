package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.TestDatabase;
import holdfast.core.SliverId;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Messages between actors of one server, with the threads that bring them.
final class MailTest {
    private static final int MESSAGES = 20;
    /// What it takes to look once: begin and look.
    private static final int LOOK = 2;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Engine engine = new Engine(Platform.real(), test.database());
    private final Ear busy = new Ear("busy");
    private final Ear idle = new Ear("idle");
    private final Prompt prompt = new Prompt();

    private record Ear(String name, LinkedBlockingQueue<Message> heard) implements Actor {
        Ear(String name) {
            this(name, new LinkedBlockingQueue<>());
        }

        @Override
        public void on(Tx tx, String sender, Message message) {
            tx.afterCommit(() -> heard.add(message));
        }

        Message next() {
            try {
                var next = heard.poll(60, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                return next;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Takes at once what it is sent.
    private static final class Prompt implements Actor {
        private final Ear ear = new Ear("prompt");
        private final Ear refused = new Ear("refused");
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger failures = new AtomicInteger();

        @Override
        public String name() {
            return ear.name();
        }

        @Override
        public boolean takesAtOnce(Message message) {
            return true;
        }

        @Override
        public void on(Tx tx, String sender, Message message) {
            threads.add(Thread.currentThread());
            if (failures.get() > 0) {
                failures.decrementAndGet();
                refused.heard.add(message);
                throw new IllegalStateException("not now");
            }
            ear.on(tx, sender, message);
        }
    }

    @BeforeEach
    void start() {
        engine.start(List.of(busy, idle, prompt), false);
    }

    @AfterEach
    void stop() throws InterruptedException {
        engine.stop();
    }

    private static Message message() {
        return new Message.Close(new SliverId(UUID.randomUUID()));
    }

    private void send(Post post, String receiver, Message message) {
        test.database().inTransaction(tx -> {
            post.send(tx, "test", receiver, message);
            return true;
        });
    }

    @Test
    void what_is_said_in_a_part_that_is_taken_back_is_said_to_nobody() {
        var before = message();
        var kept = message();
        test.database().inTransaction(tx -> {
            engine.post().send(tx, "test", "nobody", before);
            for (var said : List.of(message(), kept)) {
                tx.keptIf(
                        () -> {
                            engine.post().send(tx, "test", "nobody", said);
                            return said;
                        },
                        kept::equals);
            }
            return true;
        });
        List<Post.Envelope> waiting =
                test.database().inTransaction(tx -> engine.post().pending(tx, 10));
        assertThat(waiting.stream().map(Post.Envelope::message)).containsExactly(before, kept);
    }

    @Test
    void an_actor_is_woken_for_its_own_mail_and_looks_once_for_each() {
        var began = Instant.now();
        long looks = Statements.of("mail for idle", () -> {
            long own = Statements.of("mail for busy", () -> {
                for (int n = 0; n < MESSAGES; n++) {
                    var sent = message();
                    send(engine.post(), "busy", sent);
                    assertThat(busy.next()).isEqualTo(sent);
                }
            });
            assertThat(own).isLessThanOrEqualTo((MESSAGES + unasked(began)) * LOOK);
        });
        assertThat(looks).isLessThanOrEqualTo(unasked(began) * LOOK);
        assertThat(idle.heard()).isEmpty();
    }

    /// How often an actor may have looked without being woken: now and then, as it starts, and once more when that
    /// look took what it was just being woken for.
    private static long unasked(Instant began) {
        return Duration.between(began, Instant.now()).dividedBy(Mailman.SWEEP) + 2;
    }

    @Test
    void who_takes_at_once_has_it_when_the_transaction_of_the_sender_ends() {
        var sent = message();
        send(engine.post(), "prompt", sent);
        assertThat(prompt.ear.heard()).containsExactly(sent);
        assertThat(prompt.threads).containsExactly(Thread.currentThread());
    }

    @Test
    void what_cannot_be_taken_at_once_waits_and_the_sender_goes_on() {
        prompt.failures.set(1);
        var sent = message();
        send(engine.post(), "prompt", sent);
        assertThat(prompt.ear.next()).isEqualTo(sent);
        assertThat(prompt.threads).hasSize(2).startsWith(Thread.currentThread());
        assertThat(prompt.threads.getLast()).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void mail_that_loses_every_race_together_is_taken_in_one_by_one() throws InterruptedException {
        engine.stop();
        var sent = List.of(message(), message());
        sent.forEach(one -> send(engine.post(), "crowded", one));
        var crowded = new Ear("crowded");
        var fresh = new Engine(Platform.real(), test.database());
        fresh.start(List.of(new Crowded(crowded)), false);
        try {
            assertThat(List.of(crowded.next(), crowded.next())).isEqualTo(sent);
        } finally {
            fresh.stop();
        }
    }

    /// Takes one at a time.
    private record Crowded(Ear ear) implements Actor {
        @Override
        public String name() {
            return ear.name();
        }

        @Override
        public void onAll(Tx tx, List<Post.Envelope> envelopes) {
            if (envelopes.size() > 1) {
                tx.sql().execute("do $$ begin raise exception using errcode = '55P03'; end $$");
            }
            Actor.super.onAll(tx, envelopes);
        }

        @Override
        public void on(Tx tx, String sender, Message message) {
            ear.on(tx, sender, message);
        }
    }

    @Test
    void what_is_taken_at_once_overtakes_nothing_that_waits_on_the_same_subject() {
        prompt.failures.set(3); // at once, with all that wait, and alone
        var sliver = new SliverId(UUID.randomUUID());
        var first = new Message.Close(sliver);
        var second = new Message.Amended(sliver, 1, Optional.empty());
        var other = message();
        send(engine.post(), "prompt", first);
        for (int n = 0; n < 3; n++) {
            assertThat(prompt.refused.next()).isEqualTo(first);
        }
        send(engine.post(), "prompt", second);
        send(engine.post(), "prompt", other);
        var heard = List.of(prompt.ear.next(), prompt.ear.next(), prompt.ear.next());
        assertThat(heard).containsExactlyInAnyOrder(first, second, other).containsSubsequence(first, second);
    }

    @Test
    void mail_for_which_nobody_rang_is_found_after_a_while() {
        var sent = message();
        send(new Post(Platform.real(), new Signal()), "idle", sent);
        assertThat(idle.next()).isEqualTo(sent);
    }
}
