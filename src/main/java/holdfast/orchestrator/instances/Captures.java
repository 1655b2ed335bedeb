package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.ImageMapping;
import holdfast.pools.clouds.images.ImageMappings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The images that are made of instances, as images of the broker (aeolus.md 4.7). Where images are looked up live they
/// are found by themselves.
public final class Captures {
    /// What captured images are called among things at accounts.
    static final String COLLECTION = "images";

    private static final int LONGEST = 80;
    private static final int RANDOM = 12;
    private static final int MOST = 1_000;

    private final Platform platform;
    private final BrokerImages images;
    private final ImageMappings mappings;

    public Captures(Platform platform, BrokerImages images, ImageMappings mappings) {
        this.platform = platform;
        this.images = images;
        this.mappings = mappings;
    }

    /// @param like what the instance was made of
    /// @param key what its provider calls the image
    Answer<BrokerImage> note(
            Tx tx,
            CloudPool pool,
            String name,
            Optional<String> description,
            Optional<BrokerImage> like,
            String user,
            UUID account,
            String key) {
        var architecture = like.flatMap(BrokerImage::architecture);
        if (isLive(pool)) {
            return Answer.yes(
                    new BrokerImage(ThingNames.id(account, key), name, description.orElse(""), user, architecture));
        }
        var content = new BrokerImages.Content(
                name,
                description.orElse(""),
                user,
                architecture,
                Optional.of(pool.family().id()),
                List.of());
        return mappings.captured(tx, id(name), content, account, key, user).map(BrokerImages.Stored::image);
    }

    private static boolean isLive(CloudPool pool) {
        return pool.family().mapper().filter(ImageMapper.SAME_ID::equals).isPresent();
    }

    /// Ids of ours end at random.
    private String id(String name) {
        var word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]+", "-");
        var random = platform.newId().toString();
        return word.substring(0, Math.min(word.length(), LONGEST)) + "-" + random.substring(random.length() - RANDOM);
    }

    Optional<BrokerImages.Stored> find(Tx tx, String id) {
        return images.find(tx, id);
    }

    List<ImageMapping> mappings(Tx tx, String id) {
        return mappings.list(tx, ImageMappings.of(id), 0, MOST);
    }

    Answer<BrokerImage> remove(Tx tx, String id, String who) {
        return mappings.removeImage(tx, id, Optional.empty(), who).map(BrokerImages.Stored::image);
    }

    static Refusal gone(String id) {
        return Refusal.notThere("there is no image " + id);
    }
}
