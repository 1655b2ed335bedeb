package holdfast.sim;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.federation.mail.Abroad;
import holdfast.federation.mail.Route;
import holdfast.federation.wire.Endpoint;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Plays what deals with other domains at a buyer whose contracts are made already: each serves one sliver. What it
/// knows outlives every kill, as a database would.
final class Customer implements Actor {
    private final World world;
    private final Map<UUID, Contract> contracts = new HashMap<>();
    private final Map<UUID, Message.Acquire> uses = new HashMap<>();
    private final List<Route> routes = new ArrayList<>();

    Customer(World world) {
        this.world = world;
    }

    void bought(Contract contract, Endpoint seller) {
        var id = Copies.id(Neighbour.NAME, contract.id());
        contracts.put(id, contract);
        var token = contract.credentials().flatMap(Contract.Credentials::token).orElseThrow();
        routes.add(new Route(id, seller, contract.id(), token));
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /// What the site of a contract is called here.
    String site() {
        return Neighbour.site(routes.getFirst().contract());
    }

    @Override
    public String name() {
        return Neighbour.NAME;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        switch ((Message.ToFederation) message) {
            case Message.Procure service -> throw new IllegalArgumentException("nobody buys services here: " + service);
            case Message.Acquire acquire -> acquire(tx, acquire);
            case Message.Borrowed(var contract, var granted, var refusal) -> {
                var use = uses.get(contract);
                answer(tx, use, granted.map(_ -> Neighbour.site(contract)), refusal);
            }
            case Message.Peered peered -> throw new IllegalArgumentException("there is no cluster here: " + peered);
            case Message.GiveUp(var sliver, var _) ->
                used(sliver).ifPresent(contract -> send(tx, "broker", new Message.GiveBack(contract)));
        }
    }

    private Optional<UUID> used(SliverId sliver) {
        return uses.entrySet().stream()
                .filter(use -> use.getValue().sliver().equals(sliver))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void acquire(Tx tx, Message.Acquire acquire) {
        var free = used(acquire.sliver())
                .filter(contract -> uses.get(contract).attempt() == acquire.attempt())
                .or(() -> contracts.keySet().stream()
                        .filter(contract -> !uses.containsKey(contract))
                        .findFirst());
        if (free.isEmpty()) {
            answer(tx, acquire, Optional.empty(), Optional.of(Refusal.clash("nothing is bought for it")));
            return;
        }
        uses.put(free.get(), acquire);
        var extra = contracts.get(free.get()).extra();
        var authority = Abroad.name(extra.get(Contract.AUTHORITY), free.get());
        var site = Neighbour.site(free.get());
        var project = acquire.slice().project();
        send(tx, "broker", new Message.Borrow(free.get(), authority, extra.get(Contract.DELEGATION), site, project));
    }

    private void answer(Tx tx, Message.Acquire use, Optional<String> site, Optional<Refusal> why) {
        send(tx, "orchestrator", new Message.Acquired(use.sliver(), use.attempt(), site, why));
    }

    private void send(Tx tx, String to, Message message) {
        world.engine.post().send(tx, name(), to, message);
    }
}
