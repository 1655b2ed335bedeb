package holdfast.drivers.deltacloud;

import holdfast.drivers.deltacloud.MockDeltacloud.Reply;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// What a Deltacloud server has beside instances: volumes that can be attached, addresses, firewalls, load balancers,
/// buckets. Snapshots are there for the type `ec2` only.
public final class Rest {
    private final MockDeltacloud mock;
    public final Map<String, Map<String, String>> volumes = new TreeMap<>();
    final Map<String, Map<String, String>> addresses = new TreeMap<>();
    final Map<String, String> rules = new TreeMap<>();
    public final Set<String> images = new TreeSet<>(Set.of("img1"));
    /// Snapshots and subnets are there for every type.
    public boolean whole;

    final MockBuckets buckets;
    private final Map<String, String> firewalls = new TreeMap<>(Map.of("web", "for all"));
    private final Map<String, Map<String, String>> balancers = new TreeMap<>();
    private final Map<String, Map<String, String>> snapshots = new TreeMap<>();
    private int made;

    Rest(MockDeltacloud mock) {
        this.mock = mock;
        this.buckets = new MockBuckets(mock);
        balancers.put(
                "lb1",
                new TreeMap<>(Map.of(
                        "realm_id", "us",
                        "listener_protocol", "HTTP",
                        "listener_balancer_port", "80",
                        "listener_instance_port", "8080",
                        "instance_id", "inst1")));
    }

    Reply answer(String method, List<String> path, Map<String, String> form) {
        return switch (path.getFirst()) {
            case "images" -> images(method, path, form);
            case "storage_volumes" -> volumes(method, path, form);
            case "addresses" -> addresses(method, path, form);
            case "firewalls" -> firewalls(method, path, form);
            case "buckets" -> buckets.answer(method, path, form);
            case "load_balancers" -> balancers(method, path, form);
            case "networks" -> Reply.of(200, NETWORK);
            case "metrics" ->
                Reply.of(
                        200,
                        path.size() > 1
                                ? metric(path.get(1))
                                : listed("metrics", mock.instances.keySet(), Rest::metric));
            case "storage_snapshots" ->
                whole || mock.type.equals("ec2")
                        ? snapshots(method, path, form)
                        : MockDeltacloud.error(501, "no snapshots in this cloud");
            case "subnets" -> whole ? Reply.of(200, subnets(path)) : MockDeltacloud.error(404, "unknown");
            default -> MockDeltacloud.error(404, "unknown");
        };
    }

    private static final String NETWORK = """
            <networks><network href='x' id='net1'><name>net1</name><state>UP</state><address_blocks>
            <address_block>10.0.0.0/16</address_block></address_blocks><subnets><subnet href='x' id='sub1'/></subnets></network>
            <network><name>no id</name></network></networks>
            """;

    private static String subnets(List<String> path) {
        var one = """
                <subnet href='x' id='sub1'><name>sub1</name><state>UP</state><network>net1</network>
                <address_block>10.0.0.0/24</address_block></subnet>
                """;
        return path.size() > 1 ? one : "<subnets>" + one + "</subnets>";
    }

    private Reply images(String method, List<String> path, Map<String, String> form) {
        if (method.equals("POST")) {
            images.add("img2");
            return Reply.of(201, image("img2", form.getOrDefault("name", "copy of " + form.get("instance_id"))));
        }
        if (path.size() == 1) return Reply.of(200, listed("images", images, one -> image(one, "Fedora")));
        if (!images.contains(path.get(1))) return MockDeltacloud.error(404, "no image");
        if (!method.equals("DELETE")) return Reply.of(200, image(path.get(1), "Fedora"));
        images.remove(path.get(1));
        return Reply.of(204, "");
    }

    private Reply snapshots(String method, List<String> path, Map<String, String> form) {
        if (method.equals("POST")) {
            var id = "snap" + ++made;
            snapshots.put(id, new TreeMap<>(form));
            return Reply.of(201, snapshot(id));
        }
        if (path.size() == 1) return Reply.of(200, listed("storage_snapshots", snapshots.keySet(), this::snapshot));
        if (!snapshots.containsKey(path.get(1))) return MockDeltacloud.error(404, "no snapshot");
        if (!method.equals("DELETE")) return Reply.of(200, snapshot(path.get(1)));
        snapshots.remove(path.get(1));
        return Reply.of(204, "");
    }

    private String snapshot(String id) {
        var volume = snapshots.get(id).get("volume_id");
        return "<storage_snapshot href='x' id='%s'><name>%s</name><created>2031-02-03T10:00:00Z</created><storage_volume href='x' id='%s'/></storage_snapshot>"
                .formatted(id, id, volume);
    }

    private static String image(String id, String name) {
        return "<image href='x' id='%s'><name>%s</name><description>%s 10</description><owner_id>fedoraproject</owner_id>"
                        .formatted(id, name, name)
                + "<architecture>x86_64</architecture><state>AVAILABLE</state></image>";
    }

    private Reply volumes(String method, List<String> path, Map<String, String> form) {
        if (path.size() == 1 && method.equals("POST")) {
            var id = "vol" + ++made;
            volumes.put(id, new TreeMap<>(form));
            return Reply.of(201, volume(id));
        }
        if (path.size() == 1) return Reply.of(200, listed("storage_volumes", volumes.keySet(), this::volume));
        var volume = volumes.get(path.get(1));
        if (volume == null) return MockDeltacloud.error(404, "no such volume");
        if (method.equals("DELETE")) {
            if (volume.containsKey("instance_id")) return MockDeltacloud.error(409, "it is attached");
            volumes.remove(path.get(1));
            return Reply.of(204, "");
        }
        if (path.getLast().equals("attach")) volume.putAll(form);
        if (path.getLast().equals("detach")) volume.remove("instance_id");
        return Reply.of(method.equals("POST") ? 202 : 200, volume(path.get(1)));
    }

