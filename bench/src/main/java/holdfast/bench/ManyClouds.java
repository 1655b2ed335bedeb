package holdfast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// Clouds behind one Deltacloud server, each below a path of its own, whose instances run as soon as they are made.
/// They make no keys, so an instance is one order.
final class ManyClouds implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("(?:^|&)name=([^&]*)");
    private static final int BASE = 36;
    private static final int DIGITS = 25;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
    private volatile Duration latency = Duration.ZERO;
    final AtomicInteger orders = new AtomicInteger();
    final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();

    /// What is at one cloud, by id as XML.
    private record Shelf(Map<String, String> instances, AtomicInteger next) {}

    ManyClouds() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url(int cloud) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + cloud + "/api";
    }

    /// How long each call takes from now on.
    void take(Duration time) {
        latency = time;
    }

    int count() {
        return shelves.values().stream().mapToInt(shelf -> shelf.instances.size()).sum();
    }

    /// Puts instances there that bear the marks of leases.
    ///
    /// @param owner the account in the eyes of who marks
    void put(int cloud, UUID owner, List<UUID> leases) {
        for (var lease : leases) {
            var number = new BigInteger(lease.toString().replace("-", ""), 16).toString(BASE);
            var mark = owner.toString().substring(0, 6) + "0".repeat(DIGITS - number.length()) + number;
            made(String.valueOf(cloud), "web-" + mark);
        }
    }

    private String made(String cloud, String name) {
        var shelf = shelf(cloud);
        var id = "i" + shelf.next.incrementAndGet();
        var text = """
                <instance href='%s/instances/%s' id='%s'><name>%s</name><owner_id>bench</owner_id><image href='x' id='img1'/>\
                <realm href='x' id='us'/><state>RUNNING</state><hardware_profile id='small' href='x'/><actions/>\
                <launch_time>2031-01-07T08:00:00Z</launch_time><public_addresses><address type='ipv4'>198.51.100.7</address>\
                </public_addresses><private_addresses/></instance>"""
                .formatted(url(Integer.parseInt(cloud)), id, id, name);
        shelf.instances.put(id, text);
        return text;
    }

    private Shelf shelf(String cloud) {
        return shelves.computeIfAbsent(cloud, _ -> new Shelf(new ConcurrentHashMap<>(), new AtomicInteger()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            LockSupport.parkNanos(latency.toNanos());
            var path = exchange.getRequestURI().getPath().split("/"); // "", cloud, api, collection, id
            boolean order = exchange.getRequestMethod().equals("POST");
            (order ? orders : looks).incrementAndGet();
            var text = order
                    ? made(path[1], URLDecoder.decode(NAME.matcher(body).results().findFirst().orElseThrow().group(1), UTF_8))
                    : answer(path);
            var bytes = text.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(bytes.length == 0 ? 404 : order ? 201 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } finally {
            now.decrementAndGet();
            exchange.close();
        }
    }

    private String answer(String[] path) {
        var instances = shelf(path[1]).instances;
        return switch (path.length == 3 ? "" : path[3]) {
            case "" -> entry(url(Integer.parseInt(path[1])));
            case "hardware_profiles" ->
                """
                <hardware_profiles><hardware_profile id='small'><name>small</name>\
                <property kind='fixed' name='cpu' unit='count' value='1'/><property kind='fixed' name='memory' unit='MB' value='1024'/>\
                <property kind='fixed' name='storage' unit='GB' value='10'/></hardware_profile></hardware_profiles>""";
            case "realms" -> "<realms><realm id='us'><name>us</name><state>AVAILABLE</state></realm></realms>";
            case "instances" ->
                path.length == 4
                        ? "<instances>" + String.join("", instances.values()) + "</instances>"
                        : instances.getOrDefault(path[4], "");
            default -> "";
        };
    }

    private static String entry(String at) {
        var text = new StringBuilder("<api driver='mock' version='1.1.3'>");
        for (var name : List.of("hardware_profiles", "realms")) {
            text.append("<link rel='%s' href='%s/%s'/>".formatted(name, at, name));
        }
        return text + "<link rel='instances' href='%s/instances'><feature name='user_name' rel='create'><param name='name'/></feature></link></api>"
                .formatted(at);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
