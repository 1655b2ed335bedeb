package holdfast.federation.mail;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.federation.mail.Line.Turn;
import holdfast.federation.wire.Wire;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The buyer's side of all mail between domains: for each contract that lives it brings what waits here, and asks for
/// what waits there.
///
/// In life each route has two calls side by side, so that what is to be sent never waits for what may come; at most
/// 500 calls wait at sellers at once, and routes beyond that take turns. In simulations [#turn] does one exchange for
/// each.
public final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int MOST_WAITING = 500;
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final Platform platform;
    private final Database database;
    private final Post post;
    private final Wire wire;
    private final Routes routes;
    private final Semaphore places = new Semaphore(MOST_WAITING, true);
    private final Thread thread = Thread.ofVirtual().name("courier").unstarted(this::run);

    /// By contract; of those that are not over.
    private Map<UUID, Line> lines = Map.of();

    /// Where the seller said that it is over. [Routes] may name them for some time yet.
    private final Set<UUID> over = new HashSet<>();

    /// Of the thread alone, as what follows.
    private final Map<UUID, Carriage> carriages = new HashMap<>();

    private Set<String> strangers = Set.of();
    private Instant lastSweep = Instant.MIN;

    public Courier(Platform platform, Database database, Engine engine, Wire wire, Routes routes) {
        this.platform = platform;
        this.database = database;
        this.post = engine.post();
        this.wire = wire;
        this.routes = routes;
        engine.forgetting(new DeadLetters(platform, engine)::prune);
    }

    /// One exchange on each route, in the calling thread.
    ///
    /// @return whether anything moved
    public boolean turn() {
        boolean moved = false;
        for (var line : refresh().values()) {
            switch (line.both()) {
                case Turn.Done(var some) -> moved |= some;
                case Turn.Silent(var why) -> LOG.debug("{}: {}", line.route(), why);
                case Turn.Over(var why) -> end(line, why);
            }
        }
        return moved;
    }

    /// The lines of the contracts that live now.
    private synchronized Map<UUID, Line> refresh() {
        var live = database.inTransaction(routes::live);
        var known = lines;
        lines = live.stream()
                .filter(route -> !over.contains(route.contract()))
                .collect(toMap(Route::contract, route -> line(known.get(route.contract()), route)));
        over.retainAll(live.stream().map(Route::contract).collect(toSet()));
        return lines;
    }

    private Line line(@Nullable Line known, Route route) {
        return known != null && known.route().equals(route) ? known : new Line(route, wire, database, post);
    }

    private void end(Line line, String why) {
        var contract = line.route().contract();
        LOG.info("{} takes no mail any more: {}", line.route(), why);
        database.inTransaction(tx -> {
            routes.over(tx, contract, why);
            return true;
        });
        synchronized (this) {
            over.add(contract);
        }
    }

    /// Begins to carry mail.
    public void start() {
        thread.start();
    }

    /// Ends all calls, also those that wait, within some seconds. What was under way is carried after the next
    /// start.
    public void stop() throws InterruptedException {
        thread.interrupt();
        if (thread.isAlive()) { // or the server could not start
            thread.join(Duration.ofSeconds(5));
        }
        carriages.values().forEach(Carriage::stop);
        for (var carriage : carriages.values()) {
            carriage.join(Duration.ofSeconds(2));
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long seen = post.sentAbroad().count();
                look();
                post.sentAbroad().await(seen, SWEEP);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            var waiting = database.inTransaction(post::abroad);
            var unknown = new HashSet<>(waiting);
            unknown.removeIf(contract -> strangers.contains(contract)
                    || carriages.keySet().stream()
                            .anyMatch(ours -> ours.toString().equals(contract)));
            if (!unknown.isEmpty() || lastSweep.plus(SWEEP).isBefore(platform.now())) {
                lastSweep = platform.now();
                harness(refresh());
                strangers = Set.copyOf(waiting);
            }
            carriages.forEach((contract, carriage) -> {
                if (waiting.contains(contract.toString())) {
                    carriage.ring();
                }
            });
        } catch (DatabaseUnavailableException e) {
            LOG.warn("the database is away; mail for other domains waits: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the courier stumbled and goes on", e);
        }
    }

    /// One carriage for each line, and none for any other.
    private void harness(Map<UUID, Line> now) {
        for (var contract : List.copyOf(carriages.keySet())) {
            var carriage = carriages.get(contract);
            if (carriage != null && carriage.line() != now.get(contract)) {
                carriage.stop();
                carriages.remove(contract);
            }
        }
        now.forEach((contract, line) -> carriages.computeIfAbsent(contract, _ -> {
            var carriage = new Carriage(line, places, why -> end(line, why));
            carriage.start();
            return carriage;
        }));
    }
}
