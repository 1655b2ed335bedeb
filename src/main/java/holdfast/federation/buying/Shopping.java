package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.federation.buying.PurchaseCourse.Terms;
import holdfast.federation.choice.Conduct;
import holdfast.federation.choice.GreenStart;
import holdfast.federation.choice.Offer;
import holdfast.federation.choice.Ranking;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Found;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.peers.Ratings;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of all that is offered a solver may buy, and what it would take of it.
final class Shopping {
    /// How long what is bought lasts at sellers that are not asked for a term.
    private static final Duration USUAL_TERM = Duration.ofHours(24);

    /// What is told of why nothing was bought.
    private static final int MOST_REASONS = 5;

    private static final int LONGEST_REASON = 200;

    private static final int MOST_UNHEARD = 20;

    private final Platform platform;
    private final String home;
    private final Peers peers;
    private final Candidates candidates;
    private final Former former;

    /// @param home our domain
    Shopping(Platform platform, String home, Peers peers, Candidates candidates, Former former) {
        this.platform = platform;
        this.home = home;
        this.peers = peers;
        this.candidates = candidates;
        this.former = former;
    }

    /// An offer that fits.
    record Fit(Known peer, Offer offer, Sizing.Piece piece) {}

    private record Key(UUID peer, String flavor) {}

    /// Offers that fit and were not tried, the best first; last those of whom something of no use was bought
    /// before.
    ///
    /// @param tried purchases; what was given up without a fault of the seller may be tried again
    List<Fit> offers(Tx tx, Solver solver, List<Resource> tried) {
        var fits = large(tx, solver, tried);
        var ranked = Ranking.rank(fits.stream().map(Fit::offer).toList(), solver.wish());
        var useless = former.useless(tx, tried);
        return ranked.stream()
                .flatMap(one -> fits.stream().filter(fit -> fit.offer().equals(one.offer())))
                .sorted(Comparator.comparing(
                        fit -> useless.contains(Former.Source.of(fit.offer().flavor()))))
                .toList();
    }

    /// Why nothing is bought, for people: nothing of what is large enough is an offer, sellers did not hold or sell
    /// what they offered, peers offered nothing (fluidos.md 6.6). Bounded; empty if nobody knows.
    Optional<String> reasons(Tx tx, Solver solver, List<Resource> tried) {
        var offers = large(tx, solver, tried).stream().map(Fit::offer).toList();
        var refused = tried.stream()
                .filter(one ->
                        Words.purchase(one) == PurchaseCourse.FAILED || Words.purchase(one) == PurchaseCourse.IN_DOUBT)
                .map(one -> refusal(tx, one));
        var all = Stream.of(Ranking.hindrance(offers, solver.wish()).stream(), refused, solver.unheard().stream())
                .flatMap(one -> one)
                .distinct()
                .toList();
        var told = all.stream().limit(MOST_REASONS).map(Shopping::shortened).collect(Collectors.joining("; "));
        int more = all.size() - MOST_REASONS;
        return Optional.of(more > 0 ? told + "; and " + more + " more" : told).filter(text -> !text.isEmpty());
    }

    private String refusal(Tx tx, Resource tried) {
        var purchase = tried.as(Purchase.class);
        var seller = peers.find(tx, purchase.peer()).map(Known::name).orElse("a seller");
        return seller
                + (purchase.held().isEmpty() ? " did not reserve " : " did not sell ")
                + purchase.flavor().id()
                + tried.message().map(why -> ": " + why).orElse("");
    }

    /// Of whom nothing came, and who is not asked at all, with why.
    List<String> unheard(Tx tx, Found found) {
        var failed = found.failed().stream().map(one -> one.name() + ": " + one.why());
        var down = peers.silent(tx).stream()
                .filter(peer ->
                        found.failed().stream().noneMatch(one -> one.peer().equals(peer.id())))
                .map(peer -> peer.name() + " is not asked: it did not answer before");
        return Stream.concat(failed, down)
                .map(Shopping::shortened)
                .limit(MOST_UNHEARD)
                .toList();
    }

    private static String shortened(String reason) {
        return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "..." : reason;
    }

