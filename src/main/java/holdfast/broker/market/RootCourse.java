package holdfast.broker.market;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Pieces;
import holdfast.protocol.rear.Prices;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What happens to a root and its listings when somebody reserves, amends, lets lapse, gives up, buys (fluidos.md 6.4,
/// 6.5). Pure: who writes it down books the same in the calendar, which has the last word.
public final class RootCourse {
    private RootCourse() {}

    /// What somebody wants.
    ///
    /// @param transaction the name of the claim, should it be a new one
    /// @param listing the name under which it was seen
    /// @param configuration empty: all of that listing
    /// @param term when it is to be used; empty: from now on, for `life`
    /// @param heldUntil whole seconds
    public record Ask(
            UUID transaction,
            String listing,
            String buyer,
            Optional<Configuration> configuration,
            Optional<Interval> term,
            Duration life,
            Instant heldUntil) {}

    /// What somebody who reserves is told, and the root after it. A refusal changes nothing: a claim that they had
    /// stays as it was.
    public record Outcome(Root root, Verdict verdict) {}

    /// Judges a wish. What has lapsed by now must have been taken out before, see [#lapsed].
    ///
    /// A name that is no longer listed leads to its root all the same. A buyer who holds something under that name
    /// renews it; other amounts are judged as if the old ones were free.
    public static Outcome reserve(Root root, Ask ask, Instant now) {
        var named =
                root.listing(ask.listing()).filter(listing -> listing.state().isKnown());
        if (named.isEmpty()) {
            return new Outcome(root, gone("there is no flavor " + ask.listing() + " here: list them again"));
        }
        if (ask.term().filter(term -> term.from().isBefore(root.from())).isPresent()) {
            return new Outcome(
                    root,
                    new Verdict.NotAPiece(Refusal.malformed(
                            "term", "the flavor can be used from " + root.from() + ": ask for a term after that")));
        }
        var wanted = amounts(named.get(), ask);
        var before = root.claims().stream()
                .filter(Claim::isHeld)
                .filter(claim ->
                        claim.buyer().equals(ask.buyer()) && claim.listing().equals(ask.listing()))
                .findFirst();
        if (before.filter(old -> isSame(root, old, wanted, ask)).isPresent()) {
            return prolonged(root, before.get(), ask, now);
        }
        var others = before.map(old -> root.without(old.transaction())).orElse(root);
        var term = term(root, before, ask, now);
        if (fits(others, term, wanted, ask)) {
            var claim = new Claim(
                    before.map(Claim::transaction).orElseGet(ask::transaction),
                    ask.listing(),
                    ask.buyer(),
                    ask.configuration(),
                    wanted,
                    price(others, named.get(), wanted, term),
                    Optional.of(ask.heldUntil()),
                    term);
            return new Outcome(
                    root.with(claim),
                    before.<Verdict>map(old -> new Verdict.Renewed(old, claim))
                            .orElseGet(() -> new Verdict.Held(claim)));
        }
        var fault = ask.configuration()
                .flatMap(asked -> Pieces.fault(named.get().flavor().kind(), asked));
        return new Outcome(
                root,
                fault.<Verdict>map(Verdict.NotAPiece::new)
                        .or(() -> held(others, term, wanted, ask).map(Verdict.HeldByOthers::new))
                        .orElseGet(() -> gone("what flavor " + ask.listing()
                                + " offered is sold: take another flavor, or ask for less of this one")));
    }

    /// The claims that nobody bought in time.
    public static List<Claim> lapsed(Root root, Instant now) {
        return root.claims().stream()
                .filter(claim -> claim.lapses().filter(end -> !end.isAfter(now)).isPresent())
                .toList();
    }

    /// The root when a claim is over: lapsed, given up, or its contract ended.
    public static Root ended(Root root, UUID transaction) {
        return root.without(transaction);
    }

    /// The root when a claim is bought. Nothing else changes: it was taken from the others when it was held.
    public static Root bought(Root root, UUID transaction) {
        return root.claim(transaction).map(claim -> root.with(claim.bought())).orElse(root);
    }

    /// The root when something that is bought lasts longer.
    ///
    /// @return [Refusal.Kind#NO_ROOM] if it is not free for so long
    public static Answer<Root> longer(Root root, UUID transaction, Interval term) {
        var claim = root.claim(transaction).orElseThrow();
        return claim.amounts().fitsIn(root.without(transaction).free(term))
                ? Answer.yes(root.with(claim.lasting(term)))
                : Answer.no(Refusal.noRoom(
                        "what was bought is not free until " + term.until() + ": ask for a shorter time, or buy another"
                                + " piece",
                        Optional.empty()));
    }

    /// Offers what is left now: under the name that it had when just as much was left, else under a fresh one;
    /// nothing if it is too little to be sold. The name that was listed before is retired.
    ///
    /// @param fresh a name that was never used
    public static Root relist(Root root, String fresh, Instant now) {
        var left = root.left(now);
        var current = root.listed();
        if (root.standing(now) != Root.Standing.LISTED) {
            return current.map(listing -> root.with(listing.as(Listing.State.RETIRED)))
                    .orElse(root);
        }
        var next = current.filter(listing -> offers(listing, left))
                .or(() -> root.listings().reversed().stream()
                        .filter(listing -> listing.state() == Listing.State.RETIRED && offers(listing, left))
                        .findFirst())
                .map(Listing::flavor)
                .map(flavor -> root.offer(flavor.id(), flavor.since(), Interval.since(now)))
                .orElseGet(() -> root.offer(fresh, root.start(now), Interval.since(now)));
        var retired = current.filter(listing -> !listing.id().equals(next.id()))
                .map(listing -> root.with(listing.as(Listing.State.RETIRED)))
                .orElse(root);
        return retired.with(new Listing(next, Listing.State.LISTED));
    }

    /// Takes everything off the list, for good: what is held may still be bought, nothing more can be reserved by
    /// any of the names so far.
    ///
    /// @param as [Listing.State#WITHDRAWN] or [Listing.State#EXPIRED]
    public static Root unlisted(Root root, Listing.State as) {
        var names = root.listings().stream().map(listing -> listing.as(as)).toList();
        return new Root(root.unavailable(), root.from(), root.claims(), names);
    }

    private static boolean offers(Listing listing, Vector left) {
        return listing.flavor().kind().vector().equals(left);
    }

    private static Vector amounts(Listing named, Ask ask) {
        return ask.configuration()
                .map(Configuration::amounts)
                .orElseGet(() -> named.flavor().kind().vector());
    }

    /// Whether what is asked for is what the buyer has already, perhaps with other settings that are fine as well.
    private static boolean isSame(Root root, Claim old, Vector wanted, Ask ask) {
        return old.amounts().equals(wanted)
                && (old.configuration().equals(ask.configuration())
                        || ask.configuration()
                                .flatMap(asked ->
                                        Pieces.fault(root.whole().kind().with(wanted), asked))
                                .isEmpty());
    }

    /// The same amounts for longer. If they are not free for longer, the hold is prolonged all the same, its term
    /// is not.
    private static Outcome prolonged(Root root, Claim old, Ask ask, Instant now) {
        var term = term(root, Optional.of(old), ask, now);
        var room = root.without(old.transaction()).free(term);
        var claim = old.renewed(ask.heldUntil(), old.amounts().fitsIn(room) ? term : old.term(), ask.configuration());
        return new Outcome(root.with(claim), new Verdict.Renewed(old, claim));
    }

    /// A term that ends with a whole second, as all are told: what is told is what holds.
    static Interval whole(Interval term) {
        var until = term.until().truncatedTo(ChronoUnit.SECONDS);
        return until.equals(term.until()) ? term : new Interval(term.from(), until.plusSeconds(1));
    }

    private static Interval term(Root root, Optional<Claim> before, Ask ask, Instant now) {
        return whole(ask.term().orElseGet(() -> {
            var usual = Interval.of(root.start(now), ask.life());
            return before.map(Claim::term)
                    .map(old ->
                            new Interval(old.from(), old.until().isAfter(usual.until()) ? old.until() : usual.until()))
                    .orElse(usual);
        }));
    }

    private static boolean fits(Root others, Interval term, Vector wanted, Ask ask) {
        var free = others.free(term);
        var kind = others.whole().kind();
        return Pieces.sellable(free, kind)
                && ask.configuration()
                        .map(asked -> Pieces.fault(kind.with(free), asked).isEmpty())
                        .orElseGet(() -> Pieces.valid(kind.with(free), wanted));
    }

    /// The first instant at which it would fit, as one hold after the other lapses. There is more room after each,
    /// so the first with enough of it is searched by halves; from there on it may still be no piece of what is
    /// left.
    private static Optional<Instant> held(Root others, Interval term, Vector wanted, Ask ask) {
        var lapses = others.claims().stream()
                .flatMap(claim -> claim.lapses().stream())
                .sorted()
                .distinct()
                .toList();
        int low = 0;
        for (int high = lapses.size(); low < high; ) {
            int middle = (low + high) >>> 1;
            if (wanted.fitsIn(others.at(lapses.get(middle)).free(term))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return lapses.subList(low, lapses.size()).stream()
                .filter(at -> fits(others.at(at), term, wanted, ask))
                .findFirst();
    }

    /// By what is listed under the name that was asked for or by what there is now, whichever is cheaper.
    private static Optional<Quote> price(Root others, Listing named, Vector wanted, Interval term) {
        var byName = Prices.piece(named.flavor(), wanted);
        return Prices.piece(others.offer(named.id(), term.from(), term), wanted)
                .map(quote -> byName.map(other -> Prices.lower(quote, other)).orElse(quote));
    }

    private static Verdict gone(String message) {
        return new Verdict.Gone(Refusal.notThere(message));
    }
}
