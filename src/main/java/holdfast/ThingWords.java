package holdfast;

import holdfast.authority.CloudThings;
import holdfast.authority.CloudThings.Change;
import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Thing;
import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.ThingNames;
import holdfast.orchestrator.instances.Wish;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What lives at accounts, from the words of drivers into those of pools and back.
final class ThingWords {
    private static final String FINE = "AVAILABLE";
    private static final List<DateTimeFormatter> TIMES = List.of(
            DateTimeFormatter.ISO_OFFSET_DATE_TIME,
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss [XX]['UTC']", Locale.ROOT)
                    .withZone(ZoneOffset.UTC));

    private ThingWords() {}

    /// @return nothing for what pools do not know in this way
    static Optional<AccountThing> read(Thing thing, ThingNames names) {
        return thing instanceof Thing.Image ? Optional.empty() : Optional.of(shown(thing, names));
    }

    private static AccountThing shown(Thing thing, ThingNames names) {
        return switch (thing) {
            case Thing.Image _ -> throw new IllegalArgumentException("images are the broker's");
            case Thing.Key(var id, var name, var fingerprint, var pem) ->
                new AccountThing.Key(names.id(id), name, FINE, fingerprint, pem);
            case Thing.Address(var id, var ip, var instance) ->
                new AccountThing.Address(names.id(id), ip, instance.flatMap(names::instance));
            case Thing.Volume volume -> volume(volume, names);
            case Thing.Snapshot(var id, var name, var volume, var created) ->
                new AccountThing.Snapshot(
                        names.id(id),
                        Optional.of(name),
                        Optional.empty(),
                        created.flatMap(ThingWords::time),
                        FINE,
                        volume.map(names::id).orElse(""));
            case Thing.Bucket(var id, var name, var blobs) -> new AccountThing.Bucket(names.id(id), name, blobs);
            case Thing.Firewall(var id, var name, var description, var owner, var rules) ->
                new AccountThing.Firewall(
                        names.id(id),
                        name,
                        description,
                        owner,
                        rules.stream().map(RuleWords::read).toList());
            case Thing.LoadBalancer balancer -> balancer(balancer, names);
            case Thing.Network(var id, var name, var state, var blocks, var subnets) ->
                new AccountThing.Network(
                        names.id(id),
                        name,
                        state,
                        blocks,
                        subnets.stream().map(names::id).toList());
            case Thing.Subnet(var id, var name, var state, var block, var network) ->
                new AccountThing.Subnet(
                        names.id(id), name, state, network.map(names::id).orElse(""), block, Optional.empty());
            case Thing.Interface(var id, var name, var ip, var subnet, var instance) ->
                new AccountThing.Nic(
                        names.id(id), name, FINE, ip, subnet.map(names::id), instance.flatMap(names::instance));
            case Thing.Metric(var id, var entity, var samples) ->
                new AccountThing.Metric(
                        names.id(id), names.instance(id).map(Object::toString).orElse(entity), samples);
        };
    }

    /// The instances that a thing is attached to, in the words of its provider.
    static Stream<String> attached(Thing thing) {
        return switch (thing) {
            case Thing.Volume volume -> volume.instance().stream();
            case Thing.Address address -> address.instance().stream();
            case Thing.Interface one -> one.instance().stream();
            case Thing.LoadBalancer balancer -> balancer.instances().stream();
            case Thing.Metric metric -> Stream.of(metric.id());
            case Thing.Image _,
                    Thing.Key _,
                    Thing.Snapshot _,
                    Thing.Bucket _,
                    Thing.Firewall _,
                    Thing.Network _,
                    Thing.Subnet _ -> Stream.empty();
        };
    }

    private static AccountThing volume(Thing.Volume volume, ThingNames names) {
        return new AccountThing.Volume(
                names.id(volume.id()),
                Optional.of(volume.name()),
                Optional.empty(),
                volume.created().flatMap(ThingWords::time),
                volume.capacity().flatMap(ThingWords::number).orElse(BigDecimal.ZERO),
                volume.kind(),
                volume.realm().flatMap(names::realm),
                volume.state(),
                volume.instance()
                        .flatMap(names::instance)
                        .map(instance -> new AccountThing.Mount(instance, volume.device())));
    }

