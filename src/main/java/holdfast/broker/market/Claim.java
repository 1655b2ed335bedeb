package holdfast.broker.market;

import holdfast.core.Interval;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A piece of a root that somebody holds or has bought.
///
/// @param transaction by which it was held; its name among the claims of the root
/// @param listing the name under which it was asked for
/// @param buyer whose it is: the key of the buyer, not what he says of himself
/// @param configuration what was asked for; empty: all of that listing
/// @param price empty if the root is unpriced
/// @param heldUntil whole seconds; empty once it is bought
/// @param term in which the piece may be used
public record Claim(
        UUID transaction,
        String listing,
        String buyer,
        Optional<Configuration> configuration,
        Vector amounts,
        Optional<Quote> price,
        Optional<Instant> heldUntil,
        Interval term) {
    public boolean isHeld() {
        return heldUntil.isPresent();
    }

    /// The first instant at which it is no longer held; empty once it is bought. In the very second that is named
    /// it may still be bought (fluidos.md 3.5).
    public Optional<Instant> lapses() {
        return heldUntil.map(until -> until.plusSeconds(1));
    }

    /// The same, bought.
    Claim bought() {
        return new Claim(transaction, listing, buyer, configuration, amounts, price, Optional.empty(), term);
    }

    /// The same, held until another time, for another term, with other settings.
    Claim renewed(Instant until, Interval newTerm, Optional<Configuration> settings) {
        return new Claim(transaction, listing, buyer, settings, amounts, price, Optional.of(until), newTerm);
    }
}
