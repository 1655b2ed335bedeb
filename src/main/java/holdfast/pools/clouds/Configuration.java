package holdfast.pools.clouds;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Family;
import holdfast.pools.clouds.Stored.Pool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// All that administrators set up of the cloud broker (aeolus.md 2.1 - 2.7), by kind.
public final class Configuration {
    /// The credential that every account has.
    public static final String USERNAME = "username";

    /// Who made what is there from the start.
    static final String SEED = "holdfast";

    private static final String DEFAULT = "default";

    private final Platform platform;
    private final Database database;
    private final Sites sites;
    private final Usage usage;
    private final Families families;
    private final CloudPools pools;
    private final ProviderTypes types;
    private final CloudProviders providers;
    private final CloudAccounts accounts;
    private final Profiles profiles;
    private final Realms realms;
    private final Users users;
    private final Groups groups;
    private final Roles roles;
    private final Grants grants;
    private final Costs costs;
    private final Deployables deployables;
    private final Catalogs catalogs;
    private final Setup.Latest latest = new Setup.Latest();

    /// @param sites what reaches the clouds
    /// @param usage what is known of instances
    public Configuration(
            Platform platform, Database database, Engine engine, Secrets secrets, Sites sites, Usage usage) {
        this.platform = platform;
        this.database = database;
        this.sites = sites;
        this.usage = usage;
        this.families = new Families(platform, engine, this);
        this.pools = new CloudPools(platform, engine, this);
        this.types = new ProviderTypes(platform, engine, this);
        this.providers = new CloudProviders(platform, engine, this);
        this.accounts = new CloudAccounts(platform, engine, secrets, this);
        this.profiles = new Profiles(platform, engine);
        this.realms = new Realms(platform, engine, this);
        this.users = new Users(platform, engine, this);
        this.groups = new Groups(platform, engine, this);
        this.roles = new Roles(platform, engine, this);
        this.grants = new Grants(platform, engine, this);
        this.costs = new Costs(platform, engine);
        this.deployables = new Deployables(platform, engine, this);
        this.catalogs = new Catalogs(platform, engine, this);
    }

    /// Adds what is there from the start. May be called with each start, by several servers.
    public void seed() {
        database.inTransaction(tx -> {
            types.seed(tx);
            roles.seed(tx);
            groups.seed(tx);
            grants.seed(tx);
            var family = Copies.id("poolFamily", DEFAULT);
            var standard = new Family("", Limits.NONE, Set.of(), Optional.empty(), true);
            families.plant(tx, family, Optional.empty(), DEFAULT, standard);
            var pool = new Pool("", Limits.NONE, true, false, Optional.empty(), true, List.of(), List.of(), Map.of());
            pools.plant(tx, Copies.id("cloudPool", DEFAULT), Optional.of(family), DEFAULT, pool);
            return true;
        });
    }

    /// All of it that launches need, as it is now; not within a transaction that changes it.
    public Setup setup(Tx tx) {
        return latest.now(tx);
    }

    Database database() {
        return database;
    }

    /// An id for a part of something.
    public UUID newId() {
        return platform.newId();
    }

    public Sites sites() {
        return sites;
    }

    public Usage usage() {
        return usage;
    }

    public Families families() {
        return families;
    }

    public CloudPools pools() {
        return pools;
    }

    public ProviderTypes types() {
        return types;
    }

    public CloudProviders providers() {
        return providers;
    }

    public CloudAccounts accounts() {
        return accounts;
    }

    /// Front-end profiles.
    public Profiles profiles() {
        return profiles;
    }

    /// Front-end realms.
    public Realms realms() {
        return realms;
    }

    public Users users() {
        return users;
    }

    public Groups groups() {
        return groups;
    }

    public Roles roles() {
        return roles;
    }

    public Grants grants() {
        return grants;
    }

    public Costs costs() {
        return costs;
    }

    public Deployables deployables() {
        return deployables;
    }

    public Catalogs catalogs() {
        return catalogs;
    }

    /// Why something must stay.
    static Refusal kept(String name, List<String> keeping) {
        return Refusal.clash(name + " is in use by " + String.join(", ", keeping) + "; remove that first");
    }
}