    private static AccountThing balancer(Thing.LoadBalancer balancer, ThingNames names) {
        return new AccountThing.LoadBalancer(
                names.id(balancer.id()),
                balancer.id(),
                balancer.created().flatMap(ThingWords::time),
                balancer.realm().flatMap(names::realm),
                balancer.addresses(),
                balancer.listeners().stream()
                        .map(one -> new AccountThing.Listener(
                                one.protocol(), RuleWords.port(one.port()), RuleWords.port(one.instancePort())))
                        .toList(),
                balancer.instances().stream()
                        .flatMap(key -> names.instance(key).stream())
                        .toList());
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// Providers write times by ISO 8601, as HTTP does (EC2), or as Ruby does; what is none of these is left out.
    static Optional<Instant> time(String text) {
        return TIMES.stream().flatMap(form -> time(form, text.strip()).stream()).findFirst();
    }

    private static Optional<Instant> time(DateTimeFormatter form, String text) {
        try {
            return Optional.of(Instant.from(form.parse(text)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// What a driver is asked for.
    sealed interface Order {
        record Make(CloudThings.Wish wish) implements Order {}

        /// @param kind of what is changed
        /// @param key what the provider calls it
        record Alter(Change change, Kind kind, String key) implements Order {}
    }

    static Order order(Wish<?> wish, ThingNames names) {
        return switch (wish) {
            case Wish.NewKey(var name, var publicKey) -> new Order.Make(new CloudThings.Wish.Key(name, publicKey));
            case Wish.NewAddress() -> new Order.Make(new CloudThings.Wish.Address());
            case Wish.NewVolume(var capacity, var snapshot, var _, var name, var description) ->
                new Order.Make(new CloudThings.Wish.Volume(
                        capacity.map(String::valueOf), snapshot.map(names::key), names.part(), name, description));
            case Wish.NewSnapshot(var volume, var name, var description) ->
                new Order.Make(new CloudThings.Wish.Snapshot(names.key(volume), name, description));
            case Wish.NewBucket(var name, var location) -> new Order.Make(new CloudThings.Wish.Bucket(name, location));
            case Wish.NewFirewall(var name, var description) ->
                new Order.Make(new CloudThings.Wish.Firewall(name, description));
            case Wish.NewLoadBalancer(var name, var _, var listener) ->
                new Order.Make(
                        new CloudThings.Wish.LoadBalancer(name, names.part().orElse(""), RuleWords.listener(listener)));
            case Wish.NewNetwork(var name, var blocks) ->
                new Order.Make(
                        new CloudThings.Wish.Network(name, blocks.stream().findFirst()));
            case Wish.NewSubnet(var network, var block, var name) ->
                new Order.Make(new CloudThings.Wish.Subnet(names.key(network), block, name));
            case Wish.NewNic(var instance, var network, var name) ->
                new Order.Make(new CloudThings.Wish.Interface(names.key(instance), names.key(network), name));
            case Wish.Associate(var address, var instance) ->
                alter(Kind.ADDRESS, names.key(address), key -> new Change.Associate(key, names.key(instance)));
            case Wish.Disassociate(var address) -> alter(Kind.ADDRESS, names.key(address), Change.Disassociate::new);
            case Wish.Attach(var volume, var instance, var device) ->
                alter(Kind.VOLUME, names.key(volume), key -> new Change.Attach(key, names.key(instance), device));
            case Wish.Detach(var volume, var _) ->
                alter(
                        Kind.VOLUME,
                        names.key(volume),
                        key -> new Change.Detach(key, Optional.empty(), Optional.empty()));
            case Wish.AddRule(var firewall, var rule) ->
                alter(Kind.FIREWALL, names.key(firewall), key -> new Change.Allow(key, RuleWords.told(rule)));
            case Wish.DropRule(var firewall, var rule) ->
                alter(Kind.FIREWALL, names.key(firewall), key -> new Change.Forbid(key, rule));
            case Wish.Register(var balancer, var instance) ->
                alter(Kind.LOAD_BALANCER, names.key(balancer), key -> new Change.Register(key, names.key(instance)));
            case Wish.Unregister(var balancer, var instance) ->
                alter(Kind.LOAD_BALANCER, names.key(balancer), key -> new Change.Unregister(key, names.key(instance)));
        };
    }

    private static Order alter(Kind kind, String key, Function<String, Change> change) {
        return new Order.Alter(change.apply(key), kind, key);
    }
}
