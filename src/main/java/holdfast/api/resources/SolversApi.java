package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.buying.Buying;
import holdfast.federation.buying.Search;
import holdfast.federation.buying.Solver;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Searches for room in other domains that people begin by hand, and lead on phase by phase (fluidos.md 3.1).
final class SolversApi {
    static final String RAISE = "raise";
    private static final String WANTS = "wants";
    private static final String FIND = "find";
    private static final String BUY = "buy";
    private static final String PEER = "peer";
    private static final int LONGEST = 200;
    private static final int MOST_AMOUNT = 1_000_000;
    private static final int MOST_HOURS = 14 * 24;
    private static final int USUAL_HOURS = 24;

    private final Platform platform;
    private final Database database;
    private final Optional<Buying> buying;
    private final Finder finder;
    private final Representation representation;

    /// @param buying empty if this domain deals with no other
    SolversApi(
            Platform platform,
            Database database,
            Optional<Buying> buying,
            Finder finder,
            Representation representation) {
        this.platform = platform;
        this.database = database;
        this.buying = buying;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/solvers", this::begin),
                Route.post("/v1/solvers/{id}", this::raise, "action"),
                Route.delete("/v1/solvers/{id}", this::end));
    }

    /// What is special about them.
    record SolverPart() implements Part {
        @Override
        public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
            return BoughtPart.solvers(tx, page);
        }

        @Override
        public List<String> actions(Caller caller, Resource resource) {
            boolean over = resource.as(Solver.class).course().state().isOver();
            return over || resource.removed().isPresent() ? List.of() : List.of(RAISE);
        }
    }

    /// `POST /v1/solvers`: looks for a candidate, and does no more than it is told.
    private HttpReply begin(Ask ask) {
        need(ask, 'c', false);
        var search = read(Bodies.object(ask));
        return database.inTransaction(tx -> Writes.created(representation.one(
                tx,
                ask,
                buying().staged()
                        .begin(tx, search, ask.caller().project(), ask.caller().user()))));
    }

    /// `POST /v1/solvers/{id}?action=raise`: what it wants beside comes next.
    private HttpReply raise(Ask ask) {
        ask.action("a solver", RAISE);
        need(ask, 'c', true);
        var faults = new ArrayList<Refusal>();
        var form = new Form(Bodies.object(ask), "", faults);
        if (!form.has(WANTS)) {
            form.fault(WANTS, "wants is missing: name what it shall do, of find, buy and peer");
        }
        var more = wants(form);
        form.end();
        refuse(faults);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Solver.TYPE, ask.id());
            var raised = buying().staged()
                    .raise(tx, found.id(), more, more.buy(), ask.caller().user());
            return HttpReply.json(202, representation.one(tx, ask, CapacityApi.orRefuse(raised)));
        });
    }

    /// `DELETE /v1/solvers/{id}`: what was bought is given back.
    private HttpReply end(Ask ask) {
        need(ask, 'd', true);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Solver.TYPE, ask.id());
            var ended = buying().staged().end(tx, found.id(), ask.caller().user());
            return HttpReply.json(202, representation.one(tx, ask, CapacityApi.orRefuse(ended)));
        });
    }

    private Buying buying() {
        return buying.orElseThrow(() -> Problem.of(Refusal.clash(
                "this server deals with no other: its settings file has no section federation, which says who it is")));
    }

    private Search read(ObjectNode body) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var size = Capacities.of(
                required(form, "cores"),
                required(form, "ram"),
                form.whole("disk", 0, MOST_AMOUNT).orElse(0L));
        var hours = form.whole("hours", 1, MOST_HOURS).orElse((long) USUAL_HOURS);
        var wish = WishForm.fields(form, platform.newId());
        var flags = form.has(WANTS) ? wants(form) : new Flags(true, false, false);
        form.end();
        refuse(faults);
        return Search.of(size, Interval.of(platform.now(), Duration.ofHours(hours)), wish, flags);
    }

    private static long required(Form form, String field) {
        if (!form.has(field)) {
            form.fault(field, field + " is missing: say how many the machine needs, at least 1");
        }
        return form.whole(field, 1, MOST_AMOUNT).orElse(1L);
    }

    private static Flags wants(Form form) {
        var words = form.texts(WANTS, 3, LONGEST);
        for (var word : words) {
            if (!List.of(FIND, BUY, PEER).contains(word)) {
                form.fault(WANTS, "wants has '" + Form.shorten(word) + "'; there are find, buy and peer");
            }
        }
        return new Flags(words.contains(FIND), words.contains(BUY), words.contains(PEER));
    }

    /// As they are written.
    static List<String> words(Flags flags) {
        var words = new ArrayList<String>();
        if (flags.find()) words.add(FIND);
        if (flags.buy()) words.add(BUY);
        if (flags.peer()) words.add(PEER);
        return words;
    }

    static void refuse(List<Refusal> faults) {
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
    }

    private static void need(Ask ask, char letter, boolean single) {
        ask.need(ask.kinds().find(Solver.TYPE).orElseThrow(), letter, single);
    }
}
