package holdfast.drivers.deltacloud;

import com.sun.net.httpserver.HttpExchange;
import holdfast.drivers.deltacloud.MockDeltacloud.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a Deltacloud server has beside instances: volumes that can be attached, addresses, firewalls, buckets. Of blobs
/// no more is kept than their length. Snapshots are there for the type `ec2` only.
public final class Rest {
    private final MockDeltacloud mock;
    public final Map<String, Map<String, String>> volumes = new TreeMap<>();
    final Map<String, Map<String, String>> addresses = new TreeMap<>();
    public final Map<String, Map<String, String>> blobs = new TreeMap<>();
    final Map<String, String> rules = new TreeMap<>();
    public final Set<String> images = new TreeSet<>(Set.of("img1"));
    /// Snapshots and subnets are there for every type.
    public boolean whole;

    private final Set<String> buckets = new TreeSet<>();
    private final Map<String, Map<String, String>> snapshots = new TreeMap<>();
    private int made;

    Rest(MockDeltacloud mock) {
        this.mock = mock;
    }

    Reply answer(String method, List<String> path, Map<String, String> form) {
        return switch (path.getFirst()) {
            case "images" -> images(method, path, form);
            case "storage_volumes" -> volumes(method, path, form);
            case "addresses" -> addresses(method, path, form);
            case "firewalls" -> firewalls(method, path, form);
            case "buckets" -> buckets(method, path, form);
            case "load_balancers" -> Reply.of(200, BALANCER);
            case "networks" -> Reply.of(200, NETWORK);
            case "metrics" -> Reply.of(200, METRIC);
            case "storage_snapshots" ->
                whole || mock.type.equals("ec2")
                        ? snapshots(method, path, form)
                        : MockDeltacloud.error(501, "no snapshots in this cloud");
            case "subnets" -> whole ? Reply.of(200, subnets(path)) : MockDeltacloud.error(404, "unknown");
            default -> MockDeltacloud.error(404, "unknown");
        };
    }

    private static final String BALANCER = """
            <load_balancer href='x' id='lb1'><actions/><public_addresses><address>lb.example</address></public_addresses>
            <created_at>now</created_at><realm href='x' id='us'/><listeners><listener protocol='HTTP'>
            <load_balancer_port>80</load_balancer_port><instance_port>8080</instance_port></listener></listeners>
            <instances><instance href='x' id='inst1'><link rel='unregister' href='x'/></instance></instances></load_balancer>
            """;

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

    private static final String METRIC = """
            <metric href='x' id='inst1'><entity>instance</entity><properties><cpuUtilization><sample>
            <property name='average' value='3'/></sample></cpuUtilization></properties></metric>
            """;

