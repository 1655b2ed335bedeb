package holdfast.sim;

import holdfast.broker.DelegationClaim;
import holdfast.broker.Supply;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.protocol.Loan;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Plays both sides of a contract in one world: what looks for room elsewhere, and the broker that sells some. It lends
/// of the second host of the lab, exactly what is asked for, unless told otherwise.
final class Neighbour implements Actor {
    static final String NAME = "federation";
    private static final String LENDER = "broker";
    private static final String HOST = "LAB-H2";

    private final World world;
    /// How much of what was asked for is lent, in percent.
    int generosity = 100;
    /// In how long power is greenest; nobody forecasts it if that is at once.
    Duration greenest = Duration.ZERO;

    Neighbour(World world) {
        this.world = world;
    }

    static UUID contract(SliverId sliver, int attempt) {
        return Copies.id(NAME, sliver + "/" + attempt);
    }

    static String site(UUID contract) {
        return "b-" + contract.toString().substring(0, 8);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToFederation own)) {
            throw new IllegalArgumentException("not for the federation: " + message);
        }
        switch (own) {
            case Message.Acquire acquire -> acquire(tx, acquire);
            case Message.Borrowed borrowed -> borrowed(tx, borrowed);
            case Message.Peered peered -> throw new IllegalArgumentException("there is no cluster here: " + peered);
            case Message.Procure service ->
                throw new IllegalArgumentException("nobody sells services here: " + service);
            case Message.GiveUp(var sliver, var _) -> {
                for (int attempt = 1; attempt < 4; attempt++) {
                    var contract = contract(sliver, attempt);
                    if (!new Calendar().held(tx, LENDER, contract).isEmpty()) {
                        release(tx, contract);
                    }
                }
            }
        }
    }

    private void acquire(Tx tx, Message.Acquire acquire) {
        if (acquire.wish().latest().isPresent()) {
            send(
                    tx,
                    NAME,
                    "orchestrator",
                    new Message.BeginAt(
                            acquire.sliver(), world.now().plus(greenest), greenest.isPositive(), "as it is forecast"));
            return;
        }
        var contract = contract(acquire.sliver(), acquire.attempt());
        var amounts = acquire.demand().capacities();
        var hull = new Booking(LENDER, contract, HOST, acquire.term(), amounts, Set.of());
        if (new Calendar().book(tx, hull) instanceof Answer.No<Booking>(var why)) {
            answer(tx, acquire.sliver(), acquire.attempt(), Optional.of(why));
            return;
        }
        send(tx, LENDER, "lab-am", new Message.Lend(contract, loan(tx, lent(amounts), acquire.term())));
        send(
                tx,
                NAME,
                LENDER,
                new Message.Borrow(
                        contract,
                        "lab-am",
                        contract.toString(),
                        site(contract),
                        acquire.slice().project()));
    }

    private Capacities lent(Capacities amounts) {
        return new Capacities(amounts.amounts().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue() * generosity / 100)));
    }

    private Loan loan(Tx tx, Capacities amounts, Interval term) {
        return new Loan(primary(tx), HOST, amounts, term, LENDER);
    }

    private UUID primary(Tx tx) {
        return world.engine.resources().ofType(tx, Supply.DELEGATION, 100).stream()
                .filter(resource -> resource.actor().equals(LENDER))
                .map(resource -> resource.as(DelegationClaim.class))
                .filter(claim -> claim.authority().equals("lab-am"))
                .flatMap(claim -> claim.delegation().stream())
                .findFirst()
                .orElseThrow();
    }

    /// Which sliver it was for is found by its id, as the real one finds it by its own record.
    private void borrowed(Tx tx, Message.Borrowed borrowed) {
        for (var sliver : slivers(tx)) {
            for (int attempt = 1; attempt < 4; attempt++) {
                if (contract(sliver, attempt).equals(borrowed.contract())) {
                    answer(tx, sliver, attempt, borrowed.refusal());
                }
            }
        }
    }

    /// Those that are over, too: an answer that they no longer need is given up by them, also when giving up has
    /// overtaken the wish.
    private List<SliverId> slivers(Tx tx) {
        return world.engine.resources().list(tx, Resources.typed("sliver"), 10_000).stream()
                .map(Resource::id)
                .map(SliverId::new)
                .toList();
    }

    private void answer(Tx tx, SliverId sliver, int attempt, Optional<Refusal> why) {
        var site = why.isPresent() ? Optional.<String>empty() : Optional.of(site(contract(sliver, attempt)));
        send(tx, NAME, "orchestrator", new Message.Acquired(sliver, attempt, site, why));
    }

    /// Ends a contract on both sides.
    private void release(Tx tx, UUID contract) {
        send(tx, NAME, LENDER, new Message.GiveBack(contract));
        send(tx, LENDER, "lab-am", new Message.Unlend(contract));
        new Calendar().release(tx, LENDER, contract, world.now());
    }

    private void send(Tx tx, String from, String to, Message message) {
        world.engine.post().send(tx, from, to, message);
    }

    /// States of the two records of contracts, those that are over included.
    List<String> states(String type) {
        return world.look(tx -> world.engine.resources().list(tx, Resources.typed(type), 100).stream()
                .map(Resource::state)
                .toList());
    }
}
