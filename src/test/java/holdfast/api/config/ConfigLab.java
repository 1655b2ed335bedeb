package holdfast.api.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Scratch;
import holdfast.TestDatabase;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.TestCloud;
import holdfast.pools.clouds.TestSites;
import holdfast.pools.clouds.TestUsage;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.ConfiguredPlaces;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.ProviderImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The configuration of the cloud broker behind a real socket, over a real database, with a cloud on a socket of its
/// own.
///
/// Two users log in beside the administrator: `ALICE` and `BOB`.
final class ConfigLab implements AutoCloseable {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/broker");
    private static final boolean BLESS = Boolean.getBoolean("holdfast.bless");
    static final String ALICE = "alice:token-of-alice-in-physics";
    static final String BOB = "bob:token-of-bob-in-biology";

    private final TestDatabase test = TestDatabase.fresh();
    private final Scratch data = Scratch.directory();
    private final HttpClient client = HttpClient.newHttpClient();
    final TestCloud cloud = new TestCloud();
    final TestSites sites = new TestSites();
    final TestUsage usage = new TestUsage();
    final Configuration configuration;
    final HttpServer server;
    final String admin;

    record Reply(int status, String text, HttpHeaders headers) {
        JsonNode json() {
            return Json.tree(text);
        }

        String at(String pointer) {
            return json().at(pointer).asString("");
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    ConfigLab() {
        var platform = Platform.real();
        var database = test.database();
        var engine = new Engine(platform, database);
        var secrets = Secrets.of(new byte[32]);
        configuration = new Configuration(platform, database, engine, secrets, sites, usage);
        configuration.seed();
        try {
            Files.writeString(data.path().resolve("tokens.yaml"), user(ALICE, "physics") + user(BOB, "biology"));
            var tokens = Tokens.open(data.path(), platform);
            var credentials = new Credentials(tokens, new Keys(platform, database, engine.resources(), secrets));
            var sessions = new Sessions(platform, database, new Projects(engine.resources()), secrets, credentials);
            var gate = new Gate(credentials, sessions, Optional.empty());
            server = HttpServer.start(
                    HttpServer.Options.standard().withPort(0),
                    new ConfigApi(database, configuration, images(platform, database, engine), gate).mounts());
            admin = "admin:" + Files.readString(Tokens.file(data.path())).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whose accounts have no images at all.
    private ImagesApi images(Platform platform, Database database, Engine engine) {
        var images = new BrokerImages(platform, engine);
        var live = new ProviderImages() {
            @Override
            public Optional<ProviderImage> find(UUID account, String image) {
                return Optional.empty();
            }

            @Override
            public List<ProviderImage> list(UUID account) {
                return List.of();
            }
        };
        var mappings = new ImageMappings(platform, engine, images);
        return new ImagesApi(database, images, mappings, new ConfiguredPlaces(configuration), usage, live);
    }

    private static String user(String pair, String project) {
        var parts = pair.split(":");
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(parts[1].getBytes(UTF_8));
            return "- {name: %s, project: %s, sha256: %s}\n"
                    .formatted(parts[0], project, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Database database() {
        return test.database();
    }

    Reply send(String pair, String method, String target, Map<String, String> headers, String body) {
        return send(pair, method, target, headers, body.getBytes(UTF_8));
    }

    Reply send(String pair, String method, String target, Map<String, String> headers, byte[] body) {
        var request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!pair.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        }
        headers.forEach(request::header);
        try {
            var reply = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(reply.statusCode(), reply.body(), reply.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Reply get(String target) {
        return get(admin, target);
    }

    Reply get(String pair, String target) {
        return send(pair, "GET", target, Map.of("Accept", "application/json"), "");
    }

    Reply delete(String target) {
        return delete(admin, target);
    }

    Reply delete(String pair, String target) {
        return send(pair, "DELETE", target, Map.of("Accept", "application/json"), "");
    }

    Reply post(String target, String json) {
        return post(admin, target, json);
    }

    Reply post(String pair, String target, String json) {
        return write(pair, "POST", target, json);
    }

    Reply put(String target, String json) {
        return put(admin, target, json);
    }

    Reply put(String pair, String target, String json) {
        return write(pair, "PUT", target, json);
    }

    private Reply write(String pair, String method, String target, String json) {
        var headers = Map.of("Accept", "application/json", "Content-Type", "application/json");
        return send(pair, method, target, headers, json.replace('\'', '"'));
    }

    /// Makes something and returns its id.
    String made(String target, String json) {
        return made(admin, target, json);
    }

    String made(String pair, String target, String json) {
        var reply = post(pair, target, json);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return id(reply);
    }

    static String id(Reply reply) {
        return reply.json().iterator().next().path("id").asString();
    }

    String provider(String name) {
        return made(
                "/broker/providers", "{'name':'%s','url':'%s','provider_type':'mock'}".formatted(name, cloud.url()));
    }

    String account(String label, String provider) {
        return made("/broker/provider_accounts", account(label, provider, "bob", "let-me-in"));
    }

    static String account(String label, String provider, String username, String password) {
        return "{'label':'%s','provider':{'id':'%s'},'credentials':{'username':'%s','password':'%s'}}"
                .formatted(label, provider, username, password);
    }

    /// The id of the family or of the pool that is there from the start.
    String standard(String collection) {
        return get("/broker/" + collection)
                .json()
                .path(collection)
                .get(0)
                .path("id")
                .asString();
    }

    List<String> names(String pair, String collection) {
        return get(pair, "/broker/" + collection).json().path(collection).findValuesAsString("name");
    }

    /// Compares with a file; what differs from run to run is made the same.
    void golden(String name, String text) throws IOException {
        var numbers = new LinkedHashMap<String, String>();
        var plain = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                .matcher(text)
                .replaceAll(id -> numbers.computeIfAbsent(id.group(), _ -> "id" + (numbers.size() + 1)))
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "2031-02-03T10:00:00Z")
                .replace(server.address().toString(), "http://b.example")
                .replace(cloud.url(), "http://dc.example:3002/api");
        var file = GOLDEN.resolve(name);
        if (BLESS) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, plain);
        }
        assertThat(plain).isEqualTo(Files.readString(file));
    }

    @Override
    public void close() {
        server.close();
        cloud.close();
        client.close();
        test.close();
        data.close();
    }
}
