package holdfast.federation.buying;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.federation.buying.PurchaseCourse.News;
import holdfast.federation.buying.SolverCourse.Act;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.federation.buying.SolverCourse.Phase;
import holdfast.federation.buying.SolverCourse.Sight;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Searches for room elsewhere, each from a wish to a site that may be used (fluidos.md 3.1). What a solver does next
/// is decided by [SolverCourse] from what is there; this carries it out.
final class Solvers {
    private static final String NAME = Peers.ACTOR;
    private static final String DISCOVER = "solver.discover";
    private static final String DEADLINE = "solver.deadline";
    private static final Duration SEARCH = Duration.ofMinutes(2);
    /// Longer than a seller's cluster may take to let ours in, and then to be a node of ours: who is late at that
    /// is given up for the next one.
    private static final Duration PEERING = Duration.ofMinutes(12);
    /// Offers that may be held at once.
    private static final int HOLDS = 3;

    /// After which those who did not answer may be there again.
    private static final Duration BREATH = Duration.ofSeconds(10);

    private static final int MOST_FAILURES = 3;
    private static final int MOST_LOOKS = 2;
    private static final int MOST = 100;

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;
    private final Post post;
    private final Discovery discovery;
    private final Shopping shopping;
    private final Purchases purchases;
    private final Peerings peerings;
    private final Former former;
    private final Serving serving;

