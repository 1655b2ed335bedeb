package holdfast.pools.clouds.images;

import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.images.ProviderImages.ProviderImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where nothing is written down: an image is named by account and image there, `account~image`, and looked up live
/// (aeolus.md 4.6). Images whose names have other characters than ids may have cannot be named so.
public final class SameIdMapper implements ImageMapper {
    private static final int UUID_LENGTH = 36;
    private static final Pattern NAMED = Pattern.compile("([0-9a-f-]{" + UUID_LENGTH + "})~([A-Za-z0-9_.~-]{1,91})");

    /// Of images of which only their provider knows whose they are. Which account that is, not all may know.
    private static final String OWNER = "provider";

    private final ProviderImages images;

    public SameIdMapper(ProviderImages images) {
        this.images = images;
    }

    private record Named(UUID account, String image) {
        static Optional<Named> of(String id) {
            var parts = NAMED.matcher(id);
            if (!parts.matches()) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Named(UUID.fromString(parts.group(1)), parts.group(2)));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }

    private static BrokerImage image(CloudAccount account, ProviderImage found) {
        return new BrokerImage(
                account.id() + "~" + found.id(), found.name(), found.description(), OWNER, found.architecture());
    }

    /// Of a pool with one account all that is there; of others none, because it would take long.
    @Override
    public List<BrokerImage> list(CloudPool pool) {
        var accounts = pool.family().accounts();
        return accounts.size() != 1
                ? List.of()
                : images.list(accounts.getFirst().id()).stream()
                        .map(found -> image(accounts.getFirst(), found))
                        .filter(image -> NAMED.matcher(image.id()).matches())
                        .toList();
    }

    @Override
    public Optional<BrokerImage> describe(CloudPool pool, String image) {
        return Named.of(image)
                .flatMap(named -> pool.family().accounts().stream()
                        .filter(account -> account.id().equals(named.account()))
                        .findFirst()
                        .flatMap(account ->
                                images.find(account.id(), named.image()).map(found -> image(account, found))));
    }

    @Override
    public Map<UUID, Mapped> map(String image, Optional<String> build, Collection<CloudAccount> accounts) {
        var named = Named.of(image);
        return accounts.stream()
                .collect(Collectors.toMap(
                        CloudAccount::id,
                        account -> named.filter(one -> one.account().equals(account.id()))
                                .<Mapped>map(one -> new Mapped.Usable(one.image()))
                                .orElseGet(() -> new Mapped.None("no image"))));
    }
}
