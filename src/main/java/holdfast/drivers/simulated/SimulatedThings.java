package holdfast.drivers.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.authority.CloudThings;
import holdfast.core.CloudSupply;
import holdfast.core.Ipv4;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What a simulated cloud has beside servers: images of servers, keys, addresses, volumes, snapshots, firewalls. None
/// of it is real, but its states are kept as clouds keep them.
final class SimulatedThings implements CloudThings {
    /// Of each kind.
    private static final int MOST = 100;

    private static final String OWNER = "simulated";
    private static final Pattern PUBLIC = Pattern.compile("(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+( .*)?");
    /// Nobody is let in by it.
    private static final String PEM = "-----BEGIN RSA PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString("simulated: it opens nothing".getBytes(US_ASCII))
            + "\n-----END RSA PRIVATE KEY-----\n";

    private static final Set<String> OF_IMAGES = Set.of("image_name", "image_description");
    private static final Set<String> OF_KEYS = Set.of("import_key");
    private static final Set<String> OF_VOLUMES = Set.of("volume_name");
    private static final Map<Kind, Set<String>> OFFERED = Map.of(
            Kind.IMAGE,
            OF_IMAGES,
            Kind.KEY,
            OF_KEYS,
            Kind.ADDRESS,
            Set.of(),
            Kind.VOLUME,
            OF_VOLUMES,
            Kind.SNAPSHOT,
            Set.of(),
            Kind.FIREWALL,
            Set.of());

    /// As Deltacloud calls them (see [CloudSupply]).
    static final Map<String, Set<String>> COLLECTIONS = Map.of(
            "instances", Set.of("authentication_key", "firewalls", "user_data", "user_name"),
            "images", OF_IMAGES,
            "keys", OF_KEYS,
            "addresses", Set.of(),
            "storage_volumes", OF_VOLUMES,
            "storage_snapshots", Set.of(),
            "firewalls", Set.of());

    private final Door door;
    private final CloudPlan plan;
    private final CloudMemory memory;
    private final ThingMemory all;
    private final InstantSource clock;

    /// Does something with what is there now, and keeps it; or not, if the cloud does not answer.
    interface Door {
        <T> Told<T> through(Supplier<Told<T>> work);
    }

    SimulatedThings(Door door, CloudPlan plan, CloudMemory memory, InstantSource clock) {
        this.door = door;
        this.plan = plan;
        this.memory = memory;
        this.all = memory.things;
        this.clock = clock;
    }

    private static final class NotDoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Told<?> told;

