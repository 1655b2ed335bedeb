package holdfast.api.declared;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.Scratch;
import holdfast.TestDatabase;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.api.resources.BlueprintIntake;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Market;
import holdfast.broker.services.Blueprints;
import holdfast.broker.services.Services;
import holdfast.calendar.Calendar;
import holdfast.engine.Engine;
import holdfast.federation.Federation;
import holdfast.federation.TestBuyer;
import holdfast.federation.buying.Buying;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.platform.Fanout;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A domain that buys, with the objects of FLUIDOS behind a real socket.
///
/// Three tokens work beside the administrator's: those of `ALICE` (project physics), `BOB` (project biology) and `EVE`,
/// who may look only.
final class DeclaredLab implements AutoCloseable {
    static final String ALICE = "token-of-alice-in-physics";
    static final String BOB = "token-of-bob-in-biology";
    static final String EVE = "token-of-eve-in-physics";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase test = TestDatabase.fresh();
    private final Scratch data = Scratch.directory();
    final Engine engine;
    final Peers peers;
    final HttpServer server;
    final String admin;
    private final HttpWire wire = new HttpWire(TestBuyer.LOOPBACK);
    private final HttpClient client = HttpClient.newHttpClient();

    record Reply(int status, String text) {
        JsonNode json() {
            return Json.tree(text);
        }

        String at(String pointer) {
            return json().at(pointer).asString("");
        }
    }

    DeclaredLab() {
        var platform = Platform.real();
        var database = test.database();
        engine = new Engine(platform, database);
        var rear = new RearClient(wire, TestBuyer.SELF, platform::now);
        peers = new Peers(platform, database, engine, rear, TestBuyer.SELF, TestBuyer.LOOPBACK, Fanout.PARALLEL);
        var candidates = new Candidates(platform, engine);
        var discovery =
                new Discovery(platform, database, engine, rear, TestBuyer.SELF, peers, candidates, Fanout.PARALLEL);
        var secrets = Secrets.of(new byte[32]);
        var buying = new Buying(
                "broker",
                platform,
                database,
                engine,
                secrets,
                rear,
                peers,
                candidates,
                discovery,
                Fanout.PARALLEL,
                Optional.empty());
        var market = new Market("broker", platform, engine, new Calendar(), () -> HoldPolicy.USUAL);
        var blueprints = new Blueprints("broker", platform, engine, market);
        new Services("broker", Optional.of("services"), engine, secrets, market, blueprints);
        engine.start(List.of(new Federation(buying)), false);
        try {
            Files.writeString(
                    data.path().resolve("tokens.yaml"),
                    user("alice", "physics", ALICE)
                            + user("bob", "biology", BOB)
                            + user("eve", "physics", EVE).replace("}", ", readOnly: true}"));
            var tokens = Tokens.open(data.path(), platform);
            var credentials = new Credentials(tokens, new Keys(platform, database, engine.resources(), secrets));
            var sessions = new Sessions(platform, database, new Projects(engine.resources()), secrets, credentials);
            var gate = new Gate(credentials, sessions, Optional.empty());
            var parts = new Parts(
                    TestBuyer.SELF,
                    database,
                    market,
                    blueprints,
                    BlueprintIntake::understand,
                    peers,
                    candidates,
                    buying);
            server = HttpServer.start(
                    HttpServer.Options.standard().withPort(0), new DeclaredApi(platform, engine, gate, parts).mounts());
            admin = Files.readString(Tokens.file(data.path())).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String user(String name, String project, String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
            return "- {name: %s, project: %s, sha256: %s}\n"
                    .formatted(name, project, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A file of those that come with FLUIDOS.
    static String sample(String name) {
        try {
            return Files.readString(Path.of("src/test/resources/rear/samples").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply send(String token, String method, String target, String type, String body) {
        var request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) request.header("Content-Type", type);
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        try {
            var reply = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(reply.statusCode(), reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Lines as they come.
    HttpResponse<Stream<String>> watch(String token, String target) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .header("Authorization", "Bearer " + token)
                .build();
        return client.send(request, BodyHandlers.ofLines());
    }

    static String path(Sort sort) {
        return "/apis/" + sort.apiVersion() + "/namespaces/fluidos/" + sort.plural();
    }

    static String path(Sort sort, String name) {
        return path(sort) + "/" + name;
    }

    /// As `kubectl apply` does it with what is not there yet.
    Reply apply(String token, Sort sort, String manifest) {
        return send(token, "POST", path(sort), "application/yaml", manifest);
    }

    Reply get(String token, Sort sort, String name) {
        return send(token, "GET", path(sort, name), "", "");
    }

    Reply list(String token, Sort sort) {
        return send(token, "GET", path(sort), "", "");
    }

    Reply patch(String token, Sort sort, String name, String changes) {
        return send(token, "PATCH", path(sort, name), "application/merge-patch+json", changes);
    }

    Reply delete(String token, Sort sort, String name) {
        return send(token, "DELETE", path(sort, name), "", "");
    }

    /// Waits until the object says so at that place.
    Reply until(String token, Sort sort, String name, String pointer, String wanted) {
        await(
                () -> get(token, sort, name).at(pointer).equals(wanted),
                () -> get(token, sort, name).text());
        return get(token, sort, name);
    }

    private void await(BooleanSupplier ready, Supplier<String> story) {
        var deadline = Platform.real().now().plus(PATIENCE);
        while (!ready.getAsBoolean()) {
            if (Platform.real().now().isAfter(deadline)) throw new AssertionError(story.get());
            try {
                engine.changed().await(engine.changed().count(), Duration.ofMillis(200));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        server.close();
        try {
            engine.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        wire.close();
        test.close();
        data.close();
    }
}
