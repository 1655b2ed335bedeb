package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.SliceRequest;
import holdfast.orchestrator.SliceState;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest.Body;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.Placement;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Takes slices in and down.
final class Slices {
    private static final int LARGEST_GRAPH = 64 << 20;
    private static final int LARGEST_FORM = 1 << 20;

    private final Database database;
    private final Orchestrator orchestrator;
    private final Broker broker;
    private final Intake intake;
    private final Listings listings;
    private final Shapes shapes;

    Slices(
            Database database,
            Orchestrator orchestrator,
            Broker broker,
            Intake intake,
            Listings listings,
            Shapes shapes) {
        this.database = database;
        this.orchestrator = orchestrator;
        this.broker = broker;
        this.intake = intake;
        this.listings = listings;
        this.shapes = shapes;
    }

    /// `POST /v1/slices`
    HttpReply create(Ask ask) {
        int most = Intake.isYaml(ask.http().mediaType()) ? LARGEST_FORM : LARGEST_GRAPH;
        return switch (ask.http().body(most)) {
            case Body.TooLarge _ -> Errors.tooLarge(most);
            case Body.TooSlow _ -> Errors.tooSlow();
            case Body.Crowded _ ->
                Errors.unavailable("too many large requests at the same time; try again in some seconds");
            case Body.Whole(var bytes) -> create(ask, bytes);
        };
    }

    private HttpReply create(Ask ask, byte[] bytes) {
        return switch (intake.read(ask, bytes)) {
            case Intake.Read.Faulty(var faults) -> Errors.refused(faults);
            case Intake.Read.Understood(var request) -> create(ask, request);
        };
    }

    private HttpReply create(Ask ask, SliceRequest request) {
        var refusal = orchestrator.check(request);
        if (refusal.isPresent()) {
            return Errors.refused(refusal.get());
        }
        var faults = database.inTransaction(tx -> broker.check(tx, request.demands()));
        if (!faults.isEmpty()) {
            return Errors.refused(faults);
        }
        if (ask.flag("dryRun")) {
            return switch (rehearse(request)) {
                case Answer.No<List<Placement>>(var why) -> Errors.refused(why);
                case Answer.Yes<List<Placement>>(var placements) -> HttpReply.json(200, plan(ask, request, placements));
            };
        }
        return switch (orchestrator.create(ask.caller(), request)) {
            case Answer.No<Orchestrator.Created>(var why) -> Errors.refused(why);
            case Answer.Yes<Orchestrator.Created>(var created) -> {
                var slice = shapes.created(ask.caller(), ask.base(), created);
                yield HttpReply.json(201, slice)
                        .with("Location", slice.get("links").get("self").stringValue());
            }
        };
    }

    /// Carries the outcome of a rehearsal out of the transaction that must not be kept.
    private static final class Rehearsed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Answer<List<Placement>> outcome;

        Rehearsed(Answer<List<Placement>> outcome) {
            super("", null, false, false);
            this.outcome = outcome;
        }
    }

    private Answer<List<Placement>> rehearse(SliceRequest request) {
        try {
            return database.inTransaction(tx -> {
                throw new Rehearsed(broker.rehearse(tx, request.demands(), request.term()));
            });
        } catch (Rehearsed e) {
            return e.outcome;
        }
    }

    private static ObjectNode plan(Ask ask, SliceRequest request, List<Placement> placements) {
        var plan = Json.object().put("type", "slice").put("dryRun", true).put("name", request.name());
        plan.put("project", ask.caller().project()).put("owner", ask.caller().user());
        plan.put("start", request.term().from().toString())
                .put("end", request.term().until().toString());
        var slivers = plan.putArray("slivers");
        for (int n = 0; n < placements.size(); n++) {
            var demand = request.demands().get(n);
            slivers.addObject()
                    .put("type", "sliver")
                    .put("name", demand.name())
                    .put("host", placements.get(n).host())
                    .set("demand", Shapes.demand(demand));
        }
        return plan;
    }

    /// One slice with its slivers inline.
    ObjectNode show(Tx tx, Caller caller, String base, Resource slice) {
        return shapes.withSlivers(tx, caller, base, List.of(slice)).getFirst();
    }

    /// `DELETE /v1/slices/{id}`
    HttpReply delete(Ask ask) {
        var slice = database.inTransaction(tx -> listings.find(tx, ask.caller(), Orchestrator.SLICE, ask.id()));
        return switch (orchestrator.delete(ask.caller(), slice.id())) {
            case Answer.No<Resource>(var why) when isUnderWay(slice, why) -> accepted(ask, slice);
            case Answer.No<Resource>(var why) -> Errors.refused(why);
            case Answer.Yes<Resource>(var closing) -> accepted(ask, closing);
        };
    }

    /// Asked twice is asked once.
    private static boolean isUnderWay(Resource slice, Refusal why) {
        return why.kind() == Refusal.Kind.CLASH && SliceState.of(slice.state()) == SliceState.CLOSING;
    }

    private HttpReply accepted(Ask ask, Resource slice) {
        return HttpReply.json(202, database.inTransaction(tx -> show(tx, ask.caller(), ask.base(), slice)));
    }

    /// `POST /v1/slices/{id}?action=delete`
    HttpReply act(Ask ask) {
        var action = ask.one("action").orElse("");
        if (!action.equals("delete")) {
            throw Ask.malformed("action", "action is '" + action + "'; a slice has the action delete");
        }
        return delete(ask);
    }
}
