package holdfast.drivers.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// A Deltacloud server as aeolus.md 5.3 has it, over a cloud that only pretends, with the life of instances of several
/// drivers. It can fail on purpose, and keeps what it was asked.
public final class MockDeltacloud implements AutoCloseable {
    public static final String USER = "mockuser";
    public static final String PASSWORD = "mockpassword";
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));

    /// How a call ends, and whether it has its effect.
    public enum Fault {
        ERROR,
        /// After the effect.
        LATE_ERROR,
        /// The line is cut after the effect.
        LOST,
        /// No answer at all, and no effect.
        SILENT,
        /// Half of the answer, after the effect.
        CUT,
        HTML,
        DENIED,
        NOT_ALLOWED
    }

    /// An instance as it stands there.
    public static final class Instance {
        final String id;
        public final Map<String, String> form;
        public String state;

        Instance(String id, Map<String, String> form, String state) {
            this.id = id;
            this.form = form;
            this.state = state;
        }

        String name() {
            return form.getOrDefault("name", id);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Deque<Fault>> faults = new HashMap<>();
    final List<String> log = new ArrayList<>();
    public final Map<String, Instance> instances = new TreeMap<>();
    public final Map<String, String> keys = new TreeMap<>();
    /// Whether a second key of a name is refused.
    public volatile boolean oneOfAName;
    public final Rest rest;
    /// Features of instances beyond those of its type.
    public String features = "";
    /// Features of other collections.
    public final Map<String, String> more = new HashMap<>();
    /// Whose life instances lead: `mock`, `ec2`, `openstack`, `rhevm`.
    final String type;
    /// The only driver that it offers.
    String offered;
    /// What links lead to; empty = here.
    String linked = "";
    /// Shown of each instance.
    String addresses = "<public_addresses><address type='ipv4'> 198.51.100.7 </address>"
            + "<address type='mac'>02:00:00:00:00:01</address></public_addresses>";
    /// Instances are not shown.
    boolean blind;
    /// Of every instance ever made.
    public int made;
    public boolean denying;
    /// How long each call takes before it has its effect.
    public volatile Duration latency = Duration.ZERO;

    public MockDeltacloud(String type) {
        this(type, 0);
    }

    /// @param port 0 = any
    public MockDeltacloud(String type, int port) {
        this.type = type;
        this.offered = type;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rest = new Rest(this);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api");
    }

    String base() {
        return linked.isEmpty() ? url().toString() : linked;
    }

    /// @param line such as `POST instances`, `GET instances`, `DELETE instances`
    public synchronized void fail(String line, Fault... how) {
        faults.computeIfAbsent(line, _ -> new ArrayDeque<>()).addAll(List.of(how));
    }

    /// The body of the last request of that line; empty if there was none.
    public synchronized String body(String line) {
        return log.reversed().stream()
                .filter(text -> text.startsWith(line))
                .findFirst()
                .map(text -> text.contains("\n\n")
                        ? text.substring(text.indexOf("\n\n") + 2).strip()
                        : "")
                .orElse("");
    }

    /// Lines of requests, without their headers.
    public synchronized List<String> lines() {
        return log.stream().map(text -> text.lines().findFirst().orElseThrow()).toList();
    }

    public synchronized long count(String start) {
        return lines().stream().filter(line -> line.startsWith(start)).count();
    }

    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path.matches("/api/buckets/[^/]+/[^/]+(/content)?")) {
            rest.buckets.blob(exchange, path);
            return;
        }
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        LockSupport.parkNanos(latency.toNanos());
        Fault fault;
        Reply reply;
        synchronized (this) {
            note(exchange, body);
            var parts = List.of(path.replaceFirst("^/api/?", "").split("/"));
            var planned = faults.get(exchange.getRequestMethod() + " " + parts.getFirst());
            fault = planned == null ? null : planned.poll();
            boolean before = fault == Fault.ERROR
                    || fault == Fault.SILENT
                    || fault == Fault.DENIED
                    || fault == Fault.NOT_ALLOWED;
            reply = before ? Reply.of(200, "") : answer(exchange, parts, form(body));
        }
        say(exchange, fault, reply);
    }

    private void note(HttpExchange exchange, String body) {
        var text = new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n");
        new TreeMap<>(exchange.getRequestHeaders()).forEach((name, values) -> {
            if (!List.of("Host", "Connection", "Http2-settings", "Upgrade").contains(name))
                text.append(name).append(": ").append(values.getFirst()).append('\n');
        });
        log.add(text + (body.isEmpty() ? "" : "\n" + body + "\n"));
    }

    static Map<String, String> form(String body) {
        var form = new LinkedHashMap<String, String>();
        for (var field : body.split("&")) {
            var parts = field.split("=", 2);
            if (parts.length == 2) form.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
        }
        return form;
    }

    private void say(HttpExchange exchange, Fault fault, Reply reply) throws IOException {
        switch (fault) {
            case null -> send(exchange, reply);
            case ERROR, LATE_ERROR -> send(exchange, error(500, "the mock cloud has failed"));
            case DENIED -> send(exchange, error(401, "Authentication failed"));
            case NOT_ALLOWED -> send(exchange, error(405, "not now"));
            case LOST -> exchange.close();
            case CUT -> send(exchange, Reply.of(reply.status, reply.body.substring(0, reply.body.length() / 2)));
            case HTML -> send(exchange, Reply.of(200, "<!DOCTYPE html><html><body>Welcome</body></html>"));
            case SILENT -> {
                try {
                    closing.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    static void send(HttpExchange exchange, Reply reply) throws IOException {
        var bytes = reply.body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        reply.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static Reply error(int status, String message) {
        return Reply.of(
                status,
                "<error status='%d' url='/api'><code>%d</code><message><![CDATA[%s]]></message></error>"
                        .formatted(status, status, message));
    }

    boolean isLetIn(HttpExchange exchange) {
        return !denying && LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private Reply answer(HttpExchange exchange, List<String> path, Map<String, String> form) {
        var collection = path.getFirst();
        boolean open =
                List.of("", "drivers", "hardware_profiles", "instance_states").contains(collection);
        boolean forced = "force_auth=true".equals(exchange.getRequestURI().getQuery());
        if ((!open || forced) && !isLetIn(exchange)) return error(401, "Authentication failed");
        return switch (collection) {
            case "" -> Reply.of(200, Pages.entry(this));
            case "drivers" -> Reply.of(200, "<drivers><driver id='%s' href='x'/></drivers>".formatted(offered));
            case "hardware_profiles" -> Reply.of(200, Pages.PROFILES);
            case "instance_states" -> Reply.of(200, Pages.states(type));
            case "realms" -> Reply.of(200, Pages.REALMS);
            case "instances" -> instances(exchange.getRequestMethod(), path, form);
            case "keys" -> keys(exchange.getRequestMethod(), path, form);
            default -> rest.answer(exchange.getRequestMethod(), path, form);
        };
    }

    private Reply keys(String method, List<String> path, Map<String, String> form) {
        if (method.equals("POST")) {
            if (oneOfAName && keys.containsKey(form.get("name"))) {
                return error(403, "Key with same name already exists"); // as the driver mock says it
            }
            keys.put(form.get("name"), "pem of " + form.get("name"));
            return Reply.of(201, Pages.key(form.get("name"), true));
        }
        if (method.equals("DELETE"))
            return keys.remove(path.get(1)) == null ? error(404, "no such key") : Reply.of(204, "");
        if (path.size() > 1)
            return keys.containsKey(path.get(1))
                    ? Reply.of(200, Pages.key(path.get(1), false))
                    : error(404, "no such key");
        return Reply.of(
                200,
                "<keys>"
                        + String.join(
                                "",
                                keys.keySet().stream()
                                        .map(name -> Pages.key(name, false))
                                        .toList()) + "</keys>");
    }

    private Reply instances(String method, List<String> path, Map<String, String> form) {
        if (path.size() == 1) return method.equals("POST") ? make(form) : list();
        var instance = instances.get(path.get(1));
        if (instance == null || blind) return error(404, "no such instance");
        if (method.equals("GET")) {
            pass(instance);
            return instances.containsKey(instance.id)
                    ? Reply.of(200, Pages.instance(this, instance))
                    : error(404, "gone");
        }
        var action = method.equals("DELETE") ? "destroy" : path.get(2);
        if (!Pages.actions(type, instance.state).contains(action)) return error(405, action + " is not possible now");
        switch (action) {
            case "start" -> instance.state = "RUNNING";
            case "stop" -> instance.state = type.equals("mock") ? "STOPPED" : "STOPPING";
            case "destroy" -> instances.remove(instance.id);
            default -> {}
        }
        return action.equals("destroy") ? Reply.of(204, "") : Reply.of(202, Pages.instance(this, instance));
    }

    private Reply make(Map<String, String> form) {
        if (!rest.images.contains(form.getOrDefault("image_id", "")))
            return error(400, "there is no image " + form.get("image_id"));
        var instance = put(form);
        return new Reply(201, Pages.instance(this, instance), Map.of("Location", base() + "/instances/" + instance.id));
    }

    /// As somebody makes one.
    synchronized Instance put(Map<String, String> form) {
        var kept = new HashMap<>(form);
        if (type.equals("ec2")) kept.remove("name");
        var instance = new Instance("inst" + ++made, kept, "PENDING");
        instances.put(instance.id, instance);
        return instance;
    }

    /// One that is in a state already.
    public synchronized void add(Map<String, String> form, String state) {
        put(form).state = state;
    }

    private Reply list() {
        if (blind) return Reply.of(200, "<instances></instances>");
        List.copyOf(instances.values()).forEach(this::pass);
        var text = new StringBuilder("<instances>");
        instances.values().forEach(one -> text.append(Pages.instance(this, one)));
        return Reply.of(200, text + "</instances>");
    }

    /// What happens by itself.
    private void pass(Instance instance) {
        switch (instance.state) {
            case "PENDING" -> instance.state = type.equals("rhevm") ? "STOPPED" : "RUNNING";
            case "STOPPING" -> instance.state = "STOPPED";
            case "STOPPED" -> {
                if (type.equals("openstack")) instances.remove(instance.id);
            }
            default -> {}
        }
    }

    /// It answers nobody any more.
    public void die() {
        close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }
}
