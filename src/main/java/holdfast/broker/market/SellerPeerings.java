package holdfast.broker.market;

import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message.Lending.Phase;
import holdfast.protocol.rear.PeeringCourse;
import holdfast.protocol.rear.PeeringCourse.News;
import holdfast.protocol.rear.Vector;
import java.util.Optional;
import java.util.UUID;

/// What a seller has of the peerings of its contracts on parts of hosts (fluidos.md 3.7): lent from the purchase on,
/// in use as soon as the buyer claims it, and over when its authority says that nothing is left.
final class SellerPeerings {
    private final String name;
    private final Platform platform;
    private final Resources resources;

    /// @param name of the broker
    SellerPeerings(String name, Platform platform, Engine engine) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
    }

    private UUID id(UUID contract) {
        return Copies.id(name + ".peering", contract);
    }

    void begin(Tx tx, Resource contract, Vector amounts) {
        var record = new SellerPeering(SellerPeering.SELLER, contract.id(), amounts, Optional.empty());
        var fresh = resources.fresh(
                id(contract.id()),
                SellerPeering.TYPE,
                name,
                Optional.of(contract.id()),
                contract.name(),
                PeeringCourse.INACTIVE.word(),
                contract.project(),
                record);
        resources.insert(tx, fresh, name, "sold");
    }

    /// An authority tells how it stands with what was lent for a contract.
    ///
    /// @param why it is stuck or over, if that is known
    void heard(Tx tx, UUID contract, Phase phase, String sender, Optional<String> why) {
        switch (phase) {
            case LENT -> heard(tx, contract, News.LENT, sender, "its buyer may claim it");
            case CLAIMED -> heard(tx, contract, News.UP, sender, "in use by its buyer");
            case STUCK -> heard(tx, contract, News.FAILED, sender, why.orElse("stuck"));
            case ENDED -> {
                heard(tx, contract, News.ENDED, sender, why.orElse("given back"));
                heard(tx, contract, News.SETTLED, sender, "nothing is left of it");
            }
        }
    }

    /// Contracts on anything else have none.
    void heard(Tx tx, UUID contract, News news, String who, String why) {
        resources
                .lock(tx, id(contract))
                .ifPresent(peering -> PeeringCourse.of(peering.state())
                        .after(news)
                        .ifPresent(next -> {
                            var moved = peering.withState(next.word(), Optional.of(why));
                            var known = next == PeeringCourse.ACTIVE
                                    ? moved.withData(
                                            peering.as(SellerPeering.class).activeSince(platform.now()))
                                    : moved;
                            boolean over = next == PeeringCourse.RELEASED;
                            resources.update(
                                    tx, peering.state(), over ? known.removedAt(platform.now()) : known, who, why);
                        }));
    }
}
