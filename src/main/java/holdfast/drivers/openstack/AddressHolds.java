package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Network.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Floating addresses for one project (promise.md 4.8). There is nothing before the project may use them: an address
/// that nobody may take in the meantime has to lie outside of its subnet's allocation pools.
final class AddressHolds implements Kind {
    private final Network network;

    AddressHolds(Network network) {
        this.network = network;
    }

    Result ensure(Key key, Wanted.Addresses wanted, boolean open) {
        var addresses = open ? wanted.addresses() : List.<String>of();
        var ours = network.floating(key);
        ours.stream()
                .filter(one ->
                        !addresses.contains(one.address()) || !one.project().equals(wanted.project()))
                .forEach(one -> network.deleteFloating(one.id()));
        for (var address : addresses) {
            var there = network.floating(wanted.network(), address);
            if (there.isEmpty()) network.createFloating(key, wanted, address);
            else if (!ours.contains(there.get()))
                return new Result.Later("waiting for the address " + address + ", which somebody has");
            else if (!there.get().tags().containsAll(Network.tags(key, wanted.item())))
                network.tag(there.get().id(), Network.tags(key, wanted.item()));
        }
        var now = network.floating(key);
        boolean tagged = now.stream().allMatch(one -> one.tags().containsAll(Network.tags(key, wanted.item())));
        return now.size() == addresses.size() && tagged
                ? new Result.Done(facts(now))
                : new Result.Later("waiting for the addresses " + String.join(", ", addresses));
    }

    private static Map<String, String> facts(List<Address> addresses) {
        return Map.of(
                "addresses", addresses.stream().map(Address::address).sorted().collect(Collectors.joining(" ")),
                "open", Boolean.toString(!addresses.isEmpty()));
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return Optional.of(network.floating(key))
                .filter(found -> !found.isEmpty())
                .map(found -> new Observed.Present(true, facts(found)));
    }

    @Override
    public Optional<Result> remove(Key key) {
        var found = network.floating(key);
        if (found.isEmpty()) return Optional.empty();
        found.forEach(one -> network.deleteFloating(one.id()));
        return Optional.of(new Result.Done(Map.of()));
    }

    @Override
    public List<Key> list() {
        return network.floating().stream()
                .flatMap(one -> one.key().stream())
                .distinct()
                .toList();
    }
}
