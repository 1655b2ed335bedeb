package holdfast.broker;

import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.engine.RuntimeSettings;
import holdfast.engine.RuntimeSettings.Known;
import holdfast.engine.SettingRule.Flag;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Keeps what is offered to other domains as much as there is (fluidos.md 2.2, LRM): hosts come, go, and are used by
/// ourselves as well.
public final class Selling {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Known HOSTS = new Known(
            "flavor.hosts",
            "false",
            new Flag(),
            "Whether of every host that can be sold alone a part is offered to other domains, less a tenth.");
    private static final String ARCHITECTURE = "amd64";

    private final NodeIdentity seller;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final RuntimeSettings settings;
    private final Sellable sellable;
    private final Market market;

    /// @param seller as whom it is offered
    public Selling(NodeIdentity seller, Platform platform, Database database, Engine engine, Broker broker) {
        this.seller = seller;
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.settings = engine.settings();
        this.sellable = broker.sellable();
        this.market = broker.market();
        settings.add(List.of(HOSTS));
        engine.tasks().add("flavor.measure", EVERY, this::measure);
    }

    /// Offers new hosts, if that is wanted, and what there is now of those that are offered. One root in one
    /// transaction: buyers wait for no other.
    ///
    /// @return what came of it, in a few words
    public String measure() {
        int fresh = database.inTransaction(
                tx -> offer(tx, settings.flag(HOSTS) ? sellable.all(tx) : sellable.ofClusters(tx)));
        var outdated = database.inTransaction(market::outdated);
        long changed = outdated.stream()
                .filter(root -> database.inTransaction(tx -> market.measure(tx, root)))
                .count();
        return "offered %d hosts more, changed %d offers".formatted(fresh, changed);
    }

    /// A host whose offer was withdrawn stays off the list.
    private int offer(Tx tx, List<Sellable.Part> parts) {
        var known = resources.ids(tx, Resources.typed(Offer.TYPE).and(Resources.present()));
        var missing = parts.stream()
                .filter(part -> !known.contains(root(part)))
                .map(Sellable.Part::keeping)
                .toList();
        missing.forEach(part -> {
            var offer = new Offer(flavor(part), platform.now(), Optional.of(part.host()));
            market.offer(tx, root(part), offer, "-", Offer.TYPE);
        });
        return missing.size();
    }

    private static UUID root(Sellable.Part part) {
        return Copies.id(Offer.TYPE, part.host().id());
    }

    private Flavor flavor(Sellable.Part part) {
        var name = part.name().toLowerCase(Locale.ROOT);
        return new Flavor(
                FlavorIds.valid(name) ? name : "host-" + root(part),
                seller.id(),
                seller,
                new K8Slice(
                        ARCHITECTURE,
                        part.usual(),
                        Optional.empty(),
                        part.host().isOfCluster() ? K8Slice.OF_CLUSTER : Properties.NONE,
                        Policy.USUAL),
                Optional.empty(),
                true,
                Optional.empty(),
                Location.UNKNOWN,
                platform.now(),
                Map.of());
    }
}
