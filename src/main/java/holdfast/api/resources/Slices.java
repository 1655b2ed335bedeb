package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;
import static java.util.Objects.requireNonNull;

import holdfast.broker.Broker;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.SliceRequest;
import holdfast.orchestrator.SliceState;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.Placement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Takes slices in and down.
final class Slices {
    private static final int LARGEST_GRAPH = 64 << 20;
    private static final int LARGEST_FORM = 1 << 20;

    private final Accounts accounts;
    private final Database database;
    private final Orchestrator orchestrator;
    private final Broker broker;
    private final Intake intake;
    private final Finder finder;
    private final Representation representation;
    private final Collections collections;

    Slices(
            Accounts accounts,
            Database database,
            Orchestrator orchestrator,
            Broker broker,
            Intake intake,
            Finder finder,
            Representation representation,
            Collections collections) {
        this.accounts = accounts;
        this.database = database;
        this.orchestrator = orchestrator;
        this.broker = broker;
        this.intake = intake;
        this.finder = finder;
        this.representation = representation;
        this.collections = collections;
    }

    /// `POST /v1/slices`
    HttpReply create(Ask ask) {
        int most = Intake.isYaml(ask.http().mediaType()) ? LARGEST_FORM : LARGEST_GRAPH;
        return create(ask, ask.body(most));
    }

    private HttpReply create(Ask ask, byte[] bytes) {
        return switch (intake.read(ask, bytes)) {
            case Intake.Read.Faulty(var faults) -> throw Problem.of(faults);
            case Intake.Read.Understood(var request) -> create(ask, request);
        };
    }

    private HttpReply create(Ask ask, SliceRequest request) {
        var refusal = orchestrator.check(request);
        if (refusal.isPresent()) {
            throw Problem.of(refusal.get());
        }
        var faults = database.inTransaction(
                tx -> broker.tickets().check(tx, ask.caller().project(), request.demands()));
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        if (ask.flag("dryRun")) {
            return switch (rehearse(ask.caller().project(), request)) {
                case Answer.No<List<Placement>>(var why) -> throw Problem.of(why);
                case Answer.Yes<List<Placement>>(var placements) -> HttpReply.json(200, plan(ask, request, placements));
            };
        }
        return switch (orchestrator.create(ask.caller(), request)) {
            case Answer.No<Orchestrator.Created>(var why) -> throw Problem.of(why);
            case Answer.Yes<Orchestrator.Created>(var created) -> {
                var slice = database.inTransaction(tx -> asMade(tx, ask, created));
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

    private Answer<List<Placement>> rehearse(String project, SliceRequest request) {
        try {
            return database.inTransaction(tx -> {
                throw new Rehearsed(broker.tickets().rehearse(tx, project, request.demands(), request.term()));
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
                    .set("demand", SliverPart.demand(demand));
        }
        return plan;
    }

    /// A slice that was just made, as it was then, whatever has happened to it since.
    private ObjectNode asMade(Tx tx, Ask ask, Orchestrator.Created created) {
        accounts.open(tx, created.slice(), ask.caller().user());
        var numbers = numbers(tx, created);
        var all = Stream.concat(Stream.of(created.slice()), created.slivers().stream())
                .map(one -> one.numbered(requireNonNull(numbers.get(one.id()))))
                .toList();
        var nodes = representation.all(tx, ask, all);
        nodes.getFirst().putArray("slivers").addAll(nodes.subList(1, nodes.size()));
        return nodes.getFirst();
    }

    private static Map<UUID, Long> numbers(Tx tx, Orchestrator.Created created) {
        var id = created.slice().id();
        return tx.sql()
                .select(RESOURCE.ID, RESOURCE.NUMBER)
                .from(RESOURCE)
                .where(RESOURCE.ID.eq(id).or(RESOURCE.PARENT.eq(id)))
                .fetchMap(RESOURCE.ID, RESOURCE.NUMBER);
    }

    /// One slice with its slivers inline.
    ObjectNode show(Tx tx, Ask ask, Resource slice) {
        return collections.show(tx, ask, slice, List.of("slivers"));
    }

    /// `DELETE /v1/slices/{id}`
    HttpReply delete(Ask ask) {
        return closed(ask, 200);
    }

    private HttpReply closed(Ask ask, int status) {
        var slice = database.inTransaction(tx -> finder.find(tx, ask, Orchestrator.SLICE, ask.id()));
        var shown = switch (orchestrator.delete(ask.caller(), slice.id())) {
            case Answer.No<Resource>(var why) when isUnderWay(slice, why) -> slice;
            case Answer.No<Resource>(var why) -> throw Problem.of(why);
            case Answer.Yes<Resource>(var closing) -> closing;
        };
        return HttpReply.json(status, database.inTransaction(tx -> show(tx, ask, shown)));
    }

    /// Asked twice is asked once.
    private static boolean isUnderWay(Resource slice, Refusal why) {
        return why.kind() == Refusal.Kind.CLASH && SliceState.of(slice.state()) == SliceState.CLOSING;
    }

    /// `POST /v1/slices/{id}?action=delete`
    HttpReply act(Ask ask) {
        var action = ask.one("action").orElse("");
        if (!action.equals("delete")) {
            throw Problem.invalid(
                    "InvalidAction",
                    "action",
                    "action is '" + Form.shorten(action) + "'; a slice has the action delete");
        }
        var slice = database.inTransaction(tx -> finder.find(tx, ask, Orchestrator.SLICE, ask.id()));
        if (SliceState.of(slice.state()).after(SliceState.Operation.DELETE) instanceof Answer.No
                || slice.removed().isPresent()) {
            throw Problem.notAvailable("delete", "slice " + Form.shorten(ask.id()), slice.state(), List.of());
        }
        return closed(ask, 202);
    }
}
