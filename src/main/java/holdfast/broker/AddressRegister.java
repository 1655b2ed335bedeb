package holdfast.broker;

import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Subnet;
import holdfast.core.Interval;
import holdfast.core.Ipv4;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Which floating addresses may be reserved (promise.md 4.8, 5.4). Administrators set them aside: they lie in an
/// external network of a provider, and not among those that it gives to whoever asks, so that nobody else gets one in
/// the meantime.
public final class AddressRegister {
    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final FloatingAddresses addresses;

    AddressRegister(String broker, Platform platform, Engine engine, Calendar calendar, FloatingAddresses addresses) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.addresses = addresses;
    }

    /// One that may be reserved.
    ///
    /// @param network the provider's id of it
    /// @param subnet the provider's id of it
    public record Address(UUID id, UUID provider, String network, String subnet, String address, Instant created) {
        /// Of its network, in the broker's book.
        public String place() {
            return Places.network(provider, network);
        }

        String unit() {
            return Places.address(place(), address);
        }
    }

    /// All of them, the oldest first.
    public List<Address> all(Tx tx) {
        return addresses.all(tx);
    }

    public Optional<Address> find(Tx tx, UUID id) {
        return addresses.find(tx, id);
    }

    /// Sets an address aside for reservations.
    ///
    /// - [Refusal.Kind#NOT_THERE]: no provider has the network
    /// - [Refusal.Kind#MALFORMED]: the network is not external, or the address is none, lies in no subnet of the
    ///   network, stands for all of it, or is among those that the provider gives to others
    /// - [Refusal.Kind#CLASH]: it is set aside already
    ///
    /// @param network its id or name at the provider, or `provider/network`
    public Answer<Address> register(Tx tx, String network, String address) {
        var found = Directory.read(tx, resources).networks(network);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("no provider has a network " + network));
        }
        if (found.size() > 1) {
            return Answer.no(Refusal.clash("several providers have a network " + network + "; say which: "
                    + found.stream()
                            .map(net -> net.account() + "/" + net.network().id())
                            .collect(Collectors.joining(", "))));
        }
        return subnet(found.getFirst().network(), address)
                .flatMap(subnet -> register(tx, found.getFirst(), subnet, address));
    }

    private Answer<Address> register(Tx tx, Directory.Net net, Subnet subnet, String address) {
        var one =
                new Address(platform.newId(), net.provider(), net.network().id(), subnet.id(), address, platform.now());
        calendar.lock(tx, broker, List.of(Places.account(net.provider())));
        if (addresses.at(tx, one.unit()).isPresent()) {
            return Answer.no(Refusal.clash("address " + address + " is registered already"));
        }
        addresses.insert(tx, one);
        calendar.setTotal(tx, broker, one.place(), Capacities.NONE, platform.now()); // it counts units only
        return Answer.yes(one);
    }

    private static Answer<Subnet> subnet(CloudSupply.Network network, String text) {
        if (!network.external()) {
            return no("network", "network " + network.id() + " is not external and has no addresses to lend");
        }
        var address = Ipv4.read(text);
        if (address.isEmpty()) {
            return no("address", "the address must be one of IP version 4, such as 203.0.113.99");
        }
        var around = network.subnets().stream()
                .filter(subnet -> address.get().isIn(subnet.block()))
                .findFirst();
        if (around.isEmpty()) {
            return no(
                    "address",
                    "address " + text + " lies in no subnet of network " + network.id() + "; there are: "
                            + network.subnets().stream()
                                    .map(subnet -> String.valueOf(subnet.block()))
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (address.get().isAllOf(around.get().block())) {
            return no(
                    "address",
                    "address " + text + " stands for all of " + around.get().block()
                            + ", so that nobody can have it; take one between its first and its last");
        }
        return around.get().lends(address.get())
                ? no(
                        "address",
                        "address " + text + " lies in an allocation pool of subnet "
                                + around.get().id() + ", so that others get it; take one outside of the pools")
                : Answer.yes(around.get());
    }

    private static Answer<Subnet> no(String field, String message) {
        return Answer.no(Refusal.malformed(field, message));
    }

    /// Gives an address back, so that nobody reserves it any more.
    ///
    /// @return CLASH while a reservation has it, or is to have it
    public Answer<Address> unregister(Tx tx, UUID id) {
        return find(tx, id)
                .<Answer<Address>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no address " + id)))
                .flatMap(one -> {
                    calendar.lock(tx, broker, List.of(Places.account(one.provider()), one.place()));
                    var rest = Interval.since(platform.now());
                    boolean free = calendar.timelines(tx, broker, List.of(one.unit()), rest).values().stream()
                            .allMatch(held -> held.isFree(rest));
                    if (!free) {
                        return Answer.no(Refusal.clash("address " + one.address()
                                + " is reserved; it can be taken out when its reservations are over"));
                    }
                    addresses.delete(tx, id);
                    return Answer.yes(one);
                });
    }
}
