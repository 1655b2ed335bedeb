package holdfast;

import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.authority.Authorities;
import holdfast.authority.Cloud;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Driver;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.drivers.deltacloud.Limits;
import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.engine.Tasks;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Logging;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.WebhookClient;
import holdfast.pools.Projects;
import holdfast.pools.clouds.Failures;
import holdfast.protocol.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// A whole cloud broker behind a real socket, over a real database, with clouds that are simulated or reached through
/// Deltacloud.
final class CloudBrokerLab implements AutoCloseable {
    static {
        Logging.bridge();
    }

    /// The token of somebody who is no administrator.
    static final String BOB = "token-of-bob-in-biology";

    /// So that no test waits for clouds as long as people do.
    private static final Limits HASTY = new Limits(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(50));

    /// Somebody whom the tests of Apache Deltacloud know.
    static final String MOCK_USER = "mockuser";

    static final String MOCK_PASSWORD = "mockpassword";

    /// Simulated clouds that have servers and nothing else, so that what else is wanted is made at others.
    private static final CloudPlan BARE = CloudPlan.SMALL.with(
            CloudPlan.SMALL.supply().offering(CloudPlan.SMALL.supply().images(), Map.of()));

    private final CloudPlan plan;
    private final TestDatabase test = TestDatabase.fresh();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, SimulatedCloud> clouds = new ConcurrentHashMap<>();
    private final WebhookClient webhooks = new WebhookClient(CallbackPolicy.opening(List.of("127.0.0.0/8")));
    private final Scratch data = Scratch.directory();
    private final CloudDrivers real;
    private final Providers providers;
    private final HttpServer server;
    final Engine engine;

    CloudBrokerLab() {
        this(BARE);
    }

