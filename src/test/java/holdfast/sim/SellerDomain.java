package holdfast.sim;

import holdfast.TestDatabase;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.Passport;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.Offer;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A whole domain that sells, over a database of its own, in the thread of whoever calls it.
final class SellerDomain {
    final World world;
    final NodeIdentity node;
    /// What it was asked.
    final List<Call> heard = new ArrayList<>();
    /// What is between it and its buyers.
    Line line = (_, answer) -> answer.come();
    private final Gateway gateway;

    interface Coming {
        Reply come();
    }

    interface Line {
        /// Lets a call through, or does something else.
        Reply carry(Call call, Coming answer) throws NoAnswer;
    }

    /// @param port of its address, which tells it from others
    SellerDomain(String name, int port, TestDatabase test) {
        world = new World(port, test);
        world.settle();
        node = new NodeIdentity(name, "127.0.0.1:" + port, name + ".example", Optional.of(name));
        gateway = new Gateway(
                new Gateway.Seller(
                        node,
                        world.platform,
                        world.database,
                        world.engine,
                        world.broker.market(),
                        Secrets.of(new byte[32])),
                Gateway.Roles.PLAIN,
                () -> true);
    }

    /// Offers 8 CPUs, 32Gi and 40Gi of the second host of its lab.
    ///
    /// @param price for an hour of all of it
    void offer(String price) {
        offer(price, Samples.slice().properties());
    }

    /// The same with other properties.
    void offer(String price, Properties properties) {
        var slice = Samples.slice();
        var whole = Samples.flavor(
                "root",
                new K8Slice(slice.architecture(), slice.vector(), slice.gpuModel(), properties, slice.policy()));
        var priced = new Flavor(
                whole.id(),
                node.id(),
                node,
                whole.kind(),
                Optional.of(new Price(price, "EUR", "hourly")),
                true,
                whole.network(),
                whole.place(),
                world.now(),
                whole.extra());
        var offer = new Offer(priced, world.now(), Optional.of(MarketStoriesTest.labHost(world)));
        world.run(tx -> world.broker.market().offer(tx, UUID.randomUUID(), offer, "operators", "admin"));
    }

    /// Answers as over HTTP.
    Reply call(Call call) throws NoAnswer {
        heard.add(call);
        return line.carry(call, () -> gateway.answer(call, Passport.unproved()));
    }

    /// How often it was asked for something by a path that ends so.
    long asked(String method, String last) {
        return heard.stream()
                .filter(call -> call.method().equals(method) && call.path().contains(last))
                .count();
    }

    /// Of its records of that type, those that are over included.
    List<String> states(String type) {
        return world.look(tx -> world.engine.resources().list(tx, Resources.typed(type), 100)).stream()
                .map(Resource::state)
                .toList();
    }

    List<String> contracts() {
        return states(Agreement.TYPE);
    }
}
