package holdfast.api.rear;

import holdfast.broker.market.Agreement;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Post.Envelope;
import holdfast.engine.Resource;
import holdfast.federation.mail.Abroad;
import holdfast.federation.mail.Letter;
import holdfast.federation.mail.MailText;
import holdfast.federation.mail.Postbox;
import holdfast.federation.wire.Reply;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// `POST contracts/{id}/mail?wait=`: what the buyer's actors say under a contract, and what is said to them. The secret
/// of the contract is asked for, however callers prove who they are elsewhere.
final class Mailing {
    /// What was used until the last moment may take some time to be told as closed.
    private static final Duration GRACE = Duration.ofHours(1);

    private static final int MOST_SECONDS = 20;
    private static final Pattern SECONDS = Pattern.compile("\\d{1,2}");

    private final Platform platform;
    private final Database database;
    private final ContractKey key;
    private final Postbox postbox;

    Mailing(Platform platform, Database database, ContractKey key, Postbox postbox) {
        this.platform = platform;
        this.database = database;
        this.key = key;
        this.postbox = postbox;
    }

    /// Under which contract.
    private record Door(UUID contract, String authority) {}

    Reply exchange(Asked asked) {
        var door = database.inTransaction(tx -> door(tx, asked));
        var wait = wait(asked);
        var mail = MailText.read(asked.call().body()).orThrow();
        var brought = brought(door, mail.letters());
        return Asked.json(200, MailText.write(postbox.exchange(door.contract(), brought, mail.taken(), wait)));
    }

    /// @throws RearProblem if no mail is exchanged with whoever asks
    private Door door(Tx tx, Asked asked) {
        var contract = key.opened(tx, asked);
        if (!isOpen(contract, platform.now())) {
            throw RearProblem.of(
                    410,
                    "the contract is " + contract.state()
                            + ", and nothing is left of it: no mail is exchanged any more");
        }
        var authority = contract.as(Agreement.class).contract().extra().get(Contract.AUTHORITY);
        return new Door(contract.id(), Optional.ofNullable(authority).orElseThrow());
    }

    /// While it lives, while something of it is still to be closed, and for the grace after.
    private static boolean isOpen(Resource contract, Instant now) {
        boolean lives = ContractCourse.valueOf(contract.state().toUpperCase(Locale.ROOT))
                .isLive();
        return lives
                || contract.removed().map(end -> end.plus(GRACE).isAfter(now)).orElse(true);
    }

    private static Duration wait(Asked asked) {
        var text = asked.parameter("wait").orElse("0");
        int seconds = SECONDS.matcher(text).matches() ? Integer.parseInt(text) : MOST_SECONDS + 1;
        if (seconds > MOST_SECONDS) {
            throw RearProblem.malformed(
                    "wait", "wait must be a whole number of seconds from 0 to " + MOST_SECONDS + ", such as wait=20");
        }
        return Duration.ofSeconds(seconds);
    }

    /// All of it, or nothing.
    private static List<Envelope> brought(Door door, List<Letter> letters) {
        return IntStream.range(0, letters.size())
                .mapToObj(i -> brought(door, letters.get(i), "envelopes[" + i + "]."))
                .toList();
    }

    private static Envelope brought(Door door, Letter letter, String at) {
        return switch (Abroad.atSeller(door.contract(), door.authority(), letter)) {
            case Answer.Yes<Envelope>(var envelope) -> envelope;
            case Answer.No<Envelope>(var why) ->
                throw new RefusedException(Refusal.malformed(at + why.field().orElse(""), at + why.message()));
        };
    }
}
