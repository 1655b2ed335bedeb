package holdfast.api.rear;

import static holdfast.protocol.rear.Samples.vector;

import holdfast.TestDatabase;
import holdfast.api.Connections;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Signing;
import holdfast.broker.market.Verdict;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.notifications.Notifications;
import holdfast.notifications.Receiver;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/// A seller behind a real socket, over a real database; its clock stands still unless it is moved.
public final class RearDomain implements AutoCloseable {
    public static final Instant BEGINNING = Instant.parse("2031-05-02T08:00:00Z");
    static final String LIST = "/api/v2/flavors";
    static final String RESERVE = "/api/v2/reservations";

    public final AtomicReference<Instant> clock;
    public final AtomicBoolean ready = new AtomicBoolean(true);
    public final Market market;
    final Engine engine;
    final Gateway gateway;
    final Notifications notifications;
    /// What came to webhooks, which take it as long as this says.
    final List<Posted> posted = new ArrayList<>();

    final AtomicInteger taking = new AtomicInteger(204);
    /// The machines that run there.
    Gateway.Reach reach = (_, port) -> holdfast.core.Answer.no(Refusal.notThere("nobody listens at port " + port));

    private final Connections connections;
    public final HttpServer server;
    private final TestDatabase test;
    private final HttpClient client = HttpClient.newHttpClient();

    /// @param headers by name in lower case
    record Answer(int status, Map<String, List<String>> headers, String text) {
        JsonNode json() {
            return Json.tree(text);
        }

