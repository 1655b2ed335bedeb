package holdfast.federation.mail;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Post;
import holdfast.engine.Post.Envelope;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The buyer's side of one route: one exchange of mail after the other.
final class Line {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    /// For an exchange, beside the time that it is asked to wait.
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Route route;
    private final Wire wire;
    private final Database database;
    private final Post post;

    /// A letter among several was refused: each goes alone, until one is known to be it. Of the thread that sends.
    private volatile boolean alone;

    /// Kept here, and not yet told there. When it is forgotten it comes again, and has no effect.
    private final List<UUID> kept = new ArrayList<>();

    /// How an exchange went.
    sealed interface Turn {
        /// @param moved whether anything was brought or taken
        record Done(boolean moved) implements Turn {}

        /// The seller did not answer, or not as it should.
        record Silent(String why) implements Turn {}

        /// The seller takes no mail under this contract.
        record Over(String why) implements Turn {}
    }

    Line(Route route, Wire wire, Database database, Post post) {
        this.route = route;
        this.wire = wire;
        this.database = database;
        this.post = post;
    }

    Route route() {
        return route;
    }

    /// Brings what waits here. What the seller gives for it is left there for [#fetch].
    Turn send() {
        var letters = waiting();
        return letters.isEmpty() ? new Turn.Done(false) : exchange(new Mail(letters, List.of()), Duration.ZERO, false);
    }

    /// Fetches what waits there, or comes within that time.
    Turn fetch(Duration wait) {
        return exchange(new Mail(List.of(), kept()), wait, true);
    }

    /// Both at once, without waiting.
    Turn both() {
        return exchange(new Mail(waiting(), kept()), Duration.ZERO, true);
    }

    private List<Letter> waiting() {
        var letters = database.inTransaction(tx -> Sack.of(tx, post, route.contract()));
        alone &= !letters.isEmpty();
        return alone ? letters.stream().limit(1).toList() : letters;
    }

    private synchronized List<UUID> kept() {
        return List.copyOf(kept);
    }

    private synchronized void told(List<UUID> told, List<UUID> more) {
        kept.removeAll(told);
        kept.addAll(more);
    }

    private Turn exchange(Mail ours, Duration wait, boolean fetching) {
        try {
            var reply = wire.call(route.endpoint(), call(ours, wait), LIMIT.plus(wait));
            return switch (reply.status()) {
                case 200 -> heard(ours, reply, fetching);
                case 400, 413, 422 -> refused(ours.letters(), said(reply));
                case 401, 403, 404, 410 -> new Turn.Over(said(reply));
                default -> new Turn.Silent(said(reply));
            };
        } catch (NoAnswer e) {
            return new Turn.Silent(String.valueOf(e.getMessage()));
        }
    }

    /// A letter that is no good there never will be: it must not keep back those after it.
    private Turn refused(List<Letter> letters, String why) {
        if (letters.isEmpty()) {
            return new Turn.Silent(why);
        }
        alone = letters.size() > 1;
        if (letters.size() == 1) {
            LOG.error("{}: a letter is given up: {}", route, why);
            var refusal = Refusal.broken("the other domain does not take the message: " + why);
            database.inTransaction(tx -> giveUp(tx, letters.getFirst().id(), refusal));
        }
        return new Turn.Done(true);
    }

    private boolean giveUp(Tx tx, UUID letter, Refusal why) {
        post.abroad(tx, route.contract(), Mail.MOST).stream()
                .filter(envelope -> envelope.id().equals(letter))
                .forEach(envelope -> Unheard.refused(tx, post, envelope, why));
        post.acknowledge(tx, route.contract(), List.of(letter));
        return true;
    }

    private Call call(Mail ours, Duration wait) {
        return Call.post(List.of("api", "v2", "contracts", route.id(), "mail"), MailText.write(ours))
                .asking(Map.of("wait", List.of(String.valueOf(wait.toSeconds()))))
                .with("authorization", "Bearer " + route.token());
    }

    /// What an error says is written by others: short, and on one line.
    private static String said(Reply reply) {
        var text = reply.body().replaceAll("\\p{Cntrl}+", " ").strip();
        return "it answered " + reply.status() + (text.isEmpty() ? "" : ": ")
                + text.substring(0, Math.min(text.length(), 300));
    }

    private Turn heard(Mail ours, Reply reply, boolean fetching) {
        return switch (MailText.read(reply.body())) {
            case Answer.No<Mail>(var why) -> new Turn.Silent("its answer is no mail: " + why.message());
            case Answer.Yes<Mail>(var theirs) -> {
                var letters = fetching ? theirs.letters() : List.<Letter>of();
                var taken = theirs.taken();
                if (!letters.isEmpty() || !taken.isEmpty()) {
                    database.inTransaction(tx -> {
                        post.acknowledge(tx, route.contract(), taken);
                        letters.stream()
                                .flatMap(letter -> ours(letter).stream())
                                .forEach(envelope -> post.takeIn(tx, route.contract(), envelope));
                        return true;
                    });
                }
                told(ours.taken(), letters.stream().map(Letter::id).toList());
                yield new Turn.Done(!letters.isEmpty() || !taken.isEmpty());
            }
        };
    }

    /// What nobody here may be told is passed over: it would come again and again.
    private List<Envelope> ours(Letter letter) {
        return switch (Abroad.atBuyer(route.contract(), letter)) {
            case Answer.Yes<Envelope>(var envelope) -> List.of(envelope);
            case Answer.No<Envelope>(var why) -> {
                LOG.warn("{}: a letter is passed over: {}", route, why.message());
                yield List.of();
            }
        };
    }
}
