package holdfast.federation.following;

import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Signal;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.following.Followed.Row;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.EventClient;
import holdfast.federation.wire.EventStream;
import holdfast.federation.wire.EventText;
import holdfast.federation.wire.EventText.Heard;
import holdfast.federation.wire.SubscriptionText.Agreed;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.MarketEvent.Code;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to the peers whose offers we know, and as a supernode to the nodes of our domain: what they offer no more is
/// gone here at once (fluidos.md 4.2 steps 3, 4 and 32). Peers that tell nothing are asked, as ever.
///
/// In life each has a thread that waits at it; in simulations [#turn] asks each once.
public final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    /// So long a subscription lasts there.
    static final Duration TTL = Duration.ofSeconds(600);

    private static final Duration RENEWED = TTL.dividedBy(3);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final Duration BREATH = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE = 60;
    private static final int MOST = 1_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final NodeIdentity self;
    private final Peers peers;
    private final Candidates candidates;
    private final EventClient client;
    private final List<Ears> ears;
    private final Followed followed;
    private final Signal wanted = new Signal();
    private final Thread thread = Thread.ofVirtual().name("following").unstarted(this::run);

    /// Of the thread alone.
    private final Map<UUID, Thread> listening = new HashMap<>();
    private volatile boolean stopping;

    /// @param self who listens: what peers offer of ours is left out
    /// @param ears who else hears it
    public Following(
            Platform platform,
            Database database,
            Engine engine,
            NodeIdentity self,
            Peers peers,
            Candidates candidates,
            EventClient client,
            List<Ears> ears) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.self = self;
        this.peers = peers;
        this.candidates = candidates;
        this.client = client;
        this.ears = List.copyOf(ears);
        this.followed = new Followed(platform);
        engine.forgetting(followed::forget);
    }

    /// What came of one exchange.
    private sealed interface Turn {
        /// @param moved whether there may be more at once
        record Done(boolean moved) implements Turn {}

        record Silent(String why) implements Turn {}
    }

    /// Somebody may be new among those to listen to.
    public void look() {
        wanted.raiseHere();
    }

    /// Asks each once, in the calling thread, and waits for nothing.
    ///
    /// @return whether anything moved
    public boolean turn() {
        boolean moved = false;
        for (var peer : database.inTransaction(this::toHear)) {
            switch (turn(peer, Duration.ZERO)) {
                case Turn.Done(var some) -> moved |= some;
                case Turn.Silent(var why) -> LOG.debug("{}: {}", peer.name(), why);
            }
        }
        return moved;
    }

    /// Peers that tell, and of whom we have heard offers, or that are nodes of our domain.
    private List<Known> toHear(Tx tx) {
        var telling = peers.reachable(tx).stream()
                .filter(peer -> peer.capabilities().tells())
                .toList();
        var offering = followed.offering(tx, telling.stream().map(Known::id).toList());
        return telling.stream()
                .filter(peer -> isMember(peer) || offering.contains(peer.id()))
                .limit(MOST)
                .toList();
    }

    private boolean isMember(Known peer) {
        return peer.member().filter(here -> here.isLive(platform.now())).isPresent();
    }

    private Turn turn(Known peer, Duration wait) {
        var found = database.inTransaction(tx -> followed.find(tx, peer.id()));
        if (found.isEmpty()) {
            return agreed(
                    peer,
                    client.subscribe(peer.endpoint()),
                    agreed -> new Row(agreed.id(), agreed.last(), platform.now(), !isMember(peer)));
        }
        var row = found.get();
        if (!platform.now().isBefore(row.renewed().plus(RENEWED))) {
            return agreed(
                    peer,
                    client.renew(peer.endpoint(), row.subscription()),
                    _ -> new Row(row.subscription(), row.last(), platform.now(), row.listed()));
        }
        return row.listed() ? heard(peer, row, wait) : listed(peer, row);
    }

    private Turn agreed(Known peer, Told<Agreed> told, Function<Agreed, Row> row) {
        return switch (told) {
            case Told.Yes<Agreed>(var agreed) -> stored(peer, row.apply(agreed));
            case Told.No<Agreed>(var status, var _, var _) when status == 404 -> forgotten(peer);
            case Told.No<Agreed>(var _, var why, var _) -> new Turn.Silent(why.message());
            case Told.Silent<Agreed>(var _, var why) -> new Turn.Silent(why);
        };
    }

    private Turn stored(Known peer, Row row) {
        database.inTransaction(tx -> {
            followed.put(tx, peer.id(), row);
            return true;
        });
        return new Turn.Done(true);
    }

    /// It knows nothing of the subscription: the next turn makes another.
    private Turn forgotten(Known peer) {
        boolean known = database.inTransaction(tx -> {
            var before = followed.find(tx, peer.id());
            followed.remove(tx, peer.id());
            return before.isPresent();
        });
        return known ? new Turn.Done(true) : new Turn.Silent("it cannot be subscribed to");
    }

    private Turn listed(Known peer, Row row) {
        boolean all = true;
        for (var one : ears) {
            all &= one.begins(peer);
        }
        return all
                ? stored(peer, new Row(row.subscription(), row.last(), row.renewed(), true))
                : new Turn.Silent("it did not list what it offers");
    }

    private Turn heard(Known peer, Row row, Duration wait) {
        return switch (client.events(peer.endpoint(), row.subscription(), row.last(), wait)) {
            case Told.Yes<EventStream>(var stream) -> heard(peer, row, stream);
            case Told.No<EventStream>(var status, var _, var _) when status == 404 -> forgotten(peer);
            case Told.No<EventStream>(var status, var _, var _)
            when status == 410 ->
                agreed(
                        peer,
                        client.renew(peer.endpoint(), row.subscription()),
                        agreed -> new Row(row.subscription(), agreed.last(), platform.now(), false));
            case Told.No<EventStream>(var _, var why, var _) -> new Turn.Silent(why.message());
            case Told.Silent<EventStream>(var _, var why) -> new Turn.Silent(why);
        };
    }

    /// What it says of offers is kept in one transaction with how far it was heard; told twice it is there once.
    /// How a contract is, the seller is asked.
    private Turn heard(Known peer, Row row, EventStream stream) {
        var events = stream.events().stream()
                .flatMap(event -> EventText.read(event.name(), event.data()) instanceof Answer.Yes<Heard>(var heard)
                        ? Stream.of(heard)
                        : Stream.empty())
                .toList();
        for (var event : events) {
            if (event instanceof Heard.Contracted(var contract, var _)) {
                ears.forEach(one -> one.contract(peer, contract));
            }
        }
        long last = stream.last().matches("\\d{1,18}") ? Long.parseLong(stream.last()) : row.last();
        if (last != row.last() || !events.isEmpty()) {
            database.inTransaction(tx -> {
                events.forEach(event -> heard(tx, peer, event));
                followed.put(tx, peer.id(), new Row(row.subscription(), last, row.renewed(), true));
                return true;
            });
        }
        return new Turn.Done(!events.isEmpty());
    }

    private void heard(Tx tx, Known peer, Heard event) {
        switch (event) {
            case Heard.Refreshed(var flavor) -> {
                if (candidates.told(tx, peer.id(), flavor, self)) {
                    note(tx, peer, StepNumber.OFFER_REFRESHED, flavor.id());
                    ears.forEach(one -> one.refreshed(tx, peer, flavor));
                }
            }
            case Heard.Withdrawn(var flavor, var code) -> {
                var why = code.orElse(Code.SOLD);
                candidates.withdrawn(tx, peer.id(), flavor, why);
                note(tx, peer, StepNumber.OFFER_WITHDRAWN, flavor);
                ears.forEach(one -> one.withdrawn(tx, peer, flavor, why));
            }
            case Heard.Contracted _, Heard.Other _ -> {}
        }
    }

    /// Within our domain it is the last step of its workflow (fluidos.md 4.2, step 32).
    private void note(Tx tx, Known peer, StepNumber step, String flavor) {
        var role = isMember(peer) ? Role.SC : Role.C;
        peer.capabilities()
                .domain()
                .filter(self.domain()::equals)
                .flatMap(_ -> engine.resources().find(tx, peer.id()))
                .ifPresent(resource -> {
                    var trace = new Trace(platform.newId().toString(), Workflow.W2);
                    engine.journal().step(tx, resource, trace, role, step, flavor);
                });
    }

    public void start() {
        thread.start();
    }

    /// Ends all calls, also those that wait, within some seconds.
    public void stop() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        if (thread.isAlive()) { // or the server could not start
            thread.join(Duration.ofSeconds(5));
        }
        listening.values().forEach(Thread::interrupt);
        for (var one : listening.values()) {
            one.join(Duration.ofSeconds(2));
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long seen = wanted.count();
                try {
                    attend(database.inTransaction(this::toHear));
                } catch (DatabaseUnavailableException e) {
                    LOG.warn("the database is away; peers are listened to later: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("who is to be listened to could not be seen; that is tried again", e);
                }
                wanted.await(seen, SWEEP);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One thread for each, and none for any other.
    private void attend(List<Known> all) {
        var ids = all.stream().map(Known::id).toList();
        listening.entrySet().removeIf(entry -> {
            boolean over = !ids.contains(entry.getKey());
            if (over) {
                entry.getValue().interrupt();
            }
            return over;
        });
        for (var peer : all) {
            listening.computeIfAbsent(
                    peer.id(),
                    id -> Thread.ofVirtual().name("listening to " + peer.name()).start(() -> listen(id)));
        }
    }

    private void listen(UUID id) {
        int failures = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                switch (tried(id)) {
                    case Turn.Done(var moved) -> {
                        failures = 0;
                        if (!moved) {
                            Thread.sleep(BREATH); // a seller that does not let us wait is not asked without end
                        }
                    }
                    case Turn.Silent(var why) -> {
                        if (failures == 0 && !stopping) {
                            LOG.info("peer {} tells nothing: {}; it is tried again", id, why);
                        }
                        Thread.sleep(Duration.ofSeconds(Math.min(LONGEST_PAUSE, 1L << Math.min(failures++, 6))));
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whatever goes wrong may be better the next time.
    private Turn tried(UUID id) {
        try {
            return database.inTransaction(tx -> peers.find(tx, id))
                    .map(peer -> turn(peer, WAIT))
                    .orElseGet(() -> new Turn.Silent("it is not known any more"));
        } catch (RuntimeException e) {
            return new Turn.Silent(e.toString());
        }
    }
}
