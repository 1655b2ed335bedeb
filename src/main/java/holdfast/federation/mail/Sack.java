package holdfast.federation.mail;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Post;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// As much as goes with one exchange of what waits under a contract, oldest first.
final class Sack {
    private static final Logger LOG = LoggerFactory.getLogger(Sack.class);

    private Sack() {}

    /// What no domain may hear, and what is too large to be sent at all, is thrown away: it would keep back all
    /// that comes after it.
    static List<Letter> of(Tx tx, Post post, UUID contract) {
        var letters = new ArrayList<Letter>();
        int room = Mail.ROOM;
        for (var envelope : post.abroad(tx, contract, Mail.MOST)) {
            switch (Abroad.leaving(contract, envelope)) {
                case Answer.No<Letter>(var why) -> drop(tx, post, contract, envelope, why.message());
                case Answer.Yes<Letter>(var letter) -> {
                    int size = Json.text(MailText.tree(letter)).length();
                    if (size > Mail.ROOM) {
                        drop(tx, post, contract, envelope, "it has " + size + " characters");
                    } else if (size > room) {
                        return letters;
                    } else {
                        room -= size;
                        letters.add(letter);
                    }
                }
            }
        }
        return letters;
    }

    private static void drop(Tx tx, Post post, UUID contract, Post.Envelope envelope, String why) {
        LOG.error("{} to {} is not sent: {}", envelope.message().getClass().getSimpleName(), envelope.receiver(), why);
        Unheard.refused(tx, post, envelope, Refusal.broken("it could not be told to the other domain"));
        post.acknowledge(tx, contract, List.of(envelope.id()));
    }
}