    /// @param plan what simulated clouds are like
    CloudBrokerLab(CloudPlan plan) {
        this.plan = plan;
        var platform = Platform.real();
        var database = test.database();
        try {
            Files.writeString(
                    data.path().resolve("tokens.yaml"),
                    "- {name: bob, project: biology, sha256: %s}\n- {name: %s, project: biology, sha256: %s}\n"
                            .formatted(sha256(BOB), MOCK_USER, sha256(MOCK_PASSWORD)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var built = Path.of(System.getProperty("holdfast.root", "."), "target"); // with the guest that tests share
        real = new CloudDrivers(data.path(), Settings.read(Optional.empty()), new GuestHost(built));
        var secrets = Secrets.of(new byte[32]);
        engine = new Engine(platform, database);
        providers = new Providers(platform, database, engine, secrets, this::open, "nobody");
        var authority = new CloudAuthority(platform, engine, providers);
        new Authorities(platform, database, engine, List.of(), Optional.of(authority));
        var broker = new CloudBroker(platform, database, engine, secrets, providers, webhooks);
        broker.start();
        var actors = new ArrayList<Actor>(broker.actors());
        actors.add(authority);
        engine.start(actors, false);
        var credentials = new Credentials(
                Tokens.open(data.path(), platform), new Keys(platform, database, engine.resources(), secrets));
        var sessions = new Sessions(platform, database, new Projects(engine.resources()), secrets, credentials);
        var gate = new Gate(credentials, sessions, Optional.empty());
        server = HttpServer.start(HttpServer.Options.standard().withPort(0), broker.mounts(gate));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cloud open(UUID provider, Provider.Account account, Optional<String> password) {
        return switch (account.driver()) {
            case "deltacloud" -> CloudDrivers.deltacloud(provider, account, password, HASTY);
            case "openstack", "qemu" -> real.open(provider, account, password);
            default -> cloud(account.endpoint());
        };
    }

    /// The cloud at an address.
    SimulatedCloud cloud(String url) {
        return clouds.computeIfAbsent(
                url, _ -> new SimulatedCloud(plan, InstantSource.system(), Optional.empty(), Optional.empty()));
    }

    String url(String path) {
        return server.address() + path;
    }

    String token() {
        try {
            return Files.readString(Tokens.file(data.path())).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> send(String method, String path, String type, String body, String... headers) {
        return sent("admin:" + token(), method, path, type, body, headers);
    }

    /// The same as bob.
    HttpResponse<String> bob(String method, String path, String type, String body) {
        return sent("bob:" + BOB, method, path, type, body);
    }

    private HttpResponse<String> sent(
            String who, String method, String path, String type, String body, String... headers) {
        var request =
                as(who, path).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!type.isEmpty()) request.header("Content-Type", type);
        if (List.of(headers).indexOf("Accept") < 0) request.header("Accept", "application/json");
        for (int at = 0; at < headers.length; at += 2) request.header(headers[at], headers[at + 1]);
        return exchange(request.build(), BodyHandlers.ofString());
    }

    /// Sends a stream.
    ///
    /// @param length -1 = it is not told before
    /// @return the status
    int put(String path, InputStream content, long length, String... headers) {
        var body = BodyPublishers.ofInputStream(() -> content);
        var request = as("admin:" + token(), path).PUT(length < 0 ? body : BodyPublishers.fromPublisher(body, length));
        for (int at = 0; at < headers.length; at += 2) request.header(headers[at], headers[at + 1]);
        return exchange(request.build(), BodyHandlers.discarding()).statusCode();
    }

    /// How many bytes come, none of which is kept.
    long bytes(String path) {
        try (var content = exchange(as("admin:" + token(), path).build(), BodyHandlers.ofInputStream())
                .body()) {
            return content.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder as(String who, String path) {
        var pair = Base64.getEncoder().encodeToString(who.getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url(path)))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Basic " + pair);
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What somebody is told who does not say who it is.
    int stranger(String path) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url(path))).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode get(String path) {
        return Json.tree(send("GET", path, "", "").body());
    }

    JsonNode post(String path, String json) {
        return Json.tree(send("POST", path, "application/json", json).body());
    }

    HttpResponse<String> form(String path, String fields, String... headers) {
        return send("POST", path, "application/x-www-form-urlencoded", fields, headers);
    }

    /// The instance that a form asks for.
    JsonNode launch(String fields) {
        return Json.tree(form("/api/instances", fields).body()).path("instance");
    }

    /// A type of providers whose clouds are simulated here, or reached through another broker.
    String type(String name, String driver, String through) {
        return post("/broker/provider_types", """
                {"provider_type": {"name": "%s", "deltacloud_driver": "%s", "through": "%s", "credential_definitions": [
                  {"name": "username", "label": "user", "input_type": "string"},
                  {"name": "password", "label": "password", "input_type": "password"}]}}
                """.formatted(name, driver, through))
                .path("provider_type")
                .path("id")
                .asString();
    }

    /// The id of a new account at a new provider.
    String account(String type, String name, String url, String username, String password) {
        var provider = post("/broker/providers", """
                {"provider": {"name": "%s", "url": "%s", "provider_type": {"id": "%s"}}}
                """.formatted(name, url, type))
                .path("provider")
                .path("id")
                .asString();
        return post("/broker/provider_accounts", """
                {"provider_account": {"label": "%s", "provider": {"id": "%s"},
                  "credentials": {"username": "%s", "password": "%s"}}}
                """.formatted("at-" + name, provider, username, password))
                .path("provider_account")
                .path("id")
                .asString();
    }

    /// The id of a new account at a new cloud that somebody else plays behind a Deltacloud server.
    ///
    /// @param url of that server
    String mock(String name, String url) {
        var type = get("/broker/provider_types")
                .path("provider_types")
                .valueStream()
                .filter(one -> one.path("deltacloud_driver").asString().equals("mock"))
                .findFirst()
                .orElseThrow();
        return account(type.path("id").asString(), name, url, MockDeltacloud.USER, MockDeltacloud.PASSWORD);
    }

    void profile(String name, int memory) {
        post("/broker/hardware_profiles", """
                {"hardware_profile": {"name": "%s", "memory": {"value": "%d", "unit": "MB"},
                  "cpu": {"value": "1", "unit": "count"}}}
                """.formatted(name, memory));
    }

    void image(String id, Map<String, String> accounts) {
        post("/broker/images", """
                {"image": {"id": "%s", "name": "%s"}}
                """.formatted(id, id));
        accounts.forEach((account, there) -> post("/broker/image_mappings", """
                {"image_mapping": {"image": "%s", "provider_account": "%s", "provider_image": "%s", "status": "COMPLETE"}}
                """.formatted(id, account, there)));
    }

    /// The tracker looks at an account now, and is done when this returns.
    void lookNow(String account) {
        var id = UUID.fromString(account);
        var before = test.database().inTransaction(tx -> {
            var provider = providers.find(tx, id).orElseThrow();
            providers.refresh(tx, id, "test").orThrow();
            return provider.version();
        });
        waitFor(() -> test.database()
                        .inTransaction(tx -> providers.find(tx, id).orElseThrow())
                        .version()
                > before);
    }

    /// Somebody else takes away all that we have made.
    void deleteBehindOurBack() {
        clouds.values().forEach(cloud -> cloud.list().forEach(cloud::loseSilently));
    }

    /// The same at an account of this host.
    void deleteBehindOurBack(String account) {
        var id = UUID.fromString(account);
        var known = test.database()
                .inTransaction(tx -> providers.find(tx, id).orElseThrow())
                .as(Provider.class);
        try (var somebody = real.open(id, known.account(), Optional.empty())) {
            somebody.list().forEach(key -> waitFor(() -> somebody.remove(key) instanceof Driver.Result.Done));
        }
    }

    /// How often the broker was told what there is to sell.
    long offers() {
        return test.database().inTransaction(tx -> engine.post().pending(tx, 1_000)).stream()
                .filter(envelope -> envelope.message() instanceof Message.UpdateSupply)
                .count();
    }

    /// How many launches failed at an account.
    int failures(String account) {
        var id = UUID.fromString(account);
        return test.database()
                .inTransaction(tx -> new Failures()
                        .since(tx, List.of(id), Instant.EPOCH)
                        .getOrDefault(id, List.of())
                        .size());
    }

    /// Writes what should never be written.
    void spoil(String statement, String id) {
        test.database().inTransaction(tx -> tx.sql().execute(statement, UUID.fromString(id)));
    }

    /// What is done every night is done now.
    ///
    /// @return what came of it
    String night() {
        var task = test.database()
                .inTransaction(tx -> engine.resources()
                        .list(tx, Resources.named("quota.recount"), 1)
                        .getFirst()
                        .id());
        var before = runs(task).size();
        test.database().inTransaction(tx -> {
            engine.tasks().execute(tx, task, "test");
            return true;
        });
        waitFor(() -> runs(task).size() > before);
        return runs(task).getFirst().said().orElseThrow();
    }

    private List<Tasks.Run> runs(UUID task) {
        return test.database().inTransaction(tx -> engine.tasks().runs(tx, task, 100)).stream()
                .filter(run -> run.end().isPresent())
                .toList();
    }

    static void waitFor(BooleanSupplier condition) {
        var limit = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(limit)) throw new AssertionError("it did not come about within a minute");
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() {
        server.close();
        try {
            engine.stop();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        providers.close();
        webhooks.close();
        test.close();
        data.close();
    }
}
