package holdfast.pools.clouds.images;

import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.ImageMapper.Mapped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// What stands for an image at one account, or at all accounts of a provider (aeolus.md 5.2.1).
///
/// @param version counts changes, from 1
/// @param image id of the broker image
public record ImageMapping(UUID id, long version, Instant created, String image, Content content) {
    /// @param build empty = whichever build
    /// @param account either this or `provider` is there
    /// @param providerImage as the provider calls it
    public record Content(
            Optional<String> build,
            Optional<UUID> account,
            Optional<UUID> provider,
            String providerImage,
            MappingStatus status) {}

    /// What an image is at an account.
    ///
    /// @param builds of the image, the newest last
    /// @param build the only one that will do
    static Mapped at(
            CloudAccount account, List<String> builds, Optional<String> build, Collection<ImageMapping> mappings) {
        return best(account, builds, build, mappings)
                .map(ImageMapping::content)
                .<Mapped>map(content -> content.status()
                        .hindrance()
                        .<Mapped>map(Mapped.None::new)
                        .orElseGet(() -> new Mapped.Usable(content.providerImage())))
                .orElseGet(() -> new Mapped.None("no image"));
    }

    /// The mapping that counts at an account: of the newest build that can be booted there, else of the newest. For
    /// one build, what is said of the account counts before what is said of its provider.
    static Optional<ImageMapping> best(
            CloudAccount account, List<String> builds, Optional<String> build, Collection<ImageMapping> mappings) {
        var wanted = build.isPresent()
                ? Stream.of(build)
                : Stream.concat(builds.reversed().stream().map(Optional::of), Stream.of(Optional.<String>empty()));
        var found = wanted.flatMap(one -> of(account, one, mappings).stream()).toList();
        return found.stream()
                .filter(mapping -> mapping.content().status().hindrance().isEmpty())
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    private static Optional<ImageMapping> of(
            CloudAccount account, Optional<String> build, Collection<ImageMapping> mappings) {
        var own = Optional.of(account.id());
        var whole = Optional.of(account.provider().id());
        var rows = mappings.stream()
                .filter(mapping -> mapping.content().build().equals(build))
                .toList();
        return rows.stream()
                .filter(mapping -> mapping.content().account().equals(own))
                .findFirst()
                .or(() -> rows.stream()
                        .filter(mapping -> mapping.content().provider().equals(whole))
                        .findFirst());
    }
}
