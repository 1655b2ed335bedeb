package holdfast.pools.clouds.images;

import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Knows what is written down here. Each question is a transaction of its own.
public final class TableMapper implements ImageMapper {
    private final Database database;
    private final BrokerImages images;
    private final ImageMappings mappings;

    public TableMapper(Database database, BrokerImages images, ImageMappings mappings) {
        this.database = database;
        this.images = images;
        this.mappings = mappings;
    }

    @Override
    public boolean isSetUp() {
        return true;
    }

    @Override
    public List<BrokerImage> list(CloudPool pool) {
        return database.inTransaction(tx -> images.usable(tx, pool.family().id()).stream()
                .map(BrokerImages.Stored::image)
                .toList());
    }

    @Override
    public Optional<BrokerImage> describe(CloudPool pool, String image) {
        return database.inTransaction(tx -> images.find(tx, image))
                .filter(stored -> stored.state() == BrokerImages.State.AVAILABLE)
                .filter(stored -> stored.content()
                        .family()
                        .map(pool.family().id()::equals)
                        .orElse(true))
                .map(BrokerImages.Stored::image);
    }

    @Override
    public Map<UUID, Mapped> map(String image, Optional<String> build, Collection<CloudAccount> accounts) {
        try {
            return database.inTransaction(tx -> {
                var builds = images.find(tx, image)
                        .map(stored -> stored.content().builds())
                        .orElse(List.of());
                var rows = mappings.matter(tx, image, accounts);
                return accounts.stream()
                        .collect(Collectors.toMap(
                                CloudAccount::id, account -> ImageMapping.at(account, builds, build, rows)));
            });
        } catch (DatabaseUnavailableException _) {
            throw new UnavailableException("the database does not answer");
        }
    }
}
