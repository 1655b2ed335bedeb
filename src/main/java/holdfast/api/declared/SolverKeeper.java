package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.buying.Solver;
import holdfast.federation.buying.SolverCourse;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.buying.SolverCourse.Phase;
import holdfast.federation.buying.Staged;
import holdfast.federation.wire.CustomResources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Searches (fluidos.md 3.1), led phase by phase by raising their flags; and what of each the discovery is (3.2), which
/// comes and goes with it.
///
/// @param sort solvers or discoveries
record SolverKeeper(Sort sort, Engine engine, Staged staged) implements Stored {
    private static final String SELECTOR = "selector";
    private static final String INTENT = "intentID";
    private static final String FIND = "findCandidate";
    private static final String BUY = "reserveAndBuy";
    private static final String PEER = "establishPeering";

    @Override
    public String type() {
        return Solver.TYPE;
    }

    @Override
    public List<Shown> shown(Tx tx, List<Resource> some) {
        return some.stream().flatMap(one -> shown(one).stream()).toList();
    }

    /// One that holds what somebody has chosen is shown as a reservation.
    private Optional<Shown> shown(Resource resource) {
        var solver = resource.as(Solver.class);
        if (solver.pick().isPresent()) {
            return Optional.empty();
        }
        var name = name(resource.id());
        if (sort == Sort.SOLVER) {
            return Optional.of(Shown.of(sort, resource, name, spec(solver), status(resource, solver)));
        }
        return solver.looks() == 0
                ? Optional.empty()
                : Optional.of(Shown.of(
                        sort,
                        resource,
                        Shown.named("discovery", name),
                        searched(name, solver),
                        found(resource, solver)));
    }

    /// Of one that nobody has declared.
    static String name(UUID solver) {
        return "solver-" + solver.toString().substring(24);
    }

    private static ObjectNode spec(Solver solver) {
        var flags = solver.flags();
        var spec = Json.object()
                .put(INTENT, solver.sliver().toString())
                .put(FIND, flags.find())
                .put(BUY, flags.buy())
                .put(PEER, flags.peer());
        spec.set(SELECTOR, CustomResources.selector(solver.selector()));
        return spec;
    }

    private static ObjectNode status(Resource resource, Solver solver) {
        var course = solver.course();
        var status = Json.object();
        phase(status, FIND, course.find());
        phase(status, BUY, course.buy());
        phase(status, "peering", course.peer());
        phase(status, "reservationPhase", course.buy());
        phase(status, "consumePhase", course.peer());
        if (solver.looks() > 0) status.put("discoveryPhase", word(solver));
        status.set(
                "solverPhase",
                phase(resource, state(course.state()), course.state().isOver()));
        return status;
    }

    private static void phase(ObjectNode status, String name, Phase phase) {
        switch (phase) {
            case NONE -> {}
            case IDLE -> status.put(name, "Idle");
            case RUNNING -> status.put(name, "Running");
            case SOLVED -> status.put(name, "Solved");
            case FAILED -> status.put(name, "Failed");
        }
    }

    private static String state(SolverCourse.State state) {
        return switch (state) {
            case IDLE -> "Idle";
            case RUNNING -> "Running";
            case SOLVED -> "Solved";
            case FAILED -> "Failed";
            case TIMED_OUT -> "Timed Out";
        };
    }

    /// @param over whether it has come to an end
    static ObjectNode phase(Resource resource, String word, boolean over) {
        var phase = Json.object()
                .put("phase", word)
                .put("message", resource.message().orElse(""))
                .put("startTime", Shown.time(resource.created()))
                .put("lastChangeTime", Shown.time(resource.updated()));
        return over ? phase.put("endTime", Shown.time(resource.updated())) : phase;
    }

    private static ObjectNode searched(String name, Solver solver) {
        var spec = Json.object().put("solverID", name).put("subscribe", false);
        spec.set(SELECTOR, CustomResources.selector(solver.selector()));
        return spec;
    }

    private static ObjectNode found(Resource resource, Solver solver) {
        var word = word(solver);
        var status = Json.object();
        status.set("phase", phase(resource, word, !word.equals("Running")));
        return status;
    }

    private static String word(Solver solver) {
        return switch (solver.discovery()) {
            case NONE, RUNNING, READY -> "Running";
            case SOLVED -> "Solved";
            case FAILED -> "Failed";
        };
    }

    @Override
    public Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        if (sort != Sort.SOLVER) {
            return Stored.super.make(tx, caller, name, spec);
        }
        Wishes.text(spec, INTENT);
        var selector = selector(spec);
        return Optional.of(staged.begin(tx, selector, flags(spec), Optional.empty(), caller.project(), caller.user())
                .id());
    }

    private static Flags flags(JsonNode spec) {
        return new Flags(Wishes.truth(spec, FIND), Wishes.truth(spec, BUY), Wishes.truth(spec, PEER));
    }

    /// None is any slice of a cluster.
    private static Selector selector(JsonNode spec) {
        return spec.has(SELECTOR)
                ? Wishes.orRefuse(CustomResources.selector(spec.path(SELECTOR)))
                : new Selector(FlavorType.K8SLICE, List.of());
    }

    @Override
    public void change(Tx tx, Caller caller, Optional<UUID> made, JsonNode before, JsonNode after) {
        Wishes.fixed(before, after, SELECTOR);
        Wishes.fixed(before, after, INTENT);
        for (var flag : List.of(FIND, BUY, PEER)) {
            Wishes.onlyMore(before, after, flag);
        }
        made.ifPresent(solver ->
                staged.raise(tx, solver, flags(after), true, caller.user()).orThrow());
    }

    /// What was found and bought is given back.
    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        boolean declared = sort == Sort.SOLVER
                && shown.made()
                        .flatMap(solver -> engine.resources().find(tx, solver))
                        .filter(solver -> solver.as(Solver.class).isByHand())
                        .isPresent();
        if (!declared) {
            throw new RefusedException(Refusal.notYours(shown.name() + " is part of something else, and ends with it"));
        }
        staged.end(tx, shown.made().orElseThrow(), caller.user()).orThrow();
    }
}
