package holdfast.authority;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Convoy;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// The drivers of providers, each open for as long as its account is reached in the same way. Whether that has changed
/// is looked for whenever one is asked for, so that nobody works with an old password; what an account says is read
/// only when it has.
final class OpenClouds implements AutoCloseable {
    private final Database database;
    private final Resources resources;
    private final Clouds clouds;
    private final BiFunction<UUID, Provider, Optional<String>> password;
    private final Map<UUID, Open> open = new ConcurrentHashMap<>();

    /// Who asks while others are answered is answered with them.
    private final Convoy<UUID, Optional<Long>> versions = new Convoy<>(this::versions);

    /// @param version of the newest record that is known to lead there
    private record Open(Provider provider, Cloud cloud, long version) {}

    OpenClouds(
            Database database,
            Resources resources,
            Clouds clouds,
            BiFunction<UUID, Provider, Optional<String>> password) {
        this.database = database;
        this.resources = resources;
        this.clouds = clouds;
        this.password = password;
    }

    /// The driver for one, as its account is now.
    ///
    /// @throws IllegalStateException if it is not there
    Cloud of(UUID id) {
        var known = open.get(id);
        return known != null && versions.ask(id).equals(Optional.of(known.version))
                ? known.cloud
                : of(database.inTransaction(tx -> resources.find(tx, id))
                        .orElseThrow(() -> new IllegalStateException("there is no provider " + id)));
    }

    /// The same of one that was just read.
    Cloud of(Resource resource) {
        return open.compute(resource.id(), (id, known) -> known == null ? opened(resource) : renewed(known, resource))
                .cloud;
    }

    private Open opened(Resource resource) {
        var provider = resource.as(Provider.class);
        var cloud = clouds.open(resource.id(), provider.account(), password.apply(resource.id(), provider));
        return new Open(provider, cloud, resource.version());
    }

    private Open renewed(Open known, Resource resource) {
        if (resource.version() <= known.version) {
            return known;
        }
        if (known.provider.isReachedAs(resource.as(Provider.class))) {
            return new Open(known.provider, known.cloud, resource.version());
        }
        known.cloud.close();
        return opened(resource);
    }

    private List<Optional<Long>> versions(List<UUID> ids) {
        var known = database.inTransaction(tx -> tx.sql()
                .select(RESOURCE.ID, RESOURCE.VERSION)
                .from(RESOURCE)
                .where(Resources.withIds(ids))
                .fetchMap(RESOURCE.ID, RESOURCE.VERSION));
        return ids.stream().map(id -> Optional.ofNullable(known.get(id))).toList();
    }

    /// Has one ask anew for all that it knows by heart.
    void forgive(UUID id) {
        Optional.ofNullable(open.get(id)).ifPresent(one -> one.cloud.forgive());
    }

    @Override
    public void close() {
        open.values().forEach(one -> one.cloud.close());
    }
}
