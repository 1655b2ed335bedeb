package holdfast.api.deltacloud;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.AccountThing.Address;
import holdfast.orchestrator.instances.AccountThing.Bucket;
import holdfast.orchestrator.instances.AccountThing.Firewall;
import holdfast.orchestrator.instances.AccountThing.Key;
import holdfast.orchestrator.instances.AccountThing.LoadBalancer;
import holdfast.orchestrator.instances.AccountThing.Metric;
import holdfast.orchestrator.instances.AccountThing.Mount;
import holdfast.orchestrator.instances.AccountThing.Network;
import holdfast.orchestrator.instances.AccountThing.Nic;
import holdfast.orchestrator.instances.AccountThing.Rule;
import holdfast.orchestrator.instances.AccountThing.Snapshot;
import holdfast.orchestrator.instances.AccountThing.Subnet;
import holdfast.orchestrator.instances.AccountThing.Volume;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.Blobs;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.orchestrator.instances.Wish;
import holdfast.pools.clouds.BrokerImage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// What two accounts have, in memory. Everything is made at the first; instances are there, too, unless it is said
/// otherwise.
public final class MemoryAccounts implements AccountThings, AccountThings.Finder {
    public static final UUID FIRST = new UUID(0, 10);
    static final UUID SECOND = new UUID(0, 11);
    private static final Instant MADE = Instant.parse("2031-02-03T10:00:00Z");

    public final Map<String, AccountThing> things = new LinkedHashMap<>();
    final MemoryBlobs blobs = new MemoryBlobs(this);
    public final Set<UUID> elsewhere = new HashSet<>();
    public Offer offer = new Offer(
            Set.of(
                    "images",
                    "keys",
                    "addresses",
                    "storage_volumes",
                    "storage_snapshots",
                    "buckets",
                    "firewalls",
                    "load_balancers",
                    "networks",
                    "subnets",
                    "network_interfaces",
                    "metrics"),
            Map.of("instances", Set.of("authentication_key", "firewalls"), "keys", Set.of("import_key")));
    private final Map<String, Said> said = new HashMap<>();
    private int count;

    @Override
    public Offer offer(Optional<String> pool, String driver) {
        return offer;
    }

    @Override
    public Offer offer(VirtualCloud cloud, String driver) {
        return offer;
    }

    @Override
    public AccountThings in(Caller caller, VirtualCloud cloud, String driver) {
        return this;
    }

    @Override
    public <T extends AccountThing> List<T> list(Class<T> kind) {
        return things.values().stream()
                .filter(kind::isInstance)
                .map(this::whole)
                .map(kind::cast)
                .toList();
    }

    @Override
    public <T extends AccountThing> Optional<T> find(Class<T> kind, String id) {
        return Optional.ofNullable(things.get(id))
                .filter(kind::isInstance)
                .map(this::whole)
                .map(kind::cast);
    }

    /// Networks know their subnets.
    private AccountThing whole(AccountThing thing) {
        return thing instanceof Network network
                ? new Network(
                        network.id(),
                        network.name(),
                        network.state(),
                        network.blocks(),
                        things.values().stream()
                                .filter(Subnet.class::isInstance)
                                .map(Subnet.class::cast)
                                .filter(subnet -> subnet.network().equals(network.id()))
                                .map(Subnet::id)
                                .toList())
                : thing;
    }

    @Override
    public <T extends AccountThing> Answer<T> delete(Class<T> kind, String id) {
        var found = find(kind, id);
        if (found.isEmpty()) return Answer.no(Refusal.notThere("there is no such thing as '" + id + "'"));
        if (found.get() instanceof Bucket bucket && !bucket.blobs().isEmpty())
            return Answer.no(Refusal.clash("the bucket is not empty"));
        things.remove(id);
        return Answer.yes(found.get());
    }

    @Override
    public <T extends AccountThing> Map<String, Said> said(Class<T> kind) {
        return said;
    }

    @Override
    public <T extends AccountThing> Answer<Said> say(Class<T> kind, String id, Said words) {
        said.put(id, words);
        return Answer.yes(words);
    }

    private String id(String word) {
        return FIRST + "~" + word + "-" + ++count;
    }

    @Override
    @SuppressWarnings("unchecked") // a wish is for what it says
    public <T extends AccountThing> Answer<T> make(Wish<T> wish) {
        var made = made(wish);
        if (made instanceof Answer.Yes<AccountThing>(var thing)) things.put(thing.id(), thing);
        return (Answer<T>) made;
    }