    private String volume(String id) {
        var said = volumes.get(id);
        var mount = said.containsKey("instance_id")
                ? "<mount><instance href='x' id='%s'/><device name='%s'/></mount>"
                        .formatted(said.get("instance_id"), said.get("device"))
                : "";
        return ("<storage_volume href='x' id='%s'><created>now</created><capacity unit='GB'>%s</capacity><name>%s</name>"
                        + "<realm_id>us</realm_id><state>%s</state>%s</storage_volume>")
                .formatted(
                        id,
                        said.getOrDefault("capacity", "1"),
                        said.getOrDefault("name", id),
                        mount.isEmpty() ? "AVAILABLE" : "IN-USE",
                        mount);
    }

    private Reply addresses(String method, List<String> path, Map<String, String> form) {
        if (path.size() == 1 && method.equals("GET"))
            return Reply.of(200, "<addresses>" + (addresses.isEmpty() ? "" : address()) + "</addresses>");
        if (path.size() == 1) {
            addresses.put("192.0.2.1", new TreeMap<>());
            return Reply.of(201, address());
        }
        if (path.getLast().equals("associate")) addresses.get(path.get(1)).putAll(form);
        if (path.getLast().equals("disassociate")) addresses.get(path.get(1)).clear();
        return path.size() > 2 ? Reply.of(202, "") : Reply.of(200, address());
    }

    private String address() {
        var instance = addresses.get("192.0.2.1").get("instance_id");
        return "<address href='x' id='192.0.2.1'><ip>192.0.2.1</ip>%s</address>"
                .formatted(
                        instance == null
                                ? ""
                                : "<instance href='x/instances/%s' id='%s'/>".formatted(instance, instance));
    }

    private Reply firewalls(String method, List<String> path, Map<String, String> form) {
        if (path.size() == 1 && method.equals("POST")) {
            firewalls.put(form.get("name"), form.get("description"));
            return Reply.of(201, firewall(form.get("name")));
        }
        if (path.size() == 1) return Reply.of(200, listed("firewalls", firewalls.keySet(), this::firewall));
        if (!firewalls.containsKey(path.get(1))) return MockDeltacloud.error(400, "there is no firewall of that name");
        if (method.equals("POST")) rules.putAll(form);
        if (!method.equals("DELETE")) return Reply.of(method.equals("POST") ? 201 : 200, firewall(path.get(1)));
        if (path.size() == 2) firewalls.remove(path.get(1));
        return Reply.of(204, "");
    }

    private String firewall(String name) {
        return """
                <firewall href='x' id='%s'><actions/><name><![CDATA[%s]]></name><description><![CDATA[%s]]></description>
                <owner_id>me</owner_id><rules><rule href='x' id='r1'><allow_protocol>tcp</allow_protocol><port_from>80</port_from>
                <port_to>80</port_to><direction>ingress</direction><sources>
                <source type='address' family='ipv4' address='192.0.2.0' prefix='24'/><source type='group' name='g' owner='o'/>
                </sources></rule></rules></firewall>
                """.formatted(name, name, firewalls.get(name));
    }

    private Reply balancers(String method, List<String> path, Map<String, String> form) {
        if (path.size() == 1 && method.equals("POST")) {
            balancers.put(form.get("name"), new TreeMap<>(form));
            return Reply.of(201, balancer(form.get("name")));
        }
        if (path.size() == 1) return Reply.of(200, listed("load_balancers", balancers.keySet(), this::balancer));
        var said = balancers.get(path.get(1));
        if (said == null) return MockDeltacloud.error(404, "no such load balancer");
        if (path.getLast().equals("register")) said.putAll(form);
        if (path.getLast().equals("unregister")) said.remove("instance_id");
        if (!method.equals("DELETE")) return Reply.of(200, balancer(path.get(1)));
        balancers.remove(path.get(1));
        return Reply.of(204, "");
    }

    private String balancer(String id) {
        var said = balancers.get(id);
        var instance = said.get("instance_id");
        return """
                <load_balancer href='x' id='%s'><actions/><public_addresses><address>lb.example</address></public_addresses>
                <created_at>now</created_at><realm href='x' id='%s'/><listeners><listener protocol='%s'>
                <load_balancer_port>%s</load_balancer_port><instance_port>%s</instance_port></listener></listeners>
                <instances>%s</instances></load_balancer>
                """.formatted(
                        id,
                        said.get("realm_id"),
                        said.get("listener_protocol"),
                        said.get("listener_balancer_port"),
                        said.get("listener_instance_port"),
                        instance == null
                                ? ""
                                : "<instance href='x' id='%s'><link rel='unregister' href='x'/></instance>"
                                        .formatted(instance));
    }

    private static String metric(String instance) {
        return """
                <metric href='x' id='%s'><entity>instance</entity><properties><cpuUtilization><sample>
                <property name='average' value='3'/></sample></cpuUtilization></properties></metric>
                """.formatted(instance);
    }

    static String listed(String collection, Collection<String> ids, UnaryOperator<String> one) {
        return ids.stream().map(one).collect(Collectors.joining("", "<" + collection + ">", "</" + collection + ">"));
    }
}
