package holdfast.orchestrator.instances;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Something that lives at one account of a pool, beside instances and images (aeolus.md 4.8, 5.3.6-5.3.8). States are
/// the provider's own words.
///
/// Its id is the account's and the provider's own, `<account>~<key>`, of the characters `[A-Za-z0-9_.~-]` only; so are
/// ids of others of its kind that it names. Instances are named by their ids here.
public sealed interface AccountThing {
    String id();

    /// What opens instances.
    ///
    /// @param pem the private part; told once, when it was made
    record Key(String id, String name, String state, Optional<String> fingerprint, Optional<String> pem)
            implements AccountThing {}

    /// @param ip as people write it
    record Address(String id, String ip, Optional<UUID> instance) implements AccountThing {}

    /// @param capacity in GB
    /// @param mount where it is attached
    record Volume(
            String id,
            Optional<String> name,
            Optional<String> description,
            Optional<Instant> created,
            BigDecimal capacity,
            Optional<String> kind,
            Optional<String> realm,
            String state,
            Optional<Mount> mount)
            implements AccountThing {}

    record Mount(UUID instance, Optional<String> device) {}

    record Snapshot(
            String id,
            Optional<String> name,
            Optional<String> description,
            Optional<Instant> created,
            String state,
            String volume)
            implements AccountThing {}

    /// @param blobs keys of what is in it
    record Bucket(String id, String name, List<String> blobs) implements AccountThing {
        public Bucket {
            blobs = List.copyOf(blobs);
        }
    }

    /// @param owner the user
    record Firewall(String id, String name, String description, String owner, List<Rule> rules)
            implements AccountThing {
        public Firewall {
            rules = List.copyOf(rules);
        }
    }

    /// What a firewall lets through.
    ///
    /// @param id empty while it is only wished for
    /// @param protocol `tcp`, `udp`, `icmp`
    /// @param from first port, -1..65535
    /// @param direction `ingress`, `egress`
    record Rule(String id, String protocol, int from, int to, String direction, List<Source> sources) {
        public Rule {
            sources = List.copyOf(sources);
        }
    }

    /// Where what a rule speaks of comes from.
    sealed interface Source {
        /// @param family `ipv4`, `ipv6`
        record Range(String family, String address, int prefix) implements Source {}

        record Group(String name, String owner) implements Source {}
    }

    record LoadBalancer(
            String id,
            String name,
            Optional<Instant> created,
            Optional<String> realm,
            List<String> addresses,
            List<Listener> listeners,
            List<UUID> instances)
            implements AccountThing {
        public LoadBalancer {
            addresses = List.copyOf(addresses);
            listeners = List.copyOf(listeners);
            instances = List.copyOf(instances);
        }
    }

    /// @param protocol `HTTP`, `TCP`
    /// @param port of the balancer, 1..65535
    /// @param instancePort 1..65535
    record Listener(String protocol, int port, int instancePort) {}

    /// @param blocks of addresses, such as `10.0.0.0/16`
    record Network(String id, String name, String state, List<String> blocks, List<String> subnets)
            implements AccountThing {
        public Network {
            blocks = List.copyOf(blocks);
            subnets = List.copyOf(subnets);
        }
    }

    record Subnet(String id, String name, String state, String network, Optional<String> block, Optional<String> type)
            implements AccountThing {}

    /// @param network the subnet that it is in
    record Nic(
            String id,
            String name,
            String state,
            Optional<String> ip,
            Optional<String> network,
            Optional<UUID> instance)
            implements AccountThing {}

    /// What was measured of an instance.
    ///
    /// @param entity what is measured
    /// @param samples statistics such as `average`, `maximum` by name, by measure such as `cpuUtilization`
    record Metric(String id, String entity, Map<String, List<Map<String, String>>> samples) implements AccountThing {
        public Metric {
            samples = Map.copyOf(samples);
        }
    }
}
