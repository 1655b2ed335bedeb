package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Subscribers;
import holdfast.notifications.Subscribers.Progress;
import holdfast.notifications.Subscribers.Wish;
import holdfast.notifications.Subscription;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Subscriptions to notices (promise.md 5.3). They are listed and shown like any other resource.
final class SubscriptionsApi {
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_CALLBACK = 2_048;
    private static final int SHORTEST_SECRET = 16;
    private static final int LONGEST_SECRET = 255;
    private static final String CALLBACK = "callback";
    private static final String FILTER = "filter";
    private static final String SECRET = "secret";

    /// What is shown of subscriptions: all but their secrets.
    static final Part PART = SubscriptionsApi::shown;

    private final Database database;
    private final Engine engine;
    private final Subscribers subscribers;
    private final Finder finder;
    private final Representation representation;

    SubscriptionsApi(
            Database database, Engine engine, Subscribers subscribers, Finder finder, Representation representation) {
        this.database = database;
        this.engine = engine;
        this.subscribers = subscribers;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/subscriptions", this::create),
                Route.put("/v1/subscriptions/{id}", this::change),
                Route.delete("/v1/subscriptions/{id}", this::remove));
    }

    private static Map<UUID, ObjectNode> shown(Tx tx, List<Resource> page) {
        var progress = Subscribers.progress(tx, page.stream().map(Resource::id).toList());
        return page.stream()
                .collect(toMap(
                        Resource::id, one -> shown(Subscription.of(one), Optional.ofNullable(progress.get(one.id())))));
    }

    private static ObjectNode shown(Subscription subscription, Optional<Progress> progress) {
        var content = subscription.content();
        var node = Json.object();
        node.set(FILTER, NoticeFilters.shown(content.filter()));
        content.callback().ifPresent(callback -> node.put(CALLBACK, callback.toString()));
        node.put("owner", content.owner()).put("everything", content.everything());
        progress.ifPresent(far -> node.put("signed", far.signed())
                .put("sequence", far.sequence())
                .put("failures", far.failures())
                .put("failingSince", far.failingSince().map(Values::shown).orElse(null))
                .put("problem", far.problem().orElse(null)));
        return node;
    }

    /// `POST /v1/subscriptions`
    private HttpReply create(Ask ask) {
        ask.need(ask.kinds().find(Subscription.TYPE).orElseThrow(), 'c', false);
        var body = Bodies.object(ask);
        return database.inTransaction(tx -> {
            var wish = read(tx, ask, body);
            var callback = wish.callback()
                    .orElseThrow(() -> Problem.invalid(
                            "MissingRequired", CALLBACK, "callback is missing: the address where notices are posted"));
            var made = subscribers.create(tx, ask.caller(), callback, wish).orThrow();
            return Writes.created(representation.one(tx, ask, made));
        });
    }

    /// `PUT /v1/subscriptions/{id}`
    private HttpReply change(Ask ask) {
        ask.need(ask.kinds().find(Subscription.TYPE).orElseThrow(), 'u', true);
        var body = Bodies.object(ask);
        return database.inTransaction(tx -> {
            var subscription = own(tx, ask);
            var changed = subscribers.change(tx, subscription, ask.caller().user(), read(tx, ask, body));
            return HttpReply.json(200, representation.one(tx, ask, changed));
        });
    }

    /// `DELETE /v1/subscriptions/{id}`
    private HttpReply remove(Ask ask) {
        ask.need(ask.kinds().find(Subscription.TYPE).orElseThrow(), 'd', true);
        return database.inTransaction(tx -> {
            var removed = subscribers.remove(tx, own(tx, ask), ask.caller().user());
            return HttpReply.json(200, representation.one(tx, ask, removed));
        });
    }

    /// The one that the path names, locked, if the caller may change it. What hears of all projects is for
    /// administrators: whoever else could change it could have it tell him.
    private Resource own(Tx tx, Ask ask) {
        var found = finder.find(tx, ask, Subscription.TYPE, ask.id());
        var subscription = engine.resources().lock(tx, found.id()).orElseThrow();
        var content = Subscription.of(subscription).content();
        var what = "subscription " + Ids.wire(Subscription.TYPE, subscription.number());
        Access.mayChange(ask.caller(), subscription.project(), content.owner(), what)
                .or(() -> content.everything()
                        ? Access.mayOperate(ask.caller(), "change " + what + ", which hears of all projects")
                        : Optional.empty())
                .ifPresent(why -> {
                    throw Problem.of(why);
                });
        if (subscription.removed().isPresent()) {
            throw Problem.conflict(what + " is removed");
        }
        return subscription;
    }

    private Wish read(Tx tx, Ask ask, ObjectNode body) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var wish = new Wish(
                form.text("name", LONGEST_NAME),
                form.any(FILTER).flatMap(_ -> filter(tx, ask, body, faults)),
                form.text(CALLBACK, LONGEST_CALLBACK).flatMap(text -> callback(form, text)),
                form.any(SECRET).map(node -> node.isString() ? node.stringValue() : ""), // not echoed when it is wrong
                form.whole("since", 0, Long.MAX_VALUE));
        wish.secret()
                .filter(secret -> secret.length() < SHORTEST_SECRET || secret.length() > LONGEST_SECRET)
                .ifPresent(_ -> form.fault(
                        SECRET,
                        "secret must be a text of " + SHORTEST_SECRET + " to " + LONGEST_SECRET + " characters"));
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return wish;
    }

    private static Optional<NoticeFilter> filter(Tx tx, Ask ask, ObjectNode body, List<Refusal> faults) {
        if (!body.path(FILTER).isObject()) {
            faults.add(
                    Refusal.malformed(FILTER, "filter must be an object, such as {\"events\": [\"reservation.*\"]}"));
            return Optional.empty();
        }
        return Optional.of(NoticeFilters.read(tx, ask.caller(), new Form(body.get(FILTER), FILTER, faults), faults));
    }

    private Optional<URI> callback(Form form, String text) {
        try {
            var url = new URI(text);
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (web && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                if (!subscribers.mayCall(url)) {
                    form.fault(
                            CALLBACK,
                            "callback is " + Form.shorten("'" + text + "'")
                                    + ", which is closed to callbacks; name another address, or ask the operator to open"
                                    + " it: callbacks.allow in the settings file");
                }
                return Optional.of(url);
            }
        } catch (URISyntaxException _) {
            // told below
        }
        form.fault(
                CALLBACK,
                "callback is " + Form.shorten("'" + text + "'")
                        + "; it must be an address such as https://example.org/heard, by http or https, without user,"
                        + " password and fragment");
        return Optional.empty();
    }
}
