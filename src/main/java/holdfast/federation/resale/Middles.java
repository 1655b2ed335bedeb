package holdfast.federation.resale;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.contracts.Renewal;
import holdfast.federation.contracts.Renewals;
import holdfast.federation.discovery.Usages;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Standing;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.ContractCourse.News;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.MarketEvent;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.Vault;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.impl.DSL;

/// Contracts with customers that rest on contracts with others (fluidos.md 4.2 step 27). What ends here is ended there,
/// and what is to last longer here must do so there.
public final class Middles implements Renewals.Keeping {
    private static final String NAME = Peers.ACTOR;
    private static final String PASS = "contract.pass";
    private static final String RENEW = "contract.further";
    private static final String OVER = "contract.over";
    private static final String CREDENTIALS = "credentials";

    /// Where nobody says when it ends.
    private static final Duration LIFE = Duration.ofHours(24);

    private static final String SELLER = "seller";

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Secrets secrets;
    private final Vault vault;
    private final NodeIdentity self;
    private final Peers peers;
    private final RearClient client;
    private final Optional<Notary> notary;
    private final Renewals renewals;
    private final Usages usages;

    /// @param notary signs for us, and looks who has signed; empty: nothing is signed
    Middles(
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            NodeIdentity self,
            Peers peers,
            RearClient client,
            Optional<Notary> notary,
            Usages usages) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.secrets = secrets;
        this.vault = new Vault(secrets::seal, secrets::unseal);
        this.self = self;
        this.peers = peers;
        this.client = client;
        this.notary = notary;
        var arrivals = notary.map(known -> new Arrivals(peers, known));
        var signing = notary.map(ours -> new Countersigning(platform, ours));
        this.renewals = new Renewals(RENEW, database, engine, peers, client, arrivals, signing, this);
        this.usages = usages;
        engine.definitions().add(Below.process(PASS, this::pass, Duration.ofDays(1), (_, _, _) -> {}));
        engine.definitions().add(ProcessDefinition.timer(OVER, this::over));
    }

    /// Makes the customer's contract of what was bought for it.
    ///
    /// @return its id
    UUID make(Tx tx, Resold sale, Contract below) {
        int count = 0;
        while (find(tx, FlavorIds.contract(sale.shown().id(), count)).isPresent()) {
            count++;
        }
        var title = FlavorIds.contract(sale.shown().id(), count);
        var id = id(title);
        var now = platform.now();
        var until = below.expires().filter(now::isBefore).orElse(now.plus(LIFE).truncatedTo(ChronoUnit.SECONDS));
        var held = sale.transaction();
        var contract = new Contract(
                title,
                held.id(),
                sale.shown(),
                held.configuration(),
                held.buyer(),
                held.cluster(),
                self,
                Optional.empty(),
                Optional.of(until),
                extra(sale, below),
                below.networkRules(),
                below.telemetry());
        var middle = new Middle(
                Middle.MIDDLE,
                sale.key(),
                signed(sale.key(), contract),
                new Interval(now, until),
                sale.peer(),
                below.id(),
                sale.trace(),
                below.credentials().map(access -> secrets.seal(id, CREDENTIALS, Json.text(access))),
                Optional.empty());
        engine.resources()
                .insert(
                        tx,
                        engine.resources()
                                .fresh(
                                        id,
                                        Middle.TYPE,
                                        NAME,
                                        Optional.empty(),
                                        title,
                                        ContractCourse.ACTIVE.word(),
                                        "-",
                                        middle),
                        sale.key(),
                        "bought");
        engine.processes().schedule(tx, Request.at(until, OVER, id, NAME)).orThrow();
        var made = engine.resources().find(tx, id).orElseThrow();
        usages.begun(tx, made);
        tell(tx, made);
        return id;
    }

    /// The contract with our signature under what its customer is told.
    private Contract signed(String key, Contract contract) {
        return notary.map(ours ->
                        Signatures.signed(vault.opened(key, contract), ours).configured(contract.configuration()))
                .orElse(contract);
    }

    /// What the next one says beside it, for our price. It has signed its own contract, and this one is ours.
    private static Map<String, String> extra(Resold sale, Contract below) {
        var extra = new HashMap<>(below.extra());
        extra.remove(Signatures.SELLER);
        extra.remove(Signatures.BUYER);
        extra.put(Contract.UPSTREAM, below.id());
        Optional.ofNullable(extra.get(Quote.AMOUNT)).ifPresent(amount -> {
            var share = new Price(extra.getOrDefault(Quote.SHARE, "1"), "", "")
                    .number()
                    .orElse(BigDecimal.ONE);
            extra.put(
                    Quote.AMOUNT,
                    sale.margin().on(new Price(amount, "", ""), share).amount());
        });
        return extra;
    }

    private static UUID id(String title) {
        return Copies.id(NAME + ".middle", title);
    }

    /// A contract by the name that we gave it.
    public Optional<Resource> find(Tx tx, String title) {
        return engine.resources().find(tx, id(title));
    }

    /// Hands a question about a contract on to who sells it, where it has another name. Not within a transaction.
    public Told<Reply> pass(Middle middle, Call call, Duration limit) {
        var peer = database.inTransaction(tx -> peers.find(tx, middle.peer()));
        if (peer.isEmpty()) {
            return new Told.Silent<>(false, "who sells it is not known any more");
        }
        return client.pass(peer.get().endpoint(), below(middle, call), limit);
    }

    private static Call below(Middle middle, Call call) {
        var path = call.path().stream()
                .map(step -> step.equals(middle.contract().id()) ? middle.below() : step)
                .toList();
        return new Call(call.method(), path, call.query(), call.headers(), call.body());
    }

    /// A connection on to who sells it, under the name that it has there. Not within a transaction.
    ///
    /// @param limit until it is open
    public Told<ByteChannel> dial(Middle middle, Call call, Duration limit) {
        var peer = database.inTransaction(tx -> peers.find(tx, middle.peer()));
        if (peer.isEmpty()) {
            return new Told.Silent<>(false, "who sells it is not known any more");
        }
        return peer.get().capabilities().connects()
                ? client.dial(peer.get().endpoint(), below(middle, call), limit)
                : new Told.No<>(
                        409,
                        Refusal.clash(peer.get().name() + ", who sold what it runs on, lets nobody connect to machines:"
                                + " it needs a later release"),
                        Optional.empty());
    }

    /// A contract by its id.
    public Optional<Resource> find(Tx tx, UUID id) {
        return engine.resources().find(tx, id);
    }

    /// As its customer is told it later.
    public Contract bare(Middle middle) {
        return vault.opened(middle.key(), middle.contract());
    }

    /// As its customer is told it: with the way in that came from below.
    public Contract told(Resource resource) {
        var middle = resource.as(Middle.class);
        var bare = bare(middle);
        return middle.credentials()
                .flatMap(hidden -> secrets.unseal(resource.id(), CREDENTIALS, hidden))
                .map(plain -> bare.with(Json.read(plain, Contract.Credentials.class)))
                .orElse(bare);
    }

    /// Has who sold it asked to let it last longer, see [Renewals#ask].
    Answer<Resource> renew(Tx tx, UUID contract, Instant until, String who) {
        return renewals.ask(tx, engine.resources().lock(tx, contract).orElseThrow(), until, who);
    }

    /// Keeps the signature of its customer under it.
    ///
    /// @param fingerprint of the customer's key
    /// @return refused as malformed if the signature is not the customer's, with [Refusal.Kind#CLASH] if another
    ///     one
    ///     is there already or the contract is over
    public Answer<Resource> sign(Tx tx, UUID contract, String signature, String fingerprint) {
        var resource = engine.resources().lock(tx, contract).orElseThrow();
        var middle = resource.as(Middle.class);
        var before = Optional.ofNullable(middle.contract().extra().get(Signatures.BUYER));
        if (before.equals(Optional.of(signature))) {
            return Answer.yes(resource);
        }
        if (before.isPresent() || !state(resource).isLive() || notary.isEmpty()) {
            return Answer.no(Refusal.clash("contract " + resource.name() + " is " + resource.state()
                    + (before.isPresent() ? " and signed already" : " and is not to be signed")));
        }
        return Signatures.fault(bare(middle), signature, fingerprint, notary.get())
                .<Answer<Resource>>map(
                        fault -> Answer.no(Refusal.malformed("jws", "jws does not sign this contract: " + fault)))
                .orElseGet(() -> Answer.yes(engine.resources()
                        .update(
                                tx,
                                resource.state(),
                                resource.withData(middle.with(Signatures.signedByBoth(middle.contract(), signature))),
                                middle.key(),
                                "signed by its customer")));
    }

    @Override
    public Renewals.Below below(Resource contract) {
        var middle = contract.as(Middle.class);
        return new Renewals.Below(
                middle.peer(),
                middle.below(),
                middle.term().until(),
                Optional.empty(),
                middle.renewal(),
                middle.trace());
    }

    @Override
    public Resource with(Resource contract, Optional<Renewal> renewal) {
        return contract.withData(contract.as(Middle.class).with(renewal));
    }

    @Override
    public void renewed(Tx tx, Resource contract, Contract told) {
        var middle = contract.as(Middle.class);
        state(contract).after(News.RENEWED).ifPresent(next -> {
            var end = told.expires().orElse(middle.term().until());
            var longer = new Interval(middle.term().from(), end);
            engine.processes().cancelTimers(tx, contract.id(), Set.of(OVER));
            engine.processes()
                    .schedule(tx, Request.at(end, OVER, contract.id(), NAME))
                    .orThrow();
            var said = signed(middle.key(), middle.contract().until(end));
            var changed = contract.withData(middle.until(longer, said)).withState(next.word(), Optional.empty());
            tell(tx, engine.resources().update(tx, contract.state(), changed, "seller", "it ends at " + end));
        });
    }

    /// Ends it before its time, here and below. Told twice is once.
    public Resource release(Tx tx, UUID contract, String who, String why) {
        finish(tx, contract, News.ENDED, who, why);
        return engine.resources().find(tx, contract).orElseThrow();
    }

    private void finish(Tx tx, UUID id, News news, String who, String why) {
        var resource = engine.resources().lock(tx, id).orElseThrow();
        state(resource).after(news).ifPresent(next -> {
            engine.processes().cancelTimers(tx, id);
            usages.over(tx, resource, news == News.ENDED && who.equals(SELLER));
            var over = resource.withState(next.word(), Optional.of(why));
            tell(tx, engine.resources().update(tx, resource.state(), over, who, why));
            engine.processes().schedule(tx, Request.now(PASS, id, NAME)).orThrow();
        });
    }

    private void tell(Tx tx, Resource contract) {
        var key = contract.as(Middle.class).key();
        var event = new MarketEvent.Contracted(contract.name(), state(contract), key);
        engine.notices().tell(tx, Retelling.notice(platform, event, Notice.Thing.of(contract)));
    }

    /// The contract below is another one, says who sold it: what is over there is over here. Not within a
    /// transaction.
    void look(Known seller, String below) {
        var found = database.inTransaction(tx -> below(tx, seller.id(), below));
        for (var contract : found) {
            var trace = contract.as(Middle.class).trace();
            if (client.contract(seller.endpoint(), seller.dialect(), below, trace)
                            instanceof Told.Yes<Standing>(var standing)
                    && standing.state().filter(state -> !state.isLive()).isPresent()) {
                var news = standing.state().equals(Optional.of(ContractCourse.EXPIRED)) ? News.OVER : News.ENDED;
                database.inTransaction(tx -> {
                    finish(tx, contract.id(), news, SELLER, "it is over at who sold it");
                    return true;
                });
            }
        }
    }

    private List<Resource> below(Tx tx, UUID seller, String title) {
        var ours = Resources.typed(Middle.TYPE)
                .and(Resources.keptBy(NAME))
                .and(Resources.present())
                .and(DSL.condition("resource.data ->> 'side' = ?", Middle.MIDDLE))
                .and(DSL.condition("resource.data ->> 'peer' = ?", seller.toString()))
                .and(DSL.condition("resource.data ->> 'below' = ?", title));
        return engine.resources().list(tx, ours, 1);
    }

    /// Below it ends by itself when its term is over; it is told so all the same.
    private Outcome pass(Step.Context context) throws IOException {
        var middle = context.resource().as(Middle.class);
        var peer = database.inTransaction(tx -> peers.find(tx, middle.peer()));
        if (peer.isEmpty()) {
            return gone(context, "who sold it is not known any more");
        }
        var why = context.resource().message().orElse("released");
        var told = client.release(peer.get().endpoint(), middle.below(), why, context.process(), middle.trace());
        return switch (told) {
            case Told.Yes<Boolean> _ -> gone(context, "who sold it knows that it is over");
            case Told.No<Boolean>(var status, var no, var _)
            when status == 429 || status >= 500 -> throw new IOException(no.message());
            case Told.No<Boolean>(var _, var no, var _) -> gone(context, "who sold it said: " + no.message());
            case Told.Silent<Boolean>(var _, var silence) -> throw new IOException(silence);
        };
    }

    private Outcome gone(Step.Context context, String why) {
        return Outcome.done(tx -> engine.resources()
                .lock(tx, context.resource().id())
                .filter(resource -> resource.removed().isEmpty())
                .ifPresent(resource -> engine.resources()
                        .update(tx, resource.state(), resource.removedAt(platform.now()), NAME, why)));
    }

    private Outcome over(Step.Context context) {
        return Outcome.done(tx -> finish(tx, context.resource().id(), News.OVER, "timer", "its term is over"));
    }

    private static ContractCourse state(Resource resource) {
        return ContractCourse.of(resource.state());
    }
}
