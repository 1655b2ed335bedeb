package holdfast.broker;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.Optional;
import java.util.UUID;

/// The broker's record of a host that was bought for a time at another domain (fluidos.md 3.7, 4.6). States:
/// `claiming`, `borrowed`, `failed`, `returned`. Its name is the site that the host is here.
///
/// @param authority who lends
/// @param asker who wants to hear of it
/// @param delegation what the authority calls it, once it has been claimed
/// @param term when it may be used
/// @param granted how much of it
public record Borrowing(
        UUID contract,
        String authority,
        String asker,
        Optional<UUID> delegation,
        Optional<Interval> term,
        Optional<Capacities> granted) {

    public static final String TYPE = "borrowing";

    static Borrowing asked(UUID contract, String authority, String asker) {
        return new Borrowing(contract, authority, asker, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Borrowing of(UUID lent, Interval when, Capacities amounts) {
        return new Borrowing(contract, authority, asker, Optional.of(lent), Optional.of(when), Optional.of(amounts));
    }
}
