package holdfast.federation.buying;

import holdfast.core.Quantity;
import holdfast.federation.choice.Offer;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Period;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Prices;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Whether a contract is about what its seller listed and held, at no higher price (fluidos.md 6.5, 6.8).
///
/// @param hard what was asked of every offer
record Agreed(Purchase purchase, Contract contract, List<Constraint> hard) {
    /// Clocks may differ by so much (fluidos.md 5.10, U12).
    private static final Duration SKEW = Duration.ofSeconds(2);

    /// Nodes sell for a year, whatever was asked (fluidos.md 6.11).
    private static final Duration LONGEST = Duration.ofDays(366);

    /// In one dialect cores have no more than three places (fluidos.md 5.3).
    private static final Vector ROUNDED =
            Vector.of(Dimension.CPU, Quantity.of("1m").orThrow());

    /// The last decimal of a price: others may round otherwise.
    private static final BigDecimal LAST = new BigDecimal("0.0001");

    /// Why it is of no use; empty if it is fine.
    ///
    /// @param seller as the one is called that was asked
    Optional<String> fault(String seller, Instant now) {
        return another()
                .or(() -> term(now))
                .or(() -> seller(seller))
                .or(this::price)
                .or(this::condition);
    }

    /// Whether it is of something else than what was held, or of less.
    private Optional<String> another() {
        var held = purchase.held().map(Transaction::id).orElse("");
        if (!contract.transaction().equals(held)) {
            return Optional.of("the contract is of transaction " + contract.transaction() + ", and held was " + held);
        }
        var flavor = purchase.flavor().id();
        if (!contract.flavor().id().equals(flavor)) {
            return Optional.of("the contract is of flavor " + contract.flavor().id() + ", and bought was " + flavor);
        }
        var wanted = purchase.piece().map(Configuration::amounts).orElse(Vector.NONE);
        return contract.configuration()
                .map(Configuration::amounts)
                .filter(sold -> !wanted.fitsIn(sold.plus(ROUNDED)))
                .map(sold -> "the contract has " + sold + ", and bought was " + wanted);
    }

    private Optional<String> term(Instant now) {
        var needed = purchase.term().until();
        var latest = needed.isAfter(now) ? needed.plus(LONGEST) : now.plus(LONGEST);
        return contract.expires()
                .filter(end -> end.isBefore(needed.minus(SKEW)) || end.isAfter(latest))
                .map(end -> "the contract ends at " + end + ", and it is needed until " + needed);
    }

    private Optional<String> seller(String asked) {
        var told = contract.seller();
        var owner = purchase.flavor().owner();
        boolean known = told.domain().equals(owner.domain())
                && (told.id().equals(asked) || told.id().equals(owner.id()));
        return known
                ? Optional.empty()
                : Optional.of("the contract is of seller " + told.id() + " of " + told.domain() + ", and asked was "
                        + asked + " of " + owner.domain());
    }

    /// What it says that the piece costs; empty if it says nothing of that.
    private Optional<Price> paid() {
        var extra = contract.extra();
        var listed = purchase.flavor().price().orElse(new Price("", "", ""));
        return Optional.ofNullable(extra.get(Quote.AMOUNT))
                .filter(amount -> !amount.isBlank())
                .map(amount -> new Price(
                        amount,
                        extra.getOrDefault(Quote.CURRENCY, listed.currency()),
                        extra.getOrDefault(Quote.PERIOD, listed.period())));
    }

    private Optional<String> price() {
        var listed = purchase.flavor().price();
        var whole = listed.flatMap(Price::number);
        var piece = Prices.piece(purchase.flavor(), purchase.amounts())
                .map(Quote::amount)
                .or(() -> whole);
        return paid().map(paid -> dearer(paid, piece))
                .orElseGet(() -> contract.flavor()
                        .price()
                        .filter(told -> !listed.equals(Optional.of(told)))
                        .filter(told -> !told.amount().isBlank())
                        .flatMap(told -> dearer(told, whole)));
    }

    /// @param most that it may be; empty if it was listed without a price
    private Optional<String> dearer(Price paid, Optional<BigDecimal> most) {
        var listed = purchase.flavor().price().orElse(new Price("", "", ""));
        var fine = paid.number()
                .filter(amount -> amount.signum() == 0
                        || most.filter(limit -> amount.compareTo(limit.add(LAST)) <= 0)
                                        .isPresent()
                                && paid.currency().equals(listed.currency())
                                && isSame(paid.period(), listed.period()));
        return fine.isPresent()
                ? Optional.empty()
                : Optional.of("the contract costs " + words(paid) + ", and listed was "
                        + most.map(limit -> words(listed.with(limit))).orElse("no price"));
    }

    private static boolean isSame(String one, String other) {
        return one.equals(other) || Period.of(one).isPresent() && Period.of(one).equals(Period.of(other));
    }

    private static String words(Price price) {
        return String.join(" ", price.amount(), price.currency(), price.period())
                .strip();
    }

    private Optional<String> condition() {
        var listed = new Offer(purchase.peer(), purchase.flavor(), purchase.amounts(), OptionalInt.empty(), 0);
        var known = new Constraint.Known(
                OptionalInt.empty(), paid().map(Price::hourly).orElseGet(listed::hourly));
        return hard.stream()
                .filter(condition -> !condition.met(contract.flavor(), known))
                .findFirst()
                .map(condition -> "the contract does not meet '" + condition + "'");
    }
}
