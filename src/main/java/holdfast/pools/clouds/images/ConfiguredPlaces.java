package holdfast.pools.clouds.images;

import holdfast.core.Answer;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Landscape;
import java.util.Optional;
import java.util.UUID;

/// The places that administrators have set up.
public final class ConfiguredPlaces implements Places {
    private final Configuration configuration;

    public ConfiguredPlaces(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Optional<CloudAccount> account(Tx tx, UUID id) {
        return new Landscape(configuration).account(tx, id) instanceof Answer.Yes<CloudAccount>(var account)
                ? Optional.of(account)
                : Optional.empty();
    }

    @Override
    public boolean isProvider(Tx tx, UUID id) {
        return configuration.providers().find(tx, id).isPresent();
    }

    @Override
    public boolean isFamily(Tx tx, UUID id) {
        return configuration.families().find(tx, id).isPresent();
    }
}
