package holdfast.notifications;

import static holdfast.db.Tables.DELIVERY;
import static holdfast.db.Tables.RESOURCE;
import static java.util.stream.Collectors.toMap;

import holdfast.db.tables.records.DeliveryRecord;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.Subscription.State;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.platform.WebhookClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Brings notices to subscriptions, each its own in the order of their numbers, at least once (promise.md 5.3).
///
/// How far a subscription has got is a row. Who delivers claims the row for a minute, anew with each notice that was
/// taken, so no two servers deliver to it at the same time; what a server that died had not noted is delivered again.
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int ROWS = 256;
    private static final int NOTICES = 200;
    private static final int LONGEST_PROBLEM = 200;

    /// Longer than a receiver is waited for.
    private static final Duration CLAIM = Duration.ofSeconds(60);

    /// After so much work for one subscription it is the others' turn.
    private static final Duration TURN = Duration.ofSeconds(10);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final NoticeBoard board;
    private final Subscribers subscribers;
    private final Receiver receiver;
    private final Shares shares;
    private final Faces faces;

    Deliveries(
            Platform platform,
            Database database,
            Engine engine,
            NoticeBoard board,
            Subscribers subscribers,
            Receiver receiver,
            Shares shares,
            Faces faces) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.board = board;
        this.subscribers = subscribers;
        this.receiver = receiver;
        this.shares = shares;
        this.faces = faces;
    }

    /// What is to be brought to one subscription.
    ///
    /// @param secret as it is stored
    /// @param notices at least one
    /// @param end all up to this number was looked at
    record Claimed(
            Subscription subscription,
            Face face,
            UUID claim,
            Optional<String> secret,
            List<Numbered> notices,
            long end) {}

    /// @param moved whether anything was done, so that there may be more
    record Round(List<Claimed> claimed, boolean moved) {
        private static final Round IDLE = new Round(List.of(), false);
    }

    /// Looks at some subscriptions that are behind: claims those for which there is something, and notes of the
    /// others that there is nothing. One reading of notices serves all of them.
    ///
    /// @param room the most to claim
    Round claim(int room) {
        return database.inTransaction(tx -> {
            var behind = behind(tx);
            if (behind.isEmpty()) {
                return Round.IDLE;
            }
            long from =
                    behind.stream().mapToLong(DeliveryRecord::getAfter).min().orElseThrow();
            var page = board.read(tx, DSL.noCondition(), from, NOTICES);
            var subscriptions = subscriptions(tx, behind);
            var claim = platform.newId();
            var claimed = new ArrayList<Claimed>();
            var passed = new ArrayList<UUID>();
            for (var row : behind) {
                var subscription = Optional.ofNullable(subscriptions.get(row.getSubscription()))
                        .orElseThrow();
                var face = faces.of(subscription);
                if (face.isEmpty()) {
                    continue;
                }
                var wanted = page.notices().stream()
                        .filter(one -> one.position() > row.getAfter())
                        .filter(one -> face.get().hears(subscription, one.notice()))
                        .toList();
                if (wanted.isEmpty() && row.getAfter() < page.next()) {
                    passed.add(row.getSubscription());
                } else if (!wanted.isEmpty() && claimed.size() < room && hasShare(subscription.project(), claimed)) {
                    var secret = Optional.ofNullable(row.getSecret());
                    claimed.add(new Claimed(subscription, face.get(), claim, secret, wanted, page.next()));
                }
            }
            pass(tx, passed, page.next());
            take(tx, claimed, claim);
            return new Round(claimed, !claimed.isEmpty() || !passed.isEmpty());
        });
    }

    private boolean hasShare(String project, List<Claimed> claimed) {
        long more = claimed.stream()
                .filter(one -> one.subscription.project().equals(project))
                .count();
        return shares.of(project) + more < Shares.MOST;
    }

    /// Without those of projects that must wait: there may be so many that others are not seen behind them.
    private List<DeliveryRecord> behind(Tx tx) {
        var now = platform.now();
        var waiting = DSL.select(RESOURCE.ID)
                .from(RESOURCE)
                .where(Resources.typed(Subscription.TYPE).and(RESOURCE.PROJECT.in(shares.full())));
        return tx.sql()
                .selectFrom(DELIVERY)
                .where(DELIVERY.DUE.le(now))
                .and(DELIVERY.AFTER.lt(board.last(tx)))
                .and(DELIVERY.CLAIM_UNTIL.isNull().or(DELIVERY.CLAIM_UNTIL.le(now)))
                .and(DELIVERY.SUBSCRIPTION.notIn(waiting))
                .orderBy(DELIVERY.DUE)
                .limit(ROWS)
                .forUpdate()
                .skipLocked()
                .fetch();
    }

    private Map<UUID, Subscription> subscriptions(Tx tx, List<DeliveryRecord> rows) {
        var ids = rows.stream().map(DeliveryRecord::getSubscription).toList();
        return engine.resources().list(tx, Resources.withIds(ids), ids.size()).stream()
                .collect(toMap(Resource::id, Subscription::of));
    }

    /// Those that come last in the next round.
    private void pass(Tx tx, List<UUID> subscriptions, long end) {
        tx.sql()
                .update(DELIVERY)
                .set(DELIVERY.AFTER, end)
                .set(DELIVERY.DUE, platform.now())
                .where(DELIVERY.SUBSCRIPTION.eq(DSL.any(subscriptions.toArray(UUID[]::new))))
                .execute();
    }

    private void take(Tx tx, List<Claimed> claimed, UUID claim) {
        var ids = claimed.stream().map(one -> one.subscription.id()).toArray(UUID[]::new);
        tx.sql()
                .update(DELIVERY)
                .set(DELIVERY.CLAIM, claim)
                .set(DELIVERY.CLAIM_UNTIL, platform.now().plus(CLAIM))
                .where(DELIVERY.SUBSCRIPTION.eq(DSL.any(ids)))
                .execute();
    }

    /// Delivers in order, until one is not taken, the claim is another's, or it is the turn of others.
    void deliver(Claimed claimed) throws InterruptedException {
        if (database.inTransaction(tx -> barred(tx, claimed))) {
            return;
        }
        var end = platform.now().plus(TURN);
        for (var notice : claimed.notices) {
            try {
                post(claimed, notice);
            } catch (IOException e) {
                LOG.info(
                        "subscription {} did not take notice {}: {}",
                        claimed.subscription.id(),
                        notice.position(),
                        WebhookClient.inDetail(e));
                database.inTransaction(tx -> failed(tx, claimed, problem(e)));
                return;
            }
            if (!database.inTransaction(tx -> taken(tx, claimed, notice.position()))) {
                return;
            }
            if (platform.now().isAfter(end)) {
                giveBack(claimed, notice.position());
                return;
            }
        }
        giveBack(claimed, claimed.end);
    }

    private void giveBack(Claimed claimed, long after) {
        database.inTransaction(tx -> tx.sql()
                .update(DELIVERY)
                .set(DELIVERY.AFTER, after)
                .setNull(DELIVERY.CLAIM)
                .setNull(DELIVERY.CLAIM_UNTIL)
                .where(held(claimed))
                .execute());
    }

    /// What members are shown. It tells only the kind of it: more would tell of a network that is not theirs.
    private static String problem(IOException e) {
        var text = String.valueOf(e.getMessage());
        return text.length() <= LONGEST_PROBLEM ? text : text.substring(0, LONGEST_PROBLEM);
    }

    /// What must be signed and cannot be is not sent.
    private void post(Claimed claimed, Numbered notice) throws IOException, InterruptedException {
        var id = claimed.subscription.id();
        var secret = claimed.secret.flatMap(stored -> subscribers.unsealed(id, stored));
        if (claimed.secret.isPresent() && secret.isEmpty()) {
            throw new IOException("its secret cannot be opened with the key of this server");
        }
        var callback = claimed.subscription.content().callback().orElseThrow(); // others are never due
        int status = receiver.post(callback, claimed.face.letter(claimed.subscription, notice), secret);
        if (status < 200 || status >= 300) {
            throw new IOException("it answered " + status / 100 + "xx", new IOException("status " + status));
        }
    }

    private static Condition held(Claimed claimed) {
        return DELIVERY.SUBSCRIPTION.eq(claimed.subscription.id()).and(DELIVERY.CLAIM.eq(claimed.claim));
    }

    /// @return false if the claim is another's, or the subscription was changed or removed meanwhile
    private boolean taken(Tx tx, Claimed claimed, long position) {
        var now = platform.now();
        return tx.sql()
                        .update(DELIVERY)
                        .set(DELIVERY.AFTER, position)
                        .set(DELIVERY.ATTEMPT, 0)
                        .setNull(DELIVERY.FAILING_SINCE)
                        .setNull(DELIVERY.PROBLEM)
                        .set(DELIVERY.DUE, now)
                        .set(DELIVERY.CLAIM_UNTIL, now.plus(CLAIM))
                        .where(held(claimed))
                        .execute()
                == 1;
    }

    /// Suspends one whose owner may not hear any more.
    private boolean barred(Tx tx, Claimed claimed) {
        var why = claimed.face.barred(tx, claimed.subscription);
        if (why.isEmpty()) {
            return false;
        }
        var subscription = engine.resources().lock(tx, claimed.subscription.id());
        int stopped = tx.sql()
                .update(DELIVERY)
                .setNull(DELIVERY.DUE)
                .setNull(DELIVERY.CLAIM)
                .setNull(DELIVERY.CLAIM_UNTIL)
                .where(held(claimed))
                .execute();
        subscription
                .filter(_ -> stopped == 1)
                .ifPresent(
                        one -> giveUp(tx, claimed, one, why.get(), Json.object().put("problem", why.get())));
        return true;
    }

    /// The resource is locked before the row, as all do who change both.
    private boolean failed(Tx tx, Claimed claimed, String problem) {
        var subscription = engine.resources().lock(tx, claimed.subscription.id());
        var row = tx.sql().selectFrom(DELIVERY).where(held(claimed)).forUpdate().fetchOptional();
        if (subscription.isEmpty() || row.isEmpty()) {
            return false;
        }
        var now = platform.now();
        var failing = Failing.again(
                row.get().getAttempt(), Optional.ofNullable(row.get().getFailingSince()), now);
        var patience = claimed.face.patience();
        boolean hopeless = failing.isHopeless(patience, now);
        tx.sql()
                .update(DELIVERY)
                .set(DELIVERY.ATTEMPT, failing.attempt())
                .set(DELIVERY.FAILING_SINCE, failing.since())
                .set(DELIVERY.PROBLEM, problem)
                .set(DELIVERY.DUE, hopeless ? null : now.plus(failing.pause(patience)))
                .setNull(DELIVERY.CLAIM)
                .setNull(DELIVERY.CLAIM_UNTIL)
                .where(held(claimed))
                .execute();
        if (hopeless) {
            var why = "nothing was taken since " + failing.since() + ", in " + failing.attempt() + " attempts: "
                    + problem + "; change the subscription to begin anew";
            giveUp(tx, claimed, subscription.get(), why, data(failing, problem));
        }
        return true;
    }

    private void giveUp(Tx tx, Claimed claimed, Resource subscription, String why, ObjectNode data) {
        if (claimed.face.patience().keeps()) {
            suspend(tx, subscription, why, data);
        } else {
            subscribers.remove(tx, subscription, "engine");
        }
    }

    /// Told once: what is suspended is not delivered to.
    private void suspend(Tx tx, Resource subscription, String why, ObjectNode data) {
        var suspended = engine.resources()
                .update(
                        tx,
                        subscription.state(),
                        subscription.withState(State.SUSPENDED.word(), Optional.of(why)),
                        "engine",
                        "suspended");
        engine.notices()
                .tell(
                        tx,
                        new Notice(
                                platform.newId(),
                                "subscription.suspended",
                                platform.now(),
                                Notice.Thing.of(suspended),
                                suspended.project(),
                                Optional.empty(),
                                Optional.empty(),
                                data));
    }

    private static ObjectNode data(Failing failing, String problem) {
        return Json.object()
                .put("failingSince", failing.since().toString())
                .put("attempts", failing.attempt())
                .put("problem", problem);
    }
}
