package holdfast.api.resources;

import holdfast.api.AskedBefore;
import holdfast.api.Patience;
import holdfast.broker.Desk;
import holdfast.broker.Directory;
import holdfast.broker.Instead;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/// Reservations: asked for, offered, taken, given up (promise.md 4.2).
final class ReservationsApi {
    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Reservations reservations;
    private final Desk desk;
    private final Accounts accounts;
    private final Finder finder;
    private final Representation representation;
    private final Patience patience;

    ReservationsApi(
            Platform platform,
            Database database,
            Engine engine,
            Reservations reservations,
            Desk desk,
            Accounts accounts,
            Finder finder,
            Representation representation,
            Patience patience) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.reservations = reservations;
        this.desk = desk;
        this.accounts = accounts;
        this.finder = finder;
        this.representation = representation;
        this.patience = patience;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/reservations", this::create, "dryRun"),
                Route.put("/v1/reservations/{id}", this::update),
                Route.delete("/v1/reservations/{id}", this::cancel),
                Route.post("/v1/reservations/{id}", this::act, "action"));
    }

    /// `POST /v1/reservations`: 201 when it is reserved or offered, 202 while a provider is still to agree.
    private HttpReply create(Ask ask) {
        need(ask, 'c', false);
        var body = Bodies.object(ask);
        body.remove("dryRun"); // it is no field, but comes with those of the query
        if (ask.flag("dryRun")) {
            return rehearse(ask, request(ask, body));
        }
        var asked = AskedBefore.of(ask.http(), ask.caller(), ask.where(), body, platform.now());
        var made = asked.before(database, engine.resources()::find)
                .map(this::orRefuse)
                .orElseGet(() -> make(ask, asked, request(ask, body)));
        return answer(ask, made.id(), 201);
    }

    private Resource make(Ask ask, AskedBefore asked, ReservationRequest request) {
        return switch (asked.once(
                database, remembering -> admit(ask, request, remembering), engine.resources()::find)) {
            case Answer.No<Resource>(var why) -> throw refused(ask, request, why);
            case Answer.Yes<Resource>(var made) -> made;
        };
    }

    private ReservationRequest request(Ask ask, ObjectNode body) {
        return database.inTransaction(tx -> new ReservationIntake(
                        directory(tx),
                        platform.now(),
                        platform::newId,
                        reservations.policies().window(),
                        (type, name) -> References.find(tx, ask.kinds(), type, name, Access.seenBy(ask.caller(), type))
                                .map(UUID::toString)
                                .orElse(name))
                .read(body));
    }

    private Answer<Resource> admit(Ask ask, ReservationRequest request, BiConsumer<Tx, UUID> remembering) {
        return desk.reserve(ask.caller(), request, (tx, made) -> {
            remembering.accept(tx, made.id());
            accounts.open(tx, made, ask.caller().user());
        });
    }

    private HttpReply rehearse(Ask ask, ReservationRequest request) {
        return switch (desk.rehearse(ask.caller(), request)) {
            case Answer.No<Resource>(var why) -> throw refused(ask, request, why);
            case Answer.Yes<Resource>(var made) -> HttpReply.json(200, database.inTransaction(tx -> plan(tx, made)));
        };
    }

    private ObjectNode plan(Tx tx, Resource made) {
        var plan =
                Json.object().put("type", Reservations.TYPE).put("dryRun", true).put("name", made.name());
        plan.setAll(ReservationPart.fields(made, directory(tx)));
        return plan;
    }

    private Directory directory(Tx tx) {
        return Directory.read(tx, engine.resources());
    }

    private Problem refused(Ask ask, ReservationRequest request, Refusal why) {
        var besides = Json.object();
        var found = desk.instead(ask.caller(), request, why);
        var directory = database.inTransaction(this::directory);
        if (!found.isEmpty()) {
            var items = new ItemView(directory);
            var list = besides.putArray("alternatives");
            found.forEach(one -> list.add(alternative(one, items)));
        }
        return Problem.of(directory.inWords(why), besides);
    }

    /// With a body that can be sent as it is.
    private static ObjectNode alternative(Instead one, ItemView items) {
        var request = one.request();
        var when = request.when();
        var node = Json.object().put("kind", one.kind().name().toLowerCase(Locale.ROOT));
        var body = node.putObject("request")
                .put("name", request.name())
                .put("start", when.from().toString())
                .put("end", when.until().toString())
                .put("priority", request.priority())
                .put("pinned", request.pinned())
                .put("prefer", request.prefer().name().toLowerCase(Locale.ROOT));
        request.flexible()
                .ifPresent(window -> body.putObject("flexible")
                        .put("mode", window.mode().name().toLowerCase(Locale.ROOT))
                        .put("latest", window.latest().toString())
                        .put("recallSeconds", window.recall().toSeconds()));
        request.offer().ifPresent(ttl -> body.put("hold", true).put("ttlSeconds", ttl.toSeconds()));
        request.expiry().ifPresent(expiry -> body.put("expiry", expiry.toString()));
        request.warnAt().ifPresent(warnAt -> body.put("warnAt", warnAt.toString()));
        var list = body.putArray("items");
        request.items().forEach(item -> list.add(items.show(item, when)));
        return node;
    }

    /// The reservation when its providers have agreed, or as it is when the patience is over.
    private HttpReply answer(Ask ask, UUID id, int status) {
        var reservation = patience.await(ask.caller(), id, Patience.of(ask.http()), found -> !isOnItsWay(found));
        boolean waits = isOnItsWay(reservation);
        var node = database.inTransaction(tx -> representation.one(tx, ask, reservation));
        return status == 201 ? created(node, waits ? 202 : 201) : HttpReply.json(waits ? 202 : status, node);
    }

    private static boolean isOnItsWay(Resource reservation) {
        return reservation.state().equals("initialized")
                || reservation.as(Reservation.class).isUpdating();
    }

    private static HttpReply created(ObjectNode node, int status) {
        return HttpReply.json(status, node)
                .with("Location", node.get("links").get("self").stringValue());
    }

    /// `PUT /v1/reservations/{id}`: what the body leaves out stays. 202 while providers are still to agree; if one
    /// does not, all is as it was.
    private HttpReply update(Ask ask) {
        need(ask, 'u', true);
        var body = Bodies.object(ask);
        var change = database.inTransaction(
                tx -> new ReservationChangeIntake(directory(tx), platform.now(), platform::newId).read(body));
        var changed = reservations.consulted(
                ask.caller(),
                policy -> decided(
                        ask,
                        (tx, known) -> reservations.update(
                                tx, known, change, ask.caller().user(), policy)));
        var id = orRefuse(changed).id();
        var reply = answer(ask, id, 200);
        database.inTransaction(tx -> engine.resources().find(tx, id).orElseThrow())
                .as(Reservation.class)
                .notUpdated()
                .ifPresent(why -> {
                    throw Problem.of(why);
                });
        return reply;
    }

    /// `DELETE /v1/reservations/{id}`: gives it up; until nothing of it is left it is `cancelling`.
    private HttpReply cancel(Ask ask) {
        need(ask, 'd', true);
        return HttpReply.json(202, database.inTransaction(tx -> representation.one(tx, ask, cancelled(tx, ask))));
    }

    private Resource cancelled(Tx tx, Ask ask) {
        var known = finder.find(tx, ask, Reservations.TYPE, ask.id());
        return orRefuse(tx, reservations.cancel(tx, known.id(), ask.caller().user()));
    }

    /// `POST /v1/reservations/{id}?action=confirm|activate|cancel`
    private HttpReply act(Ask ask) {
        need(ask, 'd', true);
        return switch (ask.one("action").orElse("")) {
            case ReservationPart.CONFIRM -> acted(ask, reservations::confirm);
            case ReservationPart.ACTIVATE -> acted(ask, reservations::activate);
            case ReservationPart.CANCEL -> cancel(ask);
            case String other ->
                throw Problem.invalid(
                        "InvalidAction",
                        "action",
                        "action is '" + Form.shorten(other)
                                + "'; a reservation has the actions confirm, activate and cancel");
        };
    }

    private interface Act {
        Answer<Resource> on(Tx tx, UUID reservation, String who);
    }

    private HttpReply acted(Ask ask, Act act) {
        return answer(
                ask,
                orRefuse(decided(
                                ask,
                                (tx, known) -> act.on(tx, known, ask.caller().user())))
                        .id(),
                200);
    }

    /// Does something with the reservation that the path names. The transaction of a refusal is kept, since it has
    /// the refusal in the log of decisions.
    private Answer<Resource> decided(Ask ask, BiFunction<Tx, UUID, Answer<Resource>> decision) {
        return database.inTransaction(tx -> decision.apply(
                tx, finder.find(tx, ask, Reservations.TYPE, ask.id()).id()));
    }

    private Resource orRefuse(Answer<Resource> answer) {
        return database.inTransaction(tx -> orRefuse(tx, answer));
    }

    private Resource orRefuse(Tx tx, Answer<Resource> answer) {
        return switch (answer) {
            case Answer.Yes<Resource>(var resource) -> resource;
            case Answer.No<Resource>(var why) -> throw Problem.of(directory(tx).inWords(why));
        };
    }

    private static void need(Ask ask, char letter, boolean single) {
        ask.need(ask.kinds().find(Reservations.TYPE).orElseThrow(), letter, single);
    }
}
