package holdfast.api.declared;

import static java.util.stream.Collectors.groupingBy;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.PurchaseCourse;
import holdfast.federation.buying.Solver;
import holdfast.federation.buying.SolverCourse;
import holdfast.federation.buying.Staged;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.wire.CustomResources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is held and bought at one seller (fluidos.md 3.4). One that is declared takes the candidate that it names: it
/// is a search with nothing to look for.
record ReservationKeeper(NodeIdentity self, Platform platform, Engine engine, Candidates candidates, Staged staged)
        implements Keeper {
    private static final String RESERVE = "reserve";
    private static final String PURCHASE = "purchase";
    private static final String CANDIDATE = "peeringCandidate";
    private static final String CONFIGURATION = "configuration";

    @Override
    public Sort sort() {
        return Sort.RESERVATION;
    }

    @Override
    public List<Shown> list(Tx tx, Caller caller) {
        var mine = Resources.typed(Purchase.TYPE).and(Resources.present()).and(Access.seenBy(caller, Purchase.TYPE));
        var all = new ArrayList<Shown>();
        engine.resources().list(tx, mine, MOST).stream()
                .collect(groupingBy(one -> one.as(Purchase.class).solver()))
                .forEach((solver, purchases) -> all.addAll(of(tx, solver, purchases)));
        return all;
    }

    private List<Shown> of(Tx tx, UUID solver, List<Resource> purchases) {
        var picked = engine.resources()
                .find(tx, solver)
                .filter(one -> one.as(Solver.class).pick().isPresent());
        if (picked.isPresent()) {
            return picked.filter(one -> one.removed().isEmpty())
                    .map(one -> List.of(shown(tx, picked.get(), purchases)))
                    .orElse(List.of());
        }
        return purchases.stream()
                .map(one -> shown(tx, SolverKeeper.name(solver), one))
                .toList();
    }

    @Override
    public Optional<Shown> made(Tx tx, UUID made) {
        return engine.resources()
                .find(tx, made)
                .filter(one -> one.type().equals(Solver.TYPE))
                .filter(one -> one.as(Solver.class).pick().isPresent())
                .map(one -> shown(tx, one, engine.resources().parts(tx, made, Purchase.TYPE)));
    }

    private Shown shown(Tx tx, Resource solver, List<Resource> purchases) {
        var name = Shown.named("reservation", SolverKeeper.name(solver.id()));
        if (purchases.isEmpty()) {
            var status = Json.object();
            var over = solver.as(Solver.class).course().state().isOver();
            status.set("phase", SolverKeeper.phase(solver, over ? "Failed" : "Idle", over));
            return Shown.of(sort(), solver, name, Json.object(), status);
        }
        var last = purchases.getLast();
        var seen = shown(tx, "", last);
        return new Shown(
                sort(),
                solver.id(),
                Sort.NAMESPACE,
                name,
                solver.labels(),
                seen.annotations(),
                solver.version() + last.version(),
                solver.created(),
                seen.spec(),
                seen.status(),
                Optional.of(solver.id()));
    }

    private Shown shown(Tx tx, String solver, Resource resource) {
        var purchase = resource.as(Purchase.class);
        var spec = Json.object().put("solverID", solver).put(RESERVE, true).put(PURCHASE, purchase.asked());
        spec.set("buyer", CustomResources.identity(self));
        spec.set("seller", CustomResources.identity(purchase.flavor().owner()));
        spec.putObject(CANDIDATE)
                .put("name", CandidateKeeper.name(purchase.flavor()))
                .put("namespace", Sort.NAMESPACE);
        purchase.piece().ifPresent(piece -> spec.set(CONFIGURATION, CustomResources.configuration(piece)));
        var suffix = purchase.rank() == 0 ? "" : "-" + purchase.rank();
        return Shown.of(
                sort(), resource, Shown.named("reservation", solver + suffix), spec, status(tx, resource, purchase));
    }

    private ObjectNode status(Tx tx, Resource resource, Purchase purchase) {
        var state = PurchaseCourse.valueOf(resource.state().toUpperCase(Locale.ROOT));
        var status = Json.object();
        var phase = switch (state) {
            case WAITING, RESERVING, HELD, BUYING, CANCELLING -> "Running";
            case BOUGHT -> "Solved";
            case IN_DOUBT, CANCELLED, FAILED -> "Failed";
        };
        status.set("phase", SolverKeeper.phase(resource, phase, !phase.equals("Running")));
        boolean held = purchase.held().isPresent();
        status.put("reservePhase", held ? "Solved" : phase);
        status.put(
                "purchasePhase",
                switch (state) {
                    case WAITING, RESERVING, HELD -> "Idle";
                    case BUYING -> "Running";
                    case BOUGHT -> "Solved";
                    case IN_DOUBT, CANCELLING, CANCELLED, FAILED -> held ? "Failed" : "Idle";
                });
        purchase.held().ifPresent(transaction -> status.put("transactionID", transaction.id()));
        engine.resources()
                .parts(tx, resource.id(), Deal.TYPE)
                .forEach(deal -> status.putObject("contract")
                        .put("name", ContractKeeper.name(deal.name()))
                        .put("namespace", Sort.NAMESPACE));
        return status;
    }

    @Override
    public Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        Wishes.text(spec, "solverID");
        Wishes.orRefuse(CustomResources.identity(needed(spec, "buyer")));
        var seller = Wishes.orRefuse(CustomResources.identity(needed(spec, "seller")));
        var candidate = candidate(tx, Wishes.named(spec, CANDIDATE), seller);
        var piece = configuration(spec, candidate);
        var pick = new Solver.Pick(candidate.peer(), candidate.flavor().id(), piece, Wishes.truth(spec, PURCHASE));
        return Optional.of(staged.begin(
                        tx,
                        new Selector(candidate.flavor().kind().type(), List.of()),
                        flags(spec),
                        Optional.of(pick),
                        caller.project(),
                        caller.user())
                .id());
    }

    private static JsonNode needed(JsonNode spec, String field) {
        if (!spec.path(field).isObject()) {
            throw Wishes.wrong(field, "is missing: it must be an object");
        }
        return spec.path(field);
    }

    private static SolverCourse.Flags flags(JsonNode spec) {
        return new SolverCourse.Flags(false, Wishes.truth(spec, RESERVE), false);
    }

    /// The one of that seller, if others offer something of that name, too.
    private Candidate candidate(Tx tx, String name, NodeIdentity seller) {
        var all = CandidateKeeper.flavor(name).stream()
                .flatMap(flavor -> candidates.named(tx, flavor, platform.now()).stream())
                .toList();
        return all.stream()
                .filter(one -> one.flavor().owner().id().equals(seller.id()))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .orElseThrow(() -> Wishes.wrong(CANDIDATE + ".name", "is no peering candidate that is known"));
    }

    private static Optional<Configuration> configuration(JsonNode spec, Candidate candidate) {
        if (!spec.has(CONFIGURATION)) {
            return Optional.empty();
        }
        var piece = Wishes.orRefuse(CustomResources.configuration(spec.path(CONFIGURATION)));
        if (piece.type() != candidate.flavor().kind().type()) {
            throw Wishes.wrong(
                    CONFIGURATION + ".type",
                    "must be that of the candidate, "
                            + candidate.flavor().kind().type().identifier());
        }
        return Optional.of(piece);
    }

    @Override
    public void change(Tx tx, Caller caller, Optional<UUID> made, JsonNode before, JsonNode after) {
        for (var field : List.of("solverID", "buyer", "seller", CANDIDATE, CONFIGURATION)) {
            Wishes.fixed(before, after, field);
        }
        Wishes.onlyMore(before, after, RESERVE);
        Wishes.onlyMore(before, after, PURCHASE);
        made.ifPresent(solver -> staged.raise(tx, solver, flags(after), Wishes.truth(after, PURCHASE), caller.user())
                .orThrow());
    }

    /// What is held, or was bought, is given back.
    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        var solver = shown.made().filter(made -> made(tx, made).isPresent());
        staged.end(
                        tx,
                        solver.orElseThrow(() -> new RefusedException(
                                Refusal.notYours(shown.name() + " is part of a solver, and ends with it"))),
                        caller.user())
                .orThrow();
    }
}
