package holdfast.engine;

import holdfast.platform.Tx;
import holdfast.protocol.Message;

/// Somebody who takes messages: an orchestrator, a broker, an authority.
public interface Actor {
    /// Its address, unique in the federation.
    String name();

    /// Takes in one message. All that it causes is written in `tx`.
    void on(Tx tx, String sender, Message message);
}
