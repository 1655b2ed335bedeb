package holdfast.orchestrator.instances;

import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.Setup;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The images of a pool, by heart where they change only with what is set up. Not within a transaction: mappers may be
/// elsewhere.
final class ImagesAround {
    private final ImageMapper mapper;
    private final CloudPool pool;
    private final Setup setup;

    ImagesAround(ImageMapper mapper, CloudPool pool, Setup setup) {
        this.mapper = mapper;
        this.pool = pool;
        this.setup = setup;
    }

    private record Described(UUID family, String image) implements Setup.Key<BrokerImage> {}

    private record Everywhere(UUID family, String image) implements Setup.Key<Map<UUID, Mapped>> {}

    /// As [ImageMapper#describe]. What nobody knows is not remembered.
    Optional<BrokerImage> describe(String image) {
        if (!mapper.isSetUp()) {
            return mapper.describe(pool, image);
        }
        var key = new Described(pool.family().id(), image);
        return setup.find(key).or(() -> mapper.describe(pool, image).map(found -> setup.get(key, () -> found)));
    }

    /// As [ImageMapper#map], for all accounts of the pool.
    Map<UUID, Mapped> map(BrokerImage image, Optional<String> build) {
        return mapper.isSetUp() && build.isEmpty()
                ? setup.get(new Everywhere(pool.family().id(), image.id()), () -> mapped(image, build))
                : mapped(image, build);
    }

    private Map<UUID, Mapped> mapped(BrokerImage image, Optional<String> build) {
        return mapper.map(image.id(), build, pool.family().accounts());
    }
}
