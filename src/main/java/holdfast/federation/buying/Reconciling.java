package holdfast.federation.buying;

import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.PeerCourse;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Standing;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Flavor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Buyer and seller come to the same view of each contract (fluidos.md 7, G5): each 60 s sellers are asked how theirs
/// are. Weak peers and those that are down are not asked.
final class Reconciling {
    private static final Duration EVERY = Duration.ofSeconds(60);
    /// So many are asked at a time, within [#LIMIT].
    private static final int SET = 128;

    private static final Duration LIMIT = Duration.ofSeconds(25);
    /// Clocks may differ by so much (fluidos.md 5.10, U12).
    private static final Duration SKEW = Duration.ofSeconds(2);

    private final Database database;
    private final Resources resources;
    private final Peers peers;
    private final RearClient rear;
    private final Fanout fanout;
    private final Deals deals;

    Reconciling(Database database, Engine engine, Peers peers, RearClient rear, Fanout fanout, Deals deals) {
        this.database = database;
        this.resources = engine.resources();
        this.peers = peers;
        this.rear = rear;
        this.fanout = fanout;
        this.deals = deals;
        engine.tasks().add("contract.reconcile", EVERY, this::reconcile);
    }

    /// What it means for the buyer.
    sealed interface Verdict {
        /// Both sides say the same, or nothing was heard.
        record Same() implements Verdict {}

        /// It ends at another time, and is signed so.
        record Until(Contract told) implements Verdict {}

        /// It is over there.
        record Over(ContractCourse.News news, String why) implements Verdict {}

        /// It lasts, and is not what was promised.
        record Broken(String why) implements Verdict {}

        /// The seller knows nothing of it.
        record Lost(String why) implements Verdict {}
    }

    /// Whoever was not heard for so long does not keep what it promised (fluidos.md 7).
    private static final Duration SILENCE = Duration.ofMinutes(5);

    /// @param hard what was asked for when it was bought
    private record Question(Resource deal, Known seller, List<Constraint> hard) {}

    /// Its seller says that it is another one. Not within a transaction.
    void look(UUID seller, String contract) {
        var questions = database.inTransaction(tx -> questions(tx).stream()
                .filter(question -> question.seller().id().equals(seller))
                .filter(question ->
                        question.deal().as(Deal.class).contract().id().equals(contract))
                .toList());
        reconcile(questions);
    }

    /// Asks about all of them. Not within a transaction.
    ///
    /// @return what came of it, for people
    String reconcile() {
        database.inTransaction(tx -> {
            silent(tx);
            return true;
        });
        var questions = database.inTransaction(this::questions);
        int differed = 0;
        for (int from = 0; from < questions.size(); from += SET) {
            differed += reconcile(questions.subList(from, Math.min(questions.size(), from + SET)));
        }
        return differed + " of " + questions.size() + " contracts were different at their sellers";
    }

    /// Those with sellers that were not heard for long.
    private void silent(Tx tx) {
        for (var deal : deals.living(tx)) {
            peers.silence(tx, deal.as(Deal.class).peer())
                    .filter(silence -> silence.compareTo(SILENCE) >= 0)
                    .ifPresent(silence -> deals.broken(
                            tx, deal.id(), "its seller was not heard for " + silence.toMinutes() + " minutes"));
        }
    }

    private List<Question> questions(Tx tx) {
        return deals.living(tx).stream()
                .flatMap(deal -> peers
                        .find(tx, deal.as(Deal.class).peer())
                        .filter(seller -> !seller.capabilities().weak())
                        .filter(seller -> seller.state() != PeerCourse.State.DOWN)
                        .map(seller -> new Question(deal, seller, hard(tx, deal)))
                        .stream())
                .toList();
    }

    private List<Constraint> hard(Tx tx, Resource deal) {
        return resources
                .find(tx, deal.as(Deal.class).solver())
                .map(solver -> solver.as(Solver.class).wish().hard())
                .orElse(List.of());
    }

    private int reconcile(List<Question> questions) {
        var told = fanout.each(questions, LIMIT, this::ask);
        int differed = 0;
        for (int i = 0; i < questions.size(); i++) {
            var deal = questions.get(i).deal();
            var hard = questions.get(i).hard();
            var verdict = told.get(i).map(said -> verdict(deal.as(Deal.class), hard, said));
            if (verdict.filter(said -> !said.equals(new Verdict.Same())).isPresent()) {
                differed++;
                database.inTransaction(tx -> {
                    deals.heard(tx, deal.id(), verdict.get());
                    return true;
                });
            }
        }
        return differed;
    }

    private Told<Standing> ask(Question question) {
        var deal = question.deal().as(Deal.class);
        var seller = question.seller();
        return rear.contract(
                seller.endpoint(), seller.dialect(), deal.contract().id(), deal.trace());
    }

    /// Only what is surely said counts: a seller that does not answer may well be keeping the contract.
    static Verdict verdict(Deal deal, List<Constraint> hard, Told<Standing> told) {
        return switch (told) {
            case Told.Silent<Standing> _ -> new Verdict.Same();
            case Told.No<Standing>(var status, var why, var _)
            when status == 404 -> new Verdict.Lost("lost: the seller said: " + why.message());
            case Told.No<Standing> _ -> new Verdict.Same();
            case Told.Yes<Standing>(var standing) -> verdict(deal, hard, standing);
        };
    }

    private static Verdict verdict(Deal deal, List<Constraint> hard, Standing standing) {
        return switch (standing.state().orElse(ContractCourse.ACTIVE)) {
            case EXPIRED -> new Verdict.Over(ContractCourse.News.OVER, "its seller says that its term is over");
            case TERMINATED -> new Verdict.Over(ContractCourse.News.ENDED, "its seller has ended it");
            case PENDING_SIGNATURE, ACTIVE, EXPIRING ->
                endsElse(deal, standing.contract())
                        ? new Verdict.Until(standing.contract())
                        : broken(deal, hard, standing.contract().flavor())
                                .<Verdict>map(Verdict.Broken::new)
                                .orElseGet(Verdict.Same::new);
        };
    }

    /// What was promised when it was bought, and is not true of it any more.
    private static Optional<String> broken(Deal deal, List<Constraint> hard, Flavor now) {
        var bought = deal.contract().flavor();
        return hard.stream()
                .filter(condition -> condition.met(bought, Constraint.Known.NOTHING))
                .filter(condition -> !condition.met(now, Constraint.Known.NOTHING))
                .map(condition -> "'" + condition + "' was asked for, and is not so any more, as its seller says")
                .findFirst();
    }

    private static boolean endsElse(Deal deal, Contract told) {
        return told.expires()
                .filter(end -> Duration.between(end, deal.term().until()).abs().compareTo(SKEW) > 0)
                .isPresent();
    }
}
