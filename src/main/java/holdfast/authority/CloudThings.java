package holdfast.authority;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What can be had at an account of a cloud beside servers: images, keys, addresses, volumes, snapshots, buckets and
/// what is in them, firewalls, load balancers, networks, measurements (aeolus.md 4.8, 5.3.5 to 5.3.8). All is looked up
/// live and kept nowhere here; ids are the provider's. None of the calls is repeated by itself.
public interface CloudThings {
    /// The kinds of things.
    enum Kind {
        IMAGE,
        KEY,
        ADDRESS,
        VOLUME,
        SNAPSHOT,
        BUCKET,
        FIREWALL,
        LOAD_BALANCER,
        NETWORK,
        SUBNET,
        INTERFACE,
        METRIC
    }

    /// Those that the account has at all, each with the names of features that the provider says of it.
    Told<Map<Kind, Set<String>>> offered();

    /// At most 10,000; one that cannot be read is left out.
    Told<List<Thing>> list(Kind kind);

    Told<Thing> find(Kind kind, String id);

    /// @return what was made; [Told.Away] with `unsure` if it may have been made all the same
    Told<Thing> create(Wish wish);

    /// @return the thing as it is then, as far as it was told
    Told<Optional<Thing>> change(Change change);

    /// Takes one away; one that is not there is gone.
    Told<Boolean> remove(Kind kind, String id);

    /// What is known of a blob. Clouds without buckets leave this and what follows as it is.
    default Told<Blob> blob(String bucket, String name) {
        return withoutBuckets();
    }

    /// What is in a blob, as a stream.
    default Told<Content> content(String bucket, String name) {
        return withoutBuckets();
    }

    /// Stores what comes out of a stream, without holding it.
    ///
    /// @param length in bytes
    default Told<Blob> store(Blob blob, long length, InputStream bytes) {
        return withoutBuckets();
    }

    /// Replaces what users have noted of a blob.
    default Told<Boolean> note(String bucket, String name, Map<String, String> metadata) {
        return withoutBuckets();
    }

    default Told<Boolean> removeBlob(String bucket, String name) {
        return withoutBuckets();
    }

    private static <T> Told<T> withoutBuckets() {
        return new Told.Unsupported<>("the cloud has no buckets");
    }

    /// How a call ended.
    sealed interface Told<T> {
        record Done<T>(T what) implements Told<T> {}

        /// There is no such thing.
        record Gone<T>(String why) implements Told<T> {}

        /// The provider cannot do that at all.
        record Unsupported<T>(String why) implements Told<T> {}

        /// Not so, or not now.
        ///
        /// @param conflict what it is asked of is not in the state for it; else the call itself is wrong, or
        ///     not
        ///     allowed
        record Refused<T>(String why, boolean conflict) implements Told<T> {}

        /// It does not answer, does not let us in, or has failed.
        ///
        /// @param unsure it may have had its effect
        record Away<T>(String why, boolean unsure) implements Told<T> {}
    }

    /// A thing as the provider shows it. What it does not say is empty. Times are as the provider writes them.
    sealed interface Thing {
        String id();

        record Image(
                String id,
                String name,
                String description,
                String owner,
                Optional<String> architecture,
                String state,
                Optional<String> rootType,
                Optional<String> created)
                implements Thing {}

        /// @param pem told only once, when it is made
        record Key(String id, String name, Optional<String> fingerprint, Optional<String> pem) implements Thing {
            /// Without what opens it.
            @Override
            public String toString() {
                return "key " + id;
            }
        }

        record Address(String id, String ip, Optional<String> instance) implements Thing {}

        /// @param capacity in GB
        record Volume(
                String id,
                String name,
                String state,
                Optional<String> capacity,
                Optional<String> realm,
                Optional<String> kind,
                Optional<String> created,
                Optional<String> instance,
                Optional<String> device)
                implements Thing {}

        record Snapshot(String id, String name, Optional<String> volume, Optional<String> created) implements Thing {}

        record Bucket(String id, String name, List<String> blobs) implements Thing {
            public Bucket {
                blobs = List.copyOf(blobs);
            }
        }

