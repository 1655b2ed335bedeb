package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.CapacityGauge;
import holdfast.MovableClock;
import holdfast.TestDatabase;
import holdfast.api.Connections;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Hearing;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Deployments;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.Supply;
import holdfast.broker.services.Services;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.drivers.simulated.SimulatedDriver;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.engine.handlers.Agents;
import holdfast.engine.handlers.Calls;
import holdfast.engine.handlers.Handlers;
import holdfast.engine.handlers.Merging;
import holdfast.engine.handlers.Replies;
import holdfast.engine.handlers.SimulatedAgents;
import holdfast.engine.handlers.Subscriptions;
import holdfast.federation.buying.Buying;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.mail.Passage;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.inventory.Models;
import holdfast.notifications.Callbacks;
import holdfast.notifications.Notifications;
import holdfast.notifications.Thresholds;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.Home;
import holdfast.orchestrator.intents.Intents;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import holdfast.platform.Secrets;
import holdfast.platform.WebhookClient;
import holdfast.pools.Projects;
import holdfast.protocol.rear.NodeIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A whole domain with one site on simulated hardware, behind a real socket, over a real database.
///
/// Three tokens work: the administrator's, `ALICE` (project physics) and `BOB` (project biology).
final class TestDomain implements AutoCloseable {
    static final String ALICE = "token-of-alice-in-physics";
    static final String ANN = "token-of-ann-in-physics";
    static final String BOB = "token-of-bob-in-biology";

    /// What clouds want to hear.
    static final String CLOUD_PASSWORD = "open sesame";

    /// How many may subscribe.
    static final int SEATS = 8;

    /// As whom it sells.
    private static final NodeIdentity SELLER =
            new NodeIdentity("test-node", "127.0.0.1:30000", "test.example", Optional.of("test-node"));

    private static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8"));
    private static final Duration PING = Duration.ofMillis(300);

    final MovableClock clock = new MovableClock();
    final Engine engine;
    private final Desk desk;
    final Subscriptions subscriptions;
    final Replies replies;
    final Notifications notifications;
    private final Thresholds thresholds;
    private final Connections connections;
    private final WebhookClient webhooks = new WebhookClient(LOOPBACK);
    private final HttpWire wire = new HttpWire(LOOPBACK);
    private final SimulatedAgents simulated;
    final Database database;
    final Broker broker;
    final Discovery discovery;
    final ResourcesApi api;
    final HttpServer server;
    final String admin;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path data;

    private SimulatedCloud cloud(Optional<String> password) {
        return new SimulatedCloud(CloudPlan.SMALL.lettingIn(CLOUD_PASSWORD), clock, password, Optional.empty());
    }

    record Reply(int status, HttpResponse<String> response, String text) {
        JsonNode json() {
            return Json.tree(text);
        }
    }

