package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.COMPUTE;
import static holdfast.drivers.openstack.Service.IMAGE;
import static holdfast.drivers.openstack.Service.NETWORK;
import static holdfast.drivers.openstack.Service.VOLUME;

import holdfast.authority.CloudThings;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What an account has beside instances (aeolus.md 5.3.5 to 5.3.8): images, keys, floating addresses, volumes and
/// snapshots of them, networks and their subnets, and security groups, which are the firewalls of Neutron.
final class Things implements CloudThings {
    /// By collection, with the features of each, as Deltacloud calls them.
    static final Map<String, Set<String>> OFFERED = Map.of(
            "instances", Set.of("user_name", "user_data", "authentication_key", "firewalls", "realm_filter"),
            "images", Set.of("image_name"),
            "keys", Set.of("import_key"),
            "addresses", Set.of(),
            "storage_volumes", Set.of("volume_name", "volume_description"),
            "storage_snapshots", Set.of(),
            "firewalls", Set.of(),
            "networks", Set.of(),
            "subnets", Set.of());

    private static final Map<Kind, Set<String>> KINDS = Map.of(
            Kind.IMAGE, features("images"),
            Kind.KEY, features("keys"),
            Kind.ADDRESS, features("addresses"),
            Kind.VOLUME, features("storage_volumes"),
            Kind.SNAPSHOT, features("storage_snapshots"),
            Kind.FIREWALL, features("firewalls"),
            Kind.NETWORK, features("networks"),
            Kind.SUBNET, features("subnets"));

    private static final String DOCKED = "/os-volume_attachments";

    private final Api api;
    private final KeyPairs keys;
    private final Network networks;

    Things(Api api, KeyPairs keys, Network networks) {
        this.api = api;
        this.keys = keys;
        this.networks = networks;
    }

    private static Set<String> features(String collection) {
        return Optional.ofNullable(OFFERED.get(collection)).orElse(Set.of());
    }

    @Override
    public Told<Map<Kind, Set<String>>> offered() {
        return new Told.Done<>(KINDS);
    }

    /// Where things of a kind are.
    ///
    /// @param list the name of the list in an answer
    /// @param one the name of one in an answer; empty text if it stands there as it is
    private record Place(Service service, String path, String details, String list, String one) {
        /// @throws NotDoneException if there are none
        private static Place of(Kind kind) {
            return switch (kind) {
                case IMAGE -> new Place(IMAGE, "/images", "", "images", "");
                case ADDRESS -> new Place(NETWORK, "/floatingips", "", "floatingips", "floatingip");
                case VOLUME -> new Place(VOLUME, "/volumes", "/detail", "volumes", "volume");
                case SNAPSHOT -> new Place(VOLUME, "/snapshots", "/detail", "snapshots", "snapshot");
                case FIREWALL -> new Place(NETWORK, "/security-groups", "", "security_groups", "security_group");
                case NETWORK -> new Place(NETWORK, "/networks", "", "networks", "network");
                case SUBNET -> new Place(NETWORK, "/subnets", "", "subnets", "subnet");
                case KEY, BUCKET, LOAD_BALANCER, INTERFACE, METRIC -> throw none();
            };
        }

        JsonNode inside(JsonNode answer) {
            return one.isEmpty() ? answer : answer.path(one);
        }
    }

    private static NotDoneException none() {
        return new NotDoneException(new Outcome.Failed(0, "", "accounts at an OpenStack have none of that here"));
    }

    @Override
    public Told<List<Thing>> list(Kind kind) {
        return told(() -> switch (kind) {
            case KEY -> keys.all().stream().map(ThingReading::key).toList();
            case NETWORK -> {
                var subnets = networks.subnets();
                yield all(kind).map(one -> ThingReading.network(one, subnets)).toList();
            }
            default -> all(kind).map(one -> read(kind, one)).toList();
        });
    }

    /// Of what others share with us, networks only.
    private Stream<JsonNode> all(Kind kind) {
        var place = Place.of(kind);
        var found = api.all(place.service, place.path + place.details, place.list).stream();
        var project = api.project();
        return kind == Kind.ADDRESS || kind == Kind.FIREWALL
                ? found.filter(one -> Fields.text(one, "project_id").equals(project))
                : found;
    }

    @Override
    public Told<Thing> find(Kind kind, String id) {
        return told(() -> {
            if (kind == Kind.KEY) return ThingReading.key(keys.find(id));
            var place = Place.of(kind);
            return read(kind, place.inside(api.get(place.service, place.path + "/" + word(id))));
        });
    }

    private Thing read(Kind kind, JsonNode one) {
        return switch (kind) {
            case NETWORK -> ThingReading.network(one, networks.subnets());
            case ADDRESS ->
                ThingReading.address(
                        one,
                        Fields.maybe(one.path("port_details"), "device_id")
                                .or(() -> Fields.maybe(one, "port_id").flatMap(networks::serverOfPort)));
            default -> ThingReading.read(kind, one);
        };
    }

