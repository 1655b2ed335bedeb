package holdfast.orchestrator.instances;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.core.SliverId;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// Instances on simulated time, with a broker and clouds that say what a test tells them to.
final class InstanceLab implements InstantSource {
    static final UUID POOL = new UUID(7, 1);
    static final UUID FIRST = new UUID(7, 2);
    static final UUID SECOND = new UUID(7, 3);
    static final Caller ANN = new Caller("ann", "physics", false);
    static final HardwareProfile SMALL = new HardwareProfile(
            "small",
            "small",
            new Property.Fixed(BigDecimal.valueOf(512)),
            new Property.Fixed(BigDecimal.ONE),
            new Property.Any(),
            List.of(),
            Optional.empty());

    final Engine engine;
    final Instances instances;
    final Deploying deploying;
    final Quotas quotas = new Quotas();
    final List<Message> heard = new ArrayList<>();
    /// What the mapper knows; empty = it cannot tell now.
    Optional<Map<UUID, String>> images = Optional.of(Map.of(FIRST, "ami-1", SECOND, "img-2"));

    Limits poolLimits = Limits.NONE;
    private final Database database;
    private final Map<String, Actor> actors;
    private Instant now = Instant.parse("2030-01-07T08:00:00Z");

    InstanceLab(TestDatabase test) {
        database = test.database();
        var platform = Platform.seeded(7, this);
        engine = new Engine(platform, database);
        instances = new Instances(
                "broker",
                "clouds",
                platform,
                engine,
                quotas,
                (_, _, _) -> images.orElseThrow(() -> new ImageMapper.UnavailableException("the mapper is down")));
        deploying = new Deploying("broker", platform, database, engine, instances);
        actors = Map.of(
                Instances.NAME, instances, Deploying.NAME, deploying, "broker", ear("broker"), "clouds", ear("clouds"));
    }

    private Actor ear(String name) {
        return new Actor() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void on(Tx tx, String sender, Message message) {
                heard.add(message);
            }
        };
    }

    @Override
    public Instant instant() {
        return now;
    }

    <T> T look(Function<Tx, T> question) {
        return database.inTransaction(question);
    }

    List<Owner> owners() {
        return List.of(new Owner(Kind.POOL, POOL, poolLimits));
    }

    Answer<Resource> create(String name, boolean stopped) {
        var order = order(stopped);
        var answer = transaction(tx -> instances
                .create(tx, ANN, POOL, List.of(name), order, images, owners())
                .map(List::getFirst));
        settle();
        return answer;
    }

    static Instance.Order order(boolean stopped) {
        return new Instance.Order(
                Optional.empty(),
                "web-os",
                Optional.empty(),
                SMALL,
                SMALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                stopped,
                Set.of(),
                Optional.empty(),
                Map.of(),
                42);
    }

    /// Rolled back after a no, as callers have to.
    Answer<Resource> transaction(Function<Tx, Answer<Resource>> work) {
        try {
            return look(tx -> Answer.yes(work.apply(tx).orThrow()));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    Answer<Resource> act(UUID id, Action action) {
        var all = new ArrayList<>(owners());
        all.add(new Owner(Kind.ACCOUNT, FIRST, Limits.NONE));
        var answer = transaction(tx -> instances.act(tx, id, action, "ann", all));
        settle();
        return answer;
    }

    <M extends Message> List<M> heard(Class<M> kind) {
        return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// The broker finds a place for the last that asked.
    SliverId place(UUID account) {
        var asked = heard(Message.Place.class).getLast();
        var match = new Match(account, "m1", Map.of(), images.orElseThrow().get(account), Optional.empty());
        look(tx -> quotas.reserve(tx, List.of(asked.launch()), List.of(new Owner(Kind.ACCOUNT, account, Limits.NONE))));
        tell("broker", new Message.Placed(asked.launch(), asked.round(), List.of(match), Optional.empty()));
        return heard(Message.Provide.class).getLast().sliver();
    }

    void nowhere(String why) {
        var asked = heard(Message.Place.class).getLast();
        tell("broker", new Message.Placed(asked.launch(), asked.round(), List.of(), Optional.of(Refusal.clash(why))));
    }

    void made(SliverId sliver) {
        lease(sliver, UpdateLease.State.ACTIVE, "RUNNING");
    }

    /// The clouds tell of a lease.
    void lease(SliverId sliver, UpdateLease.State state, String word) {
        var facts = Map.of("server.id", "i-77", "server.status", word, "server.addresses", "198.51.100.4 10.0.0.4");
        var info = state == UpdateLease.State.ACTIVE
                ? Optional.of(new LeaseInfo("", List.of(), facts))
                : Optional.<LeaseInfo>empty();
        var why = Optional.of(Refusal.broken(word)).filter(_ -> state == UpdateLease.State.FAILED);
        tell("clouds", new UpdateLease(sliver, 1, state, info, why));
    }

    void amended(Optional<Refusal> why) {
        var asked = heard(Message.Amend.class).getLast();
        tell("clouds", new Message.Amended(asked.sliver(), asked.revision(), why));
    }

    void tell(String sender, Message message) {
        tell(sender, message, Instances.NAME);
    }

    void tell(String sender, Message message, String receiver) {
        look(tx -> {
            engine.post().send(tx, sender, receiver, message);
            return true;
        });
        settle();
    }

    Resource resource(UUID id) {
        return look(tx -> engine.resources().find(tx, id).orElseThrow());
    }

    Instance content(UUID id) {
        return resource(id).as(Instance.class);
    }

    List<TaskView> tasks() {
        return look(tx -> instances.tasks().list(tx, POOL, Optional.empty(), Optional.empty(), 100));
    }

    /// How many the pool has: reserved, running, stopped.
    Quotas.Use used(UUID owner) {
        return look(tx -> quotas.uses(tx, List.of(owner)).get(owner));
    }

    void pass(Duration time) {
        now = now.plus(time);
        settle();
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

    private boolean step() {
        try {
            return engine.runDue(actors.keySet());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
