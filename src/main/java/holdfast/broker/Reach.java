package holdfast.broker;

import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Where requests may go, by the providers and zones that they name: for a decision on them nothing else need be
/// looked at, unless others can make way.
///
/// @param everywhere whatever the items name
/// @param accounts all of these, whatever the items name
record Reach(boolean everywhere, Set<String> accounts, List<Item> items) {
    static final Reach EVERYWHERE = new Reach(true, Set.of(), List.of());

    Reach {
        accounts = Set.copyOf(accounts);
        items = List.copyOf(items);
    }

    static Reach of(List<Ask> asks) {
        return new Reach(
                false,
                Set.of(),
                asks.stream().flatMap(ask -> ask.items().stream()).toList());
    }

    /// All of the accounts in which these are.
    static Reach around(List<Claim> claims) {
        var accounts = claims.stream()
                .map(claim -> Places.account(Places.provider(claim.place())))
                .collect(Collectors.toSet());
        return accounts.isEmpty() ? EVERYWHERE : new Reach(false, accounts, List.of());
    }

    /// Whether something may go to this account, or to one of its zones.
    boolean includes(Pool pool) {
        return isWhole(pool) || items.stream().anyMatch(item -> mayGo(item, pool));
    }

    /// Whether something needs hosts at all.
    boolean includesHosts() {
        return everywhere || !accounts.isEmpty() || items.stream().anyMatch(Reach::needsHosts);
    }

    /// Whether something needs addresses.
    boolean includesAddresses() {
        return everywhere || items.stream().anyMatch(item -> item.need() instanceof Need.Addresses);
    }

    /// Whether something may go to a host there.
    ///
    /// @param zone id of the place
    boolean includes(Pool pool, String zone) {
        return isWhole(pool)
                || items.stream()
                        .anyMatch(item -> needsHosts(item)
                                && mayGo(item, pool)
                                && (item.zones().isEmpty() || item.zones().contains(zone)));
    }

    private boolean isWhole(Pool pool) {
        return everywhere || accounts.contains(pool.place());
    }

    private static boolean mayGo(Item item, Pool pool) {
        return item.provider().map(pool.place()::equals).orElse(true)
                && (item.zones().isEmpty()
                        || item.zones().stream().anyMatch(zone -> zone.startsWith(pool.place() + "/")));
    }

    private static boolean needsHosts(Item item) {
        return switch (item.need()) {
            case Need.Instances _, Need.Hosts _, Need.Elements _ -> true;
            case Need.Quantity _, Need.Addresses _ -> false;
        };
    }
}
