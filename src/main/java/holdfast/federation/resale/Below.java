package holdfast.federation.resale;

import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Step;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.ResaleCourse.News;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Asks the next one for what a customer wants: in processes, which repeat the question under the same request id until
/// there is an answer, also after a restart (fluidos.md 6.7, 7).
final class Below {
    static final String ASK = "transaction.ask";
    static final String BUY = "transaction.buy";
    static final String CANCEL = "transaction.cancel";
    static final String RETURN = "transaction.return";
    static final String PURCHASE = "purchase";
    private static final String CONTRACT = "contract";
    private static final String CHAIN_FAILED = "chain-failed";
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int SILENT = 503;
    /// Who stands between says so of whom it asks.
    private static final int FAULTY = 502;

    private static final Step.Retry BACK_OFF =
            new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(2));

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Secrets secrets;
    private final Vault vault;
    private final NodeIdentity self;
    private final Peers peers;
    private final Optional<Arrivals> arrivals;
    private final Optional<Countersigning> signing;
    private final RearClient client;
    private final Duration life;
    private final Heard heard;

    /// Hears what came of it.
    interface Heard {
        void heard(Tx tx, UUID id, News news, String why, UnaryOperator<Resold> learned, Optional<Contract> contract);
    }

    /// @param arrivals look who has signed what is bought; empty: nobody looks
    /// @param signing signs it for us; empty: nobody does
    /// @param life of our own holds
    Below(
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            NodeIdentity self,
            Peers peers,
            Optional<Arrivals> arrivals,
            Optional<Countersigning> signing,
            RearClient client,
            Duration life,
            Heard heard) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.secrets = secrets;
        this.vault = new Vault(secrets::seal, secrets::unseal);
        this.self = self;
        this.peers = peers;
        this.arrivals = arrivals;
        this.signing = signing;
        this.client = client;
        this.life = life;
        this.heard = heard;
        var definitions = engine.definitions();
        definitions.add(process(
                ASK,
                this::ask,
                SHORT,
                (tx, resource, why) -> why.ifPresent(no -> refuse(tx, resource.id(), News.REFUSED_BELOW, no))));
        definitions.add(process(
                BUY,
                this::buy,
                LONG,
                (tx, resource, why) -> why.ifPresent(no -> refuse(
                        tx, resource.id(), resource.as(Resold.class).sent() ? News.DOUBT : News.LOST_BELOW, no))));
        definitions.add(process(CANCEL, this::cancel, DAY, (_, _, _) -> {}));
        definitions.add(process(RETURN, this::giveBack, DAY, (_, _, _) -> {}));
    }

    /// One question, repeated until there is an answer.
    static ProcessDefinition process(String name, Step.Action ask, Duration patience, ProcessDefinition.Ending ending) {
        var steps = List.of(Step.of("ask", ask).within(patience).retrying(BACK_OFF));
        return new ProcessDefinition(
                name,
                name.substring(0, name.indexOf('.')),
                Optional.empty(),
                _ -> steps,
                ending,
                ProcessDefinition.Finish.NONE,
                Optional.empty(),
                0);
    }

    private void refuse(Tx tx, UUID id, News news, Refusal why) {
        heard.heard(tx, id, news, why.message(), sale -> sale.refused(SILENT, why.message()), Optional.empty());
    }

    private Outcome told(Step.Context context, News news, int status, String why) {
        return Outcome.done(tx -> heard.heard(
                tx, context.resource().id(), news, why, sale -> sale.refused(status, why), Optional.empty()));
    }

    private Optional<Known> peer(Resold sale) {
        return database.inTransaction(tx -> peers.find(tx, sale.peer()));
    }

    /// As whom it is bought: another for each customer, on the customer's fabric.
    private RearClient client(Resold sale) {
        var customer = sale.transaction().buyer();
        return client.as(new NodeIdentity(
                FlavorIds.customer(self.id(), customer.id()),
                self.address(),
                self.domain(),
                Optional.of(sale.transaction().cluster())));
    }

    private Outcome ask(Step.Context context) throws IOException {
        var sale = context.resource().as(Resold.class);
        var peer = peer(sale);
        if (peer.isEmpty()) {
            return told(context, News.REFUSED_BELOW, 404, "who offers it is not known any more");
        }
        var answer = client(sale)
                .reserve(
                        peer.get().endpoint(),
                        peer.get().dialect(),
                        sale.heard().id(),
                        vault.opened(sale.key(), sale.transaction()).configuration(),
                        sale.term().filter(_ -> peer.get().capabilities().takesTerms()),
                        context.process(),
                        sale.trace());
        return switch (answer) {
            case Told.Yes<Transaction>(var held) -> held(context, sale, held);
            case Told.No<Transaction>(var status, var why, var _)
            when status == 429 || status == SILENT -> throw new IOException(why.message());
            case Told.No<Transaction>(var status, var why, var _) ->
                told(
                        context,
                        News.REFUSED_BELOW,
                        status >= 500 ? FAULTY : status,
                        status >= 500 ? "who offers it has a fault of its own: " + why.message() : why.message());
            case Told.Silent<Transaction>(var _, var why) -> throw new IOException(why);
        };
    }

    private Outcome held(Step.Context context, Resold sale, Transaction told) {
        var asked = sale.transaction();
        var below = told.with(vault.sealed(sale.key(), told.flavor(), told.configuration()));
        return Outcome.done(tx -> Nesting.expiry(platform.now(), life, below.expires())
                .ifPresentOrElse(
                        until -> {
                            var here = new Transaction(
                                    asked.id(),
                                    asked.flavor(),
                                    asked.buyer(),
                                    asked.cluster(),
                                    asked.configuration(),
                                    until);
                            heard.heard(
                                    tx,
                                    context.resource().id(),
                                    News.HELD_BELOW,
                                    "held until " + until,
                                    known -> known.held(here, below),
                                    Optional.empty());
                        },
                        () -> heard.heard(
                                tx,
                                context.resource().id(),
                                News.TOO_SHORT,
                                "below it is held until " + below.expires() + " only",
                                known -> known.held(asked, below)
                                        .refused(409, "it is held for too short a time: take another flavor"),
                                Optional.empty())));
    }

    private Outcome buy(Step.Context context) throws IOException {
        var sale = context.resource().as(Resold.class);
        var peer = peer(sale);
        if (peer.isEmpty()) {
            return told(context, News.LOST_BELOW, 404, "who offers it is not known any more");
        }
        boolean weak = peer.get().capabilities().weak();
        boolean before =
                database.inTransaction(tx -> send(tx, context.resource().id()));
        if (before && weak) {
            return told(context, News.DOUBT, 502, "below it was asked for before, and it is not known what came of it");
        }
        var ask = secrets.unseal(
                        context.resource().id(),
                        PURCHASE,
                        context.arguments().path(PURCHASE).asString(""))
                .map(text -> Json.read(text, Contract.Ask.class))
                .orElseGet(() -> new Contract.Ask(Optional.empty(), Optional.empty()));
        var answer = client(sale)
                .purchase(
                        peer.get().endpoint(),
                        peer.get().dialect(),
                        sale.below().orElseThrow().id(),
                        ask,
                        context.process(),
                        sale.trace());
        return switch (answer) {
            case Told.Yes<Contract>(var contract) -> signed(context, peer.get(), sale, contract);
            case Told.No<Contract>(var status, var why, var _)
            when !weak && (status == 429 || status >= 500) -> throw new IOException(why.message());
            case Told.No<Contract>(var status, var why, var _) ->
                told(
                        context,
                        News.LOST_BELOW,
                        Set.of(400, 404, 408, 409).contains(status) ? status : 409,
                        why.message());
            case Told.Silent<Contract>(var reached, var why)
            when weak -> told(context, reached ? News.DOUBT : News.LOST_BELOW, 502, why);
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }

    /// Where who sells it takes it, it gets our signature before it counts.
    private Outcome signed(Step.Context context, Known peer, Resold sale, Contract contract) throws IOException {
        var told = signing.<Told<Contract>>map(ours -> ours.sign(client(sale), peer, contract, sale.trace()))
                .orElseGet(() -> new Told.Yes<>(contract));
        var id = context.resource().id();
        return switch (told) {
            case Told.Yes<Contract>(var both) -> Outcome.done(tx -> bought(tx, id, both, fault(tx, peer, both)));
            case Told.No<Contract>(var status, var why, var _)
            when status == 429 || status >= 500 -> throw new IOException(why.message());
            case Told.No<Contract>(var _, var why, var _) ->
                Outcome.done(tx -> bought(
                        tx,
                        id,
                        contract,
                        Optional.of(
                                "who sells contract " + contract.id() + " refused our signature: " + why.message())));
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }

    private Optional<String> fault(Tx tx, Known peer, Contract contract) {
        return arrivals.flatMap(look -> look.fault(tx, peer.id(), contract))
                .map(why -> "who sells it did not sign contract " + contract.id() + " as it should: " + why);
    }

    /// One that is not signed as it should be is not taken: it goes back.
    private void bought(Tx tx, UUID id, Contract contract, Optional<String> fault) {
        fault.ifPresent(why -> {
            heard.heard(tx, id, News.LOST_BELOW, why, sale -> sale.refused(409, why), Optional.empty());
        });
        heard.heard(
                tx,
                id,
                News.BOUGHT_BELOW,
                "contract " + contract.id(),
                UnaryOperator.identity(),
                Optional.of(contract));
    }

    /// Notes that it is asked for.
    ///
    /// @return whether it was before
    private boolean send(Tx tx, UUID id) {
        var resource = engine.resources().lock(tx, id).orElseThrow();
        var sale = resource.as(Resold.class);
        if (!sale.sent()) {
            engine.resources()
                    .update(tx, resource.state(), resource.withData(sale.sent(true)), Peers.ACTOR, "asks to buy it");
        }
        return sale.sent();
    }

    /// Weak nodes keep what they hold until it lapses.
    private Outcome cancel(Step.Context context) throws IOException {
        var sale = context.resource().as(Resold.class);
        var peer = peer(sale);
        if (peer.isEmpty()
                || sale.below().isEmpty()
                || peer.get().capabilities().weak()) {
            return Outcome.done();
        }
        var below = sale.below().get().id();
        return ended(client(sale).cancel(peer.get().endpoint(), below, context.process(), sale.trace()));
    }

    private Outcome giveBack(Step.Context context) throws IOException {
        var sale = context.resource().as(Resold.class);
        var peer = peer(sale);
        if (peer.isEmpty()) {
            return Outcome.done();
        }
        var contract = context.arguments().path(CONTRACT).asString("");
        return ended(
                client(sale).release(peer.get().endpoint(), contract, CHAIN_FAILED, context.process(), sale.trace()));
    }

    private static Outcome ended(Told<Boolean> told) throws IOException {
        return switch (told) {
            case Told.Yes<Boolean> _ -> Outcome.done();
            case Told.No<Boolean>(var status, var why, var _)
            when status == 429 || status >= 500 -> throw new IOException(why.message());
            case Told.No<Boolean> _ -> Outcome.done();
            case Told.Silent<Boolean>(var _, var why) -> throw new IOException(why);
        };
    }
}
