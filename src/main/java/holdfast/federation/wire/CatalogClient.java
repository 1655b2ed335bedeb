package holdfast.federation.wire;

import holdfast.federation.wire.CatalogText.Outcome;
import holdfast.federation.wire.CatalogText.Rated;
import holdfast.federation.wire.CatalogText.Registers;
import holdfast.federation.wire.CatalogText.Signed;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Speaks to one catalog at a time, and asks owners of what was found there (fluidos.md 5.9 points 1 and 9). As
/// [RearClient], with which it asks. All of it may be said again.
public final class CatalogClient {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final RearClient client;

    public CatalogClient(RearClient client) {
        this.client = client;
    }

    /// Registers as a publisher, or says the same again.
    public Told<Boolean> register(Endpoint catalog, Registers publisher, Trace trace) {
        var path = Dialect.path("catalog", "publishers", publisher.node().id());
        return done(catalog, put(path, CatalogText.write(publisher)), trace);
    }

    /// Who publishes under an id, as the catalog knows it.
    public Told<Registers> publisher(Endpoint catalog, String node, Trace trace) {
        return asked(
                catalog,
                Call.get(Dialect.path("catalog", "publishers", node)),
                trace,
                reply -> reply.status() == 200 ? Told.read(CatalogText.registers(reply.body())) : Replies.no(reply));
    }

    /// Publishes an offer, or refreshes it.
    public Told<Boolean> publish(Endpoint catalog, Signed signed, Trace trace) {
        var path =
                Dialect.path("catalog", "offers", signed.publication().flavor().id());
        return done(catalog, put(path, CatalogText.write(signed)), trace);
    }

    /// Takes an offer back.
    ///
    /// @return whether it was there
    public Told<Boolean> withdraw(Endpoint catalog, String publisher, String flavor, Trace trace) {
        var query = Map.of("publisher", List.of(publisher));
        return done(catalog, new Call("DELETE", Dialect.path("catalog", "offers", flavor), query, Map.of(), ""), trace);
    }

    /// Tells that what was found could not be had.
    public Told<Boolean> report(Endpoint catalog, String flavor, Outcome outcome, Instant at, Trace trace) {
        var path = Dialect.path("catalog", "offers", flavor, "reports");
        return done(catalog, Call.post(path, CatalogText.report(outcome, at)), trace);
    }

    /// Tells how a purchase went.
    public Told<Boolean> rate(Endpoint catalog, Rated rated, Trace trace) {
        return done(catalog, Call.post(Dialect.path("catalog", "ratings"), CatalogText.write(rated)), trace);
    }

    /// One flavor at its owner.
    public Told<Flavor> flavor(Endpoint owner, Dialect dialect, String id, Trace trace) {
        return asked(
                owner,
                dialect.asked(Call.get(Dialect.path("flavors", id))),
                trace,
                reply -> reply.status() == 200 ? Told.read(RearReader.flavor(reply.body())) : Replies.no(reply));
    }

    private static Call put(List<String> path, String body) {
        return new Call("PUT", path, Map.of(), Map.of("content-type", "application/json"), body);
    }

    private Told<Boolean> done(Endpoint to, Call call, Trace trace) {
        return asked(to, call, trace, reply -> switch (reply.status()) {
            case 200, 201, 202, 204 -> new Told.Yes<>(true);
            case 404 -> new Told.Yes<>(false);
            default -> Replies.no(reply);
        });
    }

    private <T> Told<T> asked(Endpoint to, Call call, Trace trace, Function<Reply, Told<T>> reading) {
        return switch (client.pass(to, RearClient.traced(call, trace), SHORT)) {
            case Told.Yes<Reply>(var reply) -> reading.apply(reply);
            case Told.No<Reply>(var status, var why, var after) -> new Told.No<>(status, why, after);
            case Told.Silent<Reply>(var reached, var why) -> new Told.Silent<>(reached, why);
        };
    }
}
