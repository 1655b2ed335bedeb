package holdfast.authority;

import holdfast.authority.Provider.Account;
import java.util.Optional;
import java.util.UUID;

/// Opens the driver for an account at a cloud. Does not go out yet: what is wrong with the account is told by the
/// first look.
public interface Clouds {
    /// @param provider the resource, whose id is the name under which the driver may keep things
    /// @param password in clear; empty if there is none, or it cannot be read with this server's key
    Cloud open(UUID provider, Account account, Optional<String> password);
}
