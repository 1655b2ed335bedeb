package holdfast;

import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.authority.CloudAuthority;
import holdfast.authority.ClusterAuthorities;
import holdfast.authority.ClusterAuthority;
import holdfast.broker.Supply;
import holdfast.engine.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The authorities of what is ours, wired: sites, clusters, and accounts of clouds.
final class OwnSites {
    private static final String DELEGATION = "primary";

    private final Ground ground;
    private final Supply supply;
    private final String broker;
    private final List<Sites.Known> sites;
    private final List<Authority> authorities = new ArrayList<>();
    private final ClusterAuthorities clusters;
    private final Authorities all;
    private final List<String> description = new ArrayList<>();

    /// Before the engine starts.
    ///
    /// @param supply of the broker, which claims what they delegate and what clusters sell
    /// @param broker its name
    OwnSites(
            Ground ground,
            Supply supply,
            String broker,
            List<Sites.Known> sites,
            SiteDrivers drivers,
            List<ClusterSettings.Known> fabrics,
            CloudAuthority clouds) {
        this.ground = ground;
        this.supply = supply;
        this.broker = broker;
        this.sites = sites;
        sites.forEach(site -> authorities.add(authority(site, drivers)));
        clusters = clusters(fabrics);
        all = new Authorities(
                ground.platform(),
                ground.database(),
                ground.engine(),
                authorities,
                Optional.of(clouds),
                Optional.of(clusters));
    }

    private Authority authority(Sites.Known site, SiteDrivers drivers) {
        var driver = drivers.driver(site);
        description.add("site " + site.authority() + ": " + driver.describe());
        return new Authority(
                site.authority(),
                driver,
                ground.platform(),
                ground.engine(),
                ground.calendar(),
                ground.models(),
                advertising(site.authority()));
    }

    private ClusterAuthorities clusters(List<ClusterSettings.Known> fabrics) {
        var each = new ArrayList<ClusterAuthority>();
        for (var known : fabrics) {
            each.add(new ClusterAuthority(
                    known.plan(),
                    known.fabric(),
                    ground.platform(),
                    ground.database(),
                    ground.engine(),
                    ground.secrets(),
                    advertising(known.plan().authority())));
            description.add(
                    "cluster " + known.plan().site() + ": " + known.fabric().describe());
        }
        return new ClusterAuthorities(
                ground.engine(), each, (tx, authority, delegation) -> supply.claim(tx, authority, delegation, broker));
    }

    private Advertising advertising(String authority) {
        return new Advertising(authority, ground.platform(), ground.engine(), ground.calendar(), ground.models());
    }

    /// Has each site delegate what it has, and the broker claim it.
    void open() {
        for (int i = 0; i < sites.size(); i++) {
            var authority = authorities.get(i);
            var graph = sites.get(i).graphMl();
            ground.database()
                    .inTransaction(tx -> all.open(tx, authority, graph))
                    .orThrow();
            ground.database().inTransaction(tx -> {
                supply.claim(tx, authority.name(), DELEGATION, broker);
                return true;
            });
        }
    }

    Authorities all() {
        return all;
    }

    /// Those of sites and clusters that take messages.
    List<Actor> actors() {
        return Stream.<Actor>concat(authorities.stream(), clusters.all().stream())
                .toList();
    }

    /// By what each of them is driven.
    List<String> describe() {
        return List.copyOf(description);
    }
}
