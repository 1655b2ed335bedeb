package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Cost;
import java.math.BigDecimal;
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

    Costs(Platform platform, Engine engine) {
        super(platform, engine, "cloudCost", "cost", Cost.class);
    }

    /// What a price is for: a back-end profile (kind 1), or the cpu (2), memory (3) or storage (4) of it.
    ///
    /// @param key the provider's word for the profile
    public static String chargeable(int kind, UUID provider, String key) {
        return kind + ":" + provider + ":" + key;
    }

    /// Selects the prices of something, of all times.
    public static Condition of(String chargeable) {
        return DSL.condition("{0} ->> 'chargeable' = {1}", RESOURCE.DATA, DSL.val(chargeable));
    }

    /// Sets a price from now on.
    public Answer<Entry<Cost>> set(Tx tx, String chargeable, BigDecimal price, String billing, String who) {
        var now = platform().now();
        for (var old : list(tx, of(chargeable))) {
            if (old.value().to().isEmpty()) {
                var cost = old.value();
                var ended = new Cost(chargeable, cost.price(), cost.billing(), cost.from(), Optional.of(now));
                write(tx, lock(tx, old.id()).orThrow(), ended, who);
            }
        }
        return add(tx, Optional.empty(), chargeable, new Cost(chargeable, price, billing, now, Optional.empty()), who);
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
