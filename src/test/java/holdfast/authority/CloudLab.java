package holdfast.authority;

import static holdfast.db.Tables.RESOURCE;

import holdfast.TestDatabase;
import holdfast.authority.Provider.Account;
import holdfast.core.Interval;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Faults;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// The authority of clouds with one simulated cloud, on simulated time; a broker that only listens.
final class CloudLab implements InstantSource {
    static final Account ACCOUNT =
            new Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 60);

    final List<Message> heard = new ArrayList<>();
    Engine engine;
    CloudAuthority clouds;
    final SimulatedCloud cloud;
    /// Who listens now, by the bus and the password.
    final Map<String, Cloud.Ear> ears = new TreeMap<>();
    /// What happens in the middle of a look.
    Runnable meanwhile = () -> {};
    private final Database database;
    private final Platform platform;
    private Map<String, Actor> actors;
    private final Clouds drivers;
    private Instant now = Instant.parse("2030-01-07T08:00:00Z");

    CloudLab(TestDatabase test, CloudPlan plan, Optional<String> password) {
        this(test, plan, password, Optional.empty());
    }

    /// @param other what speaks to clouds instead, with the time of the lab
    CloudLab(
            TestDatabase test,
            CloudPlan plan,
            Optional<String> password,
            Optional<Function<InstantSource, Clouds>> other) {
        database = test.database();
        platform = Platform.seeded(7, this);
        cloud = new SimulatedCloud(plan, this, password, Optional.empty());
        drivers = other.map(how -> how.apply(this)).orElse((_, _, _) -> interrupted());
        boot();
    }

    /// Begins, or begins again with nothing but what is in the database.
    void boot() {
        engine = new Engine(platform, database);
        var providers = new Providers(platform, database, engine, Secrets.of(new byte[32]), drivers, "broker");
        clouds = new CloudAuthority(platform, engine, providers);
        new Authorities(platform, database, engine, List.of(), Optional.of(clouds));
        actors = Map.of(CloudAuthority.NAME, clouds, "broker", new Listener());
        engine.takeOver();
    }

    private Cloud interrupted() {
        return (Cloud) Proxy.newProxyInstance(
                Cloud.class.getClassLoader(), new Class<?>[] {Cloud.class}, (_, method, arguments) -> {
                    if (method.getName().equals("listen"))
                        return listened((Bus) arguments[0], (Optional<?>) arguments[1], (Cloud.Ear) arguments[2]);
                    if (method.getName().equals("discover")) meanwhile.run();
                    return method.invoke(cloud, arguments);
                });
    }

    private Cloud.Hearing listened(Bus bus, Optional<?> password, Cloud.Ear ear) {
        var name =
                bus.address() + " with " + password.<Object>map(given -> given).orElse("no password");
        ears.put(name, ear);
        return () -> ears.remove(name);
    }

    private final class Listener implements Actor {
        @Override
        public String name() {
            return "broker";
        }

        @Override
        public void on(Tx tx, String sender, Message message) {
            heard.add(message);
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    <T> T look(Function<Tx, T> question) {
        return database.inTransaction(question);
    }

    Resource provider(Optional<String> password) {
        var added = look(tx -> clouds.providers()
                .add(tx, "lab", "admins", ACCOUNT, password, "admin")
                .orThrow());
        settle();
        return resource(added.id());
    }

    /// One that is reached through a Deltacloud server, with a look each minute.
    Resource through(String url, Account.Behind behind, String password) {
        var account = Account.deltacloud(url, Optional.empty(), "mockuser", 60, behind);
        var added = look(tx -> clouds.providers()
                .add(tx, "through", "admins", account, Optional.of(password), "admin")
                .orThrow());
        settle();
        return resource(added.id());
    }

    /// Dies at some of the commits that follow.
    void inject(Faults faults) {
        database.inject(faults);
    }

    /// One that is looked at each hour, and tells on a bus what happens there.
    Resource telling() {
        var account = new Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 3_600);
        var added = look(tx -> {
            var one = clouds.providers()
                    .add(tx, "telling", "admins", account, Optional.empty(), "admin")
                    .orThrow();
            var bus = Bus.of("amqp://me@bus/", Bus.TOPICS).orThrow();
            return clouds.providers()
                    .listen(tx, one.id(), Optional.of(bus), Optional.of("Tr0ub4dor"), "admin")
                    .orThrow();
        });
        settle();
        return resource(added.id());
    }

    /// The one who listens.
    Cloud.Ear ear() {
        return ears.values().iterator().next();
    }

    Resource resource(UUID id) {
        return look(tx -> engine.resources().find(tx, id).orElseThrow());
    }

    /// The only lease.
    Resource lease() {
        var leases = look(tx -> engine.resources().list(tx, RESOURCE.TYPE.eq(Authority.LEASE), 10));
        return leases.getFirst();
    }

    SliverId provide(Resource provider, Interval term, Wanted wanted) {
        var sliver = new SliverId(platform.newId());
        var slice = new SliceInfo(new SliceId(platform.newId()), "expo", "physics", "alice", List.of());
        send(new Message.Provide(sliver, slice, provider.id(), term, wanted));
        return sliver;
    }

    void send(Message message) {
        look(tx -> {
            engine.post().send(tx, "broker", CloudAuthority.NAME, message);
            return true;
        });
        settle();
    }

    /// From now for so long.
    Interval lasting(Duration time) {
        return Interval.of(now, time);
    }

    static Wanted.Server server(String name) {
        return new Wanted.Server(name, "2", "image-1", List.of("net-1"), Optional.empty(), Optional.empty(), Map.of());
    }

    void settle() {
        for (int turn = 0; turn < 1_000; turn++) {
            var mail = look(tx -> engine.post().pending(tx, 1_000));
            mail.forEach(envelope -> look(tx -> {
                engine.post().receive(tx, actors.get(envelope.receiver()), envelope);
                engine.post().acknowledge(tx, envelope.id());
                return true;
            }));
            if (!step() && mail.isEmpty()) return;
        }
        throw new AssertionError("still busy after 1000 turns");
    }

    boolean step() {
        try {
            return engine.runDue(Set.of(CloudAuthority.NAME, "broker"));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void settleFor(Duration time, Duration step) {
        var end = now.plus(time);
        settle();
        while (now.isBefore(end)) {
            now = now.plus(step);
            settle();
        }
    }

    /// The messages of one kind that the broker has heard.
    <M extends Message> List<M> heard(Class<M> kind) {
        return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// What it heard of leases, in words.
    List<String> told() {
        return heard(Message.UpdateLease.class).stream()
                .map(update -> update.state().name())
                .toList();
    }
}
