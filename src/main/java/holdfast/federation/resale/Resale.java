package holdfast.federation.resale;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.ResaleCourse.Act;
import holdfast.federation.resale.ResaleCourse.News;
import holdfast.federation.wire.RearClient;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vault;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jooq.impl.DSL;

/// Sells to customers what others sell to us: a hold here is a hold there, a contract here is a contract there
/// (fluidos.md 4.2 steps 15 to 28, 6.7). What is to be asked below is written down before.
public final class Resale {
    private static final String NAME = Peers.ACTOR;
    private static final String LAPSE = "transaction.lapse";
    private static final Pattern ID =
            Pattern.compile("([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-\\d{1,30}");
    private static final Duration RESERVE = Duration.ofSeconds(20);
    private static final Duration PURCHASE = Duration.ofSeconds(55);
    private static final int MOST = 1_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Secrets secrets;
    private final NodeIdentity self;
    private final Supernode supernode;
    private final Waiter waiter;
    private final Middles middles;
    private final Vault vault;

    /// @param life of our own holds
    /// @param notary signs what is sold here, and looks who has signed what is bought below; empty: nothing is
    ///     signed
    public Resale(
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            Peers peers,
            RearClient client,
            Supernode supernode,
            Duration life,
            Optional<Notary> notary,
            Waiter waiter) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.secrets = secrets;
        this.self = supernode.self();
        this.supernode = supernode;
        this.waiter = waiter;
        this.vault = new Vault(secrets::seal, secrets::unseal);
        this.middles =
                new Middles(platform, database, engine, secrets, self, peers, client, notary, supernode.usages());
        var arrivals = notary.map(ours -> new Arrivals(peers, ours));
        var signing = notary.map(ours -> new Countersigning(platform, ours));
        new Below(platform, database, engine, secrets, self, peers, arrivals, signing, client, life, this::heard);
        engine.definitions().add(ProcessDefinition.timer(LAPSE, this::lapse));
    }

    /// Who buys here.
    ///
    /// @param key as whom
    /// @param cluster the id of its fabric
    public record Customer(NodeIdentity identity, String key, String cluster) {}

    public Supernode supernode() {
        return supernode;
    }

    public Middles middles() {
        return middles;
    }

    /// A hold as its customer is told it.
    public Transaction told(Resold sale) {
        return vault.opened(sale.key(), sale.transaction());
    }

    /// Whether it is another's, offered again by us.
    public boolean isOffered(Tx tx, String flavor) {
        return supernode.row(tx, flavor).isPresent();
    }

    /// A transaction by its name, if it is one of ours with others behind it.
    public Optional<Resource> find(Tx tx, String name) {
        var parts = ID.matcher(name);
        return parts.matches()
                ? engine.resources()
                        .find(tx, UUID.fromString(parts.replaceFirst("$1-$2-$3-$4-$5")))
                        .filter(resource -> resource.type().equals(Resold.TYPE))
                        .filter(resource ->
                                resource.actor().equals(NAME) && resource.name().equals(name))
                : Optional.empty();
    }

    /// Holds a piece of what another offers, and waits for the answer from there, at most 20 s. Asked again it is
    /// the same. Not within a transaction.
    ///
    /// @return the record, which may still be [ResaleCourse#ASKED]
    public Resource reserve(
            Customer customer, String shown, Optional<Configuration> piece, Optional<Interval> term, Trace trace) {
        return settled(database.inTransaction(tx -> asked(tx, customer, shown, piece, term, trace)), RESERVE);
    }

    private UUID asked(
            Tx tx,
            Customer customer,
            String shown,
            Optional<Configuration> piece,
            Optional<Interval> term,
            Trace trace) {
        tx.sql().fetch("select 1 from forwarded where shown = ? for update", shown);
        var known = engine
                .resources()
                .list(
                        tx,
                        Resources.typed(Resold.TYPE)
                                .and(Resources.keptBy(NAME))
                                .and(Resources.present())
                                .and(DSL.condition("resource.data ->> 'key' = ?", customer.key())),
                        MOST)
                .stream()
                .filter(resource ->
                        resource.as(Resold.class).transaction().flavor().equals(shown))
                .findFirst();
        return known.map(Resource::id).orElseGet(() -> begin(tx, customer, shown, piece, term, trace));
    }

    private UUID begin(
            Tx tx,
            Customer customer,
            String shown,
            Optional<Configuration> piece,
            Optional<Interval> term,
            Trace trace) {
        var row = supernode.row(tx, shown).orElseThrow();
        var id = platform.newId();
        var settled = supernode.settled(tx, trace, role(customer.identity()), row.peer());
        var wanted = new Transaction(
                FlavorIds.transaction(id, platform.now()),
                shown,
                customer.identity(),
                customer.cluster(),
                vault.sealed(customer.key(), shown, piece),
                platform.now().plus(RESERVE));
        var sale = new Resold(
                wanted,
                customer.key(),
                term,
                row.peer(),
                row.heard(),
                supernode.find(tx, shown).orElseThrow(),
                row.margin(),
                settled,
                ResaleCourse.ASKED,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
        var fresh = engine.resources()
                .fresh(id, Resold.TYPE, NAME, Optional.empty(), wanted.id(), word(ResaleCourse.ASKED), "-", sale);
        engine.resources().insert(tx, fresh, customer.key(), "asked for below");
        step(tx, fresh, StepNumber.RESERVE_PASSED_ON);
        engine.processes().schedule(tx, Request.now(Below.ASK, id, NAME)).orThrow();
        return id;
    }

    private Resource settled(UUID id, Duration longest) {
        waiter.await(longest, () -> sale(id).course().isSettled());
        return database.inTransaction(tx -> engine.resources().find(tx, id).orElseThrow());
    }

    private Resold sale(UUID id) {
        return database.inTransaction(tx -> engine.resources().find(tx, id).orElseThrow())
                .as(Resold.class);
    }

    /// Buys what is held, and waits for the answer from below, at most 55 s. Told twice is once. Not within a
    /// transaction.
    ///
    /// @return the record, which may still be [ResaleCourse#BUYING]
    public Resource purchase(UUID id, Contract.Ask ask) {
        database.inTransaction(tx -> {
            var sale = engine.resources().lock(tx, id).orElseThrow().as(Resold.class);
            boolean late = platform.now().isAfter(sale.transaction().expires().plusSeconds(1));
            heard(
                    tx,
                    id,
                    late ? News.LAPSED : News.WANTED,
                    late ? "nobody bought it in time" : "about to buy it below",
                    UnaryOperator.identity(),
                    Optional.empty(),
                    Optional.of(ask));
            return true;
        });
        return settled(id, PURCHASE);
    }

    /// Lets a contract last longer, and waits until who sold it has said so, at most 20 s. Told twice is once. Not
    /// within a transaction.
    ///
    /// @return the record, in which who sold it may still be asked, or have refused
    public Answer<Resource> renew(UUID contract, Instant until) {
        var asked = database.inTransaction(tx -> {
            var middle = middles.find(tx, contract).orElseThrow();
            var term = middle.as(Middle.class).term();
            return term.until().equals(until)
                    ? Answer.yes(middle)
                    : middles.renew(tx, contract, until, middle.as(Middle.class).key());
        });
        return asked.map(_ -> {
            waiter.await(RESERVE, () -> !isAsked(contract));
            return database.inTransaction(tx -> middles.find(tx, contract).orElseThrow());
        });
    }

    private boolean isAsked(UUID contract) {
        return database.inTransaction(tx -> middles.find(tx, contract).orElseThrow())
                .as(Middle.class)
                .renewal()
                .filter(wish -> wish.refusal().isEmpty())
                .isPresent();
    }

    /// Gives up a hold, here and below. Told twice is once.
    public Resource cancel(Tx tx, UUID id, String why) {
        heard(tx, id, News.GIVEN_UP, why, UnaryOperator.identity(), Optional.empty());
        return engine.resources().find(tx, id).orElseThrow();
    }

    private Outcome lapse(Step.Context context) {
        return Outcome.done(tx -> heard(
                tx,
                context.resource().id(),
                News.LAPSED,
                "nobody bought it in time",
                UnaryOperator.identity(),
                Optional.empty()));
    }

    private void heard(Tx tx, UUID id, News news, String why, UnaryOperator<Resold> learned, Optional<Contract> below) {
        heard(tx, id, news, why, learned, below, Optional.empty());
    }

    private void heard(
            Tx tx,
            UUID id,
            News news,
            String why,
            UnaryOperator<Resold> learned,
            Optional<Contract> below,
            Optional<Contract.Ask> ask) {
        var resource = engine.resources().lock(tx, id).orElseThrow();
        var before = resource.as(Resold.class);
        before.course().after(news).ifPresent(turn -> {
            var sale = learned.apply(before).in(turn.state());
            var sold = turn.act() == Act.SELL ? sale.boughtBy(middles.make(tx, sale, below.orElseThrow())) : sale;
            var changed = resource.withData(sold).withState(word(turn.state()), Optional.of(why));
            boolean over = turn.state().shown().isOver() && resource.removed().isEmpty();
            var after = engine.resources()
                    .update(tx, resource.state(), over ? changed.removedAt(platform.now()) : changed, NAME, why);
            if (news == News.HELD_BELOW && turn.state() == ResaleCourse.HELD) {
                var lapses = sale.transaction().expires().plusSeconds(1);
                engine.processes()
                        .schedule(tx, Request.at(lapses, LAPSE, id, NAME))
                        .orThrow();
                step(tx, after, StepNumber.RESERVE_ANSWERED);
            }
            tell(tx, sale, news);
            act(tx, after, turn.act(), below, ask);
        });
    }

    /// Whoever tells what there is hears what has become of it.
    private void tell(Tx tx, Resold sale, News news) {
        var offer = sale.heard();
        switch (news) {
            case REFUSED_BELOW ->
                sale.no()
                        .ifPresent(no ->
                                supernode.echoes().refused(tx, sale.peer(), offer.id(), no.status(), sale.trace()));
            case HELD_BELOW -> supernode.echoes().taken(tx, sale.peer(), offer.id());
            case BOUGHT_BELOW ->
                supernode
                        .echoes()
                        .bought(tx, sale.peer(), offer.id(), offer.owner().id(), sale.trace());
            case TOO_SHORT, WANTED, LOST_BELOW, DOUBT, LAPSED, GIVEN_UP -> {}
        }
    }

    private void act(Tx tx, Resource resource, Act act, Optional<Contract> below, Optional<Contract.Ask> ask) {
        var id = resource.id();
        switch (act) {
            case NOTHING -> {}
            case CANCEL ->
                engine.processes()
                        .schedule(tx, Request.now(Below.CANCEL, id, NAME))
                        .orThrow();
            case BUY -> {
                var said = Json.object();
                ask.ifPresent(some -> said.put(Below.PURCHASE, secrets.seal(id, Below.PURCHASE, Json.text(some))));
                engine.processes()
                        .schedule(tx, Request.now(Below.BUY, id, NAME).with(said))
                        .orThrow();
                step(tx, resource, StepNumber.PURCHASE_SENT);
            }
            case SELL -> {
                step(tx, resource, StepNumber.CONTRACT_MADE);
                step(tx, resource, StepNumber.FORWARDING_MADE);
            }
            case RELEASE ->
                engine.processes()
                        .schedule(
                                tx,
                                Request.now(Below.RETURN, id, NAME)
                                        .with(Json.object()
                                                .put(
                                                        "contract",
                                                        below.orElseThrow().id())))
                        .orThrow();
        }
    }

    private void step(Tx tx, Resource resource, StepNumber step) {
        var sale = resource.as(Resold.class);
        var role = role(sale.transaction().buyer());
        var what = "flavor " + sale.shown().id();
        engine.journal().step(tx, resource, sale.trace(), role, step, what);
    }

    /// As whom we sell to somebody.
    private Role role(NodeIdentity customer) {
        return supernode.sellingTo(customer.domain());
    }

    private static String word(ResaleCourse state) {
        return state.shown().name().toLowerCase(Locale.ROOT);
    }
}
