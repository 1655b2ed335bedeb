package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.federation.buying.PurchaseCourse.Terms;
import holdfast.federation.choice.Offer;
import holdfast.federation.choice.Ranking;
import holdfast.federation.choice.Rating;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;

/// What of all that is offered a solver may buy, and what it would take of it.
final class Shopping {
    /// How long what is bought lasts at sellers that are not asked for a term.
    private static final Duration USUAL_TERM = Duration.ofHours(24);

    private final Platform platform;
    private final Peers peers;
    private final Candidates candidates;

    Shopping(Platform platform, Peers peers, Candidates candidates) {
        this.platform = platform;
        this.peers = peers;
        this.candidates = candidates;
    }

    /// An offer that fits.
    record Fit(Known peer, Offer offer, Sizing.Piece piece) {}

    private record Key(UUID peer, String flavor) {}

    /// Offers that fit and were not tried, the best first.
    ///
    /// @param tried purchases; what was given up without a fault of the seller may be tried again
    List<Fit> offers(Tx tx, Solver solver, List<Resource> tried) {
        var done = tried.stream()
                .filter(purchase -> Words.purchase(purchase) != PurchaseCourse.CANCELLED)
                .map(purchase -> purchase.as(Purchase.class))
                .map(purchase -> new Key(purchase.peer(), purchase.flavor().id()))
                .collect(Collectors.toSet());
        var fits = candidates.matching(tx, solver.selector(), platform.now()).stream()
                .filter(candidate -> !done.contains(
                        new Key(candidate.peer(), candidate.flavor().id())))
                .filter(candidate -> solver.pick()
                        .map(one -> one.peer().equals(candidate.peer())
                                && one.flavor().equals(candidate.flavor().id()))
                        .orElse(true))
                .flatMap(candidate -> fit(tx, solver, candidate).stream())
                .toList();
        var ranked = Ranking.rank(fits.stream().map(Fit::offer).toList(), solver.wish());
        return ranked.stream()
                .flatMap(one -> fits.stream().filter(fit -> fit.offer().equals(one.offer())))
                .toList();
    }

    private Optional<Fit> fit(Tx tx, Solver solver, Candidate candidate) {
        return peers.find(tx, candidate.peer())
                .filter(peer -> lastsAt(peer, solver.term()))
                .filter(peer -> !solver.flags().peer() || peer.capabilities().lends())
                .flatMap(peer -> piece(solver, candidate.flavor())
                        .map(piece -> new Fit(
                                peer,
                                new Offer(
                                        peer.id(),
                                        candidate.flavor(),
                                        piece.amounts(),
                                        OptionalInt.empty(),
                                        Rating.fresh(platform.now()).score(platform.now())),
                                piece)));
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

    Purchase purchase(UUID id, Solver solver, Fit fit, int rank) {
        return new Purchase(
                id,
                fit.peer().id(),
                fit.offer().flavor(),
                fit.piece().configuration(),
                fit.piece().amounts(),
                solver.term(),
                solver.wish().trace(),
                rank,
                new Terms(fit.peer().capabilities().weak(), true),
                false,
                Optional.empty());
    }
}
