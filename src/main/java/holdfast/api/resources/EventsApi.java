package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.JournalFilter;
import holdfast.engine.handlers.EventName;
import holdfast.engine.handlers.Interest;
import holdfast.engine.handlers.Replies;
import holdfast.engine.handlers.Subscriptions;
import holdfast.engine.handlers.View;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.impl.DSL;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Telling what happens, and hearing what handlers say (cattle.md 5.10).
final class EventsApi {
    private static final int LARGEST = 1 << 20;
    private static final int LARGEST_FORM = 1 << 16;
    private static final String JSON = "application/json";
    private static final String NAMES = "eventNames";
    private static final String TYPES = "resourceTypes";
    private static final String SUBSCRIBE = "/v1/subscribe";
    private static final String PUBLISH = "/v1/publish";

    private final Database database;
    private final Engine engine;
    private final Subscriptions subscriptions;
    private final Replies replies;
    private final History history;
    private final OutsideView view;

    EventsApi(
            Database database,
            Engine engine,
            Subscriptions subscriptions,
            Replies replies,
            History history,
            OutsideView view) {
        this.database = database;
        this.engine = engine;
        this.subscriptions = subscriptions;
        this.replies = replies;
        this.history = history;
        this.view = view;
    }

    /// Whether a route is for those who hear and answer.
    static boolean serves(Route route) {
        return route.path().equals(SUBSCRIBE) || route.path().equals(PUBLISH);
    }

    /// Whether a route is a WebSocket's.
    static boolean opens(Route route) {
        return route.path().equals(SUBSCRIBE) && route.method().equals("GET");
    }

    List<Route> routes() {
        return List.of(
                Route.get(SUBSCRIBE, this::plainRequest, NAMES, TYPES, "after"),
                Route.post(SUBSCRIBE, this::subscribe, NAMES, TYPES, "after"),
                Route.post(PUBLISH, this::publish),
                Route.get("/v1/journal", this::journal, JournalQuery.parameters("limit")));
    }

    /// What a subscriber asks for.
    ///
    /// @param view resources as a GET of the same caller would show them
    private record Wish(List<EventName> names, Interest interest, View view) {}

    /// `GET /v1/subscribe` as a WebSocket.
    ///
    /// @return empty if something is wrong with it, which [#plainRequest] tells
    Optional<HttpReply> open(Ask ask) {
        try {
            var wish = wish(ask, List.of(), List.of());
            needSocket(ask);
            needRoom();
            return Optional.of(new HttpReply.Lines(telling(wish)));
        } catch (RefusedException | Problem _) {
            return Optional.empty();
        }
    }

    private HttpReply plainRequest(Ask ask) {
        try {
            wish(ask, List.of(), List.of());
        } catch (RefusedException e) {
            throw Problem.unprocessable(e.refusal());
        }
        needSocket(ask);
        throw full();
    }

    private static void needSocket(Ask ask) {
        var http = ask.http();
        boolean complete = http.header("Upgrade")
                        .filter("websocket"::equalsIgnoreCase)
                        .isPresent()
                && http.header("Sec-WebSocket-Version").filter("13"::equals).isPresent()
                && http.header("Sec-WebSocket-Key").isPresent();
        if (!complete) {
            throw Problem.upgradeRequired(
                    "GET " + SUBSCRIBE + " is for WebSockets (version 13); POST to it for a stream of lines instead");
        }
        needOwnPage(ask);
    }

    /// A browser sends its user's password with any page's WebSocket, so only our own pages may open one.
    static void needOwnPage(Ask ask) {
        ask.http().header("Origin").filter(origin -> !origin.equals(ask.base())).ifPresent(origin -> {
            throw Problem.of(Refusal.notYours("pages of " + Form.shorten(origin)
                    + " may open no WebSocket here, only those of " + ask.base() + " may"));
        });
    }

    /// `POST /v1/subscribe`: an endless text of one event in a line.
    private HttpReply subscribe(Ask ask) {
        Wish wish;
        try {
            var form = form(ask);
            wish = wish(ask, form.getOrDefault(NAMES, List.of()), form.getOrDefault(TYPES, List.of()));
        } catch (RefusedException e) {
            throw Problem.unprocessable(e.refusal());
        }
        needRoom();
        return new HttpReply.Lines(telling(wish));
    }

    private HttpReply.LineSource telling(Wish wish) {
        return sink -> subscriptions.events(wish.interest, wish.names, wish.view, event -> sink.line(Json.text(event)));
    }

    private void needRoom() {
        if (!subscriptions.hasRoom()) {
            throw full();
        }
    }

    private static Problem full() {
        return Problem.unavailable(
                "too many subscribers are connected to this server; come again later, or ask another");
    }

    private Wish wish(Ask ask, List<String> moreNames, List<String> moreTypes) {
        var names = new ArrayList<>(ask.all(NAMES));
        names.addAll(moreNames);
        var types = new ArrayList<>(ask.all(TYPES));
        types.addAll(moreTypes);
        var filter = JournalFilter.ALL.withTypes(Set.copyOf(types));
        return new Wish(qualified(ask, EventName.all(names)), interest(ask, filter), view.at(ask.base()));
    }

