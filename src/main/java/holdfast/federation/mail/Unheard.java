package holdfast.federation.mail;

import holdfast.core.Refusal;
import holdfast.engine.Post;
import holdfast.engine.Post.Envelope;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.util.Optional;

/// What is said to whoever waits for the answer to a letter that the other domain will never heed. Said in the name of
/// the one who would have answered, since nobody else is believed.
final class Unheard {
    private Unheard() {}

    /// Nothing is left of the contract: what was to be closed is gone with it.
    static void gone(Tx tx, Post post, Envelope letter, Refusal why) {
        answer(tx, post, letter, UpdateLease.State.CLOSED, Optional.empty(), why);
    }

    /// The other domain does not take it: what was to be closed may still be there.
    static void refused(Tx tx, Post post, Envelope letter, Refusal why) {
        answer(tx, post, letter, UpdateLease.State.CLOSE_FAILED, Optional.of(why), why);
    }

    private static void answer(
            Tx tx, Post post, Envelope letter, UpdateLease.State closed, Optional<Refusal> open, Refusal why) {
        Optional<Message> answer = switch (letter.message()) {
            case Message.Redeem redeem ->
                Optional.of(new UpdateLease(
                        redeem.sliver(), 1, UpdateLease.State.FAILED, Optional.empty(), Optional.of(why)));
            case Message.Close close -> Optional.of(new UpdateLease(close.sliver(), 1, closed, Optional.empty(), open));
            case Message.ClaimDelegation claim ->
                Optional.of(new Message.UpdateDelegation(
                        claim.claim(),
                        claim.claim(),
                        claim.delegation(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(why)));
            default -> Optional.empty();
        };
        answer.ifPresent(
                message -> post.send(tx, /* sender= */ letter.receiver(), /* receiver= */ letter.sender(), message));
    }
}
