package holdfast.engine;

import holdfast.engine.Creation.Made;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.GroupCommit.Outage;
import holdfast.engine.Judge.Claimed;
import holdfast.engine.Judge.Ended;
import holdfast.engine.StepWriter.Written;
import holdfast.engine.types.Types;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs processes and delivers messages until it is stopped. Several engines on one database share the work.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int LARGEST_CLAIM = 128; // leaves room for what begins as it is asked for
    private static final Duration SWEEP = Duration.ofSeconds(2);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(20);

    private final UUID id;
    private final Platform platform;
    private final Database database;
    private final Signal due = new Signal();
    private final Signal sent = new Signal();
    private final Signal changed = new Signal();
    private final Signal told = new Signal();
    private final Notices notices = new Notices(told);
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
    private final Creation creation;
    private final Beginnings beginnings;
    private final GroupCommit<Ended, Written> commits;
    private final GroupCommit<Newcomer, Optional<Resource>> arrivals;
    private final Crew crew;
    private final Wakeups wakeups;
    private final Thread loop = Thread.ofPlatform().name("engine").daemon().unstarted(this::loop);
    private Set<String> serving = Set.of();
    private List<Mailman> mailmen = List.of();
    private volatile boolean stopped;

    /// Whether something that is due waits for another process on its resource.
    private volatile boolean blocked = true;

    public Engine(Platform platform, Database database) {
        id = platform.newId();
        this.platform = platform;
        this.database = database;
        this.journal = new Journal(platform);
        this.resources = new Resources(platform);
        this.processes = new Processes(platform, definitions, resources, recipes, due);
        this.registry = new Registry(database, due);
        this.settings = new RuntimeSettings(resources, journal, definitions, registry);
        registry.add(settings);
        var nested = new Nested(database, types, definitions, resources, processes);
        this.declared =
                new Declared(platform, types, definitions, new Lifecycles(nested, settings::restorable), registry);
        registry.add(declared);
        this.tasks = new Tasks(platform, resources, processes);
        this.housekeeping = new Housekeeping(
                platform, database, types, resources, processes, tasks, Housekeeping.Keep.STANDARD, settings::over);
        definitions.add(housekeeping.definition());
        this.interventions = new Interventions(platform, definitions, resources, due);
        this.post = new Post(platform, sent);
        this.runner =
                new Runner(id, platform, database, definitions, resources, processes, recipes, registry, settings);
        this.writer = new StepWriter(id, definitions, recipes, registry, processes, due);
        this.creation = new Creation(id, platform, definitions, recipes, registry, settings);
        this.beginnings = new Beginnings(platform, definitions, due, told);
        this.commits = new GroupCommit<>("outcomes", this::record, Outage.WAIT);
        this.arrivals = new GroupCommit<>("arrivals", this::makeAll, Outage.FAIL);
        this.crew = new Crew(process -> runner.run(process, commits::write));
        this.wakeups = new Wakeups(database, id, List.of(due, sent, changed, told));
    }

    public Definitions definitions() {
        return definitions;
    }

    /// The time, by the clock of all parts.
    public Instant now() {
        return platform.now();
    }

    public Resources resources() {
        return resources;
    }

    public Processes processes() {
        return processes;
    }

    /// Stores resources that have come some way already.
    public Beginnings beginnings() {
        return beginnings;
    }

    /// What an operator can do with processes that are stuck.
    public Interventions interventions() {
        return interventions;
    }

    /// Has housekeeping delete what is over of a part's own tables.
    public void forgetting(Forgetter forgetter) {
        housekeeping.add(forgetter);
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

    /// Where is told what users may want to hear of.
    public Notices notices() {
        return notices;
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
                .map(actor -> new Mailman(platform, database, post, actor, changed))
                .toList();
        post.serve(actors, changed);
        mailmen.forEach(Mailman::start);
        keepHouse();
        loop.start();
        arrivals.start();
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
        arrivals.stop();
        due.raiseHere();
        loop.join(Duration.ofSeconds(5));
        for (var mailman : mailmen) {
            mailman.stop();
        }
        crew.await(Duration.ofSeconds(5));
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
                if (!claim()) {
                    blocked = true; // until we know better: what ends meanwhile may let one of them go on
                    var pause = pause();
                    blocked = pause == BUSY_PAUSE;
                    due.await(seen, pause);
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
        var running = crew.running();
        runner.keep(running);
        runner.freeForgotten(running);
        runner.freeLapsed();
        runner.freeDead();
    }

    /// @return whether there may be more that nobody raises the signal for
    private boolean claim() throws InterruptedException {
        int room = crew.take(LARGEST_CLAIM, Duration.ofSeconds(1));
        if (room == 0) {
            return true; // all are busy; claims must be renewed meanwhile
        }
        var claimed = List.<Claimed>of();
        try {
            claimed = stopped ? claimed : runner.claim(room, serving);
        } finally {
            crew.giveBack(room - claimed.size());
        }
        claimed.forEach(crew::start);
        return claimed.size() == room;
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

    private List<Written> record(List<Ended> batch) {
        var written = database.inTransaction(tx -> writer.write(tx, batch));
        changed.raise();
        if (blocked) {
            due.raiseHere();
        }
        return written;
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
        return database.inTransaction(tx -> writer.write(tx, List.of(ended))).getFirst();
    }

    /// Makes a resource with the process that happens to it first, durable on return. Those who ask at about the
    /// same time share a transaction, and the processes begin here at once if there is room.
    ///
    /// @return the resource as it is now; empty if there is one of its id already, and then nothing was changed
    public Optional<Resource> make(Newcomer one) throws InterruptedException {
        return arrivals.started() ? arrivals.write(one) : makeAll(List.of(one)).getFirst();
    }

    /// As [#make(Newcomer)], in the caller's transaction; the processes begin when it is committed.
    ///
    /// @return for each in their order
    public List<Optional<Resource>> make(Tx tx, List<Newcomer> all) {
        int room = loop.isAlive() && !stopped && serving.containsAll(actors(all))
                ? crew.take(Math.min(all.size(), LARGEST_CLAIM))
                : 0;
        tx.afterRollback(() -> crew.giveBack(room));
        var made = creation.make(tx, all, room);
        tx.afterCommit(() -> {
            var begun = made.stream().flatMap(one -> one.claimed().stream()).toList();
            begun.forEach(crew::start);
            crew.giveBack(room - begun.size());
            if (room < all.size()) {
                due.raise();
            }
            changed.raise();
        });
        return made.stream().map(Made::resource).toList();
    }

    private List<Optional<Resource>> makeAll(List<Newcomer> all) {
        return database.inTransaction(tx -> make(tx, all));
    }

    /// To be called on a database that was filled from a backup, before anybody runs on it: what was asked for up
    /// to now may have been done after the backup was made ([Step.Context#isNew]).
    public static int restored(Tx tx) {
        return Epoch.begin(tx);
    }

    private static Set<String> actors(List<Newcomer> all) {
        return all.stream().map(one -> one.resource().actor()).collect(Collectors.toSet());
    }
}
