package holdfast.drivers.deltacloud;

import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Listener;
import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Thing;
import holdfast.platform.XmlTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Things as a Deltacloud server writes them (aeolus.md 5.3.5 to 5.3.8).
final class Reading {
    private Reading() {}

    /// @return empty if it has no id
    static Optional<Thing> thing(Kind kind, XmlTree root) {
        return root.attribute("id").or(() -> root.says("id")).map(id -> read(kind, id, root));
    }

    private static Thing read(Kind kind, String id, XmlTree root) {
        var name = root.says("name").orElse(id);
        var state = root.says("state").orElse("");
        return switch (kind) {
            case IMAGE ->
                new Thing.Image(
                        id,
                        name,
                        root.says("description").orElse(""),
                        root.says("owner_id").orElse(""),
                        root.says("architecture"),
                        state,
                        root.says("root_type"),
                        root.says("creation_time"));
            case KEY -> new Thing.Key(id, name, root.says("fingerprint"), pem(root));
            case ADDRESS -> new Thing.Address(id, root.says("ip").orElse(id), root.refers("instance"));
            case VOLUME -> volume(id, name, state, root);
            case SNAPSHOT -> new Thing.Snapshot(id, name, root.refers("storage_volume"), root.says("created"));
            case BUCKET -> new Thing.Bucket(id, name, ids(root.all("blob")));
            case FIREWALL ->
                new Thing.Firewall(
                        id,
                        name,
                        root.says("description").orElse(""),
                        root.says("owner_id").orElse(""),
                        inside(root, "rules", "rule").stream()
                                .map(Reading::rule)
                                .toList());
            case LOAD_BALANCER -> balancer(id, root);
            case NETWORK ->
                new Thing.Network(
                        id,
                        name,
                        state,
                        texts(inside(root, "address_blocks", "address_block")),
                        ids(inside(root, "subnets", "subnet")));
            case SUBNET -> new Thing.Subnet(id, name, state, root.says("address_block"), root.refers("network"));
            case INTERFACE ->
                new Thing.Interface(
                        id,
                        name,
                        root.says("ip_address"),
                        root.refers("network").or(() -> root.refers("subnet")),
                        root.refers("instance"));
            case METRIC -> new Thing.Metric(id, root.says("entity").orElse(""), samples(root));
        };
    }

    /// The private half of a key, with the end of its last line, which programs want.
    static Optional<String> pem(XmlTree root) {
        return root.says("pem").map(text -> text + "\n");
    }

    private static Thing volume(String id, String name, String state, XmlTree root) {
        var mount = root.child("mount");
        return new Thing.Volume(
                id,
                name,
                state,
                root.says("capacity"),
                root.says("realm_id").or(() -> root.refers("realm")),
                root.says("kind"),
                root.says("created"),
                mount.flatMap(one -> one.refers("instance")),
                mount.flatMap(one -> one.child("device"))
                        .flatMap(device -> device.attribute("name"))
                        .or(() -> root.says("device")));
    }

    private static Thing balancer(String id, XmlTree root) {
        var listeners = inside(root, "listeners", "listener").stream()
                .map(one -> new Listener(
                        one.attribute("protocol").orElse(""),
                        one.says("load_balancer_port").orElse(""),
                        one.says("instance_port").orElse("")))
                .toList();
        return new Thing.LoadBalancer(
                id,
                root.says("created_at"),
                root.refers("realm"),
                texts(inside(root, "public_addresses", "address")),
                listeners,
                ids(inside(root, "instances", "instance")));
    }

    private static Rule rule(XmlTree root) {
        var sources = new ArrayList<Source>();
        for (var source : inside(root, "sources", "source")) {
            if (source.attribute("type").orElse("").equals("group"))
                sources.add(new Source.Group(
                        source.attribute("name").orElse(""),
                        source.attribute("owner").orElse("")));
            else
                source.attribute("address")
                        .map(address -> address
                                + source.attribute("prefix")
                                        .map(prefix -> "/" + prefix)
                                        .orElse(""))
                        .ifPresent(block -> sources.add(new Source.Addresses(block)));
        }
        return new Rule(
                root.attribute("id").orElse(""),
                root.says("allow_protocol").orElse(""),
                root.says("port_from").orElse(""),
                root.says("port_to").orElse(""),
                root.says("direction").orElse(""),
                sources);
    }

    private static Map<String, List<Map<String, String>>> samples(XmlTree root) {
        var found = new LinkedHashMap<String, List<Map<String, String>>>();
        root.child("properties")
                .ifPresent(measures -> measures.children()
                        .forEach(measure -> found.put(
                                measure.name(),
                                measure.all("sample").stream()
                                        .map(Reading::sample)
                                        .toList())));
        return found;
    }

    private static Map<String, String> sample(XmlTree root) {
        var values = new LinkedHashMap<String, String>();
        root.all("property")
                .forEach(one -> one.attribute("name")
                        .ifPresent(
                                name -> values.put(name, one.attribute("value").orElse(""))));
        return values;
    }

    /// What users have noted of a blob, by names in lower case.
    static Map<String, String> notes(XmlTree root) {
        var notes = new LinkedHashMap<String, String>();
        for (var entry : inside(root, "user_metadata", "entry"))
            entry.attribute("key").ifPresent(key -> notes.put(key.toLowerCase(java.util.Locale.ROOT), entry.text()));
        return notes;
    }

    private static List<XmlTree> inside(XmlTree root, String list, String element) {
        return root.child(list).map(one -> one.all(element)).orElse(List.of());
    }

    private static List<String> ids(List<XmlTree> elements) {
        return elements.stream().flatMap(one -> one.attribute("id").stream()).toList();
    }

    private static List<String> texts(List<XmlTree> elements) {
        return elements.stream()
                .map(XmlTree::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
