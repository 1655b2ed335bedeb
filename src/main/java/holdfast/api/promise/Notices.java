package holdfast.api.promise;

import holdfast.api.promise.Intent.Asked;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Notifications;
import holdfast.notifications.Subscribers.Wish;
import holdfast.notifications.Subscription;
import holdfast.notifications.Threshold;
import holdfast.pools.Access;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jooq.Condition;
import tools.jackson.databind.node.ObjectNode;

/// Who wants to hear of what, and hearing it by asking (promise.md 5.3).
final class Notices {
    private static final String ID = "subscription-id";
    private static final String CALLBACK = "callback";
    private static final String ABSOLUTE = "absoluteValue";
    private static final int ADDRESS = 2_048;
    private static final int SHORTEST_SECRET = 16;
    private static final int LARGEST_LIMIT = 1_000;
    private static final int LONGEST_WAIT = 60;
    private static final int MOST_WAITING = 1_000;

    private final Parts parts;
    private final Notifications notifications;
    private final Semaphore room = new Semaphore(MOST_WAITING);

    Notices(Parts parts, Notifications notifications) {
        this.parts = parts;
        this.notifications = notifications;
    }

    List<Intent> all() {
        return List.of(
                Intent.changing(
                        "subscribe",
                        "Has notices posted to an address.",
                        List.of("filter", CALLBACK, "secret", "since", "name"),
                        List.of(ID, "created", "sequence"),
                        this::subscribe),
                Intent.changing("unsubscribe", "Ends a subscription.", List.of(ID), List.of(ID), this::unsubscribe),
                Intent.reading(
                        "query-events",
                        "Notices after a number; waits for one if there is none.",
                        List.of("filter", "since", "wait", "limit"),
                        List.of("events", "sequence"),
                        this::query));
    }

    private ObjectNode subscribe(Asked asked) {
        var fields = asked.fields();
        var filter = filter(fields, asked.caller());
        var callback = callback(fields);
        fields.missing(CALLBACK);
        var secret = fields.any("secret").map(node -> node.asString("")); // not echoed when it is wrong
        secret.filter(text -> text.length() < SHORTEST_SECRET || text.length() > Fields.NAME)
                .ifPresent(_ -> fields.fault(
                        "secret", "must be a text of " + SHORTEST_SECRET + " to " + Fields.NAME + " characters"));
        var wish = new Wish(
                fields.text("name"),
                Optional.of(filter),
                Optional.empty(),
                secret,
                fields.whole("since", 0, Long.MAX_VALUE));
        asked.end();
        var made = subscribe(asked.caller(), callback.orElseThrow(), wish);
        long sequence = parts.in(tx -> notifications.board().last(tx));
        return Told.ok("subscribed")
                .put(ID, made.id().toString())
                .put("created", made.created().toString())
                .put("sequence", sequence);
    }

    Resource subscribe(Caller caller, URI callback, Wish wish) {
        return parts.in(tx -> notifications
                .subscribers()
                .create(tx, caller, callback, wish)
                .map(made -> parts.opened(tx, made, caller))
                .orThrow());
    }

    private ObjectNode unsubscribe(Asked asked) {
        var ref = asked.fields().ref(ID);
        asked.fields().missing(ID);
        asked.end();
        var removed = parts.in(tx -> {
            var known = parts.mine().one(tx, asked.caller(), Subscription.TYPE, ref.orElseThrow());
            var locked = parts.resources().lock(tx, known.id()).orElseThrow();
            var content = Subscription.of(locked).content();
            Access.mayChange(asked.caller(), locked.project(), content.owner(), "subscription " + locked.id())
                    .ifPresent(why -> {
                        throw new RefusedException(why);
                    });
            if (locked.removed().isPresent()) {
                throw new RefusedException(Refusal.clash("the subscription has ended"));
            }
            return notifications.subscribers().remove(tx, locked, asked.caller().user());
        });
        return Told.ok("ended").put(ID, removed.id().toString());
    }