    /// Administrators get names as they asked for them, and so from any account; others what happens in their own,
    /// whatever they put behind a name (cattle.md 5.10).
    private List<EventName> qualified(Ask ask, List<EventName> names) {
        return names.stream()
                .map(name -> ask.caller().admin() ? raw(ask, name) : name.cut())
                .toList();
    }

    private EventName raw(Ask ask, EventName name) {
        return name.account()
                .map(account -> database.inTransaction(tx -> References.project(tx, ask.kinds(), account))
                        .map(project -> name.in(account, project))
                        .orElseThrow(() -> new RefusedException(Refusal.malformed(
                                NAMES,
                                NAMES + " names the account " + Form.shorten(account) + ", which there is not"))))
                .orElse(name);
    }

    private Interest interest(Ask ask, JournalFilter filter) {
        var caller = ask.caller();
        return Interest.in(filter, caller, entry -> Seen.entry(view.as(caller), entry), Seen.journal(ask))
                .from(place(ask))
                .asLongAs(ask.still());
    }

    /// Looked at now, so that what is wrong with it is told before the stream begins.
    private Optional<Cursor> place(Ask ask) {
        return database.inTransaction(tx -> {
            var after = JournalQuery.after(ask, number -> engine.journal().after(tx, number));
            after.ifPresent(cursor -> engine.journal().read(tx, DSL.falseCondition(), cursor, 1));
            return after;
        });
    }

    /// `GET /v1/journal`, as a list or, if the client accepts nothing else, as server-sent events.
    private HttpReply journal(Ask ask) {
        boolean stream = ask.http()
                .header("Accept")
                .filter(types -> types.contains("text/event-stream"))
                .isPresent();
        if (!stream) {
            return history.journal(ask);
        }
        var filter = database.inTransaction(tx -> JournalQuery.filter(tx, ask));
        var interest = interest(ask, filter);
        needRoom();
        return new HttpReply.Events(sink -> subscriptions.journal(
                interest,
                entry -> sink.send(entry.cursor().text(), "entry", Json.text(History.entry(ask, entry))),
                sink::heartbeat));
    }

    /// `POST /v1/publish`
    private HttpReply publish(Ask ask) {
        var event = object(new String(ask.body(LARGEST), UTF_8))
                .orElseThrow(() -> Problem.unprocessable(
                        Refusal.malformed("body", "the body must be an event: a JSON object with a name")));
        var name = event.path("name").asString("");
        if (name.isEmpty()) {
            throw Problem.unprocessable(Refusal.malformed("name", "name is missing"));
        }
        if (!Replies.isReply(name)) {
            throw ask.caller().admin()
                    ? Problem.unprocessable(Refusal.malformed(
                            "name", "name is '" + Form.shorten(name) + "'; only replies to events are published here"))
                    : Problem.of(Refusal.notYours(
                            "only names that begin with reply. may be published, not " + Form.shorten(name)));
        }
        try {
            var verdict = replies.take(ask.caller(), event);
            return new HttpReply.Content(201, JSON, new byte[0], Map.of("X-Holdfast-Verdict", verdict.word()));
        } catch (RefusedException e) {
            throw Problem.unprocessable(e.refusal());
        }
    }

    /// The names in a form or a JSON object; what is in the query counts as well.
    private static Map<String, List<String>> form(Ask ask) {
        var text = new String(ask.body(LARGEST_FORM), UTF_8).strip();
        if (text.isEmpty()) {
            return Map.of();
        }
        if (!text.startsWith("{")) {
            return Map.of(NAMES, fields(text, NAMES), TYPES, fields(text, TYPES));
        }
        var object = object(text).orElseThrow(() -> Problem.malformed("body", "the body is not a JSON object"));
        return Map.of(NAMES, texts(object, NAMES), TYPES, texts(object, TYPES));
    }

    private static List<String> fields(String form, String name) {
        var values = new ArrayList<String>();
        for (var part : form.split("&")) {
            var sides = part.split("=", 2);
            try {
                if (sides.length == 2 && URLDecoder.decode(sides[0], UTF_8).equals(name)) {
                    values.add(URLDecoder.decode(sides[1], UTF_8));
                }
            } catch (IllegalArgumentException _) {
                throw Problem.malformed(name, "the form is not properly encoded at " + Form.shorten(part));
            }
        }
        return values;
    }

    private static List<String> texts(ObjectNode object, String name) {
        var value = object.path(name);
        var texts = new ArrayList<String>();
        for (JsonNode one : value.isString() ? List.of(value) : value) {
            if (one.isString()) {
                texts.add(one.stringValue());
            } else {
                throw Problem.malformed(name, name + " must be a text or a list of texts");
            }
        }
        return texts;
    }

    private static Optional<ObjectNode> object(String text) {
        try {
            return Json.tree(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }
}
