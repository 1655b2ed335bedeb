package holdfast.broker.market;

import holdfast.core.Interval;
import holdfast.core.Quantity;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Pieces;
import holdfast.protocol.rear.Prices;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// One machine or pool that is for sale, with everything that is claimed of it and every name that it was offered under.
///
/// @param whole what is offered when nothing is claimed: all that it has, its price, policy and place
/// @param from when it may be used first
/// @param claims those that are not over
/// @param listings oldest first; at most one is listed
public record Root(Flavor whole, Instant from, List<Claim> claims, List<Listing> listings) {
    public Root {
        claims = List.copyOf(claims);
        listings = List.copyOf(listings);
    }

    /// How it stands.
    public enum Standing {
        LISTED,
        /// There is something left, and too little of it to be sold.
        STRANDED,
        SOLD_OUT
    }

    /// What is left of it throughout `term`. Negative where it was measured anew and has less than is claimed.
    public Vector free(Interval term) {
        var most = new EnumMap<Dimension, Quantity>(Dimension.class);
        moments(term)
                .map(claimed -> claimed.stream().map(Claim::amounts).reduce(Vector.NONE, Vector::plus))
                .forEach(sum -> sum.amounts()
                        .forEach((dimension, amount) -> most.merge(dimension, amount, Root::greater)));
        return whole.kind().vector().minus(new Vector(most));
    }

    /// What the claims cost together at the most expensive moment of `term`.
    private BigDecimal sold(Interval term) {
        return moments(term)
                .map(claimed -> claimed.stream()
                        .flatMap(claim -> claim.price().stream())
                        .map(Quote::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .max(Comparator.naturalOrder())
                .orElse(BigDecimal.ZERO);
    }

    /// What is claimed at once, at each moment at which that may be most: where a claim begins. Nothing, if a sale takes
    /// nothing away from others.
    private Stream<List<Claim>> moments(Interval term) {
        if (whole.kind().vector().nothing()) {
            return Stream.empty();
        }
        return Stream.concat(
                        Stream.of(term.from()), claims.stream().map(claim -> claim.term().from()))
                .filter(term::contains)
                .distinct()
                .map(at -> claims.stream()
                        .filter(claim -> claim.term().contains(at))
                        .toList());
    }

    private static Quantity greater(Quantity one, Quantity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /// What is left of it whenever it is used: that is what is offered.
    public Vector left(Instant now) {
        return free(Interval.since(now));
    }

    public Standing standing(Instant now) {
        var left = left(now);
        if (Pieces.sellable(left, whole.kind())) {
            return Standing.LISTED;
        }
        return whole.kind().type().counted().stream()
                        .anyMatch(dimension -> left.get(dimension).signum() <= 0)
                ? Standing.SOLD_OUT
                : Standing.STRANDED;
    }

    public Optional<Listing> listed() {
        return listings.stream()
                .filter(listing -> listing.state() == Listing.State.LISTED)
                .findFirst();
    }

    public Optional<Listing> listing(String id) {
        return listings.stream().filter(listing -> listing.id().equals(id)).findFirst();
    }

    public Optional<Claim> claim(UUID transaction) {
        return claims.stream()
                .filter(claim -> claim.transaction().equals(transaction))
                .findFirst();
    }

    /// What is offered of it for `term` under a name: what is left, for the root's price less that of what is claimed.
    Flavor offer(String id, Instant since, Interval term) {
        return new Flavor(
                id,
                whole.provider(),
                whole.owner(),
                whole.kind().with(free(term)),
                whole.price().map(price -> Prices.rest(price, sold(term))),
                whole.available(),
                whole.network(),
                whole.place(),
                since,
                whole.extra());
    }

    /// When it can be used first by somebody who comes now.
    Instant start(Instant now) {
        return now.isAfter(from) ? now : from;
    }

    /// The same when nobody has bought what is held by then.
    Root at(Instant later) {
        return new Root(
                whole,
                from,
                claims.stream()
                        .filter(claim -> claim.lapses()
                                .filter(end -> !end.isAfter(later))
                                .isEmpty())
                        .toList(),
                listings);
    }

    /// The same with a claim more, in place of an earlier one of its transaction.
    Root with(Claim claim) {
        var changed = new ArrayList<>(without(claim.transaction()).claims);
        changed.add(claim);
        return new Root(whole, from, changed, listings);
    }

    /// The same without a claim.
    Root without(UUID transaction) {
        return new Root(
                whole,
                from,
                claims.stream()
                        .filter(claim -> !claim.transaction().equals(transaction))
                        .toList(),
                listings);
    }

    /// The same with a listing more, in place of an earlier one of its name.
    Root with(Listing listing) {
        var changed = new ArrayList<>(listings);
        changed.removeIf(old -> old.id().equals(listing.id()));
        changed.add(listing);
        changed.sort(Comparator.comparing(one -> one.flavor().since()));
        return new Root(whole, from, claims, changed);
    }
}