    private ObjectNode query(Asked asked) {
        var fields = asked.fields();
        var which = filter(fields, asked.caller()).condition().and(Access.noticesSeenBy(asked.caller()));
        var since = fields.whole("since", 0, Long.MAX_VALUE).orElse(0L);
        int limit = Math.toIntExact(fields.whole("limit", 1, LARGEST_LIMIT).orElse(100L));
        long wait = fields.whole("wait", 0, LONGEST_WAIT).orElse(0L);
        asked.end();
        var page = wait == 0
                ? page(which, since, limit)
                : await(which, since, limit, parts.now().plusSeconds(wait));
        var told = Told.ok("notices after " + since);
        var events = told.putArray("events");
        page.notices().stream().map(Numbered::body).forEach(events::add);
        return told.put("sequence", page.next());
    }

    private Page page(Condition which, long since, int limit) {
        return parts.in(tx -> notifications.board().read(tx, which, since, limit));
    }

    private Page await(Condition which, long since, int limit, Instant until) {
        if (!room.tryAcquire()) {
            throw ComplaintException.unavailable(
                    "too many are waiting for notices at this server; ask again later, or without wait");
        }
        try {
            while (true) {
                long seen = notifications.numbered().count();
                var page = page(which, since, limit);
                if (!page.notices().isEmpty() || !parts.now().isBefore(until)) {
                    return page;
                }
                notifications.numbered().await(seen, Duration.between(parts.now(), until));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return page(which, since, limit);
        } finally {
            room.release();
        }
    }

    /// What `filter` says; what it leaves out restricts nothing.
    private static NoticeFilter filter(Fields fields, Caller caller) {
        return fields.object("filter")
                .map(given -> {
                    var events = given.texts("events", NoticeFilter.MOST);
                    events.stream()
                            .filter(event -> !NoticeFilter.isEvent(event))
                            .forEach(event -> given.fault(
                                    "events",
                                    "names '" + Fields.shorten(event)
                                            + "'; it must be a type of notice, such as reservation.started, or all that"
                                            + " begin so: reservation.*"));
                    var project = given.text("project");
                    project.filter(name -> !Access.maySee(caller, name))
                            .ifPresent(_ -> given.fault(
                                    "project", "is another than yours, " + caller.project() + "; leave it out"));
                    var filter = new NoticeFilter(
                            events,
                            List.copyOf(ReservationIntents.ids(given, "reservation")),
                            List.copyOf(ReservationIntents.ids(given, "lease")),
                            List.copyOf(ReservationIntents.ids(given, "object")),
                            project,
                            given.text("zone"),
                            given.object("threshold").flatMap(Notices::threshold));
                    given.end();
                    return filter;
                })
                .orElse(NoticeFilter.ALL);
    }

    /// A threshold in Promise's words; `key` is one of a capacity vector.
    static Optional<Threshold> threshold(Fields given) {
        given.text("type")
                .filter(type -> !type.equals(ABSOLUTE))
                .ifPresent(type -> given.fault("type", "is " + Fields.shorten(type) + "; the only one is " + ABSOLUTE));
        var key = given.requiredText("key");
        if (!key.isEmpty() && !Keys.all().contains(key)) {
            given.fault("key", "is " + Fields.shorten(key) + "; there are: " + String.join(", ", Keys.all()));
        }
        for (var field : List.of("capacity_info", "condition", "value")) {
            given.missing(field);
        }
        var figure = given.word("capacity_info", Threshold.Figure.class);
        var condition = given.word("condition", Threshold.Condition.class);
        var value = given.whole("value", 0, Long.MAX_VALUE);
        given.end();
        return figure.flatMap(one ->
                condition.flatMap(side -> value.map(limit -> new Threshold(Keys.dimension(key), one, side, limit))));
    }

    /// Where notices are to go; an address that may not be called from here is a fault.
    Optional<URI> callback(Fields fields) {
        return fields.text(CALLBACK, ADDRESS).flatMap(text -> {
            try {
                var url = new URI(text);
                boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
                if (web && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                    if (!notifications.subscribers().mayCall(url)) {
                        fields.fault(CALLBACK, "is an address that this server may not call");
                    }
                    return Optional.of(url);
                }
            } catch (URISyntaxException _) {
                // told below
            }
            fields.fault(
                    CALLBACK,
                    "must be an address such as https://example.org/heard, by http or https, without user, password and"
                            + " fragment");
            return Optional.empty();
        });
    }
}