        String get(String field) {
            return json().path(field).asString("");
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name)).map(List::getFirst);
        }
    }

    /// What was posted to somebody, at what time.
    record Posted(URI to, Receiver.Letter letter, Optional<String> secret, Instant at) {}

    private int post(URI to, Receiver.Letter letter, Optional<String> secret) {
        posted.add(new Posted(to, letter, secret, clock.get()));
        return taking.get();
    }

    /// Numbers what happened, and brings it to webhooks.
    void tell() {
        try {
            while (notifications.runDue()) {
                // goes on
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public RearDomain(TestDatabase test) {
        this(test, 1);
    }

    /// @param seed of what is made by chance: two over one database must not make the same
    RearDomain(TestDatabase test, long seed) {
        this(
                test,
                seed,
                new AtomicReference<>(BEGINNING),
                HoldPolicy.USUAL,
                Signing.NONE,
                Gateway.Standing.UNPROVED,
                HttpServer.Options.standard());
    }

    /// One whose rules are others.
    RearDomain(TestDatabase test, long seed, Door door) {
        this(
                test,
                seed,
                new AtomicReference<>(BEGINNING),
                HoldPolicy.USUAL,
                Signing.NONE,
                new Gateway.Standing(door, Map.of(), false, false),
                HttpServer.Options.standard());
    }

    /// One that does not take everybody for whom it says it is.
    RearDomain(
            TestDatabase test,
            long seed,
            AtomicReference<Instant> clock,
            HoldPolicy policy,
            Signing signing,
            Gateway.Standing standing,
            HttpServer.Options options) {
        this.test = test;
        this.clock = clock;
        var platform = Platform.seeded(seed, clock::get);
        engine = new Engine(platform, test.database());
        market = new Market("broker", platform, engine, new Calendar(), () -> policy, signing);
        var secrets = Secrets.of(new byte[32]);
        var face = new RearFace(platform, standing.door(), Optional.empty());
        notifications = new Notifications(
                platform,
                test.database(),
                engine,
                secrets,
                this::post,
                (_, _) -> Optional.empty(),
                Map.of(RearFace.NAME, face));
        connections = new Connections(test.database(), engine);
        connections.start();
        gateway = new Gateway(
                new Gateway.Seller(Samples.OWNER, platform, test.database(), engine, market, secrets),
                new Gateway.Roles(
                        standing,
                        Optional.empty(),
                        Optional.of(new Gateway.Telling(notifications, face)),
                        Optional.empty(),
                        Optional.of(new Gateway.Machines(connections, (lease, port) -> reach.connect(lease, port)))),
                ready::get);
        server = new RearMounts(gateway).start(options.withPort(0));
    }

    public void advance(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    /// Offers something.
    ///
    /// @return the name under which it is listed
    public String offer(Kind kind) {
        return offer(Samples.flavor("root", kind));
    }

    public String offer(Flavor whole) {
        return test.database().inTransaction(tx -> {
            var root = market.offer(
                    tx, UUID.randomUUID(), new Offer(whole, clock.get(), Optional.empty()), "operators", "admin");
            return market.listed(tx, List.of(root.id())).get(root.id()).id();
        });
    }

    /// Offers a part of a host of ours, of the same size. What is told to its authority waits.
    String offerHost() {
        var host = new Offer.Host("lab-am", new UUID(7, 7), "h1", "h1", Vector.NONE);
        return test.database().inTransaction(tx -> {
            new Calendar().setTotal(tx, "broker", "h1", Capacities.of(8, 32, 40), clock.get());
            var offer = new Offer(Samples.flavor("host", Samples.slice()), clock.get(), Optional.of(host));
            var root = market.offer(tx, UUID.randomUUID(), offer, "operators", "admin");
            return market.listed(tx, List.of(root.id())).get(root.id()).id();
        });
    }

    /// The root of 8 CPUs, 32Gi and 110 pods.
    public String offer() {
        return offer(Samples.slice());
    }

    /// Somebody else holds a piece for a term of theirs.
    public Verdict hold(String flavor, String cpu, String memory, String pods, Interval term) {
        var other = new Buyer(
                new NodeIdentity("other", "10.0.0.8:30000", "other.example", Optional.empty()),
                "other@other.example",
                "c");
        var wish = new Sales.Wish(
                flavor, Optional.of(new Configuration.Slice(vector(cpu, memory, pods))), Optional.of(term));
        return test.database().inTransaction(tx -> market.sales().reserve(tx, other, wish));
    }

    /// Takes everything off the list.
    public void withdraw(String flavor) {
        test.database()
                .inTransaction(tx -> market.withdraw(
                                tx,
                                UUID.fromString(tx.sql()
                                        .fetchValue("select root from listing where id = ?", flavor)
                                        .toString()),
                                "admin")
                        .orThrow());
    }

    public int claims() {
        return test.database()
                .inTransaction(tx -> Integer.parseInt(tx.sql()
                        .fetchValue("select count(*) from claim where state <> 'over'")
                        .toString()));
    }

    Answer get(String target, String... headers) {
        return send("GET", target, "", headers);
    }

    Answer post(String target, String body, String... headers) {
        return send("POST", target, body, headers);
    }

    /// Quotes of the body may be single ones.
    Answer send(String method, String target, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// RESERVE of a node called `buyer`, of all if `cpu` is empty.
    static String reservation(String flavor, String buyer, String cpu, String memory, String pods) {
        var piece = cpu.isEmpty()
                ? ""
                : ",'configuration':{'type':'k8slice','data':{'cpu':'%s','memory':'%s','pods':'%s'}}"
                        .formatted(cpu, memory, pods);
        return "{'flavorID':'%s','buyerID':{'ID':'%s','IP':'10.0.0.7:30000','domain':'%s.example',"
                        .formatted(flavor, buyer, buyer)
                + "'additionalInformation':{'liqoID':'fabric-%s'}}%s}".formatted(buyer, piece);
    }

    /// The same as it is documented.
    static String documented(String flavor, String buyer, String cpu, String memory, String pods) {
        return "{'FlavorID':'%s','Buyer':{'NodeID':'%s','IP':'10.0.0.7:30000','Domain':'%s.example'},"
                        .formatted(flavor, buyer, buyer)
                + "'Configuration':{'type':'k8slice','data':{'cpu':'%s','memory':'%s','pods':'%s'}}}"
                        .formatted(cpu, memory, pods);
    }

    /// Reserves a piece of 2 CPUs, 4Gi and 10 pods.
    ///
    /// @return the transaction
    String reserve(String flavor, String buyer) {
        var answer = post(RESERVE, reservation(flavor, buyer, "2", "4Gi", "10"));
        if (answer.status() != 200) throw new AssertionError(answer.toString());
        return answer.get("transactionID");
    }

    Answer purchase(String transaction, String body, String... headers) {
        return post("/api/v2/transactions/" + transaction + "/purchase", body, headers);
    }

    @Override
    public void close() {
        server.close();
        connections.close();
        client.close();
    }
}
