package holdfast.api.deltacloud;

import holdfast.core.Once;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Json;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// An instance as clients see it (aeolus.md 5.3.5). It has exactly one image, one realm and one profile, always.
final class InstanceEntity {
    private static final List<Action> ACTIONS = List.of(Action.START, Action.REBOOT, Action.STOP);
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private InstanceEntity() {}

    /// What instances refer to, as it is called now.
    ///
    /// @param realms ids by name
    /// @param profiles ids by their own ids
    record Names(Supplier<Map<String, String>> realms, Map<String, String> profiles) {
        static Names in(VirtualCloud cloud) {
            return new Names(new Once<>(() -> Realms.ids(cloud)), Profiles.ids(cloud));
        }

        String realm(InstanceView instance) {
            return instance.realm()
                    .map(name -> realms.get().getOrDefault(name, Realms.ANY))
                    .orElse(Realms.ANY);
        }

        String profile(InstanceView instance) {
            return profiles.getOrDefault(instance.profile().id(), Profiles.id(instance.profile()));
        }
    }

    static Entity of(Ask ask, InstanceView instance, Names names) {
        var links = ask.links();
        var id = instance.id().toString();
        var href = links.member(Instances.NAME, id);
        boolean captured = Images.offered(ask)
                && Set.of(InstanceState.RUNNING, InstanceState.STOPPED).contains(instance.state());
        var entity = new Entity("instance", id, href)
                .text("name", instance.name())
                .text("owner_id", "owner", instance.owner())
                .ref("image", instance.image(), links.member(Images.NAME, instance.image()))
                .ref("realm", names.realm(instance), links.member("realms", names.realm(instance)))
                .text("state", States.word(instance.state()));
        Profiles.refer(entity, links, instance.profile(), names.profile(instance), instance.sizes());
        entity.actions(actions(links, instance, href, captured))
                .text(
                        "launch_time",
                        "create_time",
                        instance.created().truncatedTo(ChronoUnit.SECONDS).toString());
        addresses(entity, "public_addresses", instance.publicAddresses());
        addresses(entity, "private_addresses", instance.privateAddresses());
        if (!instance.firewalls().isEmpty()) {
            entity.refs("firewalls", "firewall", instance.firewalls(), one -> links.member("firewalls", one));
        }
        Storage.attached(entity, links, instance.volumes());
        entity.json("create_image", Json.toTree(captured));
        instance.key()
                .ifPresent(key -> entity.field(
                                Element.of("authentication", Element.of("login", Element.text("keyname", key)))
                                        .with("type", "key"),
                                "authentication",
                                Json.object().put("keyname", key))
                        .json("authentication_type", Json.toTree("key")));
        return entity;
    }

    private static List<Entity.Link> actions(Links links, InstanceView instance, String href, boolean captured) {
        var actions = new ArrayList<Entity.Link>();
        for (var action : ACTIONS) {
            if (instance.actions().contains(action)) {
                actions.add(new Entity.Link(action.word(), "post", href + "/" + action.word()));
            }
        }
        boolean over =
                instance.state() == InstanceState.STOPPED || instance.state().failed();
        if (over && instance.actions().contains(Action.DESTROY)) {
            actions.add(new Entity.Link(Action.DESTROY.word(), "delete", href));
        }
        if (captured) {
            actions.add(new Entity.Link(
                    "create_image", "post", links.collection(Images.NAME) + ";instance_id=" + instance.id()));
        }
        return actions;
    }

    private static void addresses(Entity entity, String name, List<String> addresses) {
        var json = Json.array();
        addresses.forEach(
                address -> json.add(Json.object().put("address", address).put("type", type(address))));
        entity.field(
                Element.of(
                        name,
                        addresses.stream()
                                .map(address -> Element.text("address", address).with("type", type(address)))
                                .toList()),
                name,
                json);
    }

    private static String type(String address) {
        return address.contains(":") ? "ipv6" : IPV4.matcher(address).matches() ? "ipv4" : "hostname";
    }
}
