package holdfast.broker;

import holdfast.core.Answer;
import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.CloudSupply.Image;
import holdfast.core.CloudSupply.Network;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is wanted of a provider, in its own words.
///
/// @param flavor the size that it was asked with
record ServerOrder(Pool pool, Wanted.Server server, Flavor flavor) {
    private static final int SHOWN = 20;

    /// Finds flavor, image and networks by their names or ids; [Refusal.Kind#MALFORMED] with what there is instead.
    static Answer<ServerOrder> of(Pool pool, AllocationRequest request) {
        var supply = pool.supply();
        var flavor = supply.flatMap(known -> find(known.flavors(), Flavor::id, Flavor::name, request.flavor()));
        if (flavor.isEmpty()) {
            return unknown(pool, "flavor", request.flavor(), supply.map(CloudSupply::flavors), Flavor::name);
        }
        var image = supply.flatMap(known -> find(known.images(), Image::id, Image::name, request.image()));
        if (image.isEmpty()) {
            return unknown(pool, "image", request.image(), supply.map(CloudSupply::images), Image::name);
        }
        var networks = new ArrayList<String>();
        for (var name : request.networks()) {
            var network = supply.flatMap(known -> find(known.networks(), Network::id, Network::name, name));
            if (network.isEmpty()) {
                return unknown(pool, "networks", name, supply.map(CloudSupply::networks), Network::name);
            }
            networks.add(network.get().id());
        }
        var server = new Wanted.Server(
                request.name(),
                flavor.get().id(),
                image.get().id(),
                networks,
                Optional.empty(),
                Optional.empty(),
                request.metadata());
        return Answer.yes(new ServerOrder(pool, server, flavor.get()));
    }

    private static <T> Optional<T> find(List<T> all, Function<T, String> id, Function<T, String> name, String wanted) {
        return all.stream()
                .filter(one -> id.apply(one).equals(wanted))
                .findFirst()
                .or(() -> all.stream()
                        .filter(one -> name.apply(one).equals(wanted))
                        .findFirst());
    }

    private static <T> Answer<ServerOrder> unknown(
            Pool pool, String field, String wanted, Optional<List<T>> all, Function<T, String> name) {
        var known = all.orElse(List.of()).stream().map(name).limit(SHOWN).collect(Collectors.joining(", "));
        return Answer.no(
                Refusal.malformed(field, field + ": " + pool.name() + " has no '" + wanted + "'; there are: " + known));
    }

    /// The order for a server on that host, where the account may say so.
    Wanted.Server on(Optional<String> zone, Optional<String> host) {
        boolean sees = pool.supply().map(CloudSupply::keeper).orElse(false);
        return server.in(zone, sees ? host : Optional.empty());
    }

    /// What such a server takes of a host.
    holdfast.broker.choice.Flavor size() {
        return new holdfast.broker.choice.Flavor(flavor.vcpus(), flavor.memoryMb(), flavor.diskGb());
    }
}
