package holdfast.pools.clouds.images;

import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import java.util.Optional;
import java.util.UUID;

/// Where images can be: what is set up of accounts, providers and pool families.
public interface Places {
    Optional<CloudAccount> account(Tx tx, UUID id);

    boolean isProvider(Tx tx, UUID id);

    boolean isFamily(Tx tx, UUID id);
}
