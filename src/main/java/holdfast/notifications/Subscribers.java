package holdfast.notifications;

import static holdfast.db.Tables.DELIVERY;
import static holdfast.db.Tables.RESOURCE;
import static holdfast.db.Tables.THRESHOLD_STATE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.notifications.Subscription.Content;
import holdfast.notifications.Subscription.State;
import holdfast.notifications.Subscription.Terms;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// The subscriptions: makes, changes and removes them. Who may do so is for the caller to decide.
public final class Subscribers {
    /// The most of one project.
    public static final int MOST = 1_000;

    private static final int MOST_OF_ALL = 100_000;

    private static final String SECRET = "secret";

    private final Platform platform;
    private final Engine engine;
    private final Secrets secrets;
    private final NoticeBoard board;
    private final Receiver receiver;

    Subscribers(Platform platform, Engine engine, Secrets secrets, NoticeBoard board, Receiver receiver) {
        this.platform = platform;
        this.engine = engine;
        this.secrets = secrets;
        this.board = board;
        this.receiver = receiver;
    }

    /// What is asked of a new subscription, or of one that is there: what is empty stays, or is left to chance.
    ///
    /// @param callback of `http` or `https`
    /// @param secret signs what is sent
    /// @param since the number after which it hears; empty for what comes
    public record Wish(
            Optional<String> name,
            Optional<NoticeFilter> filter,
            Optional<URI> callback,
            Optional<String> secret,
            Optional<Long> since) {}

    /// How far notices were brought to one.
    ///
    /// @param sequence the number up to which it has got what is for it
    /// @param failures since the last success
    /// @param problem what the last failure was
    public record Progress(
            long sequence, int failures, Optional<Instant> failingSince, Optional<String> problem, boolean signed) {}

    /// Whether notices may be posted to an address, as far as that is known before it is called.
    public boolean mayCall(URI callback) {
        return receiver.takes(callback);
    }

    /// One more, for the project that the caller acts in; an administrator's hears of all projects.
    public Answer<Resource> create(Tx tx, Caller caller, URI callback, Wish wish) {
        var content = new Content(caller.user(), caller.admin(), callback, wish.filter.orElse(NoticeFilter.ALL));
        return create(tx, caller.project(), content, MOST, wish);
    }

    /// One more, by another interface than ours.
    ///
    /// @param project of all that belong to the same subscriber
    /// @param callback empty: it comes and asks
    /// @param most how many it may have
    /// @return of type `subscription`; [Refusal.Kind#CLASH] if it has so many
    public Answer<Resource> create(
            Tx tx, String project, Optional<URI> callback, Optional<String> secret, Terms terms, int most) {
        var content = new Content(project, false, callback, NoticeFilter.ALL, Optional.of(terms));
        var wish = new Wish(Optional.empty(), Optional.empty(), callback, secret, Optional.empty());
        return create(tx, project, content, most, wish);
    }

    private Answer<Resource> create(Tx tx, String project, Content content, int most, Wish wish) {
        tx.sql().fetch("select pg_advisory_xact_lock(hashtextextended(?, 0))", "subscriptions of " + project);
        int have = tx.sql()
                .fetchCount(DSL.selectFrom(RESOURCE)
                        .where(Resources.typed(Subscription.TYPE)
                                .and(Resources.ownedBy(project))
                                .and(Resources.present())));
        if (have >= most) {
            return Answer.no(
                    Refusal.clash("the project " + project + " has " + most + " subscriptions, the most; remove some"));
        }
        var fresh = engine.resources()
                .fresh(
                        platform.newId(),
                        Subscription.TYPE,
                        Resources.ACTOR,
                        Optional.empty(),
                        wish.name.orElse(""),
                        State.ACTIVE.word(),
                        project,
                        content);
        long last = board.given(tx, wish.since.orElse(0L));
        engine.resources().insert(tx, fresh, content.owner(), "subscribe");
        tx.sql()
                .insertInto(DELIVERY)
                .set(DELIVERY.SUBSCRIPTION, fresh.id())
                .set(DELIVERY.AFTER, wish.since.orElse(last))
                .set(DELIVERY.DUE, content.callback().isPresent() ? platform.now() : null)
                .set(
                        DELIVERY.SECRET,
                        wish.secret.map(plain -> seal(fresh.id(), plain)).orElse(null))
                .execute();
        tx.afterCommit(engine.notices().told()::raise);
        return Answer.yes(engine.resources().find(tx, fresh.id()).orElseThrow());
    }

