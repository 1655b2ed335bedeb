package holdfast.sim;

import holdfast.TestDatabase;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.Passport;
import holdfast.broker.market.Offer;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.mail.Courier;
import holdfast.federation.mail.Route;
import holdfast.federation.mail.Routes;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.platform.Faults;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Two domains in one thread, each with a database of its own: one buys, the other sells. Between them is nothing but
/// a [SimWire].
final class Border {
    private static final String SELLER = "10.0.0.1:30000";

    /// So often nothing happens before all is taken to be quiet: on a bad wire many exchanges in a row may fail.
    private static final int QUIET = 12;

    final World buyer;
    final World seller;
    final SimWire wire;
    final Customer customer;
    /// The contracts that were ended by their seller, as the buyer was told.
    final List<UUID> over = new ArrayList<>();

    int deaths;
    private Gateway gateway;
    private Courier courier;

    Border(long seed, TestDatabase one, TestDatabase two) {
        buyer = new World(seed, one);
        seller = new World(seed + 1000, two);
        wire = new SimWire(seed);
        customer = new Customer(buyer);
        buyer.federation(customer);
        seller.settle();
        buyer.settle();
        bootSeller();
        bootBuyer();
        wire.join(SELLER, new SimWire.Node() {
            @Override
            public Reply answer(Call call) {
                var reply = gateway.answer(call, Passport.unproved());
                if (reply.status() == 500) { // what kills it looks like any other exception to the gateway
                    throw new World.Killed();
                }
                return reply;
            }

            @Override
            public void reboot() {
                sellerDied();
            }
        });
    }

    private void bootSeller() {
        gateway = new Gateway(
                new Gateway.Seller(
                        Samples.OWNER,
                        seller.platform,
                        seller.database,
                        seller.engine,
                        seller.broker.market(),
                        Secrets.of(new byte[32])),
                Gateway.Roles.PLAIN,
                () -> true);
    }

    private void bootBuyer() {
        courier = new Courier(buyer.platform, buyer.database, buyer.engine, wire, new Routes() {
            @Override
            public List<Route> live(Tx tx) {
                return customer.routes();
            }

            @Override
            public void over(Tx tx, UUID contract, String why) {
                over.add(contract);
            }
        });
    }

    private void sellerDied() {
        died(seller);
        bootSeller();
    }

    private void buyerDied() {
        died(buyer);
        bootBuyer();
    }

    private void died(World world) {
        deaths++;
        world.faults(Faults.NONE);
        world.neverEver();
        world.boot();
        world.engine.takeOver();
    }

    /// Something is done at the buyer, again if it died over it.
    void atBuyer(Runnable work) {
        try {
            work.run();
        } catch (World.Killed _) {
            buyerDied();
            work.run();
        }
    }

    /// The seller offers the second host of its lab, and the buyer buys all of it for a day.
    Contract buy() {
        var host = MarketStoriesTest.labHost(seller);
        var offer = new Offer(Samples.flavor("root", Samples.slice()), seller.now(), Optional.of(host));
        seller.run(tx -> seller.broker.market().offer(tx, UUID.randomUUID(), offer, "operators", "admin"));
        var flavor = seller.look(tx -> seller.broker.market().list(tx, Optional.empty()))
                .getFirst()
                .id();
        var transaction = RearReader.transaction(post("reservations", """
                        {"flavorID":"%s","buyerID":{"ID":"anna","IP":"10.0.0.7:30000","domain":"anna.example",
                        "additionalInformation":{"liqoID":"fabric-anna"}}}""".formatted(flavor)), seller.now())
                .orThrow();
        var contract = RearReader.contract(post("transactions/" + transaction.id() + "/purchase", "{}"))
                .orThrow();
        customer.bought(contract, new Endpoint(SELLER, false, Optional.empty()));
        return contract;
    }

    private String post(String path, String body) {
        var reply = gateway.answer(Call.post(List.of(("api/v2/" + path).split("/")), body), Passport.unproved());
        if (reply.status() != 200) {
            throw new AssertionError(path + ": " + reply.status() + " " + reply.body());
        }
        return reply.body();
    }

    /// What a contract is there.
    String state(Contract contract) {
        return seller.look(tx -> seller.broker.market().contracts().find(tx, contract.id()))
                .orElseThrow()
                .state();
    }

    List<String> lendings() {
        return seller.look(tx -> seller.engine.resources().list(tx, Resources.typed("lending"), 10)).stream()
                .map(Resource::state)
                .toList();
    }

    /// Lets everything happen that happens without a change of time.
    void settle() {
        int quiet = 0;
        while (quiet < QUIET) {
            settleSeller();
            atBuyer(buyer::settle);
            quiet = turn() ? 0 : quiet + 1;
            if (quiet > 1 && wire.trouble == 0) { // the first may have been a death
                return;
            }
        }
    }

    private void settleSeller() {
        try {
            seller.settle();
        } catch (World.Killed _) {
            sellerDied();
            seller.settle();
        }
    }

    private boolean turn() {
        try {
            return courier.turn();
        } catch (World.Killed _) {
            buyerDied();
            return true;
        }
    }

    void settleFor(Duration time, Duration step) {
        settle();
        for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            buyer.advance(step);
            seller.advance(step);
            settle();
        }
    }
}
