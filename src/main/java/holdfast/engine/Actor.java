package holdfast.engine;

import holdfast.engine.Post.Envelope;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.List;

/// Somebody who takes messages: an orchestrator, a broker, an authority.
public interface Actor {
    /// Its address, unique in the federation.
    String name();

    /// Takes in one message. All that it causes is written in `tx`.
    void on(Tx tx, String sender, Message message);

    /// Whether it takes a message in the very transaction in which an actor of the same process sends it. To be
    /// said only where the locks that this takes may be taken after those of the sender.
    default boolean takesAtOnce(Message message) {
        return false;
    }

    /// Takes in several that have come together, as if one after the other. For those who can look once at what all
    /// of them need.
    default void onAll(Tx tx, List<Envelope> some) {
        some.forEach(one -> on(tx, one.sender(), one.message()));
    }
}
