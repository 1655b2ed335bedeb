package holdfast.drivers.deltacloud;

import holdfast.authority.CloudThings;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What an account has beside instances, in the collections of a Deltacloud server (aeolus.md 5.3.5 to 5.3.8).
final class Things implements CloudThings {
    /// As servers of Apache Deltacloud say with 403 that there is a key of that name.
    private static final Pattern TAKEN = Pattern.compile("already exists", Pattern.CASE_INSENSITIVE);

    private final Api api;
    private final Blobs blobs;

    Things(Api api) {
        this.api = api;
        this.blobs = new Blobs(api);
    }

    static String collection(Kind kind) {
        return switch (kind) {
            case IMAGE -> "images";
            case KEY -> "keys";
            case ADDRESS -> "addresses";
            case VOLUME -> "storage_volumes";
            case SNAPSHOT -> "storage_snapshots";
            case BUCKET -> "buckets";
            case FIREWALL -> "firewalls";
            case LOAD_BALANCER -> "load_balancers";
            case NETWORK -> "networks";
            case SUBNET -> "subnets";
            case INTERFACE -> "network_interfaces";
            case METRIC -> "metrics";
        };
    }

    private static String element(Kind kind) {
        var plural = collection(kind);
        return plural.equals("addresses") ? "address" : plural.substring(0, plural.length() - 1);
    }

    @Override
    public Told<Map<Kind, Set<String>>> offered() {
        return told(() -> {
            var entry = api.entry();
            var found = new EnumMap<Kind, Set<String>>(Kind.class);
            for (var kind : Kind.values())
                entry.find(collection(kind))
                        .ifPresent(
                                one -> found.put(kind, Set.copyOf(one.features().keySet())));
            return found;
        });
    }

    @Override
    public Told<List<Thing>> list(Kind kind) {
        return told(() -> api.get(api.of(collection(kind))).all(element(kind)).stream()
                .limit(Limits.LONGEST_LIST)
                .flatMap(one -> Reading.thing(kind, one).stream())
                .toList());
    }

    @Override
    public Told<Thing> find(Kind kind, String id) {
        return told(() ->
                Reading.thing(kind, api.get(api.of(collection(kind), id))).orElseThrow(Things::nonsense));
    }

    private static NotDoneException nonsense() {
        return new NotDoneException(new Outcome.Away("it answered with something else than was asked for"));
    }

    @Override
    public Told<Thing> create(Wish wish) {
        var kind = kind(wish);
        return told(() -> {
            var done = api.post(
                            api.of(collection(kind)), form(wish), api.limits().create())
                    .orThrow();
            return done.body()
                    .flatMap(root -> Reading.thing(kind, root))
                    .orElseThrow(() -> new NotDoneException(new Outcome.Unknown("it does not say what it has made")));
        });
    }

    private static Kind kind(Wish wish) {
        return switch (wish) {
            case Wish.Image _ -> Kind.IMAGE;
            case Wish.Key _ -> Kind.KEY;
            case Wish.Address _ -> Kind.ADDRESS;
            case Wish.Volume _ -> Kind.VOLUME;
            case Wish.Snapshot _ -> Kind.SNAPSHOT;
            case Wish.Bucket _ -> Kind.BUCKET;
            case Wish.Firewall _ -> Kind.FIREWALL;
            case Wish.LoadBalancer _ -> Kind.LOAD_BALANCER;
            case Wish.Network _ -> Kind.NETWORK;
            case Wish.Subnet _ -> Kind.SUBNET;
            case Wish.Interface _ -> Kind.INTERFACE;
        };
    }

    private static Map<String, String> form(Wish wish) {
        return switch (wish) {
            case Wish.Image(var instance, var name, var description) ->
                new Form().put("instance_id", instance).maybe("name", name).maybe("description", description).fields;
            case Wish.Key(var name, var publicKey) ->
                new Form().put("name", name).maybe("public_key", publicKey).fields;
            case Wish.Address() -> Map.of();
            case Wish.Volume(var capacity, var snapshot, var realm, var name, var description) ->
                new Form()
                        .maybe("capacity", capacity)
                        .maybe("snapshot_id", snapshot)
                        .maybe("realm_id", realm)
                        .maybe("name", name)
                        .maybe("description", description)
                        .fields;
            case Wish.Snapshot(var volume, var name, var description) ->
                new Form().put("volume_id", volume).maybe("name", name).maybe("description", description).fields;
            case Wish.Bucket(var name, var location) ->
                new Form().put("name", name).maybe("bucket_location", location).maybe("location", location).fields;
            case Wish.Firewall(var name, var description) ->
                new Form().put("name", name).put("description", description).fields;
            case Wish.LoadBalancer(var name, var realm, var listener) ->
                new Form()
                        .put("name", name)
                        .put("realm_id", realm)
                        .put("listener_protocol", listener.protocol())
                        .put("listener_balancer_port", listener.port())
                        .put("listener_instance_port", listener.instancePort())
                        .fields;
            case Wish.Network(var name, var block) ->
                new Form().maybe("address_block", block).maybe("name", name).fields;
            case Wish.Subnet(var network, var block, var name) ->
                new Form()
                        .put("network_id", network)
                        .put("address_block", block)
                        .maybe("name", name)
                        .fields;
            case Wish.Interface(var instance, var network, var name) ->
                new Form().put("instance", instance).put("network", network).maybe("name", name).fields;
        };
    }