        record Firewall(String id, String name, String description, String owner, List<Rule> rules) implements Thing {
            public Firewall {
                rules = List.copyOf(rules);
            }
        }

        record LoadBalancer(
                String id,
                Optional<String> created,
                Optional<String> realm,
                List<String> addresses,
                List<Listener> listeners,
                List<String> instances)
                implements Thing {
            public LoadBalancer {
                addresses = List.copyOf(addresses);
                listeners = List.copyOf(listeners);
                instances = List.copyOf(instances);
            }
        }

        record Network(String id, String name, String state, List<String> blocks, List<String> subnets)
                implements Thing {
            public Network {
                blocks = List.copyOf(blocks);
                subnets = List.copyOf(subnets);
            }
        }

        record Subnet(String id, String name, String state, Optional<String> block, Optional<String> network)
                implements Thing {}

        record Interface(
                String id, String name, Optional<String> ip, Optional<String> subnet, Optional<String> instance)
                implements Thing {}

        /// @param samples by measure, such as `cpuUtilization`, in order; each by name, such as `average`
        record Metric(String id, String entity, Map<String, List<Map<String, String>>> samples) implements Thing {
            public Metric {
                samples = Map.copyOf(samples);
            }
        }
    }

    /// A rule of a firewall.
    ///
    /// @param protocol `tcp`, `udp` or `icmp`
    /// @param direction `ingress`, if it is said
    record Rule(String id, String protocol, String from, String to, String direction, List<Source> sources) {
        public Rule {
            sources = List.copyOf(sources);
        }
    }

    /// From where a rule lets in.
    sealed interface Source {
        /// @param block such as `192.0.2.0/24`
        record Addresses(String block) implements Source {}

        record Group(String name, String owner) implements Source {}
    }

    /// @param protocol `HTTP` or `TCP`
    record Listener(String protocol, String port, String instancePort) {}

    /// What is to be made.
    sealed interface Wish {
        /// An image of an instance as it is now.
        record Image(String instance, Optional<String> name, Optional<String> description) implements Wish {}

        /// @param publicKey of a pair that exists; empty = a new pair is made
        record Key(String name, Optional<String> publicKey) implements Wish {}

        record Address() implements Wish {}

        /// @param capacity in GB
        record Volume(
                Optional<String> capacity,
                Optional<String> snapshot,
                Optional<String> realm,
                Optional<String> name,
                Optional<String> description)
                implements Wish {}

        record Snapshot(String volume, Optional<String> name, Optional<String> description) implements Wish {}

        record Bucket(String name, Optional<String> location) implements Wish {}

        record Firewall(String name, String description) implements Wish {}

        record LoadBalancer(String name, String realm, Listener listener) implements Wish {}

        record Network(Optional<String> name, Optional<String> block) implements Wish {}

        record Subnet(String network, String block, Optional<String> name) implements Wish {}

        record Interface(String instance, String network, Optional<String> name) implements Wish {}
    }

    /// What is to become of a thing.
    sealed interface Change {
        record Attach(String volume, String instance, String device) implements Change {}

        record Detach(String volume, Optional<String> instance, Optional<String> device) implements Change {}

        record Associate(String address, String instance) implements Change {}

        record Disassociate(String address) implements Change {}

        /// @param rule its id is not used
        record Allow(String firewall, Rule rule) implements Change {}

        record Forbid(String firewall, String rule) implements Change {}

        record Register(String balancer, String instance) implements Change {}

        record Unregister(String balancer, String instance) implements Change {}
    }

    /// @param type such as `text/plain`
    /// @param length in bytes, if it is known
    /// @param metadata names in lower case
    record Blob(
            String bucket,
            String name,
            String type,
            Optional<Long> length,
            Optional<String> modified,
            Map<String, String> metadata) {
        public Blob {
            metadata = Map.copyOf(metadata);
        }
    }

    /// A stream that somebody must close.
    ///
    /// @param length in bytes, if it is known
    record Content(String type, Optional<Long> length, InputStream bytes) implements AutoCloseable {
        /// The longest that storing or the first byte may take.
        public static final Duration LONGEST = Duration.ofHours(1);

        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }
}
