package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.AccountThing.Address;
import holdfast.orchestrator.instances.AccountThing.Key;
import holdfast.orchestrator.instances.AccountThing.Metric;
import holdfast.orchestrator.instances.Wish;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How instances are reached and watched: keys, addresses, metrics (aeolus.md 5.3.6, 5.3.8).
final class Access {
    /// What the name of an element may be.
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    private Access() {}

    static List<Collection> collections() {
        var keys = new Things<>("keys", "key", Key.class, Access::key);
        var addresses = new Things<>("addresses", "address", Address.class, Access::address);
        var metrics = new Things<>("metrics", "metric", Metric.class, Access::metric);
        return List.of(
                Collection.offered(
                        "keys",
                        keys.index(),
                        keys.show(),
                        keys.create(
                                "name* public_key",
                                ask -> new Wish.NewKey(ask.required("name"), ask.field("public_key"))),
                        keys.destroy()),
                Collection.offered(
                        "addresses",
                        addresses.index(),
                        addresses.show(),
                        addresses.create("", _ -> new Wish.NewAddress()),
                        addresses.destroy(),
                        addresses.changed(
                                "associate",
                                202,
                                "instance_id*",
                                ask -> new Wish.Associate(ask.id(), Ids.instance(ask.required("instance_id")))),
                        addresses.changed("disassociate", 202, "", ask -> new Wish.Disassociate(ask.id()))),
                Collection.offered("metrics", metrics.index(), metrics.show()));
    }

    private static void key(Entity entity, Ask ask, Key key) {
        entity.typed("key")
                .text("name", key.name())
                .actions(List.of(entity.destroy()))
                .text("fingerprint", key.fingerprint())
                .json("credential_type", Json.toTree("key"));
        key.pem().ifPresent(pem -> entity.field(Element.cdata("pem", pem), "pem_rsa_key", Json.toTree(pem)));
        entity.text("state", key.state());
    }

    private static void address(Entity entity, Ask ask, Address address) {
        var actions = new ArrayList<Entity.Link>();
        if (address.instance().isEmpty()) {
            actions.add(entity.destroy());
        }
        actions.add(entity.post(address.instance().isEmpty() ? "associate" : "disassociate"));
        entity.text("ip", address.ip())
                .actions(actions)
                .json("associated", Json.toTree(address.instance().isPresent()));
        instance(entity, ask, address.instance().map(Object::toString));
    }

    /// By reference, if there is one.
    static void instance(Entity entity, Ask ask, Optional<String> instance) {
        instance.ifPresent(id -> entity.ref("instance", id, ask.links().member(Instances.NAME, id)));
    }

    private static void metric(Entity entity, Ask ask, Metric metric) {
        entity.text("entity", metric.entity());
        var measures = metric.samples().entrySet().stream()
                .filter(measure -> WORD.matcher(measure.getKey()).matches())
                .sorted(Map.Entry.comparingByKey())
                .toList();
        var json = Json.array();
        measures.forEach(measure ->
                json.addObject().put("name", measure.getKey()).set("values", Json.toTree(measure.getValue())));
        entity.field(
                Element.of(
                        "properties",
                        measures.stream()
                                .map(measure -> Element.of(
                                        measure.getKey(),
                                        measure.getValue().stream()
                                                .map(Access::sample)
                                                .toList()))
                                .toList()),
                "properties",
                json);
    }

    private static Element sample(Map<String, String> statistics) {
        return Element.of(
                "sample",
                statistics.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(one -> Element.of("property")
                                .with("name", one.getKey())
                                .with("value", one.getValue()))
                        .toList());
    }
}