    private String seal(UUID subscription, String plain) {
        return secrets.seal(subscription, SECRET, plain);
    }

    /// What was sealed; empty if it cannot be opened with the key of this server.
    Optional<String> unsealed(UUID subscription, String stored) {
        return secrets.unseal(subscription, SECRET, stored);
    }

    /// Changes one, and begins anew with it if it was suspended. With `since` it hears again what came after that.
    ///
    /// @param subscription locked by the caller
    public Resource change(Tx tx, Resource subscription, String who, Wish wish) {
        var was = Subscription.of(subscription).content();
        var content = new Content(
                was.owner(),
                was.everything(),
                wish.callback.or(was::callback),
                wish.filter.orElse(was.filter()),
                was.terms());
        wish.since.ifPresent(since -> board.given(tx, since));
        var next = subscription.withState(State.ACTIVE.word(), Optional.empty()).withData(content);
        var changed = engine.resources()
                .update(tx, subscription.state(), wish.name.map(next::renamed).orElse(next), who, "change");
        engine.journal().changed(tx, changed, who, "change");
        var secret = wish.secret.map(plain -> seal(subscription.id(), plain));
        tx.sql()
                .update(DELIVERY)
                .set(DELIVERY.AFTER, wish.since.<Field<Long>>map(DSL::val).orElse(DELIVERY.AFTER))
                .set(DELIVERY.SECRET, secret.<Field<String>>map(DSL::val).orElse(DELIVERY.SECRET))
                .set(DELIVERY.DUE, content.callback().isPresent() ? platform.now() : null)
                .set(DELIVERY.ATTEMPT, 0)
                .setNull(DELIVERY.FAILING_SINCE)
                .setNull(DELIVERY.PROBLEM)
                .setNull(DELIVERY.CLAIM)
                .setNull(DELIVERY.CLAIM_UNTIL)
                .where(DELIVERY.SUBSCRIPTION.eq(subscription.id()))
                .execute();
        tx.afterCommit(engine.notices().told()::raise);
        return changed;
    }

    /// Lets one go on that was made by another interface than ours.
    ///
    /// @param subscription locked by the caller
    public Resource renew(Tx tx, Resource subscription, Terms terms) {
        var was = Subscription.of(subscription).content();
        var next = new Content(was.owner(), was.everything(), was.callback(), was.filter(), Optional.of(terms));
        return engine.resources().update(tx, subscription.state(), subscription.withData(next), was.owner(), "renewed");
    }

    /// Removes those that were not renewed in time.
    ///
    /// @return what came of it, for people
    String lapse(Tx tx) {
        var now = platform.now();
        var over = engine.resources().ofType(tx, Subscription.TYPE, MOST_OF_ALL).stream()
                .filter(one -> Subscription.of(one).isOver(now))
                .toList();
        over.forEach(one -> engine.resources()
                .lock(tx, one.id())
                .filter(locked ->
                        locked.removed().isEmpty() && Subscription.of(locked).isOver(now))
                .ifPresent(locked -> remove(tx, locked, "timer")));
        return over.size() + " subscriptions were not renewed";
    }

    /// @param subscription locked by the caller
    public Resource remove(Tx tx, Resource subscription, String who) {
        tx.sql()
                .deleteFrom(DELIVERY)
                .where(DELIVERY.SUBSCRIPTION.eq(subscription.id()))
                .execute();
        tx.sql()
                .deleteFrom(THRESHOLD_STATE)
                .where(THRESHOLD_STATE.SUBSCRIPTION.eq(subscription.id()))
                .execute();
        var removed =
                subscription.withState(State.REMOVED.word(), Optional.empty()).removedAt(platform.now());
        return engine.resources().update(tx, subscription.state(), removed, who, "unsubscribe");
    }

    /// How far notices were brought to these; those that are removed are left out.
    public static Map<UUID, Progress> progress(Tx tx, Collection<UUID> subscriptions) {
        return tx.sql()
                .selectFrom(DELIVERY)
                .where(DELIVERY.SUBSCRIPTION.eq(DSL.any(subscriptions.toArray(UUID[]::new))))
                .fetchMap(
                        DELIVERY.SUBSCRIPTION,
                        row -> new Progress(
                                row.getAfter(),
                                row.getAttempt(),
                                Optional.ofNullable(row.getFailingSince()),
                                Optional.ofNullable(row.getProblem()),
                                row.getSecret() != null));
    }
}
