package holdfast.api.rear;

import static holdfast.db.Tables.NOTICE;
import static holdfast.db.Tables.RESOURCE;

import holdfast.api.CannotTellException;
import holdfast.api.NoticeStreams;
import holdfast.api.Turns;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.domain.DomainPolicy;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.EventStream;
import holdfast.federation.wire.EventText;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.SubscriptionText;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import holdfast.notifications.Notifications;
import holdfast.notifications.Subscription;
import holdfast.notifications.Subscription.Terms;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.MarketEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.Condition;
import tools.jackson.databind.node.ObjectNode;

/// `subscriptions` (fluidos.md 5.9): peers are told of changes, by listening to a stream or at an address of theirs.
final class Subscribing {
    static final String LAST = "last-event-id";
    private static final Duration TTL = Duration.ofSeconds(600);
    private static final int MOST_EACH = 16;
    private static final int MOST = 10_000;
    /// A stream may go on after one of so many that came last.
    private static final int KEPT = 1_000;

    private static final int PAGE = 200;
    private static final int LONGEST_WAIT_SECONDS = 20;
    private static final int MOST_LISTENING = 1_000;
    private static final int MOST_LISTENING_EACH = 16;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Condition EVENTS = NOTICE.TYPE.in(MarketEvent.TYPES);

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Notifications notifications;
    private final RearFace face;
    private final Optional<Supernode> supernode;
    private final NoticeStreams streams;

