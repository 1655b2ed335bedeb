package holdfast.api.blazar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.IdentityLab;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.api.keystone.KeystoneApi;
import holdfast.authority.Authorities;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.Supply;
import holdfast.broker.Update;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.RuntimeSettings;
import holdfast.inventory.Models;
import holdfast.platform.Database;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.platform.WebClient;
import holdfast.pools.PolicyService;
import holdfast.pools.Projects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Blazar's interface on a real socket, with a simulated cloud of four hosts behind it, over a real database. Its clock
/// runs as clocks do, from a day in 2031 on, and can be put forward.
///
/// Alice and Ann are members of physics, Bob of biology; Bob may only read in physics. Tokens of `tokens.yaml` are good
/// in `X-Auth-Token` as they are.
final class BlazarLab implements AutoCloseable, InstantSource {
    static final String ALICE = "token-of-alice-in-physics";
    static final String ANN = "token-of-ann-in-physics";
    static final String BOB = "token-of-bob-in-biology";
    static final String LEASES = "/blazar/v1/leases";
    static final String HOSTS = "/blazar/v1/os-hosts";

    private static final Instant BEGIN = Instant.parse("2031-05-01T08:00:10Z");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    final String admin;
    final Engine engine;
    private final Desk desk;
    final Database database;
    /// The cloud behind it.
    volatile SimulatedCloud cloud;

    private final Instant opened = InstantSource.system().instant();
    private final Path data;
    private final Secrets secrets;
    private final HttpServer server;
    private final WebClient web = new WebClient(LIMIT, 1 << 20);
    private volatile Duration ahead = Duration.ZERO;

    BlazarLab(TestDatabase test) {
        this(test, CloudPlan.SMALL);
    }

    BlazarLab(TestDatabase test, CloudPlan plan) {
        this(test, plan, PolicyService.LIMIT);
    }

