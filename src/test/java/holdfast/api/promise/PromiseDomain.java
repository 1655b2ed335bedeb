package holdfast.api.promise;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.CapacityGauge;
import holdfast.MovableClock;
import holdfast.TestDatabase;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Hearing;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.authority.Authorities;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.Supply;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.engine.Engine;
import holdfast.inventory.Models;
import holdfast.notifications.Callbacks;
import holdfast.notifications.Notifications;
import holdfast.notifications.Thresholds;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import holdfast.platform.Secrets;
import holdfast.platform.WebhookClient;
import holdfast.pools.Projects;
import java.io.IOException;
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
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// Broker, simulated clouds and the faces of Promise behind a real socket, over a real database.
///
/// Four tokens work: the administrator's, those of `ALICE` and `ANN` (project physics), and `BOB`'s (project biology).
final class PromiseDomain implements AutoCloseable {
    static final String ALICE = "token-of-alice-in-physics";
    static final String ANN = "token-of-ann-in-physics";
    static final String BOB = "token-of-bob-in-biology";

    static final String ROOT = "/restjson/opnfv-promise/";
    private static final String PASSWORD = "open sesame";

    final MovableClock clock = new MovableClock();
    final Engine engine;
    final Broker broker;
    private final Desk desk;
    final Promise promise;
    final HttpServer server;
    final String admin;
    private final Notifications notifications;
    private final Thresholds thresholds;
    private final WebhookClient webhooks = new WebhookClient(CallbackPolicy.opening(List.of("127.0.0.0/8")));
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path data;

    record Reply(int status, HttpResponse<String> response) {
        String text() {
            return response.body();
        }

        JsonNode json() {
            return Json.tree(text());
        }

        JsonNode get(String field) {
            return json().path(field);
        }

        String result() {
            return get("result").asString("");
        }
    }

    PromiseDomain(TestDatabase test) {
        this(test, CloudPlan.SMALL);
    }

    PromiseDomain(TestDatabase test, CloudPlan plan) {
        try {
            data = Files.createTempDirectory("holdfast-promise");
            Files.writeString(
                    data.resolve("tokens.yaml"),
                    user("alice", "physics", ALICE) + user("ann", "physics", ANN) + user("bob", "biology", BOB));
            var database = test.database();
            var platform = Platform.seeded(System.nanoTime(), clock);
            engine = new Engine(platform, database);
            var hot = new Hot(engine.id(), database);
            var calendar = new Calendar(hot);
            broker = new Broker(
                    "broker",
                    platform,
                    engine,
                    calendar,
                    new Supply("broker", platform, engine, calendar, new Models(platform)));
            desk = broker.desk(database, hot);
            var secrets = Secrets.open(data, Map.of());
            var providers = new Providers(
                    platform,
                    database,
                    engine,
                    secrets,
                    (_, _, password) -> new SimulatedCloud(plan.lettingIn(PASSWORD), clock, password, Optional.empty()),
                    "broker");
            var clouds = new CloudAuthority(platform, engine, providers);
            var _ = new Authorities(platform, database, engine, List.of(), Optional.of(clouds));
            engine.start(List.of(broker, clouds), false);
            var hearing = new Hearing(Tokens.open(data, platform), new Projects(engine.resources()));
            notifications = new Notifications(platform, database, engine, secrets, new Callbacks(webhooks), hearing);
            notifications.start();
            thresholds = new Thresholds(platform, database, engine, new CapacityGauge(platform, broker.capacity()));
            thresholds.start();
            var credentials = new Credentials(
                    Tokens.open(data, platform), new Keys(platform, database, engine.resources(), secrets));
            var sessions = new Sessions(platform, database, new Projects(engine.resources()), secrets, credentials);
            promise = new Promise(
                    platform,
                    database,
                    engine,
                    broker,
                    desk,
                    providers,
                    notifications,
                    new Gate(credentials, sessions, Optional.empty()));
            server = HttpServer.start(HttpServer.Options.standard().withPort(0), promise.mounts());
            admin = Files.readString(Tokens.file(data)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String user(String name, String project, String token) {
        return "- {name: %s, project: %s, sha256: %s}\n".formatted(name, project, sha256(token));
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Adds a simulated cloud by its intent.
    ///
    /// @return its id
    String addCloud(String name) {
        var added = ask(
                admin,
                "add-provider",
                "{'provider-type': 'simulated', 'name': '" + name + "', 'password': '" + PASSWORD + "'}");
        assertThat(added.result()).as(added.text()).isEqualTo("ok");
        assertThat(added.get("status").asString("")).isEqualTo("up");
        return added.get("provider-id").asString("");
    }

    /// Sends an intent; quotes may be single ones.
    Reply ask(String token, String intent, String body, String... headers) {
        return send(token, "POST", ROOT + intent, body, headers);
    }

    Reply get(String token, String target) {
        return send(token, "GET", target, "");
    }

    Reply send(String token, String method, String target, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        request.header("Prefer", "wait=60"); // for who has to agree
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Looks again whenever something has changed, for a minute.
    void waitFor(String what, BooleanSupplier question) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            long seen = engine.changed().count();
            if (question.getAsBoolean()) {
                return;
            }
            assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(end);
            try {
                engine.changed().await(seen, Duration.ofMillis(500));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
        try {
            thresholds.stop();
            notifications.stop();
            webhooks.close();
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