    /// When it emits the least, within the time that it has (fluidos.md 6.8).
    Message.BeginAt start(Tx tx, Solver solver) {
        var now = platform.now();
        var offers = offers(tx, solver, List.of()).stream().map(Fit::offer).toList();
        var latest = solver.wish().latest().orElse(now);
        long patience = Duration.between(now, latest).toHours();
        int hours = (int) Math.max(1, solver.term().length().plusMinutes(59).toHours());
        return GreenStart.best(offers, hours, Math.clamp(patience, 0, GreenStart.LONGEST))
                .filter(_ -> GreenStart.isForecast(offers))
                .map(best -> {
                    var at = now.plus(Duration.ofHours(best.slot()));
                    var said = "%.0f g of CO2 are forecast of a start at %s".formatted(best.grams(), at);
                    return new Message.BeginAt(solver.sliver(), at, true, said);
                })
                .orElseGet(() ->
                        new Message.BeginAt(solver.sliver(), now, false, "nobody forecasts how green its power is"));
    }

    /// Those of which it could take a piece, whatever else is wanted.
    private List<Fit> large(Tx tx, Solver solver, List<Resource> tried) {
        var done = tried.stream()
                .filter(purchase -> Words.purchase(purchase) != PurchaseCourse.CANCELLED)
                .map(purchase -> purchase.as(Purchase.class))
                .map(purchase -> new Key(purchase.peer(), purchase.flavor().id()))
                .collect(Collectors.toSet());
        var avoided = former.sources(tx, solver.wish().instead());
        var matching = candidates.matching(tx, solver.selector(), platform.now()).stream()
                .filter(candidate -> !avoided.contains(Former.Source.of(candidate.flavor())))
                .filter(candidate -> !done.contains(
                        new Key(candidate.peer(), candidate.flavor().id())))
                .filter(candidate -> solver.isServedBy(candidate.flavor().kind()))
                .filter(candidate -> solver.pick().stream()
                        .allMatch(one ->
                                one.is(candidate.peer(), candidate.flavor().id())))
                .toList();
        var ratings = Ratings.of(tx, matching.stream().map(Candidate::peer).collect(Collectors.toSet()));
        return matching.stream()
                .flatMap(candidate -> fit(tx, solver, candidate, ratings).stream())
                .toList();
    }

    private Optional<Fit> fit(Tx tx, Solver solver, Candidate candidate, Map<UUID, Map<FlavorType, Conduct>> ratings) {
        return peers.find(tx, candidate.peer())
                .filter(peer -> lastsAt(peer, solver.term()))
                .filter(peer -> !isToPeer(solver) || peer.capabilities().lends())
                .flatMap(peer -> piece(solver, candidate.flavor())
                        .map(piece -> new Fit(
                                peer,
                                new Offer(
                                        peer.id(),
                                        candidate.flavor(),
                                        piece.amounts(),
                                        OptionalInt.empty(),
                                        ratings.getOrDefault(peer.id(), Map.of())
                                                .getOrDefault(
                                                        candidate
                                                                .flavor()
                                                                .kind()
                                                                .type(),
                                                        Conduct.UNKNOWN)
                                                .score(platform.now())),
                                piece)));
    }

    private static boolean isToPeer(Solver solver) {
        return !solver.isOfService()
                && (solver.flags().peer() || solver.wish().latest().isPresent());
    }

    private static Optional<Sizing.Piece> piece(Solver solver, Flavor flavor) {
        return solver.pick()
                .map(one -> new Sizing.Piece(
                        one.piece(),
                        one.piece()
                                .map(Configuration::amounts)
                                .orElse(flavor.kind().vector())))
                .or(() -> Sizing.piece(flavor, solver.selector()));
    }

    private boolean lastsAt(Known peer, Interval term) {
        var now = platform.now();
        return peer.capabilities().takesTerms()
                || !term.from().isAfter(now) && !term.until().isAfter(now.plus(USUAL_TERM));
    }

    /// From here on it is known in which workflow it is bought.
    Purchase purchase(UUID id, Solver solver, Fit fit, int rank) {
        var how = Workflow.of(
                fit.offer().flavor(), home, fit.peer().capabilities().maxHops() > 0);
        return new Purchase(
                id,
                fit.peer().id(),
                fit.offer().flavor(),
                fit.piece().configuration(),
                fit.piece().amounts(),
                solver.term(),
                solver.wish().trace().in(how),
                rank,
                new Terms(fit.peer().capabilities().weak(), true),
                false,
                Optional.empty());
    }
}