    /// The fields of a call, in order.
    private static final class Form {
        final Map<String, String> fields = new LinkedHashMap<>();

        Form put(String name, String value) {
            fields.put(name, value);
            return this;
        }

        Form maybe(String name, Optional<String> value) {
            value.ifPresent(said -> fields.put(name, said));
            return this;
        }
    }

    @Override
    public Told<Optional<Thing>> change(Change change) {
        return switch (change) {
            case Change.Attach(var volume, var instance, var device) ->
                changed(
                        Kind.VOLUME,
                        volume,
                        "attach",
                        new Form().put("instance_id", instance).put("device", device));
            case Change.Detach(var volume, var instance, var device) ->
                changed(
                        Kind.VOLUME,
                        volume,
                        "detach",
                        new Form().maybe("instance_id", instance).maybe("device", device));
            case Change.Associate(var address, var instance) ->
                changed(Kind.ADDRESS, address, "associate", new Form().put("instance_id", instance));
            case Change.Disassociate(var address) -> changed(Kind.ADDRESS, address, "disassociate", new Form());
            case Change.Allow(var firewall, var rule) -> changed(Kind.FIREWALL, firewall, "rules", form(rule));
            case Change.Forbid(var firewall, var rule) ->
                told(() -> {
                    api.delete(api.of(collection(Kind.FIREWALL), firewall, rule))
                            .orThrow();
                    return Optional.empty();
                });
            case Change.Register(var balancer, var instance) ->
                changed(Kind.LOAD_BALANCER, balancer, "register", new Form().put("instance_id", instance));
            case Change.Unregister(var balancer, var instance) ->
                changed(Kind.LOAD_BALANCER, balancer, "unregister", new Form().put("instance_id", instance));
        };
    }

    private Told<Optional<Thing>> changed(Kind kind, String id, String verb, Form form) {
        return told(() -> api.post(
                        api.of(collection(kind), id, verb),
                        form.fields,
                        api.limits().read())
                .orThrow()
                .body()
                .filter(root -> root.name().equals(element(kind)))
                .flatMap(root -> Reading.thing(kind, root)));
    }

    private static Form form(Rule rule) {
        var form = new Form()
                .put("protocol", rule.protocol())
                .put("port_from", rule.from())
                .put("port_to", rule.to());
        int addresses = 0;
        int groups = 0;
        for (var source : rule.sources()) {
            switch (source) {
                case Source.Addresses(var block) -> form.put("ip_address" + ++addresses, block);
                case Source.Group(var name, var owner) ->
                    form.put("group" + ++groups, name).put("group" + groups + "owner", owner);
            }
        }
        return form;
    }

    @Override
    public Told<Boolean> remove(Kind kind, String id) {
        return told(() -> {
            api.delete(api.of(collection(kind), id)).orThrow();
            return true;
        });
    }

    @Override
    public Told<Blob> blob(String bucket, String name) {
        return told(() -> blobs.find(bucket, name));
    }

    @Override
    public Told<Content> content(String bucket, String name) {
        return told(() -> blobs.content(bucket, name));
    }

    @Override
    public Told<Blob> store(Blob blob, long length, InputStream bytes) {
        return told(() -> blobs.store(blob, length, bytes));
    }

    @Override
    public Told<Boolean> note(String bucket, String name, Map<String, String> metadata) {
        return told(() -> blobs.note(bucket, name, metadata));
    }

    @Override
    public Told<Boolean> removeBlob(String bucket, String name) {
        return told(() -> {
            api.delete(api.of("buckets", bucket, name)).orThrow();
            return true;
        });
    }

    private static <T> Told<T> told(Supplier<T> work) {
        try {
            return new Told.Done<>(work.get());
        } catch (NotDoneException e) {
            return switch (e.outcome()) {
                case Outcome.Gone(var why) -> new Told.Gone<>(why);
                case Outcome.Unsupported(var why) -> new Told.Unsupported<>(why);
                case Outcome.BadState(var why) -> new Told.Refused<>(why, true);
                case Outcome.Wrong(var why) -> new Told.Refused<>(why, false);
                case Outcome.Denied(var why) when TAKEN.matcher(why).find() -> new Told.Refused<>(why, true);
                case Outcome.Denied(var why) -> new Told.Away<>(why, false);
                case Outcome.Away(var why) -> new Told.Away<>(why, false);
                case Outcome.Unknown(var why) -> new Told.Away<>(why, true);
                case Outcome.Broken(var _, var why) -> new Told.Away<>(why, true);
                case Outcome.Done _ -> throw new IllegalStateException("done is no failure", e);
            };
        }
    }
}
