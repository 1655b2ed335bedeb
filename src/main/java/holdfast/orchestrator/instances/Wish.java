package holdfast.orchestrator.instances;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What is asked of the accounts of a pool (aeolus.md 4.8). Things are named by their ids, instances by ours.
///
/// @param <T> what there is afterwards
public sealed interface Wish<T extends AccountThing> {
    /// @param publicKey one that the user has already
    record NewKey(String name, Optional<String> publicKey) implements Wish<AccountThing.Key> {}

    record NewAddress() implements Wish<AccountThing.Address> {}

    record Associate(String address, UUID instance) implements Wish<AccountThing.Address> {}

    record Disassociate(String address) implements Wish<AccountThing.Address> {}

    /// @param capacity in GB; empty = as the snapshot, or the least that there is
    /// @param realm id or name of a front-end realm
    record NewVolume(
            Optional<Integer> capacity,
            Optional<String> snapshot,
            Optional<String> realm,
            Optional<String> name,
            Optional<String> description)
            implements Wish<AccountThing.Volume> {}

    record Attach(String volume, UUID instance, String device) implements Wish<AccountThing.Volume> {}

    /// @param instance refused unless it is in that one; empty = from wherever it is
    record Detach(String volume, Optional<UUID> instance) implements Wish<AccountThing.Volume> {
        public Detach(String volume) {
            this(volume, Optional.empty());
        }
    }

    record NewSnapshot(String volume, Optional<String> name, Optional<String> description)
            implements Wish<AccountThing.Snapshot> {}

    /// @param location the provider's word
    record NewBucket(String name, Optional<String> location) implements Wish<AccountThing.Bucket> {}

    record NewFirewall(String name, String description) implements Wish<AccountThing.Firewall> {}

    record AddRule(String firewall, AccountThing.Rule rule) implements Wish<AccountThing.Firewall> {}

    record DropRule(String firewall, String rule) implements Wish<AccountThing.Firewall> {}

    /// @param realm id or name of a front-end realm
    record NewLoadBalancer(String name, String realm, AccountThing.Listener listener)
            implements Wish<AccountThing.LoadBalancer> {}

    record Register(String balancer, UUID instance) implements Wish<AccountThing.LoadBalancer> {}

    record Unregister(String balancer, UUID instance) implements Wish<AccountThing.LoadBalancer> {}

    record NewNetwork(Optional<String> name, List<String> blocks) implements Wish<AccountThing.Network> {
        public NewNetwork {
            blocks = List.copyOf(blocks);
        }
    }

    record NewSubnet(String network, String block, Optional<String> name) implements Wish<AccountThing.Subnet> {}

    /// @param network a subnet
    record NewNic(UUID instance, String network, Optional<String> name) implements Wish<AccountThing.Nic> {}
}
