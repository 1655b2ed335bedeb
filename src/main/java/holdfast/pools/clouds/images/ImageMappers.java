package holdfast.pools.clouds.images;

import holdfast.platform.Platform;
import holdfast.platform.WebhookClient;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import java.net.URI;
import java.util.Optional;
import java.util.ServiceLoader;

/// Which mapper answers for a pool: one that the installation brings along for all, else the one that its family names,
/// else what is written down here (aeolus.md 4.6, 5.2).
public final class ImageMappers {
    private final Optional<ImageMapper> installed;
    private final ImageMapper table;
    private final ImageMapper sameId;
    private final WebhookClient client;
    private final Platform platform;
    private final Remembered remembered = new Remembered();

    /// @param installed see [#installed]
    /// @param client calls mappers elsewhere
    public ImageMappers(
            Optional<ImageMapper> installed,
            TableMapper table,
            SameIdMapper sameId,
            WebhookClient client,
            Platform platform) {
        this.installed = installed;
        this.table = table;
        this.sameId = sameId;
        this.client = client;
        this.platform = platform;
    }

    /// The mapper that whoever builds Holdfast into something else puts beside it: the first that is named in
    /// `META-INF/services/holdfast.pools.clouds.ImageMapper`, made with its constructor without parameters.
    public static Optional<ImageMapper> installed(ClassLoader classes) {
        return ServiceLoader.load(ImageMapper.class, classes).findFirst();
    }

    public ImageMapper of(CloudPool pool) {
        return installed.orElseGet(() -> pool.family()
                .mapper()
                .map(named -> named.equals(ImageMapper.SAME_ID)
                        ? sameId
                        : new RemoteMapper(URI.create(named), table, client, platform, remembered))
                .orElse(table));
    }
}
