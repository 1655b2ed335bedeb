package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.broker.Broker;
import holdfast.core.Refusal;
import holdfast.orchestrator.intents.IntentText;
import holdfast.orchestrator.intents.Intents;
import holdfast.orchestrator.intents.Intents.Understood;
import holdfast.orchestrator.intents.Piece;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.protocol.rear.Constraint;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;

/// Takes intents in and gives them up (fluidos.md 2.10, 3.10).
final class IntentsApi {
    private static final String TEXT = "text";
    private static final int LONGEST = 200;

    private final Accounts accounts;
    private final Database database;
    private final Intents intents;
    private final Broker broker;
    private final Finder finder;
    private final Representation representation;

    IntentsApi(
            Accounts accounts,
            Database database,
            Intents intents,
            Broker broker,
            Finder finder,
            Representation representation) {
        this.accounts = accounts;
        this.database = database;
        this.intents = intents;
        this.broker = broker;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/intents", this::create),
                Route.delete("/v1/intents/{id}", this::delete),
                Route.post("/v1/intents/{id}", this::act, "action"));
    }

    /// `POST /v1/intents`: the text as it is, or an object with the field `text`.
    private HttpReply create(Ask ask) {
        // as JSON every character may take six bytes
        var text = text(new String(ask.body(6 * IntentText.LARGEST), UTF_8));
        var understood = CapacityApi.orRefuse(intents.understand(text));
        check(ask, understood);
        var made = CapacityApi.orRefuse(intents.create(ask.caller(), understood));
        return database.inTransaction(tx -> {
            accounts.open(tx, made, ask.caller().user());
            return Writes.created(representation.one(
                    tx, ask, finder.find(tx, ask, Intents.TYPE, made.id().toString())));
        });
    }

    private static String text(String body) {
        if (!body.stripLeading().startsWith("{")) {
            return body;
        }
        try {
            var tree = Json.tree(body);
            if (tree.size() == 1 && tree.path(TEXT).isString()) {
                return tree.path(TEXT).stringValue();
            }
        } catch (JacksonException _) {
            // told by whoever reads the text
        }
        return body;
    }

    /// What may run only here must fit some host here.
    private void check(Ask ask, Understood understood) {
        var here = understood.pieces().stream()
                .filter(Piece::onlyHere)
                .map(Piece::demand)
                .toList();
        var faults = database.<List<Refusal>>inTransaction(
                tx -> broker.tickets().check(tx, ask.caller().project(), here));
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
    }

    /// `DELETE /v1/intents/{id}`
    private HttpReply delete(Ask ask) {
        return released(ask, 200);
    }

    private HttpReply released(Ask ask, int status) {
        var intent = database.inTransaction(tx -> finder.find(tx, ask, Intents.TYPE, ask.id()));
        var released = CapacityApi.orRefuse(intents.delete(ask.caller(), intent.id()));
        return HttpReply.json(status, database.inTransaction(tx -> representation.one(tx, ask, released)));
    }

    /// `POST /v1/intents/{id}?action=delete` or `measure`
    private HttpReply act(Ask ask) {
        var action = ask.one("action").orElse("");
        return switch (action) {
            case "delete" -> released(ask, 202);
            case "measure" -> measured(ask);
            default ->
                throw Problem.invalid(
                        "InvalidAction",
                        "action",
                        "action is '" + Form.shorten(action) + "'; an intent has the actions delete and measure");
        };
    }

    /// What was measured of a part that runs: `{"part": "front", "measured": ["latency = 80ms"]}`.
    private HttpReply measured(Ask ask) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(Bodies.object(ask), "", faults);
        var part = form.text("part", LONGEST);
        var seen = WishForm.constraints(form, "measured");
        if (part.isEmpty() || seen.isEmpty()) {
            form.fault(
                    part.isEmpty() ? "part" : "measured",
                    "name the part and what was measured of it, such as {\"part\": \"front\", \"measured\":"
                            + " [\"latency = 80ms\"]}");
        }
        seen.stream()
                .filter(one -> one.operator() != Constraint.Operator.EQUAL)
                .forEach(one -> form.fault("measured", "measured has '" + one + "': what was measured is said by ="));
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        var intent = database.inTransaction(tx -> finder.find(tx, ask, Intents.TYPE, ask.id()));
        var after = CapacityApi.orRefuse(intents.measured(ask.caller(), intent.id(), part.orElseThrow(), seen));
        return HttpReply.json(202, database.inTransaction(tx -> representation.one(tx, ask, after)));
    }
}
