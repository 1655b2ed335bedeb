package holdfast.notifications;

import holdfast.TestDatabase;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Resource;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.Subscribers.Wish;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;

/// Notices and who hears them, in one thread on simulated time over a real database.
final class NoticeWorld implements AutoCloseable {
    static final Caller ALICE = new Caller("alice", "physics", false);
    static final Caller BOB = new Caller("bob", "biology", false);
    static final Caller ADMIN = new Caller("admin", "default", true);
    static final URI CALLBACK = URI.create("http://receiver.example/heard");
    static final String SECRET = "sixteen letters!";
    static final Instant BEGIN = Instant.parse("2031-04-05T06:07:08Z");

    private static final Secrets SECRETS = Secrets.of(new byte[32]);

    private final TestDatabase test = TestDatabase.fresh();
    Instant now = BEGIN;
    final Platform platform = Platform.seeded(3, () -> now);
    /// All that was posted, taken or not.
    final List<Posted> posted = new ArrayList<>();
    /// What the receiver does.
    Behaviour receiver = _ -> 204;
    /// Why somebody may not hear any more, by user.
    final Map<String, String> barred = new HashMap<>();
    final Server first = new Server(test.database());

    /// What came to the receiver.
    record Posted(URI callback, JsonNode body, Optional<String> secret, Instant at) {
        long sequence() {
            return body.get("sequence").longValue();
        }

        String type() {
            return body.get("type").stringValue();
        }
    }

    interface Behaviour {
        /// @return the status of the answer
        int answer(Posted posted) throws IOException;
    }

    /// One server process of several on the database.
    final class Server {
        final Database database;
        final Engine engine;
        final Notifications notifications;

        Server(Database database) {
            this.database = database;
            this.engine = new Engine(platform, database);
            this.notifications = new Notifications(platform, database, engine, SECRETS, this::post, hearers());
        }

        private int post(URI callback, Receiver.Letter letter, Optional<String> secret) throws IOException {
            var one = new Posted(callback, Json.tree(letter.body()), secret, now);
            posted.add(one);
            return receiver.answer(one);
        }

        boolean idle() {
            try {
                return !notifications.runDue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /// Does what there is to do now.
        void settle() {
            for (int turn = 0; turn < 10_000; turn++) {
                if (idle()) {
                    return;
                }
            }
            throw new AssertionError("there is no end of work");
        }
    }

    private Hearers hearers() {
        return (_, subscription) ->
                Optional.ofNullable(barred.get(subscription.content().owner()));
    }

    /// One that works by itself, in threads.
    Notifications started(Receiver receiver) {
        var working = new Notifications(platform, first.database, first.engine, SECRETS, receiver, hearers());
        working.start();
        return working;
    }

    Server another() {
        return new Server(test.open());
    }

    Database connect() {
        return test.open();
    }

    Notice notice(String type, String project, UUID object, long version) {
        return new Notice(
                platform.newId(),
                type,
                platform.now(),
                new Notice.Thing("reservation", object, version),
                project,
                Optional.of(object),
                Optional.empty(),
                Json.object().put("n", version));
    }

    void tell(Tx tx, Notice notice) {
        first.engine.notices().tell(tx, notice);
    }

    void tell(String type, String project) {
        first.database.inTransaction(tx -> {
            tell(tx, notice(type, project, platform.newId(), 1));
            return true;
        });
    }

    UUID subscribe(Caller caller, NoticeFilter filter, Optional<Long> since) {
        return first.database.inTransaction(tx -> first.notifications
                .subscribers()
                .create(
                        tx,
                        caller,
                        CALLBACK,
                        new Wish(
                                Optional.empty(),
                                Optional.of(filter),
                                Optional.of(CALLBACK),
                                Optional.of(SECRET),
                                since))
                .orThrow()
                .id());
    }

    void change(UUID subscription, Optional<Long> since) {
        first.database.inTransaction(tx -> first.notifications
                .subscribers()
                .change(
                        tx,
                        first.engine.resources().lock(tx, subscription).orElseThrow(),
                        "alice",
                        new Wish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), since)));
    }

    Resource look(UUID id) {
        return first.database.inTransaction(
                tx -> first.engine.resources().find(tx, id).orElseThrow());
    }

    /// All notices that have a number, in their order.
    List<Numbered> board() {
        return first.database.inTransaction(tx -> first.notifications
                .board()
                .read(tx, DSL.noCondition(), 0, 100_000)
                .notices());
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void close() {
        test.close();
    }
}
