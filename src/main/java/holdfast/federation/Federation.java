package holdfast.federation;

import holdfast.engine.Actor;
import holdfast.federation.buying.Buying;
import holdfast.federation.peers.Peers;
import holdfast.platform.Tx;
import holdfast.protocol.Message;

/// The actor that buys in other domains what there is no room for at home (fluidos.md 4.1).
public final class Federation implements Actor {
    private final Buying buying;

    public Federation(Buying buying) {
        this.buying = buying;
    }

    @Override
    public String name() {
        return Peers.ACTOR;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToFederation own)) {
            throw new IllegalArgumentException("not for the federation: " + message);
        }
        switch (own) {
            case Message.Acquire acquire -> buying.acquire(tx, sender, acquire);
            case Message.Procure service -> buying.procure(tx, sender, service);
            case Message.Borrowed borrowed -> buying.borrowed(tx, borrowed);
            case Message.Peered peered -> buying.peered(tx, peered);
            case Message.GiveUp(var sliver, var broken) -> buying.giveUp(tx, sliver, broken);
        }
    }
}
