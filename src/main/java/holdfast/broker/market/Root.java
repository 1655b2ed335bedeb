package holdfast.broker.market;

import holdfast.core.Interval;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Pieces;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Prices;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One machine or pool that is for sale, with everything that is claimed of it and every name that it was offered
/// under.
///
/// @param whole what is offered when nothing is claimed: all that it has, its price, policy and place; nothing if it is
///     not available
/// @param from when it may be used first
/// @param claims those that are not over
/// @param listings names, oldest first, as far as they matter to what is done with it; at most one is listed
public record Root(Flavor whole, Instant from, List<Claim> claims, List<Listing> listings) {
    public Root {
        claims = Claims.of(claims); // with their sums
        listings = List.copyOf(listings);
    }

    /// How it stands.
    public enum Standing {
        LISTED,
        /// There is something left, and too little of it to be sold.
        STRANDED,
        SOLD_OUT,
        /// Whatever is left of it, it is not for sale.
        UNLISTED
    }

    private Claims all() {
        return Claims.of(claims);
    }

    /// The most that is claimed at once in `term`, of each dimension and in price. Nothing, if a sale takes nothing
    /// away from others.
    private Taken.Peak peak(Interval term) {
        return (whole.kind().vector().nothing() ? Taken.NOTHING : all().taken()).peak(term);
    }

    /// What is claimed of it together, step by step.
    Taken taken() {
        return all().taken();
    }

    /// What there is of it altogether, in amounts of a machine, if there is no more than `room` at any time: the
    /// least that is left beside what is claimed then, and the most that is claimed at once.
    Vector altogether(List<Backing.Room> room, Instant now) {
        var kind = whole.kind();
        var spare = room.stream()
                .map(step -> step.amounts().minus(kind.taking(peak(step.when()).amounts())))
                .reduce(Vector::min)
                .orElse(Vector.NONE);
        return spare.plus(kind.taking(peak(Interval.since(now)).amounts()));
    }

    /// What is left of it throughout `term`. Negative where it was measured anew and has less than is claimed.
    public Vector free(Interval term) {
        return whole.kind().vector().minus(peak(term).amounts());
    }

    /// What is left of it whenever it is used: that is what is offered.
    public Vector left(Instant now) {
        return free(Interval.since(now));
    }

    public Standing standing(Instant now) {
        if (!whole.available()) {
            return Standing.UNLISTED;
        }
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
        return all().of(transaction);
    }

    /// What is offered of it for `term` under a name: what is left, for the root's price less that of what is
    /// claimed.
    Flavor offer(String id, Instant since, Interval term) {
        var peak = peak(term);
        return flavor(
                id,
                whole.kind().with(whole.kind().vector().minus(peak.amounts())),
                whole.price().map(price -> Prices.rest(price, peak.price())),
                whole.available(),
                since);
    }

    /// The whole, not for sale.
    Flavor unavailable() {
        return flavor(whole.id(), whole.kind(), whole.price(), false, whole.since());
    }

    private Flavor flavor(String id, Kind kind, Optional<Price> price, boolean available, Instant since) {
        return new Flavor(
                id,
                whole.provider(),
                whole.owner(),
                kind,
                price,
                available,
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
                all().butFor(claim ->
                        claim.lapses().filter(end -> !end.isAfter(later)).isPresent()),
                listings);
    }

    /// The same with a claim more, in place of an earlier one of its transaction.
    Root with(Claim claim) {
        return new Root(whole, from, all().with(claim), listings);
    }

    /// The same without a claim.
    Root without(UUID transaction) {
        return new Root(whole, from, all().without(transaction), listings);
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