        NotDoneException(Told<?> told) {
            super("", null, false, false);
            this.told = told;
        }
    }

    private static NotDoneException refused(String why, boolean conflict) {
        return new NotDoneException(new Told.Refused<>(why, conflict));
    }

    @SuppressWarnings("unchecked") // what is told instead has nothing of the kind in it
    private <T> Told<T> told(Supplier<T> work) {
        return door.through(() -> {
            try {
                return new Told.Done<>(work.get());
            } catch (NotDoneException e) {
                return (Told<T>) e.told;
            }
        });
    }

    private static <T> Told<T> unsupported() {
        return new Told.Unsupported<>("the simulated cloud has no such things");
    }

    private Map<String, ? extends Thing> of(Kind kind) {
        return switch (kind) {
            case IMAGE -> all.images;
            case KEY -> all.keys;
            case ADDRESS -> all.addresses;
            case VOLUME -> all.volumes;
            case SNAPSHOT -> all.snapshots;
            case FIREWALL -> all.firewalls;
            case BUCKET, LOAD_BALANCER, NETWORK, SUBNET, INTERFACE, METRIC -> throw new NotDoneException(unsupported());
        };
    }

    private static <T> T there(Map<String, T> some, String id) {
        return Optional.ofNullable(some.get(id))
                .orElseThrow(() -> new NotDoneException(new Told.Gone<>("there is no " + id)));
    }

    @Override
    public Told<Map<Kind, Set<String>>> offered() {
        return told(() -> OFFERED);
    }

    @Override
    public Told<List<Thing>> list(Kind kind) {
        return told(() -> of(kind).values().stream().map(this::asItIs).toList());
    }

    @Override
    public Told<Thing> find(Kind kind, String id) {
        return told(() -> asItIs(there(of(kind), id)));
    }

    /// What was in a server that is gone is in none.
    private Thing asItIs(Thing thing) {
        return switch (thing) {
            case Thing.Volume volume
            when volume.instance().filter(this::isGone).isPresent() ->
                ThingMemory.in(volume, Optional.empty(), Optional.empty());
            case Thing.Address address
            when address.instance().filter(this::isGone).isPresent() ->
                new Thing.Address(address.id(), address.ip(), Optional.empty());
            default -> thing;
        };
    }

    private boolean isGone(String server) {
        return !memory.servers.containsKey(server);
    }

    private String server(String id) {
        if (isGone(id)) throw new NotDoneException(new Told.Gone<>("there is no instance " + id));
        return id;
    }

    // made

    @Override
    public Told<Thing> create(Wish wish) {
        return told(() -> switch (wish) {
            case Wish.Image(var instance, var name, var description) -> image(instance, name, description);
            case Wish.Key(var name, var publicKey) -> key(name, publicKey);
            case Wish.Address() -> address();
            case Wish.Volume volume -> volume(volume);
            case Wish.Snapshot(var volume, var name, var _) -> snapshot(volume, name);
            case Wish.Firewall(var name, var description) -> put(all.firewalls, firewall(name, description, List.of()));
            case Wish.Bucket _, Wish.LoadBalancer _, Wish.Network _, Wish.Subnet _, Wish.Interface _ ->
                throw new NotDoneException(unsupported());
        });
    }

    static Thing.Firewall firewall(String name, String description, List<Rule> rules) {
        return new Thing.Firewall(name, name, description, OWNER, rules);
    }

    private static <T extends Thing> T put(Map<String, T> into, T thing) {
        if (into.size() >= MOST) throw refused("there are " + MOST + " of them, which is the most", true);
        if (into.putIfAbsent(thing.id(), thing) != null) throw refused("there is one called " + thing.id(), true);
        return thing;
    }

    private String next(String kind) {
        return kind + "-" + ++memory.made;
    }

    private Optional<String> now() {
        return Optional.of(clock.instant().toString());
    }

    private Thing image(String instance, Optional<String> name, Optional<String> description) {
        server(instance);
        var id = next("image-of-server");
        return put(
                all.images,
                new Thing.Image(
                        id,
                        name.orElse(id),
                        description.orElse(""),
                        OWNER,
                        Optional.empty(),
                        "AVAILABLE",
                        Optional.empty(),
                        now()));
    }

    private Thing key(String name, Optional<String> publicKey) {
        if (publicKey.filter(text -> !PUBLIC.matcher(text.strip()).matches()).isPresent())
            throw refused("that is no public key such as 'ssh-ed25519 AAAA... name'", false);
        var print = UUID.nameUUIDFromBytes(publicKey.orElse(name + memory.made).getBytes(UTF_8));
        var fingerprint = print.toString().replace("-", "").replaceAll("(..)(?!$)", "$1:");
        var key = put(all.keys, new Thing.Key(name, name, Optional.of(fingerprint), Optional.empty()));
        return publicKey.isPresent() ? key : new Thing.Key(name, name, Optional.of(fingerprint), Optional.of(PEM));
    }

    /// The first that nobody has, of those that the cloud lends.
    private Thing address() {
        var lent = plan.supply().networks().stream()
                .filter(CloudSupply.Network::external)
                .flatMap(network -> network.subnets().stream())
                .flatMap(subnet -> subnet.lent().stream())
                .findFirst()
                .orElseThrow(() -> refused("there are no addresses", true));
        long first = Ipv4.read(lent.first()).orElseThrow().number();
        for (long number = first; number < first + MOST; number++) {
            var ip = new Ipv4(number).toString();
            if (!all.addresses.containsKey(ip)) return put(all.addresses, new Thing.Address(ip, ip, Optional.empty()));
        }
        throw refused("all addresses are taken", true);
    }

    private Thing volume(Wish.Volume wish) {
        wish.snapshot().ifPresent(id -> there(all.snapshots, id));
        var zones = plan.supply().zones();
        if (wish.realm().filter(zone -> !zones.contains(zone)).isPresent())
            throw refused("there is no realm " + wish.realm().get(), false);
        var id = next("volume");
        return put(
                all.volumes,
                new Thing.Volume(
                        id,
                        wish.name().orElse(id),
                        "AVAILABLE",
                        wish.capacity().or(() -> Optional.of("1")),
                        wish.realm().or(() -> zones.stream().findFirst()),
                        Optional.empty(),
                        now(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Thing snapshot(String volume, Optional<String> name) {
        there(all.volumes, volume);
        var id = next("snapshot");
        return put(all.snapshots, new Thing.Snapshot(id, name.orElse(id), Optional.of(volume), now()));
    }

    // changed

    @Override
    public Told<Optional<Thing>> change(Change change) {
        return told(() -> Optional.of(changed(change)));
    }

    private Thing changed(Change change) {
        return switch (change) {
            case Change.Attach(var volume, var instance, var device) ->
                replace(all.volumes, ThingMemory.in(free(volume), Optional.of(server(instance)), Optional.of(device)));
            case Change.Detach(var volume, var _, var _) ->
                replace(all.volumes, ThingMemory.in(there(all.volumes, volume), Optional.empty(), Optional.empty()));
            case Change.Associate(var address, var instance) ->
                replace(
                        all.addresses,
                        new Thing.Address(there(all.addresses, address).id(), address, Optional.of(server(instance))));
            case Change.Disassociate(var address) ->
                replace(
                        all.addresses,
                        new Thing.Address(there(all.addresses, address).id(), address, Optional.empty()));
            case Change.Allow(var firewall, var rule) -> allow(there(all.firewalls, firewall), rule);
            case Change.Forbid(var firewall, var rule) -> forbid(there(all.firewalls, firewall), rule);
            case Change.Register _, Change.Unregister _ -> throw new NotDoneException(unsupported());
        };
    }

    private static <T extends Thing> T replace(Map<String, T> in, T thing) {
        in.put(thing.id(), thing);
        return thing;
    }

    private Thing.Volume free(String id) {
        var volume = there(all.volumes, id);
        if (((Thing.Volume) asItIs(volume)).instance().isPresent()) throw refused("it is attached", true);
        return volume;
    }

    private Thing allow(Thing.Firewall firewall, Rule rule) {
        if (firewall.rules().size() >= MOST) throw refused("it has " + MOST + " rules, which is the most", true);
        var rules = new ArrayList<>(firewall.rules());
        var id = next("rule");
        rules.add(new Rule(id, rule.protocol(), rule.from(), rule.to(), rule.direction(), rule.sources()));
        return replace(all.firewalls, firewall(firewall.id(), firewall.description(), rules));
    }

    private Thing forbid(Thing.Firewall firewall, String id) {
        var rules = new ArrayList<>(firewall.rules());
        if (!rules.removeIf(rule -> rule.id().equals(id)))
            throw new NotDoneException(new Told.Gone<>("there is no rule " + id));
        return replace(all.firewalls, firewall(firewall.id(), firewall.description(), rules));
    }

    @Override
    public Told<Boolean> remove(Kind kind, String id) {
        return told(() -> {
            there(of(kind), id);
            if (kind == Kind.VOLUME) free(id);
            of(kind).remove(id);
            return true;
        });
    }
}