    @Override
    public Told<Thing> create(Wish wish) {
        return told(() -> switch (wish) {
            case Wish.Image(var instance, var name, var _) -> image(instance, name.orElse(instance));
            case Wish.Key(var name, var publicKey) ->
                ThingReading.key(keys.make(publicKey
                        .map(key -> Map.of("name", name, "public_key", key))
                        .orElse(Map.of("name", name))));
            case Wish.Address() -> made(Kind.ADDRESS, Map.of("floating_network_id", networks.outside()));
            case Wish.Volume volume -> made(Kind.VOLUME, ThingOrders.volume(volume, zones()));
            case Wish.Snapshot snapshot -> made(Kind.SNAPSHOT, ThingOrders.snapshot(snapshot));
            case Wish.Firewall(var name, var description) ->
                made(Kind.FIREWALL, Map.of("name", name, "description", description));
            case Wish.Network(var name, var block) -> network(name, block);
            case Wish.Subnet(var network, var block, var name) -> subnet(network, block, name);
            case Wish.Bucket _, Wish.LoadBalancer _, Wish.Interface _ -> throw none();
        });
    }

    private Thing made(Kind kind, Map<String, ?> order) {
        var place = Place.of(kind);
        return read(kind, place.inside(api.send(place.service, "POST", place.path, Map.of(place.one, order))));
    }

    private Thing image(String instance, String name) {
        var made = api.send(
                COMPUTE, "POST", "/servers/" + word(instance) + "/action", Map.of("createImage", Map.of("name", name)));
        var id = Fields.text(made, "image_id");
        return new Thing.Image(id, name, "", "", Optional.empty(), "PENDING", Optional.empty(), Optional.empty());
    }

    private Thing network(Optional<String> name, Optional<String> block) {
        var made = (Thing.Network) made(Kind.NETWORK, Map.of("name", name.orElse("")));
        if (block.isEmpty()) return made;
        subnet(made.id(), block.get(), name);
        return read(
                Kind.NETWORK, api.get(NETWORK, "/networks/" + word(made.id())).path("network"));
    }

    private Thing subnet(String network, String block, Optional<String> name) {
        return made(
                Kind.SUBNET, Map.of("network_id", network, "cidr", block, "ip_version", 4, "name", name.orElse("")));
    }

    /// In which volumes may be; zones of servers are others.
    private Set<String> zones() {
        return Fields.each(api.get(VOLUME, "/os-availability-zone").path("availabilityZoneInfo"))
                .map(zone -> Fields.text(zone, "zoneName"))
                .collect(Collectors.toSet());
    }

    @Override
    public Told<Optional<Thing>> change(Change change) {
        return told(() -> {
            switch (change) {
                case Change.Attach(var volume, var instance, var device) -> attach(volume, instance, device);
                case Change.Detach(var volume, var _, var _) -> detach(volume);
                case Change.Associate(var address, var instance) ->
                    associate(address, Optional.of(networks.portOf(instance)));
                case Change.Disassociate(var address) -> associate(address, Optional.empty());
                case Change.Allow(var group, var rule) ->
                    ThingOrders.rules(group, rule)
                            .forEach(order -> api.send(
                                    NETWORK, "POST", "/security-group-rules", Map.of("security_group_rule", order)));
                case Change.Forbid(var _, var rules) ->
                    Arrays.stream(rules.split(","))
                            .forEach(rule -> api.delete(NETWORK, "/security-group-rules/" + word(rule)));
                case Change.Register _, Change.Unregister _ -> throw none();
            }
            return Optional.empty(); // how it is then is looked up
        });
    }

    private void attach(String volume, String instance, String device) {
        var order = new HashMap<>(Map.of("volumeId", volume));
        if (!device.isBlank()) order.put("device", device);
        api.send(COMPUTE, "POST", "/servers/" + word(instance) + DOCKED, Map.of("volumeAttachment", order));
    }

    private void detach(String volume) {
        var known = api.get(VOLUME, "/volumes/" + word(volume)).path("volume");
        for (var attachment : known.path("attachments"))
            api.delete(COMPUTE, "/servers/" + word(Fields.text(attachment, "server_id")) + DOCKED + "/" + word(volume));
    }

    private void associate(String address, Optional<String> port) {
        var order = new HashMap<String, Object>();
        order.put("port_id", null); // leads nowhere
        port.ifPresent(id -> order.put("port_id", id));
        api.send(NETWORK, "PUT", "/floatingips/" + word(address), Map.of("floatingip", order));
    }

    @Override
    public Told<Boolean> remove(Kind kind, String id) {
        return told(() -> {
            if (kind == Kind.KEY) keys.delete(id);
            else api.delete(Place.of(kind).service, Place.of(kind).path + "/" + word(id));
            return true;
        });
    }

    private static <T> Told<T> told(Supplier<T> work) {
        try {
            return new Told.Done<>(work.get());
        } catch (NotDoneException e) {
            if (e.missing()) return new Told.Gone<>(String.valueOf(e.getMessage()));
            return switch (e.outcome()) {
                case Outcome.Failed(var status, var _, var why) ->
                    status == 0
                            ? new Told.Unsupported<>(why)
                            // quotas are 403, 409 and 413, each service in its way
                            : new Told.Refused<>(why, status == 403 || status == 409 || status == 413);
                case Outcome.Later(var why, var _) -> new Told.Away<>(why, false);
                case Outcome.Denied(var why) -> new Told.Away<>(why, false);
                case Outcome.Unknown(var why) -> new Told.Away<>(why, true);
                case Outcome.Done _ -> throw new IllegalStateException("done is no failure", e);
            };
        }
    }
}
