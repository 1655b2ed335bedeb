package holdfast.federation.wire;

import holdfast.core.Interval;
import holdfast.platform.Json;
import holdfast.platform.WebClient.Dialled;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Speaks REAR to one node at a time (fluidos.md 5.3 to 5.6, 5.9): no database, no threads, no retries. Never within a
/// transaction.
///
/// What changes something carries a request id, under which it may be asked again if the node is not
/// [Capabilities#weak].
public final class RearClient {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration RESERVE = Duration.ofSeconds(20);
    private static final Duration PURCHASE = Duration.ofSeconds(60);
    static final String REQUEST = "x-rear-request-id";

    private final Wire wire;
    private final NodeIdentity self;
    private final InstantSource clock;

    /// @param self who buys
    /// @param clock when answers came
    public RearClient(Wire wire, NodeIdentity self, InstantSource clock) {
        this.wire = wire;
        this.self = self;
        this.clock = clock;
    }

    /// The same for somebody else: a supernode buys for each of its customers as another buyer.
    public RearClient as(NodeIdentity other) {
        return new RearClient(wire, other, clock);
    }

    /// Who buys.
    public NodeIdentity self() {
        return self;
    }

    /// Hands a call on as it is.
    public Told<Reply> pass(Endpoint to, Call call, Duration limit) {
        return ask(to, call, limit, Told.Yes::new);
    }

    /// Asks for a connection on which bytes go both ways.
    ///
    /// @param limit until it is open
    public Told<ByteChannel> dial(Endpoint to, Call call, Duration limit) {
        try {
            return switch (wire.dial(to, call, limit)) {
                case Dialled.Open(var channel) -> new Told.Yes<>(channel);
                case Dialled.Refused(var answer) ->
                    Replies.no(new Reply(answer.status(), answer.headers(), answer.text()));
            };
        } catch (NoAnswer e) {
            return new Told.Silent<>(e.reached(), String.valueOf(e.getMessage()));
        }
    }

    /// LIST_FLAVORS. Some answer with what was not asked for: filter again. A node that refuses filters which are
    /// not in the first version of REAR is asked once more without them; one that knows nothing of the type has
    /// none.
    ///
    /// @param selector none: everything
    /// @param limit for each question
    public Told<Heard> list(Endpoint to, Dialect dialect, Optional<Selector> selector, Trace trace, Duration limit) {
        return list(to, dialect, selector, Optional.empty(), trace, limit);
    }

    /// The same, saying how far the question has come.
    public Told<Heard> list(
            Endpoint to, Dialect dialect, Optional<Selector> selector, Passing passing, Trace trace, Duration limit) {
        return list(to, dialect, selector, Optional.of(passing), trace, limit);
    }

    private Told<Heard> list(
            Endpoint to,
            Dialect dialect,
            Optional<Selector> selector,
            Optional<Passing> passing,
            Trace trace,
            Duration limit) {
        var told = listed(to, dialect, selector, passing, trace, limit);
        if (!(told instanceof Told.No<Heard>(var status, var _, var _)) || selector.isEmpty()) {
            return told;
        }
        var classic = SelectorQuery.classic(selector.get());
        return switch (status) {
            case 400 ->
                classic.equals(selector.get())
                        ? told
                        : listed(to, dialect, Optional.of(classic), passing, trace, limit);
            case 404 -> new Told.Yes<>(new Heard(List.of(), 0, List.of()));
            default -> told;
        };
    }

    private Told<Heard> listed(
            Endpoint to,
            Dialect dialect,
            Optional<Selector> selector,
            Optional<Passing> passing,
            Trace trace,
            Duration limit) {
        var bare = dialect.list(selector);
        var call = passing.map(told -> told.onto(bare)).orElse(bare);
        return ask(to, traced(call, trace), limit, reply -> switch (reply.status()) {
            case 204 -> Told.read(RearReader.flavors(""));
            case 200 -> Told.read(RearReader.flavors(reply.body()));
            default -> Replies.no(reply);
        });
    }

    /// What the node can do. One that does not know the question is [Capabilities#WEAK].
    public Told<Capabilities> capabilities(Endpoint to, Trace trace) {
        var call = Call.get(Dialect.path("capabilities"));
        return ask(to, traced(call, trace), SHORT, reply -> switch (reply.status()) {
            case 200 -> Told.read(RearReader.capabilities(reply.body()));
            case 404, 405 -> new Told.Yes<>(Capabilities.WEAK);
            default -> Replies.no(reply);
        });
    }

    /// Joins the domain of a supernode, or says that we are still there.
    ///
    /// @param ttlSeconds so long it may count us as there
    /// @return who it is
    public Told<NodeIdentity> join(Endpoint to, NodeIdentity who, int ttlSeconds, Trace trace) {
        var path = Dialect.path("domain", "members", who.id());
        var call = new Call(
                "PUT", path, Map.of(), Map.of("content-type", "application/json"), DomainText.joining(who, ttlSeconds));
        return ask(
                to,
                traced(call, trace),
                SHORT,
                reply -> reply.status() == 200 ? Told.read(DomainText.supernode(reply.body())) : Replies.no(reply));
    }