    /// @param patience how long each answer of an external policy is waited for
    BlazarLab(TestDatabase test, CloudPlan plan, Duration patience) {
        try {
            data = Files.createTempDirectory("holdfast-blazar");
            Files.writeString(
                    data.resolve("tokens.yaml"),
                    IdentityLab.user("alice", "physics", ALICE)
                            + IdentityLab.user("ann", "physics", ANN)
                            + IdentityLab.user("bob", "biology", BOB));
            var platform = Platform.seeded(1, this);
            database = test.database();
            engine = new Engine(platform, database);
            var hot = new Hot(engine.id(), database);
            var calendar = new Calendar(hot);
            var supply = new Supply("broker", platform, engine, calendar, new Models(platform));
            secrets = Secrets.open(data, Map.of());
            var policy = new PolicyService(
                    engine.settings(), secrets, web, patience, () -> "http://keystone/v3", "RegionOne");
            var broker = new Broker("broker", platform, engine, calendar, supply, policy);
            desk = broker.desk(database, hot);
            var providers = new Providers(
                    platform,
                    database,
                    engine,
                    secrets,
                    (_, _, password) -> cloud = new SimulatedCloud(plan, this, password, Optional.empty()),
                    "broker");
            var clouds = new CloudAuthority(platform, engine, providers);
            new Authorities(
                    platform, database, engine, List.of(), Optional.of(clouds)); // which defines what happens to leases
            engine.start(List.of(broker, clouds), false);
            var credentials = new Credentials(
                    Tokens.open(data, platform), new Keys(platform, database, engine.resources(), secrets));
            var projects = new Projects(engine.resources());
            var sessions = new Sessions(platform, database, projects, secrets, credentials);
            var gate = new Gate(credentials, sessions, Optional.empty());
            var mounts = new ArrayList<>(new BlazarApi(platform, database, engine, broker, desk, gate).mounts());
            mounts.addAll(new KeystoneApi(platform, credentials, sessions, gate).mounts());
            server = HttpServer.start(HttpServer.Options.standard().withPort(0), mounts);
            admin = Files.readString(Tokens.file(data)).strip();
            database.inTransaction(tx -> {
                Stream.of("physics", "biology").forEach(name -> projects.account(tx, name, "test"));
                return true;
            });
            reader("bob", "physics");
            database.inTransaction(tx -> providers
                    .add(tx, "lab", "admin", account(), Optional.empty(), "test")
                    .orThrow());
            waitFor(() -> json("GET", HOSTS, admin, "").get("hosts").size()
                    == plan.supply().hosts().size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Provider.Account account() {
        return new Provider.Account(
                "simulated", "", Optional.empty(), "", "Default", "", "Default", List.of(), true, 0, 86_400);
    }

    private void reader(String user, String project) {
        var content = Json.object()
                .put("kind", "projectMember")
                .put("projectId", Projects.id(project).toString())
                .put("externalId", user)
                .put("externalIdType", "user")
                .put("role", "readonly");
        database.inTransaction(tx -> {
            var resources = engine.resources();
            var id = Copies.id(user, Copies.id("member", project));
            resources.insert(
                    tx,
                    resources.fresh(
                            id, Projects.MEMBER, Resources.ACTOR, Optional.empty(), "", "active", project, content),
                    "test",
                    "");
            return true;
        });
    }

    @Override
    public Instant instant() {
        return BEGIN.plus(Duration.between(opened, InstantSource.system().instant()))
                .plus(ahead);
    }

    /// Puts the clock forward.
    void advance(Duration by) {
        ahead = ahead.plus(by);
    }

    /// As an administrator sets it.
    void set(String name, String value) {
        database.inTransaction(tx -> {
            var settings = engine.settings();
            var known = settings.find(name).orElseThrow();
            assertThat(known.rule().broken(value)).isEmpty();
            return settings.set(tx, name, Optional.of(RuntimeSettings.kept(known, value, secrets)), "admin");
        });
    }

    URI address() {
        return server.address();
    }

    /// Looks again whenever something has changed.
    void waitFor(BooleanSupplier question) {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            long seen = engine.changed().count();
            if (question.getAsBoolean()) {
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

    /// @param headers names and values in turn
    WebClient.Answer call(String method, String path, String token, String body, String... headers) {
        var all = new TreeMap<String, String>();
        if (!token.isEmpty()) all.put("X-Auth-Token", token);
        if (!body.isEmpty()) all.put("Content-Type", "application/json");
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

    JsonNode json(String method, String path, String token, String body) {
        var answer = call(method, path, token, body);
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
        return Json.tree(answer.text());
    }

    /// What is refused, in its words.
    String refused(int status, String method, String path, String token, String body) {
        var answer = call(method, path, token, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        var told = Json.tree(answer.text());
        assertThat(told.get("error_code").intValue()).isEqualTo(status);
        assertThat(told.get("error_name").intValue()).isEqualTo(status);
        return told.get("error_message").stringValue();
    }

    /// The body of a lease for a day.
    static String lease(String name, String... reservations) {
        return between("2031-05-02 08:00", "2031-05-03 08:00", name, reservations);
    }

    static String between(String start, String end, String name, String... reservations) {
        return """
                {"name": "%s", "start_date": "%s", "end_date": "%s", "before_end_date": null, "events": [], "reservations": [%s]}""".formatted(name, start, end, String.join(", ", reservations));
    }

    static String hosts(int min, int max, String query) {
        return """
                {"resource_type": "physical:host", "min": %d, "max": %d, "hypervisor_properties": "%s", "resource_properties": ""}""".formatted(min, max, query.replace("\"", "\\\""));
    }

    static String instances(int amount, String affinity) {
        return """
                {"resource_type": "virtual:instance", "vcpus": 2, "memory_mb": 2048, "disk_gb": 20, "amount": %d, "affinity": %s,\
                 "resource_properties": ""}""".formatted(amount, affinity);
    }

    /// A lease that was made.
    JsonNode made(String token, String body) {
        var answer = call("POST", LEASES, token, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return Json.tree(answer.text()).get("lease");
    }

    JsonNode show(String token, JsonNode lease) {
        return json("GET", path(lease), token, "").get("lease");
    }

    static String path(JsonNode lease) {
        return LEASES + "/" + lease.get("id").stringValue();
    }

    /// Waits until a lease is in a state.
    JsonNode until(JsonNode lease, String status) {
        waitFor(() -> show(admin, lease).get("status").stringValue().equals(status));
        return show(admin, lease);
    }

    /// Puts our reservation in another state, as it is while providers are slow.
    void become(JsonNode lease, String state) {
        change(lease, resource -> resource.withState(state, Optional.empty()));
    }

    /// As [#become], for the last states.
    void over(JsonNode lease, String state) {
        change(lease, resource -> resource.withState(state, Optional.empty()).removedAt(instant()));
    }

    /// The state of our reservation.
    String state(JsonNode lease) {
        return database.inTransaction(tx -> found(tx, lease)).state();
    }

    /// A provider is still to take back a change of it.
    void updating(JsonNode lease) {
        var change = new Update.TakenBack(Refusal.clash("no"), List.of(), Set.of());
        change(lease, resource -> updating(resource, Json.toTree(change)));
    }

    /// No change of it is under way any more.
    void settled(JsonNode lease) {
        change(lease, resource -> updating(resource, Json.mapper().nullNode()));
    }

    private static Resource updating(Resource resource, JsonNode update) {
        var content = resource.content();
        content.set("update", update);
        return resource.withData(content);
    }

    private Resource found(Tx tx, JsonNode lease) {
        return engine.resources()
                .find(tx, Ids.read(lease.get("id").stringValue()).orElseThrow())
                .orElseThrow();
    }

    private void change(JsonNode lease, UnaryOperator<Resource> change) {
        database.inTransaction(tx -> {
            var resource = found(tx, lease);
            engine.resources().update(tx, resource.state(), change.apply(resource), "test", "");
            return true;
        });
    }

    @Override
    public void close() {
        server.close();
        web.close();
        try {
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
