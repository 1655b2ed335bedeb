package holdfast.engine;

import holdfast.engine.GroupCommit.Written;
import holdfast.engine.Judge.Claimed;
import holdfast.engine.Judge.Ended;
import holdfast.engine.types.Types;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs processes and delivers messages until it is stopped. Several engines on one database share the work.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int AT_ONCE = 256;
    private static final Duration SWEEP = Duration.ofSeconds(2);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(20);

    private final UUID id;
    private final Platform platform;
    private final Database database;
    private final Signal due = new Signal();
    private final Signal sent = new Signal();
    private final Signal changed = new Signal();
    private final Definitions definitions = new Definitions();
    private final Types types = new Types();
    private final Registry registry;
    private final RuntimeSettings settings;
    private final Recipes recipes = new Recipes();
    private final Journal journal;
    private final Resources resources;
    private final Processes processes;
    private final Declared declared;
    private final Housekeeping housekeeping;
    private final Tasks tasks;
    private final Interventions interventions;
    private final Post post;
    private final Runner runner;
    private final StepWriter writer;
    private final GroupCommit commits;
    private final Wakeups wakeups;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();
    private final Thread loop = Thread.ofPlatform().name("engine").daemon().unstarted(this::loop);
    private Set<String> serving = Set.of();
    private List<Mailman> mailmen = List.of();
    private volatile boolean stopped;

    public Engine(Platform platform, Database database) {
        id = platform.newId();
        this.platform = platform;
        this.database = database;
        this.journal = new Journal(platform);
        this.resources = new Resources(platform, journal);
        this.processes = new Processes(platform, definitions, resources, recipes, due);
        this.registry = new Registry(database, due);
        this.settings = new RuntimeSettings(resources, definitions, registry);
        registry.add(settings);
        var nested = new Nested(database, types, definitions, resources, processes);
        this.declared =
                new Declared(platform, types, definitions, new Lifecycles(nested, settings::restorable), registry);
        registry.add(declared);
        this.housekeeping =
                new Housekeeping(platform, database, types, resources, processes, Housekeeping.Keep.STANDARD);
        definitions.add(housekeeping.definition());
        this.tasks = new Tasks(platform, resources, processes);
        this.interventions = new Interventions(platform, definitions, resources, due);
        this.post = new Post(platform, sent);
        this.runner =
                new Runner(id, platform, database, definitions, resources, processes, recipes, registry, settings);
        this.writer = new StepWriter(id, new Judge(definitions), processes);
        this.commits = new GroupCommit(database, writer, changed);
        this.wakeups = new Wakeups(database, id, List.of(due, sent, changed));
    }

    public Definitions definitions() {
        return definitions;
    }

    public Resources resources() {
        return resources;
    }

    public Processes processes() {
        return processes;
    }

    /// What an operator can do with processes that are stuck.
    public Interventions interventions() {
        return interventions;
    }

    /// What the servers do again and again.
    public Tasks tasks() {
        return tasks;
    }

    /// The types of resources as they are known now.
    public Types types() {
        return types;
    }

    /// Of this engine among those of one database. While it lives it holds the advisory lock of that name.
    public UUID id() {
        return id;
    }

    /// Types and processes that are declared while servers run.
    public Declared declared() {
        return declared;
    }

    /// Where those look who keep in memory what all servers share.
    public Registry registry() {
        return registry;
    }

    /// What an administrator may change while the servers run.
    public RuntimeSettings settings() {
        return settings;
    }

    /// Lets handlers take part in processes; before the start.
    public void attach(Hooks hooks) {
        recipes.attach(hooks);
    }

    /// Who takes part in processes that begin now.
    public Hooks participants(Tx tx) {
        registry.refresh(tx);
        return recipes.hooks();
    }

    public Post post() {
        return post;
    }

    public Journal journal() {
        return journal;
    }

    /// Raised after processes or messages have changed something, here or in another process of the database: for
    /// those who only watch.
    public Signal changed() {
        return changed;
    }

    /// Starts to run what is due, and to bring `actors` their mail.
    ///
    /// @param shared whether other server processes may use the same database
    public void start(List<? extends Actor> actors, boolean shared) {
        wakeups.start(shared);
        commits.start();
        serving = Stream.concat(Stream.of(Resources.ACTOR), actors.stream().map(Actor::name))
                .collect(Collectors.toUnmodifiableSet());
        mailmen = actors.stream()
                .map(actor -> new Mailman(platform, database, post, actor, sent, changed))
                .toList();
        mailmen.forEach(Mailman::start);
        keepHouse();
        loop.start();
    }

    /// Begins with what keeps the database small, unless that was begun before.
    public void keepHouse() {
        database.inTransaction(tx -> {
            housekeeping.open(tx);
            settings.open(tx);
            return true;
        });
    }

    /// Stops after the steps that are running now, at the latest after 10 s; the rest goes on at the next start.
    public void stop() throws InterruptedException {
        stopped = true;
        due.raiseHere();
        loop.join(Duration.ofSeconds(5));
        for (var mailman : mailmen) {
            mailman.stop();
        }
        for (int i = 0; i < 500 && !running.isEmpty(); i++) {
            Thread.sleep(10);
        }
        commits.stop();
        wakeups.stop();
    }

    private void loop() {
        var lastSweep = Instant.MIN;
        while (!stopped) {
            try {
                long seen = due.count();
                if (lastSweep.plus(SWEEP).isBefore(platform.now())) {
                    lastSweep = platform.now();
                    sweep();
                }
                if (claimed() == 0) {
                    due.await(seen, pause());
                }
            } catch (DatabaseUnavailableException e) {
                LOG.warn("the database is away; processes wait for it: {}", e.getMessage());
                rest();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.error("the engine stumbled and goes on", e);
                rest();
            }
        }
    }

    private void sweep() {
        runner.keep(running);
        runner.freeLapsed();
        runner.freeDead();
    }

    private int claimed() throws InterruptedException {
        if (!room.tryAcquire(1, TimeUnit.SECONDS)) {
            return 0; // all are busy; claims must be renewed meanwhile
        }
        int free = 1 + room.drainPermits();
        var claimed = List.<Claimed>of();
        try {
            claimed = stopped ? claimed : runner.claim(free, serving);
        } finally {
            room.release(free - claimed.size());
        }
        for (var process : claimed) {
            running.add(process.id());
            Thread.ofVirtual()
                    .name(process.definition().name() + " " + process.id())
                    .start(() -> run(process));
        }
        return claimed.size();
    }

    private void run(Claimed process) {
        try {
            runner.run(process, commits::write);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error(
                    "{} {} could not go on; it is taken up again when its claim lapses",
                    process.definition().name(),
                    process.id(),
                    e);
        } finally {
            running.remove(process.id());
            room.release();
            due.raiseHere();
        }
    }

    /// Until the next process is due. One that is due already waits for another on its resource, whose end raises
    /// the signal.
    private Duration pause() {
        if (!settings.isProvisioning()) {
            return SWEEP;
        }
        return runner.nextDue(serving)
                .map(next -> Duration.between(platform.now(), next))
                .map(pause -> pause.isPositive() ? pause.plusMillis(1) : BUSY_PAUSE)
                .filter(pause -> pause.compareTo(SWEEP) < 0)
                .orElse(SWEEP);
    }

    private static void rest() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs what is due now in the calling thread, without starting anything: for simulations, where one thread
    /// does all.
    ///
    /// @param actors whose resources are looked after
    /// @return whether anything was due
    public boolean runDue(Set<String> actors) throws InterruptedException {
        runner.freeLapsed();
        var claimed = runner.claim(1, actors);
        for (var process : claimed) {
            runner.run(process, this::writeAlone);
        }
        return !claimed.isEmpty();
    }

    /// Takes over at once what runners that are gone had claimed. Otherwise it happens within seconds by itself.
    public void takeOver() {
        runner.freeDead();
    }

    private Written writeAlone(Ended ended) {
        return database.inTransaction(tx -> writer.write(tx, List.of(ended)))
                .getOrDefault(ended.process().id(), new Written.Lost());
    }
}
