package holdfast.pools.clouds;

import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudPool.Strategy;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Quotas.Use;
import holdfast.pools.clouds.choice.Facts;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Facts.Room;
import holdfast.pools.clouds.choice.Facts.Tried;
import holdfast.pools.clouds.costs.Cost;
import holdfast.pools.clouds.costs.Tariff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a choice looks at, as it is now (aeolus.md 6.5).
public final class Occasion {
    private final Configuration configuration;
    private final Quotas quotas;
    private final Failures failures;

    public Occasion(Configuration configuration, Quotas quotas, Failures failures) {
        this.configuration = configuration;
        this.quotas = quotas;
        this.failures = failures;
    }

    /// Room at accounts, and what failed there; pool, family and user have room.
    ///
    /// @param images of each assembly
    public Facts facts(Tx tx, CloudPool pool, Instant now, List<Images> images, Set<Tried> tried) {
        return facts(tx, pool, now, images, tried, List.of());
    }

    /// The same with the room that there is at the pool, its family or the user.
    ///
    /// @param owners those of the three that are looked at
    public Facts facts(
            Tx tx, CloudPool pool, Instant now, List<Images> images, Set<Tried> tried, Collection<Owner> owners) {
        var accounts = pool.family().accounts();
        var uses = quotas.uses(
                tx,
                Stream.concat(
                                accounts.stream()
                                        .filter(account -> !account.limits().equals(Limits.NONE))
                                        .map(CloudAccount::id),
                                owners.stream().map(Owner::id))
                        .toList());
        Map<Kind, Room> above = owners.stream()
                .collect(Collectors.toMap(
                        Owner::kind, owner -> room(owner.limits(), uses.getOrDefault(owner.id(), Use.NONE))));
        Map<UUID, Room> rooms = accounts.stream()
                .collect(Collectors.toMap(
                        CloudAccount::id,
                        account -> room(account.limits(), uses.getOrDefault(account.id(), Use.NONE))));
        var back = look(pool);
        Map<UUID, List<Instant>> failed = back.isZero()
                ? Map.of()
                : failures.since(tx, accounts.stream().map(CloudAccount::id).toList(), now.minus(back));
        return new Facts(
                now,
                above.getOrDefault(Kind.POOL, Room.ENDLESS),
                above.getOrDefault(Kind.FAMILY, Room.ENDLESS),
                above.getOrDefault(Kind.USER, Room.ENDLESS),
                rooms,
                Set.of(),
                images,
                tariff(tx, pool, now),
                failed,
                tried);
    }

    /// The prices of now, if they matter.
    private Tariff tariff(Tx tx, CloudPool pool, Instant now) {
        if (pool.strategies().stream().noneMatch(Strategy.CostOrder.class::isInstance)) {
            return Tariff.NONE;
        }
        return new Tariff(configuration.costs().list(tx, Costs.since(now)).stream()
                .map(Entry::value)
                .flatMap(cost ->
                        Cost.stored(cost.chargeable(), cost.price(), cost.billing(), cost.from(), cost.to()).stream())
                .toList());
    }

    /// How far back failures count.
    private static Duration look(CloudPool pool) {
        return pool.strategies().stream()
                .filter(Strategy.PenaltyForFailure.class::isInstance)
                .map(Strategy.PenaltyForFailure.class::cast)
                .map(penalty -> Duration.ofMinutes(penalty.minutes()))
                .findFirst()
                .orElse(Duration.ZERO);
    }

    private static Room room(Limits limits, Use use) {
        return Room.of(limits, use.active(), use.total());
    }
}