    private Reply images(String method, List<String> path, Map<String, String> form) {
        if (method.equals("POST")) {
            images.add("img2");
            return Reply.of(201, image("img2", form.getOrDefault("name", "copy of " + form.get("instance_id"))));
        }
        if (path.size() == 1)
            return Reply.of(
                    200,
                    images.stream()
                            .map(one -> image(one, "Fedora"))
                            .collect(Collectors.joining("", "<images>", "</images>")));
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
        if (path.size() == 1)
            return Reply.of(
                    200,
                    snapshots.keySet().stream()
                            .map(this::snapshot)
                            .collect(Collectors.joining("", "<storage_snapshots>", "</storage_snapshots>")));
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

    private Reply buckets(String method, List<String> path, Map<String, String> form) {
        if (method.equals("POST")) {
            buckets.add(form.get("name"));
            return Reply.of(201, bucket(form.get("name")));
        }
        return path.size() > 1
                ? Reply.of(200, bucket(path.get(1)))
                : Reply.of(
                        200,
                        buckets.stream().map(this::bucket).collect(Collectors.joining("", "<buckets>", "</buckets>")));
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
        if (path.size() == 1)
            return Reply.of(
                    200,
                    "<storage_volumes>"
                            + String.join(
                                    "",
                                    volumes.keySet().stream().map(this::volume).toList()) + "</storage_volumes>");
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
        if (method.equals("POST") && path.size() > 2) rules.putAll(form);
        return path.size() > 1 && path.get(1).equals("nothing")
                ? MockDeltacloud.error(400, "there is no firewall of that name")
                : Reply.of(method.equals("POST") ? 201 : 200, FIREWALL);
    }

    private static final String FIREWALL = """
            <firewall href='x' id='web'><actions/><name><![CDATA[web]]></name><description><![CDATA[for all]]></description>
            <owner_id>me</owner_id><rules><rule href='x' id='r1'><allow_protocol>tcp</allow_protocol><port_from>80</port_from>
            <port_to>80</port_to><direction>ingress</direction><sources>
            <source type='address' family='ipv4' address='192.0.2.0' prefix='24'/><source type='group' name='g' owner='o'/>
            </sources></rule></rules></firewall>
            """;

    private String bucket(String name) {
        var inside = String.join(
                "",
                blobs.keySet().stream()
                        .map(one -> "<blob href='x' id='%s'/>".formatted(one))
                        .toList());
        return "<bucket href='x' id='%s'><name>%s</name><size>%d</size>%s</bucket>"
                .formatted(name, name, blobs.size(), inside);
    }

    void blob(HttpExchange exchange, String path) throws IOException {
        var name = path.split("/")[4];
        if (!mock.isLetIn(exchange)) {
            MockDeltacloud.send(exchange, MockDeltacloud.error(401, "Authentication failed"));
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                long length = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                var kept = notes(exchange);
                kept.put("content_type", exchange.getRequestHeaders().getFirst("Content-Type"));
                kept.put("content_length", String.valueOf(length));
                blobs.put(name, kept);
                MockDeltacloud.send(exchange, Reply.of(200, blob(name)));
            }
            case "POST" -> {
                blobs.get(name).keySet().removeIf(key -> key.startsWith("x-deltacloud"));
                blobs.get(name).putAll(notes(exchange));
                MockDeltacloud.send(exchange, Reply.of(204, ""));
            }
            case "DELETE" ->
                MockDeltacloud.send(
                        exchange,
                        blobs.remove(name) == null ? MockDeltacloud.error(404, "no blob") : Reply.of(204, ""));
            default -> {
                if (!blobs.containsKey(name)) MockDeltacloud.send(exchange, MockDeltacloud.error(404, "no blob"));
                else if (path.endsWith("/content")) content(exchange, name);
                else MockDeltacloud.send(exchange, Reply.of(200, blob(name)));
            }
        }
    }

    private static Map<String, String> notes(HttpExchange exchange) {
        var notes = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-deltacloud-blobmeta-"))
                notes.put(name.toLowerCase(Locale.ROOT), values.getFirst());
        });
        return notes;
    }

    private String blob(String name) {
        var entries = new StringBuilder();
        blobs.get(name).forEach((note, value) -> {
            if (note.startsWith("x-"))
                entries.append("<entry key='%s'><![CDATA[%s]]></entry>"
                        .formatted(
                                note.substring("x-deltacloud-blobmeta-".length())
                                        .toUpperCase(Locale.ROOT),
                                value));
        });
        return "<blob href='x' id='%s'><bucket>b</bucket><content_length>%s</content_length><content_type>%s</content_type><user_metadata>%s</user_metadata></blob>"
                .formatted(
                        name,
                        blobs.get(name).get("content_length"),
                        blobs.get(name).get("content_type"),
                        entries);
    }

    private void content(HttpExchange exchange, String name) throws IOException {
        long left = Long.parseLong(blobs.get(name).get("content_length"));
        exchange.getResponseHeaders().set("Content-Type", blobs.get(name).get("content_type"));
        exchange.sendResponseHeaders(200, left);
        var block = new byte[1 << 16];
        while (left > 0) {
            int some = (int) Math.min(left, block.length);
            exchange.getResponseBody().write(block, 0, some);
            left -= some;
        }
        exchange.close();
    }
}