    Subscribing(
            Platform platform,
            Database database,
            Engine engine,
            Notifications notifications,
            RearFace face,
            Optional<Supernode> supernode) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.notifications = notifications;
        this.face = face;
        this.supernode = supernode;
        var room = new Turns(
                MOST_LISTENING,
                MOST_LISTENING_EACH,
                Duration.ZERO,
                "too many are listening, at most " + MOST_LISTENING_EACH + " of one peer and " + MOST_LISTENING
                        + " in all: ask again later");
        this.streams = new NoticeStreams(platform, database, notifications, room);
    }

    /// `POST subscriptions`
    Reply create(Tx tx, Asked asked) {
        var wanted = SubscriptionText.wanted(asked.call().body()).orThrow();
        var webhook = wanted.webhook();
        webhook.filter(hook -> !notifications.subscribers().mayCall(hook.url())).ifPresent(_ -> {
            throw RearProblem.malformed(
                    "deliver.url", "deliver.url is an address that only this machine or its network can reach");
        });
        crowded(tx);
        var said = new Listener(
                Optional.of(asked.passport().key()).filter(key -> !key.isEmpty()),
                asked.passing().asker().filter(id -> !id.equals(Asked.NOBODY)),
                viewer(tx, asked),
                wanted.scope(),
                EventText.asked(asked.call()));
        var made = notifications
                .subscribers()
                .create(
                        tx,
                        said.project(),
                        webhook.map(SubscriptionText.Webhook::url),
                        webhook.flatMap(SubscriptionText.Webhook::secret),
                        terms(said),
                        MOST_EACH)
                .orThrow();
        return Asked.json(201, agreed(tx, made));
    }

    private void crowded(Tx tx) {
        var ofPeers =
                Resources.typed(Subscription.TYPE).and(Resources.present()).and(RESOURCE.PROJECT.startsWith("peer "));
        if (tx.sql().fetchCount(RESOURCE, ofPeers) >= MOST) {
            throw RearProblem.of(503, "there are " + MOST + " subscriptions, the most: ask again later")
                    .with("retry-after", String.valueOf(TTL.toSeconds()));
        }
    }

    private String viewer(Tx tx, Asked asked) {
        return supernode
                .flatMap(some -> asked.passing().asker().filter(node -> some.isMember(tx, node)))
                .orElse(DomainPolicy.OUTSIDE);
    }

    private Terms terms(Listener said) {
        return new Terms(RearFace.NAME, platform.now().plus(TTL), (ObjectNode) Json.toTree(said));
    }

    private String agreed(Tx tx, Resource subscription) {
        var until =
                Subscription.of(subscription).content().terms().orElseThrow().until();
        var last = notifications.board().last(tx);
        return SubscriptionText.agreed(
                new SubscriptionText.Agreed(subscription.id().toString(), until, last));
    }

    /// `PUT subscriptions/{id}`: it goes on.
    Reply renew(Tx tx, Asked asked) {
        var found = own(tx, asked);
        var said = Listener.of(found).seenAs(viewer(tx, asked));
        var locked = resources.lock(tx, found.id()).orElseThrow();
        var renewed = notifications.subscribers().renew(tx, locked, terms(said));
        return Asked.json(200, agreed(tx, renewed));
    }

    /// `DELETE subscriptions/{id}`
    Reply end(Tx tx, Asked asked) {
        var found = own(tx, asked);
        notifications.subscribers().remove(tx, resources.lock(tx, found.id()).orElseThrow(), found.project());
        return Asked.empty(204);
    }

    /// The one that is named, if it is the caller's and not over.
    private Subscription own(Tx tx, Asked asked) {
        return find(tx, asked.name())
                .filter(subscription -> isOf(asked.passport(), Listener.of(subscription)))
                .filter(subscription -> face.barred(subscription).isEmpty())
                .orElseThrow(
                        () -> RearProblem.of(404, "there is no subscription " + asked.name() + ": subscribe again"));
    }

    private Optional<Subscription> find(Tx tx, String id) {
        return id(id).flatMap(known -> resources.find(tx, known))
                .filter(resource -> resource.type().equals(Subscription.TYPE)
                        && resource.removed().isEmpty())
                .map(Subscription::of)
                .filter(subscription -> subscription
                        .content()
                        .terms()
                        .filter(terms -> terms.face().equals(RearFace.NAME))
                        .isPresent());
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Who has proved nothing shows by its name that it is his.
    private static boolean isOf(Passport passport, Listener listener) {
        return listener.fingerprint().orElse("").equals(passport.key());
    }

    /// `GET subscriptions/{id}/events?wait=`: what came since, or as soon as something comes; then the stream ends.
    Reply some(Asked asked) {
        var wait = wait(asked);
        var open = open(asked);
        var page = streams.next(open.which, open.since, PAGE);
        if (page.notices().isEmpty() && !wait.isZero()) {
            page = await(open, page, wait);
        }
        var text = new StringBuilder();
        page.notices()
                .forEach(one -> text.append(
                        EventStream.event(String.valueOf(one.position()), name(one), face.text(open.listener, one))));
        text.append(EventStream.end(page.next()));
        return new Reply(200, Map.of("content-type", EventStream.TYPE), text.toString());
    }

    /// Whether it is to be a stream without end.
    static boolean isEndless(Asked asked) {
        return asked.parameter("wait").isEmpty();
    }

    /// `GET subscriptions/{id}/events`
    HttpReply.Events all(Asked asked) {
        var open = open(asked);
        try {
            streams.seat(open.which); // that there is no place is told before the stream begins
        } catch (CannotTellException e) {
            throw crowded(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw RearProblem.of(503, "the server stops");
        }
        return streams.follow(
                open.which,
                open.since,
                () -> database.inTransaction(tx -> find(tx, asked.name()))
                        .filter(subscription -> face.barred(subscription).isEmpty())
                        .isPresent(),
                (sink, one) -> sink.send(String.valueOf(one.position()), name(one), face.text(open.listener, one)));
    }

    private record Open(NoticeStreams.Which which, Listener listener, long since) {}

    /// @throws RearProblem if it is not the caller's, or if more came since than is kept
    private Open open(Asked asked) {
        var subscription = database.inTransaction(tx -> own(tx, asked));
        var stored = Listener.of(subscription);
        var form = EventText.asked(asked.call());
        var listener = form == EventText.Form.XML
                ? new Listener(stored.fingerprint(), stored.node(), stored.viewer(), stored.scope(), form)
                : stored;
        var which = new NoticeStreams.Which(EVENTS, notice -> face.hears(subscription, notice), stored.project());
        var said = asked.call().header(LAST).filter(text -> !text.isEmpty());
        said.filter(text -> !NUMBER.matcher(text).matches()).ifPresent(_ -> {
            throw RearProblem.malformed(
                    LAST, LAST + " must be the id of an event that was told here: leave it out to hear from now on");
        });
        long since = said.map(Long::parseLong).orElseGet(streams::last);
        if (said.isPresent() && database.inTransaction(tx -> isLost(tx, since))) {
            throw RearProblem.of(
                    410,
                    "of what came since " + since + " not all is kept: list the flavors, and go on from the"
                            + " lastEventID that a PUT of the subscription tells");
        }
        return new Open(which, listener, since);
    }

    private boolean isLost(Tx tx, long since) {
        try {
            return notifications.board().read(tx, EVENTS, since, KEPT + 1).full();
        } catch (RefusedException _) {
            return true; // of a time before this server was restored from a backup
        }
    }

    private Page await(Open open, Page empty, Duration wait) {
        try {
            return streams.await(open.which, empty, PAGE, wait);
        } catch (CannotTellException e) {
            throw crowded(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return empty;
        }
    }

    private static RearProblem crowded(CannotTellException e) {
        return RearProblem.of(503, e.why()).with("retry-after", "5");
    }

    private static String name(Numbered one) {
        return EventText.name(RearFace.event(one.notice()));
    }

    private static Duration wait(Asked asked) {
        var text = asked.parameter("wait").orElse("0");
        int seconds = text.matches("\\d{1,2}") ? Integer.parseInt(text) : LONGEST_WAIT_SECONDS + 1;
        if (seconds > LONGEST_WAIT_SECONDS) {
            throw new RefusedException(Refusal.malformed(
                    "wait",
                    "wait must be a whole number of seconds from 0 to " + LONGEST_WAIT_SECONDS
                            + ", such as wait=20; without it the stream does not end"));
        }
        return Duration.ofSeconds(seconds);
    }
}