    private Answer<AccountThing> made(Wish<?> wish) {
        return switch (wish) {
            case Wish.NewKey(var name, var given) ->
                things.containsKey(FIRST + "~" + name)
                        ? Answer.no(Refusal.clash("there is a key " + name + " already"))
                        : Answer.yes(new Key(
                                FIRST + "~" + name,
                                name,
                                "AVAILABLE",
                                Optional.of("00:11"),
                                given.isPresent() ? Optional.empty() : Optional.of("-----BEGIN <]]> KEY-----")));
            case Wish.NewAddress() -> Answer.yes(new Address(id("eip"), "192.0.2." + count, Optional.empty()));
            case Wish.Associate(var address, var instance) ->
                near(
                        instance,
                        find(Address.class, address)
                                .map(one -> new Address(one.id(), one.ip(), Optional.of(instance))));
            case Wish.Disassociate(var address) ->
                there(find(Address.class, address).map(one -> new Address(one.id(), one.ip(), Optional.empty())));
            case Wish.NewVolume(var capacity, var _, var realm, var name, var text) ->
                Answer.yes(new Volume(
                        id("vol"),
                        name,
                        text,
                        Optional.of(MADE),
                        BigDecimal.valueOf(capacity.orElse(1)),
                        Optional.of("system"),
                        realm,
                        "AVAILABLE",
                        Optional.empty()));
            case Wish.Attach(var volume, var instance, var device) ->
                near(
                        instance,
                        find(Volume.class, volume)
                                .map(one ->
                                        mounted(one, "IN-USE", Optional.of(new Mount(instance, Optional.of(device))))));
            case Wish.Detach(var volume, var _) ->
                there(find(Volume.class, volume).map(one -> mounted(one, "AVAILABLE", Optional.empty())));
            case Wish.NewSnapshot(var volume, var name, var text) ->
                there(find(Volume.class, volume)
                        .map(one -> new Snapshot(id("snap"), name, text, Optional.of(MADE), "AVAILABLE", one.id())));
            case Wish.NewBucket(var name, var _) -> Answer.yes(new Bucket(FIRST + "~" + name, name, List.of()));
            case Wish.NewFirewall(var name, var text) ->
                Answer.yes(new Firewall(id("fw"), name, text, "ann", List.of()));
            case Wish.AddRule(var firewall, var rule) ->
                there(find(Firewall.class, firewall)
                        .map(one -> ruled(
                                one,
                                Stream.concat(one.rules().stream(), Stream.of(named(rule)))
                                        .toList())));
            case Wish.DropRule(var firewall, var rule) ->
                there(find(Firewall.class, firewall)
                        .filter(one ->
                                one.rules().stream().anyMatch(each -> each.id().equals(rule)))
                        .map(one -> ruled(
                                one,
                                one.rules().stream()
                                        .filter(each -> !each.id().equals(rule))
                                        .toList())));
            case Wish.NewLoadBalancer(var name, var realm, var listener) ->
                Answer.yes(new LoadBalancer(
                        id("lb"),
                        name,
                        Optional.of(MADE),
                        Optional.of(realm),
                        List.of("lb.example"),
                        List.of(listener),
                        List.of()));
            case Wish.Register(var balancer, var instance) -> balanced(balancer, instance, List.of(instance));
            case Wish.Unregister(var balancer, var instance) -> balanced(balancer, instance, List.of());
            case Wish.NewNetwork(var name, var blocks) ->
                Answer.yes(new Network(id("net"), name.orElse("net"), "UP", blocks, List.of()));
            case Wish.NewSubnet(var network, var block, var name) ->
                there(find(Network.class, network)
                        .map(one -> new Subnet(
                                id("subnet"),
                                name.orElse("subnet"),
                                "UP",
                                one.id(),
                                Optional.of(block),
                                Optional.of("dhcp"))));
            case Wish.NewNic(var instance, var network, var name) ->
                near(
                        instance,
                        find(Subnet.class, network)
                                .map(one -> new Nic(
                                        id("nic"),
                                        name.orElse("nic"),
                                        "UP",
                                        Optional.of("10.0.0.4"),
                                        Optional.of(one.id()),
                                        Optional.of(instance))));
        };
    }

    private Rule named(Rule rule) {
        return new Rule("r" + ++count, rule.protocol(), rule.from(), rule.to(), rule.direction(), rule.sources());
    }

    private static Firewall ruled(Firewall one, List<Rule> rules) {
        return new Firewall(one.id(), one.name(), one.description(), one.owner(), rules);
    }

    private static Volume mounted(Volume one, String state, Optional<Mount> mount) {
        return new Volume(
                one.id(),
                one.name(),
                one.description(),
                one.created(),
                one.capacity(),
                one.kind(),
                one.realm(),
                state,
                mount);
    }

    private Answer<AccountThing> balanced(String balancer, UUID instance, List<UUID> instances) {
        return near(
                instance,
                find(LoadBalancer.class, balancer)
                        .map(one -> new LoadBalancer(
                                one.id(),
                                one.name(),
                                one.created(),
                                one.realm(),
                                one.addresses(),
                                one.listeners(),
                                instances)));
    }

    private static Answer<AccountThing> there(Optional<? extends AccountThing> thing) {
        return thing.<Answer<AccountThing>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no such thing")));
    }

    private Answer<AccountThing> near(UUID instance, Optional<? extends AccountThing> thing) {
        return elsewhere.contains(instance)
                ? Answer.no(Refusal.clash("the instance belongs to another account"))
                : there(thing);
    }

    void measure(UUID instance) {
        things.put(
                FIRST + "~m",
                new Metric(
                        FIRST + "~m",
                        instance.toString(),
                        Map.of("cpuUtilization", List.of(Map.of("average", "3")), "bad name>", List.of())));
    }

    @Override
    public Answer<BrokerImage> capture(UUID instance, Optional<String> name, Optional<String> description) {
        return Answer.yes(new BrokerImage(
                FIRST + "~img", name.orElse("captured"), description.orElse(""), "ann", Optional.of("x86_64")));
    }

    @Override
    public Answer<BrokerImage> deleteImage(String id) {
        return id.equals(FIRST + "~img")
                ? capture(FIRST, Optional.empty(), Optional.empty())
                : Answer.no(Refusal.notYours("'" + id + "' is not yours to delete"));
    }

    @Override
    public Blobs blobs() {
        return blobs;
    }
}
