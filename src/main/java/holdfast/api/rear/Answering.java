package holdfast.api.rear;

import holdfast.core.RefusedException;
import holdfast.engine.Convoy;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Transaction;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Answers questions in transactions, each once however often it is told.
record Answering(Database database, Replays replays) {
    /// What is our own is answered in one transaction.
    Function<Asked, Reply> inOne(Route.Action action) {
        return asked -> database.inTransaction(tx ->
                replays.once(tx, asked, () -> served(asked, () -> action.answer(tx, asked))));
    }

    /// Those who come together for the same flavor are answered in one transaction, with others if it happens so.
    Route.Wait together(BiFunction<Tx, List<Asked>, List<Reply>> answers) {
        return Convoy.<Asked, Reply>abreast(
                Gateway.LANES,
                asked -> RearReader.reserve(asked.call().body()).map(Transaction.Ask::flavor),
                all -> database.inTransaction(tx -> replays.once(tx, all, some -> answers.apply(tx, some))))::apply;
    }

    /// A refusal is an answer like others, and told again like others.
    static Reply served(Asked asked, Supplier<Reply> answer) {
        try {
            return answer.get();
        } catch (RearProblem | RefusedException e) {
            return refused(asked, e);
        }
    }

    /// @param why a [RearProblem] or a [RefusedException]
    static Reply refused(Asked asked, RuntimeException why) {
        return switch (why) {
            case RearProblem problem -> problem.reply(asked.call());
            case RefusedException refused -> RearProblem.of(refused.refusal()).reply(asked.call());
            default -> throw why;
        };
    }
}