    TestDomain(TestDatabase test, SimulatedSettings hardware, String... advertisements) {
        try {
            data = Files.createTempDirectory("holdfast-api");
            Files.writeString(
                    data.resolve("tokens.yaml"),
                    user("alice", "physics", ALICE) + user("ann", "physics", ANN) + user("bob", "biology", BOB));
            database = test.database();
            var platform = Platform.seeded(System.nanoTime(), clock);
            engine = new Engine(platform, database);
            var hot = new Hot(engine.id(), database);
            var calendar = new Calendar(hot);
            var models = new Models(platform);
            broker = new Broker(
                    "broker", platform, engine, calendar, new Supply("broker", platform, engine, calendar, models));
            desk = broker.desk(database, hot);
            var orchestrator = new Orchestrator(
                    "orchestrator", "broker", Orchestrator.Settings.standard(), platform, database, engine);
            var intents = new Intents(Home.UNKNOWN, platform, database, engine, orchestrator);
            var all = new ArrayList<Authority>();
            for (var advertisement : advertisements) {
                var name = Path.of(advertisement).getFileName().toString().replaceAll("(-site)?-ad.graphml", "-am");
                var driver = new SimulatedDriver(hardware, clock, new SplittableRandom(1));
                var advertising = new Advertising(name, platform, engine, calendar, models);
                all.add(new Authority(name, driver, platform, engine, calendar, models, advertising));
            }
            var secrets = Secrets.open(data, Map.of());
            new Services(
                    "broker", Optional.of(Deployments.NAME), engine, secrets, broker.market(), broker.blueprints());
            var clouds = new CloudAuthority(
                    platform,
                    engine,
                    new Providers(platform, database, engine, secrets, (_, _, password) -> cloud(password), "broker"));
            var authorities = new Authorities(platform, database, engine, all, Optional.of(clouds));
            for (int n = 0; n < all.size(); n++) {
                var authority = all.get(n);
                var graph = Files.readString(
                        Path.of(System.getProperty("holdfast.root", ".")).resolve(advertisements[n]));
                database.inTransaction(tx -> {
                    authorities.open(tx, authority, graph).orThrow();
                    broker.supply().claim(tx, authority.name(), "primary", "test");
                    return true;
                });
            }
            var view = new OutsideView(engine, broker, () -> "http://server");
            var calls = new Calls(platform, engine.processes(), view);
            new Agents(platform, database, engine, view, calls).define();
            var handlers = new Handlers(platform, database, engine, calls, new Merging(engine.types()));
            handlers.attach(engine);
            var client = new RearClient(wire, SELLER, platform::now);
            var peers = new Peers(platform, database, engine, client, SELLER, LOOPBACK, Fanout.PARALLEL);
            var candidates = new Candidates(platform, engine);
            discovery = new Discovery(platform, database, engine, client, SELLER, peers, candidates, Fanout.PARALLEL);
            var buying = new Buying(
                    "broker",
                    platform,
                    database,
                    engine,
                    secrets,
                    client,
                    peers,
                    candidates,
                    discovery,
                    Fanout.PARALLEL,
                    Optional.empty());
            engine.start(
                    Stream.concat(Stream.of(orchestrator, broker, clouds), all.stream())
                            .toList(),
                    false);
            subscriptions = new Subscriptions(platform, database, engine, new Subscriptions.Options(SEATS, 100, PING));
            subscriptions.start();
            replies = new Replies(platform, database, engine);
            simulated = new SimulatedAgents(database, engine, subscriptions, replies);
            simulated.start();
            var hearing = new Hearing(Tokens.open(data, platform), new Projects(engine.resources()));
            notifications = new Notifications(platform, database, engine, secrets, new Callbacks(webhooks), hearing);
            notifications.start();
            thresholds = new Thresholds(platform, database, engine, new CapacityGauge(platform, broker.capacity()));
            thresholds.start();
            connections = new Connections(database, engine);
            connections.start();
            api = new ResourcesApi(
                    new About("1.2.3", "PostgreSQL for tests", Optional.of(SELLER)),
                    platform,
                    database,
                    engine,
                    orchestrator,
                    intents,
                    broker,
                    desk,
                    authorities,
                    clouds.providers(),
                    Optional.of(new Trading(peers, candidates, buying, new Passage(client, buying.routes()))),
                    subscriptions,
                    replies,
                    notifications,
                    connections,
                    gate(platform, secrets),
                    secrets);
            server = HttpServer.start(HttpServer.Options.standard().withPort(0), api.mounts(), api::open);
            admin = Files.readString(Tokens.file(data)).strip();
            waitFor(() -> database.inTransaction(tx -> engine.resources()
                            .list(
                                    tx,
                                    Resources.typed("delegation")
                                            .and(Resources.keptBy("broker"))
                                            .and(Resources.inState("delegated")),
                                    10)
                            .size())
                    == advertisements.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Gate gate(Platform platform, Secrets secrets) {
        var credentials =
                new Credentials(Tokens.open(data, platform), new Keys(platform, database, engine.resources(), secrets));
        var sessions = new Sessions(platform, database, new Projects(engine.resources()), secrets, credentials);
        return new Gate(credentials, sessions, Optional.empty());
    }

    private static String user(String name, String project, String token) {
        return "- {name: %s, project: %s, sha256: %s}\n".formatted(name, project, sha256(token));
    }

    static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    interface Question {
        boolean isTrue();
    }

    /// Looks again whenever something has changed.
    void waitFor(Question question) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            long seen = engine.changed().count();
            if (question.isTrue()) {
                return;
            }
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            try {
                engine.changed().await(seen, Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    URI uri(String target) {
        return target.startsWith("http") ? URI.create(target) : URI.create(server.address() + target);
    }

    Reply send(String token, String method, String target, String type, String body) {
        var request = HttpRequest.newBuilder(uri(target))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        request.header("Prefer", "wait=60"); // for who has to agree
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A request with any headers, given as names and values in turn.
    Reply ask(String method, String target, String body, String... headers) {
        var request = HttpRequest.newBuilder(uri(target))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .headers(headers);
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Reply get(String token, String target) {
        return send(token, "GET", target, "", "");
    }

    Reply post(String token, String target, String body) {
        return send(token, "POST", target, "application/json", body);
    }

    Reply delete(String token, String target) {
        return send(token, "DELETE", target, "", "");
    }

    /// Adds the lab: a simulated cloud of two zones with two hosts of 16 vcpu each. Returns when its pool is there.
    ///
    /// @param more fields of it, each after a comma
    void addLab(String more) {
        post(admin, "/v1/providers", """
                {"name": "lab", "driver": "simulated", "password": "%s"%s}""".formatted(CLOUD_PASSWORD, more));
        waitFor(() -> !get(ALICE, "/v1/pools").json().get("data").isEmpty());
    }

    /// Listens to a slice's events until one is as wanted, and gives all that came.
    List<JsonNode> follow(String token, String slice, Predicate<JsonNode> wanted) {
        var request = HttpRequest.newBuilder(uri("/v1/slices/" + slice + "/events"))
                .header("Authorization", "Bearer " + token)
                .build();
        var seen = new ArrayList<JsonNode>();
        try {
            var response = client.send(request, BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data: ")) {
                        seen.add(Json.tree(line.substring(6)));
                        if (wanted.test(seen.getLast())) {
                            return seen;
                        }
                    }
                }
            }
            return seen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Predicate<JsonNode> in(String state) {
        return slice -> slice.get("state").stringValue().equals(state);
    }

    @Override
    public void close() {
        server.close();
        client.close();
        try {
            connections.close();
            thresholds.stop();
            notifications.stop();
            wire.close();
            webhooks.close();
            simulated.stop();
            subscriptions.stop();
            desk.close();
            engine.stop();
            PrivateFiles.deleteTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
