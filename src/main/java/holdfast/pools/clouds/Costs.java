package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Cost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What back-end profiles cost (aeolus.md 2.5). A new price ends the one before; none is ever changed otherwise.
public final class Costs extends Entries<Cost> {
    private static final Set<String> BILLING = Set.of("hour", "wall_clock_hour", "per_property");
    private static final BigDecimal TOO_MUCH = BigDecimal.valueOf(1_000);
    private static final int DECIMALS = 5;
    private static final Duration FARTHEST = Duration.ofDays(36_525);

    Costs(Platform platform, Engine engine) {
        super(platform, engine, "cloudCost", "cost", Cost.class);
    }

    /// What a price is for: a back-end profile (kind 1), or the cpu (2), memory (3) or storage (4) of it.
    ///
    /// @param key the provider's word for the profile
    public static String chargeable(int kind, UUID provider, String key) {
        return kind + ":" + provider + ":" + key;
    }

    /// Selects the prices that hold at a time, those that come after it, and some that have ended within the second
    /// before, since times are compared as texts.
    static Condition since(Instant time) {
        return DSL.condition(
                "({0} ->> 'to' is null or {0} ->> 'to' collate \"C\" > {1})",
                RESOURCE.DATA, DSL.val(time.minusSeconds(1).toString()));
    }

    /// Selects the prices of something, of all times.
    public static Condition of(String chargeable) {
        return DSL.condition("{0} ->> 'chargeable' = {1}", RESOURCE.DATA, DSL.val(chargeable));
    }

    /// Sets a price from some time on. It takes the place of those that were to come later.
    ///
    /// @param from neither in the past nor in more than 100 years; empty = now
    public Answer<Entry<Cost>> set(
            Tx tx, String chargeable, BigDecimal price, String billing, Optional<Instant> from, String who) {
        var now = platform().now();
        var since = from.orElse(now);
        if (since.isBefore(now) || since.isAfter(now.plus(FARTHEST))) {
            return Answer.no(Refusal.malformed(
                    "valid_from",
                    "Valid from is neither in the past nor in more than 100 years; it is " + now + " now"));
        }
        for (var old : list(tx, of(chargeable))) {
            var cost = old.value();
            if (cost.from().isAfter(now) && !cost.from().isBefore(since)) {
                remove(tx, lock(tx, old.id()).orThrow(), who).orThrow();
            } else if (cost.to().map(since::isBefore).orElse(true)) {
                var ended = new Cost(chargeable, cost.price(), cost.billing(), cost.from(), Optional.of(since));
                write(tx, lock(tx, old.id()).orThrow(), ended, who);
            }
        }
        return add(
                tx, Optional.empty(), chargeable, new Cost(chargeable, price, billing, since, Optional.empty()), who);
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Cost value, Optional<Entry<Cost>> before) {
        if (!BILLING.contains(value.billing())) {
            return wrong("billing_model", "is one of hour, wall_clock_hour, per_property");
        }
        boolean good = value.price().signum() >= 0
                && value.price().compareTo(TOO_MUCH) < 0
                && value.price().stripTrailingZeros().scale() <= DECIMALS;
        return good ? Optional.empty() : wrong("price", "must be at least 0 and below 1000, with at most 5 decimals");
    }
}
