package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.TestDatabase;
import holdfast.api.keystone.KeystoneApi;
import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.engine.handlers.Agents;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Subscription;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import holdfast.platform.Secrets;
import holdfast.platform.WebClient;
import holdfast.pools.Projects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The identity service on a real socket, over a real database, with a clock of its own. Beside it is `/who`, which
/// says who asks.
///
/// Alice (project physics, member of biology), Bob (biology, may only read chemistry) and the administrator have
/// tokens.
public final class IdentityLab implements AutoCloseable, InstantSource {
    public static final String ALICE = "token-of-alice-in-physics";
    public static final String BOB = "token-of-bob-in-biology";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    public final String admin;
    private final Path data;
    private final Database database;
    private final Engine engine;
    private final Keys keys;
    private final Hearing hearing;
    private final HttpServer server;
    private final WebClient web = new WebClient(LIMIT, 1 << 20);
    private Instant now = Instant.parse("2031-05-02T08:00:00Z");

    public IdentityLab(TestDatabase test) {
        this(test, Optional.empty());
    }

    IdentityLab(TestDatabase test, Optional<KeystoneAccount> keystone) {
        this(test, keystone, LIMIT);
    }

    /// @param patience with the Keystone
    IdentityLab(TestDatabase test, Optional<KeystoneAccount> keystone, Duration patience) {
        try {
            data = Files.createTempDirectory("holdfast-identity");
            users(user("alice", "physics", ALICE), user("bob", "biology", BOB));
            var platform = Platform.seeded(1, this);
            database = test.database();
            engine = new Engine(platform, database);
            var secrets = Secrets.open(data, Map.of());
            keys = new Keys(platform, database, engine.resources(), secrets);
            var tokens = Tokens.open(data, platform);
            var credentials = new Credentials(tokens, keys);
            var projects = new Projects(engine.resources());
            hearing = new Hearing(tokens, projects);
            var sessions = new Sessions(platform, database, projects, secrets, credentials);
            var gate =
                    new Gate(credentials, sessions, keystone.map(account -> new Keystone(platform, account, patience)));
            var mounts = new ArrayList<>(new KeystoneApi(platform, credentials, sessions, gate).mounts());
            mounts.add(new HttpServer.Mount("who", request -> who(gate, request)));
            server = HttpServer.start(HttpServer.Options.standard().withPort(0), mounts);
            admin = Files.readString(Tokens.file(data)).strip();
            database.inTransaction(tx -> {
                for (var project : List.of("physics", "biology", "chemistry")) projects.account(tx, project, "test");
                return true;
            });
            member("alice", "biology", "member");
            member("bob", "chemistry", "readonly");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpReply who(Gate gate, holdfast.platform.HttpRequest request) {
        try {
            return gate.identity(request)
                    .map(identity -> HttpReply.json(200, identity))
                    .orElseGet(() -> HttpReply.json(401, Map.of()));
        } catch (CannotTellException e) {
            return HttpReply.json(503, Map.of("why", e.why()));
        }
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    public URI address() {
        return server.address();
    }

    /// A line of `tokens.yaml`.
    public static String user(String name, String project, String token) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
            return "- {name: %s, project: %s, sha256: %s}\n"
                    .formatted(name, project, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes `tokens.yaml` anew.
    public void users(String... lines) {
        try {
            Files.writeString(data.resolve("tokens.yaml"), String.join("", lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void member(String user, String project, String role) {
        var content = Json.object()
                .put("kind", "projectMember")
                .put("projectId", Projects.id(project).toString())
                .put("externalId", user)
                .put("externalIdType", "user")
                .put("role", role);
        insert(member(user, project), Projects.MEMBER, project, content);
    }

    private static UUID member(String user, String project) {
        return Copies.id(user, Copies.id("member", project));
    }

    /// Is no member any more.
    public void leave(String user, String project) {
        become(member(user, project), "removed");
    }

    /// An active key for Alice in physics: access key and secret key.
    public Map.Entry<String, String> key(UUID id) {
        return key(id, "apiKey", new Caller("alice", "physics", false));
    }

    /// An active key of an agent.
    public Map.Entry<String, String> agentKey(UUID id) {
        var account = Agents.account(id);
        database.inTransaction(tx -> new Projects(engine.resources()).account(tx, account, "test"));
        return key(id, "agentApiKey", new Caller(account, account, false));
    }

    private Map.Entry<String, String> key(UUID id, String kind, Caller holder) {
        var made = keys.make(id, holder, Keys.Fresh.draw());
        var content =
                Json.object().put("kind", kind).put(Keys.ACCESS, made.access()).put(Keys.SECRET, made.sealed());
        insert(id, "credential", holder.project(), content);
        return Map.entry(made.access(), made.secret());
    }

    private void insert(UUID id, String type, String project, Object content) {
        database.inTransaction(tx -> {
            var resources = engine.resources();
            resources.insert(
                    tx,
                    resources.fresh(id, type, Resources.ACTOR, Optional.empty(), "", "active", project, content),
                    "test",
                    "");
            return true;
        });
    }

    /// Why one who subscribed in a project may not hear any more.
    Optional<String> barred(String owner, String project, boolean everything) {
        var content = new Subscription.Content(owner, everything, address(), NoticeFilter.ALL);
        return database.inTransaction(tx -> hearing.barred(tx, new Subscription(new UUID(1, 1), project, content)));
    }

    /// Puts a resource in another state.
    public void become(UUID id, String state) {
        database.inTransaction(tx -> {
            var resource = engine.resources().find(tx, id).orElseThrow();
            engine.resources().update(tx, resource.state(), resource.withState(state, Optional.empty()), "test", "");
            return true;
        });
    }

    /// @param headers names and values in turn
    public WebClient.Answer call(String method, String path, String body, String... headers) {
        var all = new java.util.TreeMap<String, String>();
        for (int n = 0; n < headers.length; n += 2) all.put(headers[n], headers[n + 1]);
        try {
            return web.call(
                    new WebClient.Call(
                            method,
                            URI.create(server.address() + path),
                            all,
                            Optional.of(body).filter(text -> !text.isEmpty())),
                    LIMIT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks for a token.
    ///
    /// @param scope JSON, or nothing
    public WebClient.Answer login(String identity, String scope) {
        var body =
                "{\"auth\": {\"identity\": %s%s}}".formatted(identity, scope.isEmpty() ? "" : ", \"scope\": " + scope);
        return call("POST", "/identity/v3/auth/tokens", body);
    }

    /// The identity of one who shows a name and a password.
    public static String password(String name, String password) {
        return "{\"methods\": [\"password\"], \"password\": {\"user\": {\"name\": \"%s\", \"domain\": {\"name\": \"Default\"}, \"password\": \"%s\"}}}"
                .formatted(name, password);
    }

    public static String token(String token) {
        return "{\"methods\": [\"token\"], \"token\": {\"id\": \"%s\"}}".formatted(token);
    }

    public static String project(String name) {
        return "{\"project\": {\"name\": \"%s\", \"domain\": {\"id\": \"default\"}}}".formatted(name);
    }

    /// Who presents a token: what the gate says, or a status.
    public WebClient.Answer who(String token) {
        return call("GET", "/who", "", "X-Auth-Token", token);
    }

    public JsonNode caller(String token) {
        return Json.tree(who(token).text()).path("caller");
    }

    @Override
    public void close() {
        server.close();
        web.close();
        try {
            PrivateFiles.deleteTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