    Solvers(
            Platform platform,
            Engine engine,
            Discovery discovery,
            Shopping shopping,
            Purchases purchases,
            Peerings peerings,
            Former former,
            Serving serving) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
        this.post = engine.post();
        this.discovery = discovery;
        this.shopping = shopping;
        this.purchases = purchases;
        this.peerings = peerings;
        this.former = former;
        this.serving = serving;
        engine.definitions().add(ProcessDefinition.timer(DISCOVER, this::discover));
        engine.definitions().add(ProcessDefinition.timer(DEADLINE, this::timeIsUp));
    }

    /// Begins to search. Told twice, it tells again what came of it. What was found for an earlier attempt was of
    /// no use, and is given up.
    void acquire(Tx tx, String sender, Message.Acquire acquire) {
        var id = Former.solver(acquire.sliver(), acquire.attempt());
        var known = resources.lock(tx, id);
        if (known.isPresent()) {
            if (known.get().removed().isEmpty()) {
                answer(tx, known.get());
            }
            return;
        }
        giveUp(tx, acquire.sliver(), "it was of no use");
        acquire.wish().instead().forEach(sliver -> broken(tx, sliver, "it is replaced"));
        var solver = Solver.fresh(
                acquire.sliver(),
                sender,
                acquire.attempt(),
                Sizing.selector(acquire.demand().capacities()),
                acquire.term(),
                acquire.wish(),
                acquire.wish().latest().isPresent() ? SolverCourse.Flags.FIND : SolverCourse.Flags.ALL);
        begin(
                tx,
                id,
                acquire.demand().manifest().isPresent() ? solver : solver.forMachine(),
                acquire.slice().project(),
                sender,
                "for " + acquire.demand().name());
    }

    /// Begins to look for a service. Told twice, it tells again what came of it.
    void procure(Tx tx, String sender, Message.Procure service) {
        var id = Copies.id(NAME + ".solver", service.intent() + "/" + service.part());
        var known = resources.lock(tx, id);
        if (known.isEmpty()) {
            begin(tx, id, Solver.of(service, sender), service.project(), sender, "for service " + service.part());
        } else if (known.get().removed().isEmpty()) {
            answer(tx, known.get());
        }
    }

    /// Stores one, and goes as far as can be gone now.
    void begin(Tx tx, UUID id, Solver solver, String project, String who, String why) {
        var fresh = resources.fresh(
                id,
                Solver.TYPE,
                NAME,
                Optional.empty(),
                solver.sliver().toString(),
                Words.of(SolverCourse.NEW.state()),
                project,
                solver);
        resources.insert(tx, fresh, who, "acquire");
        step(tx, fresh, solver, StepNumber.SOLVER_MADE, why);
        turn(tx, id);
    }

    /// Gives up all that was found, or is being sought, for a sliver.
    void giveUp(Tx tx, SliverId sliver, String why) {
        var mine = Resources.typed(Solver.TYPE)
                .and(Resources.named(sliver.toString()))
                .and(Resources.keptBy(NAME))
                .and(Resources.present());
        for (var found : resources.list(tx, mine, MOST)) {
            abandon(tx, found.id(), why);
            resources.lock(tx, found.id()).ifPresent(resource -> {
                var course = resource.as(Solver.class).course();
                boolean rests = course.state() == SolverCourse.State.SOLVED
                        || course.state().isOver();
                var next = rests ? resource : resource.withState(Words.of(SolverCourse.State.FAILED), Optional.of(why));
                resources.update(tx, resource.state(), next.removedAt(platform.now()), NAME, why);
            });
        }
    }

    /// What was acquired for a sliver is not what was promised. Told twice is once.
    void broken(Tx tx, SliverId sliver, String why) {
        former.contracts(tx, sliver).forEach(contract -> peerings.broken(tx, contract, why));
    }

    private void abandon(Tx tx, UUID solver, String why) {
        purchases.of(tx, solver).forEach(purchase -> purchases.move(tx, purchase.id(), News.GIVEN_UP, why));
    }

    /// Goes on until there is nothing to do now.
    void turn(Tx tx, UUID id) {
        boolean going = true;
        while (going) {
            going = resources
                    .lock(tx, id)
                    .filter(resource -> resource.removed().isEmpty())
                    .filter(resource -> goesOn(tx, resource))
                    .isPresent();
        }
    }

    private boolean goesOn(Tx tx, Resource resource) {
        var solver = resource.as(Solver.class);
        var all = purchases.of(tx, resource.id());
        var turn = solver.course().next(solver.flags(), sight(tx, solver, all));
        if (turn.act() == Act.NOTHING && turn.course().equals(solver.course())) {
            return false;
        }
        if (solver.course().find() == Phase.IDLE && turn.course().find() != Phase.IDLE) {
            step(tx, resource, solver, StepNumber.CANDIDATES_LOOKED_AT, turn.why());
        }
        boolean inVain = turn.course().state() != SolverCourse.State.SOLVED
                && turn.course().state().isOver();
        var why = inVain
                ? turn.why()
                        + shopping.reasons(tx, solver, all)
                                .map(more -> ": " + more)
                                .orElse("")
                : turn.why();
        clear(tx, solver.course(), turn.course(), all);
        var next = act(tx, resource, solver.at(turn.course()), turn.act(), all);
        var moved = resources.update(
                tx,
                resource.state(),
                resource.withData(next).withState(Words.of(turn.course().state()), Optional.of(why)),
                NAME,
                why);
        if (!moved.state().equals(resource.state())) {
            answer(tx, moved);
        }
        return true;
    }

    private Sight sight(Tx tx, Solver solver, List<Resource> all) {
        var course = solver.course();
        boolean looks = course.find() == Phase.IDLE || course.find() == Phase.RUNNING || course.buy() == Phase.IDLE;
        long failures = all.stream()
                .map(Words::purchase)
                .filter(state -> state == PurchaseCourse.FAILED || state == PurchaseCourse.IN_DOUBT)
                .count();
        var bought = standing(all);
        // what is held and not to be bought yet waits for people, who take their time
        boolean waits =
                bought == Part.READY && solver.pick().filter(one -> !one.buys()).isPresent();
        return new Sight(
                looks && !shopping.offers(tx, solver, all).isEmpty(),
                solver.looks() < MOST_LOOKS,
                failures < MOST_FAILURES,
                solver.discovery(),
                waits ? Part.RUNNING : bought,
                solver.contract()
                        .flatMap(contract -> solver.isOfService()
                                ? Optional.of(Part.SOLVED)
                                : peerings.find(tx, contract).map(Solvers::standing))
                        .orElse(Part.NONE),
                !waits
                        && solver.until()
                                .filter(limit -> !platform.now().isBefore(limit))
                                .isPresent());
    }

    private static Part standing(List<Resource> purchases) {
        var states = purchases.stream().map(Words::purchase).toList();
        if (states.contains(PurchaseCourse.BOUGHT)) {
            return Part.SOLVED;
        }
        if (states.contains(PurchaseCourse.RESERVING) || states.contains(PurchaseCourse.BUYING)) {
            return Part.RUNNING;
        }
        if (states.contains(PurchaseCourse.HELD)) {
            return Part.READY;
        }
        return states.contains(PurchaseCourse.WAITING) ? Part.RUNNING : Part.FAILED;
    }

    private static Part standing(Resource peering) {
        return switch (Words.peering(peering)) {
            case INACTIVE, PROVISIONING, PEERING -> Part.RUNNING;
            case ACTIVE -> Part.SOLVED;
            case ERROR, RELEASING, RELEASED -> Part.FAILED;
        };
    }

    /// What is not needed any more after a step: what was held beside the best; what could not be peered;
    /// everything, if it was the last step and a failure.
    private void clear(Tx tx, SolverCourse before, SolverCourse after, List<Resource> all) {
        boolean bought = after.buy() == Phase.SOLVED && before.buy() == Phase.RUNNING;
        boolean unpeered = after.peer() == Phase.FAILED || after.buy() == Phase.IDLE && before.buy() == Phase.SOLVED;
        for (var purchase : all) {
            boolean isBought = Words.purchase(purchase) == PurchaseCourse.BOUGHT;
            if (unpeered && isBought) {
                purchases.move(tx, purchase.id(), News.USELESS, "it could not be peered");
            } else if (after.state().isOver() || bought && !isBought) {
                purchases.move(tx, purchase.id(), News.GIVEN_UP, "not needed");
            }
        }
    }

    private Solver act(Tx tx, Resource resource, Solver solver, Act act, List<Resource> all) {
        return switch (act) {
            case NOTHING -> solver;
            case DISCOVER -> {
                step(tx, resource, solver, StepNumber.SELECTOR_BUILT, "asks all peers");
                var pause = solver.discovery() == Part.FAILED ? BREATH : Duration.ZERO;
                processes
                        .schedule(tx, Request.at(platform.now().plus(pause), DISCOVER, resource.id(), NAME))
                        .orThrow();
                yield solver.looking(limit(tx, resource));
            }
            case RESERVE -> {
                var offers = shopping.offers(tx, solver, all);
                step(tx, resource, solver, StepNumber.CANDIDATE_FOUND, offers.size() + " offers fit");
                int count = Math.min(HOLDS, offers.size());
                for (int rank = 0; rank < count; rank++) {
                    purchases.begin(tx, resource, shopping.purchase(resource.id(), solver, offers.get(rank), rank));
                }
                yield solver.within(limit(tx, resource));
            }
            case CHOOSE -> {
                all.stream()
                        .filter(purchase -> Words.purchase(purchase) == PurchaseCourse.HELD)
                        .findFirst()
                        .ifPresent(best -> purchases.move(tx, best.id(), News.CHOSEN, "the best of what is held"));
                yield solver;
            }
            case OPEN -> {
                var contract = all.stream()
                        .filter(purchase -> Words.purchase(purchase) == PurchaseCourse.BOUGHT)
                        .map(purchase -> Deals.id(purchase.id()))
                        .findFirst()
                        .orElseThrow();
                if (!solver.isOfService()) {
                    peerings.open(tx, resources.find(tx, contract).orElseThrow());
                }
                yield solver.peering(contract)
                        .within(limit(tx, resource, platform.now().plus(PEERING)));
            }
        };
    }

    Instant limit(Tx tx, Resource solver) {
        return limit(tx, solver, platform.now().plus(SEARCH));
    }

    private Instant limit(Tx tx, Resource solver, Instant until) {
        processes.schedule(tx, Request.at(until, DEADLINE, solver.id(), NAME)).orThrow();
        return until;
    }

    /// Tells what came of it, if something did.
    private void answer(Tx tx, Resource resource) {
        var solver = resource.as(Solver.class);
        var course = solver.course();
        boolean asksWhen = solver.wish().latest().isPresent();
        if (asksWhen && (course.state().isOver() || course.state() == SolverCourse.State.SOLVED)) {
            post.send(tx, NAME, solver.asker(), shopping.start(tx, solver));
        } else if (course.state().isOver()) {
            var why = Refusal.noRoom(
                    (solver.isOfService() ? "no service" : "no room") + " was found in other domains: "
                            + resource.message().orElse(""),
                    Optional.empty());
            tell(tx, solver, Optional.empty(), Optional.of(why));
        } else if (course.state() == SolverCourse.State.SOLVED && course.peer() == Phase.SOLVED) {
            step(tx, resource, solver, StepNumber.SOLVED, "peered");
            tell(tx, solver, solver.contract().map(Peerings::site), Optional.empty());
        }
    }

    private void tell(Tx tx, Solver solver, Optional<String> site, Optional<Refusal> why) {
        if (solver.isByHand()) {
            return;
        }
        if (solver.service().isPresent()) {
            why.ifPresentOrElse(
                    refusal -> serving.refused(tx, solver, refusal),
                    () -> serving.bought(tx, solver, solver.contract().orElseThrow()));
            return;
        }
        post.send(tx, NAME, solver.asker(), new Message.Acquired(solver.sliver(), solver.attempt(), site, why));
    }

    private void step(Tx tx, Resource resource, Solver solver, StepNumber step, String detail) {
        journal.step(tx, resource, trace(tx, solver), Workflow.Role.C, step, detail);
    }

    /// In the workflow in which it has bought, once it has.
    private Trace trace(Tx tx, Solver solver) {
        return solver.contract()
                .flatMap(contract -> resources.find(tx, contract))
                .map(contract -> contract.as(Deal.class).trace())
                .orElse(solver.wish().trace());
    }

    /// Asks others. What they answer is kept by whoever asks; here it counts whether there was anything.
    private Outcome discover(Step.Context context) {
        var id = context.resource().id();
        var solver = context.resource().as(Solver.class);
        var found = discovery.discover(solver.selector(), solver.wish().trace(), id);
        return Outcome.done(tx -> {
            resources.lock(tx, id).ifPresent(resource -> {
                boolean inVain = found.failure().isPresent() && !found.failed().isEmpty();
                var came = inVain ? Part.FAILED : Part.SOLVED;
                var looked = resource.as(Solver.class).looked(came, shopping.unheard(tx, found));
                var why = found.failure().orElseGet(() -> found.candidates() + " offers");
                resources.update(tx, resource.state(), resource.withData(looked), NAME, why);
            });
            turn(tx, id);
        });
    }

    private Outcome timeIsUp(Step.Context context) {
        return Outcome.done(tx -> turn(tx, context.resource().id()));
    }
}
