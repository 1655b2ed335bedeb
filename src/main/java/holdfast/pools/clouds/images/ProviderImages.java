package holdfast.pools.clouds.images;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What there is to boot at accounts, as their providers say. Each question takes some seconds at most.
public interface ProviderImages {
    /// @param id as the provider calls it
    record ProviderImage(String id, String name, String description, Optional<String> architecture) {}

    /// @throws holdfast.pools.clouds.ImageMapper.UnavailableException if it cannot tell now
    Optional<ProviderImage> find(UUID account, String image);

    /// The same, as the provider says at this moment.
    ///
    /// @throws holdfast.pools.clouds.ImageMapper.UnavailableException if it cannot tell now
    default boolean isThereNow(UUID account, String image) {
        return find(account, image).isPresent();
    }

    /// @throws holdfast.pools.clouds.ImageMapper.UnavailableException if it cannot tell now
    List<ProviderImage> list(UUID account);
}
