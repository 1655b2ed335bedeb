package holdfast;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.core.CloudSupply;
import holdfast.platform.Database;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import holdfast.pools.clouds.images.ProviderImages;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What there is to boot at accounts, as it was seen last; only who verifies has the provider asked.
final class AccountImages implements ProviderImages {
    private final Database database;
    private final Providers providers;

    AccountImages(Database database, Providers providers) {
        this.database = database;
        this.providers = providers;
    }

    @Override
    public Optional<ProviderImage> find(UUID account, String image) {
        return list(account).stream().filter(one -> one.id().equals(image)).findFirst();
    }

    @Override
    public boolean isThereNow(UUID account, String image) {
        return switch (providers.lookNow(account)) {
            case Look.Seen<CloudSupply>(var supply) ->
                supply.images().stream().anyMatch(one -> one.id().equals(image));
            case Look.Away<CloudSupply>(var why, var _) ->
                throw new UnavailableException("the provider is away: " + why);
            case Look.Denied<CloudSupply>(var why) ->
                throw new UnavailableException("the provider does not let us in: " + why);
        };
    }

    @Override
    public List<ProviderImage> list(UUID account) {
        return database.inTransaction(tx -> providers.find(tx, account)).stream()
                .flatMap(found -> found.as(Provider.class).supply().stream())
                .map(CloudSupply::images)
                .flatMap(List::stream)
                .map(image -> new ProviderImage(image.id(), image.name(), "", Optional.empty()))
                .toList();
    }
}