    /// RESERVE_FLAVOR, within 20 s.
    ///
    /// @param piece none: the whole flavor
    public Told<Transaction> reserve(
            Endpoint to, Dialect dialect, String flavor, Optional<Configuration> piece, UUID request, Trace trace) {
        return reserve(to, dialect, flavor, piece, Optional.empty(), request, trace);
    }

    /// The same for a term.
    ///
    /// @param term none: what is usual there, as at all nodes that do not take terms
    public Told<Transaction> reserve(
            Endpoint to,
            Dialect dialect,
            String flavor,
            Optional<Configuration> piece,
            Optional<Interval> term,
            UUID request,
            Trace trace) {
        var call = dialect.reserve(new Transaction.Ask(flavor, self, piece, term));
        return ask(
                to,
                once(call, request, trace),
                RESERVE,
                reply -> reply.status() == 200 ? held(reply, flavor) : Replies.no(reply));
    }

    private Told<Transaction> held(Reply reply, String flavor) {
        var told = Told.read(RearReader.transaction(reply.body(), clock.instant()));
        return told instanceof Told.Yes<Transaction>(var held) && !held.flavor().equals(flavor)
                ? new Told.Silent<>(true, "it holds flavor " + held.flavor() + ", which was not asked for")
                : told;
    }

    /// PURCHASE_FLAVOR, within 60 s.
    ///
    /// @param ask what is sent along with it
    public Told<Contract> purchase(
            Endpoint to, Dialect dialect, String transaction, Contract.Ask ask, UUID request, Trace trace) {
        return contract(to, once(dialect.purchase(transaction, ask), request, trace), PURCHASE);
    }

    /// Gives up what is held.
    ///
    /// @return whether there was such a hold; a node without this extension says no to all
    public Told<Boolean> cancel(Endpoint to, String transaction, UUID request, Trace trace) {
        var call = new Call("DELETE", Dialect.path("transactions", transaction), Map.of(), Map.of(), "");
        return ended(to, once(call, request, trace));
    }

    /// A contract as the seller sees it.
    public Told<Standing> contract(Endpoint to, Dialect dialect, String contract, Trace trace) {
        var call = dialect.asked(Call.get(Dialect.path("contracts", contract)));
        return ask(
                to,
                traced(call, trace),
                SHORT,
                reply -> reply.status() == 200 ? Told.read(RearReader.standing(reply.body())) : Replies.no(reply));
    }

    /// Ends a contract.
    ///
    /// @param reason for people, at most 500 characters
    /// @return whether there is such a contract; a node without this extension says no to all
    public Told<Boolean> release(Endpoint to, String contract, String reason, UUID request, Trace trace) {
        var query = Map.of("reason", List.of(reason));
        var call = new Call("DELETE", Dialect.path("contracts", contract), query, Map.of(), "");
        return ended(to, once(call, request, trace));
    }

    /// Has what lets us in under a contract made anew: it is told when the contract is purchased once more.
    ///
    /// @return whether it is; a node without this extension says no to all
    public Told<Boolean> readmit(Endpoint to, String contract, UUID request, Trace trace) {
        var call = Call.post(Dialect.path("contracts", contract, "credentials"), "{}");
        return ended(to, once(call, request, trace));
    }

    /// Makes a contract last longer.
    public Told<Contract> renew(
            Endpoint to, Dialect dialect, String contract, Instant until, UUID request, Trace trace) {
        var body = Json.text(Json.object().put("until", until.toString()));
        var call = dialect.asked(Call.post(Dialect.path("contracts", contract, "renew"), body));
        return contract(to, once(call, request, trace), RESERVE);
    }

    /// Signs a contract for its buyer, see [holdfast.protocol.rear.Signatures#countersign].
    public Told<Contract> sign(Endpoint to, Dialect dialect, String contract, String jws, UUID request, Trace trace) {
        var body = Json.text(Json.object().put("jws", jws));
        var call = dialect.asked(Call.post(Dialect.path("contracts", contract, "signatures"), body));
        return contract(to, once(call, request, trace), RESERVE);
    }

    private Told<Contract> contract(Endpoint to, Call call, Duration limit) {
        return ask(
                to,
                call,
                limit,
                reply -> reply.status() == 200 ? Told.read(RearReader.contract(reply.body())) : Replies.no(reply));
    }

    private Told<Boolean> ended(Endpoint to, Call call) {
        return ask(to, call, RESERVE, reply -> switch (reply.status()) {
            case 200, 202, 204 -> new Told.Yes<>(true);
            case 404 -> new Told.Yes<>(false);
            default -> Replies.no(reply);
        });
    }

    private <T> Told<T> ask(Endpoint to, Call call, Duration limit, Function<Reply, Told<T>> reading) {
        try {
            return reading.apply(wire.call(to, call, limit));
        } catch (NoAnswer e) {
            return new Told.Silent<>(e.reached(), String.valueOf(e.getMessage()));
        }
    }

    private static Call once(Call call, UUID request, Trace trace) {
        return traced(call.with(REQUEST, request.toString()), trace);
    }

    static Call traced(Call call, Trace trace) {
        var named = call.with("x-rear-trace", trace.id());
        return trace.workflow()
                .map(known -> named.with("x-rear-workflow", known.name()))
                .orElse(named);
    }
}
