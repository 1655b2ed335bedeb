package holdfast.authority;

import static holdfast.db.Tables.BOOKING;
import static holdfast.db.Tables.RESERVATION_ITEM;
import static holdfast.db.Tables.RESOURCE;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Provider.Account;
import holdfast.core.Answer;
import holdfast.core.CloudSupply;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.impl.DSL;

/// The accounts at clouds whose capacity is for sale here: added, changed and taken out by administrators while the
/// server runs. Each is looked at as soon as it is there, and then again and again ([CloudSync]).
public final class Providers implements AutoCloseable {
    public static final String TYPE = "provider";
    /// The project of accounts that pools of clouds use. What they have is not for sale by the hour as well: nobody
    /// books what instances take of it.
    public static final String UNSOLD = "~clouds";

    private static final String LOOKED = "provider.looked";
    private static final int MOST = 1_000;
    private static final String PEM = "pem";

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Secrets secrets;
    private final Clouds clouds;
    private final String broker;
    private final Listening listening;
    private volatile Ear ear = (_, _) -> {};
    private final OpenClouds open;

    /// @param broker the name of the actor that is told what they have
    public Providers(
            Platform platform, Database database, Engine engine, Secrets secrets, Clouds clouds, String broker) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.secrets = secrets;
        this.clouds = clouds;
        this.broker = broker;
        this.open = new OpenClouds(database, resources, clouds, this::password);
        this.listening = new Listening(platform, database, resources, processes, secrets);
        engine.definitions().add(ProcessDefinition.timer(LOOKED, this::tell));
        engine.definitions().add(new CloudSync(platform, database, engine, this, listening, broker).definition());
    }

    /// Hears when a look has found something else than the one before.
    public interface Ear {
        /// @param provider as it is now
        void looked(Tx tx, Resource provider);
    }

    /// Has somebody told of looks; to be called once, before anything is looked at.
    public void tell(Ear listener) {
        ear = listener;
    }

    /// Something else was found; who wants to know is told in a transaction of its own.
    void looked(Tx tx, UUID id) {
        processes.schedule(tx, Request.now(LOOKED, id, CloudAuthority.NAME)).orThrow();
    }

    private Outcome tell(Step.Context context) {
        return Outcome.done(tx -> find(tx, context.resource().id()).ifPresent(provider -> ear.looked(tx, provider)));
    }

    /// Begins to listen to those that tell what happens there.
    public void start() {
        database.inTransaction(tx -> resources.ofType(tx, TYPE, MOST)).stream()
                .filter(Providers::present)
                .filter(one -> one.as(Provider.class).bus().isPresent())
                .forEach(one -> listening.follow(one, cloud(one)));
    }

    /// Whether somebody answers at an address, before there is an account (aeolus.md 4.1).
    ///
    /// @return who answered, in words
    public Look<String> greet(Account account) {
        try (var cloud = clouds.open(platform.newId(), account, Optional.empty())) {
            return cloud.greet();
        }
    }

    /// Whether an account is let in, and what it sees there, before it is added (aeolus.md 4.1).
    public Look<CloudSupply> tryOut(Account account, Optional<String> password) {
        try (var cloud = clouds.open(platform.newId(), account, password)) {
            return cloud.discover();
        }
    }

    /// What is seen at an account at this moment; not in a transaction.
    ///
    /// @throws IllegalStateException if it is not there
    public Look<CloudSupply> lookNow(UUID id) {
        var provider = database.inTransaction(tx -> find(tx, id))
                .orElseThrow(() -> new IllegalStateException("there is no provider " + id))
                .as(Provider.class);
        return tryOut(provider.account(), password(id, provider));
    }

    private Optional<String> password(UUID id, Provider provider) {
        return provider.password().flatMap(hidden -> secrets.unseal(id, Provider.PASSWORD, hidden));
    }

    /// What else can be had at the account, such as volumes and buckets; empty if its driver does not know.
    ///
    /// @throws IllegalStateException if it is not there
    public Optional<CloudThings> things(UUID id) {
        return cloud(id).things();
    }

    /// Opens the private half of a key in the facts of a lease.
    ///
    /// @return empty if it was not sealed here
    public Optional<String> pem(UUID lease, String sealed) {
        return secrets.unseal(lease, PEM, sealed);
    }

    /// Seals the private half of a key, which is told once and kept for whoever asked for the lease.
    String sealPem(UUID lease, String pem) {
        return secrets.seal(lease, PEM, pem);
    }

    /// Adds one; what it has is known a moment later.
    ///
    /// @param name unique among those that are there
    /// @param password kept sealed, shown to nobody
    /// @return the resource, MALFORMED, or CLASH if there is one of that name
    public Answer<Resource> add(
            Tx tx, String name, String project, Account account, Optional<String> password, String who) {
        return add(tx, platform.newId(), name, project, account, password, who);
    }

    /// The same under an id that others know it by already.
    public Answer<Resource> add(
            Tx tx, UUID id, String name, String project, Account account, Optional<String> password, String who) {
        if (name.isBlank() || name.length() > 255) {
            return Answer.no(Refusal.malformed("name", "name is missing, or longer than 255 characters"));
        }
        var present = resources.ofType(tx, TYPE, MOST);
        if (present.stream().anyMatch(other -> other.name().equals(name))) {
            return Answer.no(Refusal.clash("there is a provider " + name + "; take another name, or change that one"));
        }
        if (present.size() == MOST) {
            return Answer.no(Refusal.clash("there are " + MOST + " providers, which is the most"));
        }
        var unfit = fault(project, account);
        if (unfit.isPresent()) {
            return Answer.no(unfit.get());
        }
        return Provider.of(account, password.map(plain -> secrets.seal(id, Provider.PASSWORD, plain)))
                .map(provider -> {
                    var fresh = resources.fresh(
                            id, TYPE, CloudAuthority.NAME, Optional.empty(), name, "connecting", project, provider);
                    resources.insert(tx, fresh, who, "added");
                    processes.schedule(tx, Request.now(CloudSync.SYNC, id, who)).orThrow();
                    return resources.find(tx, id).orElseThrow();
                });
    }

    private static Optional<Refusal> fault(String project, Account account) {
        return project.equals(UNSOLD) ? account.fault() : account.faultForSale();
    }

    /// Another account, or another password, for the same place; it is looked at anew.
    ///
    /// @param password empty = as it was
    public Answer<Resource> change(Tx tx, UUID id, Account account, Optional<String> password, String who) {
        return lock(tx, id).flatMap(resource -> {
            var fault = fault(resource.project(), account);
            if (fault.isPresent()) {
                return Answer.no(fault.get());
            }
            var sealed = password.map(plain -> secrets.seal(id, Provider.PASSWORD, plain));
            var changed = resource.as(Provider.class).changed(account, sealed);
            var next = resource.withData(changed).withState("connecting", Optional.empty());
            resources.update(tx, resource.state(), next, who, "changed");
            return refresh(tx, id, who);
        });
    }

    /// Listens to another bus, or to none, from the next look on, which is made now.
    ///
    /// @param password of the user of the bus; empty = as it was
    public Answer<Resource> listen(Tx tx, UUID id, Optional<Bus> bus, Optional<String> password, String who) {
        return lock(tx, id).flatMap(resource -> {
            var provider = resource.as(Provider.class);
            if (bus.isPresent() && !provider.account().mayTell()) {
                return Answer.no(Refusal.malformed(
                        "notifications",
                        "notifications are for the driver openstack, and not for "
                                + provider.account().driver()));
            }
            var sealed = password.map(plain -> secrets.seal(id, Provider.BUS_PASSWORD, plain))
                    .or(provider::busPassword)
                    .filter(_ -> bus.isPresent());
            var changed = resource.withData(provider.heardOn(bus, sealed));
            resources.update(tx, resource.state(), changed, who, "listened to otherwise");
            return refresh(tx, id, who);
        });
    }

    /// Looks at it now, even if it has refused us a moment ago; what waits for it is tried again at once.
    public Answer<Resource> refresh(Tx tx, UUID id, String who) {
        return lock(tx, id).map(resource -> {
            open.forgive(id);
            processes.cancelTimers(tx, id, Set.of(CloudSync.SYNC));
            processes.schedule(tx, Request.now(CloudSync.SYNC, id, who)).orThrow();
            processes.wakeWaiting(tx, TrackedLeases.of(id));
            return resources.find(tx, id).orElseThrow();
        });
    }

    /// Somebody says that something has changed there: it is looked at now, or a second after the last look. One
    /// that does not answer is tried again as before, whoever says what.
    public void hint(Tx tx, UUID id) {
        find(tx, id)
                .map(one -> one.as(Provider.class))
                .filter(one -> one.failures() == 0)
                .ifPresent(one -> {
                    var now = platform.now();
                    var paced = one.lastSync().map(last -> last.plus(Listening.SETTLED));
                    listening.lookAt(
                            tx, id, paced.filter(when -> when.isAfter(now)).orElse(now));
                });
    }

    /// Has an orphan taken away, by a look that is made now.
    ///
    /// @return NOT_THERE if there is none such
    public Answer<Resource> takeAway(Tx tx, UUID id, UUID lease, String part, String who) {
        return lock(tx, id).flatMap(resource -> {
            var provider = resource.as(Provider.class);
            var orphans = provider.astray().orphans();
            var wanted = orphans.stream()
                    .filter(one -> one.lease().equals(lease) && one.part().equals(part))
                    .findFirst();
            if (wanted.isEmpty()) {
                return Answer.no(Refusal.notThere("there is no such orphan at " + resource.name()));
            }
            var next = provider.with(
                    Orphan.doomed(orphans, wanted.stream().map(Orphan::doom).toList()));
            resources.update(tx, resource.state(), resource.withData(next), who, "an orphan is to go");
            return refresh(tx, id, who);
        });
    }

    /// Takes it out.
    ///
    /// @return CLASH while something of ours is there
    public Answer<Resource> remove(Tx tx, UUID id, String who) {
        return lock(tx, id).flatMap(resource -> {
            int leases = leases(tx, id);
            if (leases > 0) {
                return Answer.no(Refusal.clash(
                        resource.name() + " has " + leases + " leases that are not over; end what they are for first"));
            }
            int items = items(tx, id);
            if (items > 0) {
                return Answer.no(Refusal.clash(resource.name() + " has " + items
                        + " items of reservations that are not over; end those reservations first"));
            }
            processes.cancelTimers(tx, id);
            var sequence = resource.as(Provider.class).sequence() + 1;
            post.send(tx, CloudAuthority.NAME, broker, new Message.UpdateSupply(id, sequence, Optional.empty()));
            tx.afterCommit(() -> listening.forget(id));
            var gone = resource.withState("removed", Optional.empty()).removedAt(platform.now());
            return Answer.yes(resources.update(tx, resource.state(), gone, who, "taken out"));
        });
    }

    private int leases(Tx tx, UUID provider) {
        return tx.sql().fetchCount(RESOURCE, TrackedLeases.of(provider));
    }

    /// Those for which the broker has booked something there: what is only accounted for has no lease.
    private int items(Tx tx, UUID provider) {
        var account = "p/" + provider;
        var there = BOOKING.BOOK
                .eq(broker)
                .and(BOOKING.HOLDER.eq(RESERVATION_ITEM.ID))
                .and(BOOKING.PLACE.eq(account).or(BOOKING.PLACE.startsWith(account + "/")));
        return tx.sql()
                .fetchCount(DSL.selectOne()
                        .from(RESERVATION_ITEM)
                        .where(RESERVATION_ITEM
                                .LIVE
                                .isTrue()
                                .and(DSL.exists(DSL.selectOne().from(BOOKING).where(there)))));
    }

    private Answer<Resource> lock(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(Providers::present)
                .<Answer<Resource>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no provider " + id)));
    }

    /// Whether it is there, and not removed.
    boolean isThere(Tx tx, UUID id) {
        return tx.sql()
                .fetchExists(
                        RESOURCE,
                        Resources.withId(id).and(Resources.typed(TYPE)).and(Resources.present()));
    }

    /// One that is not removed.
    public Optional<Resource> find(Tx tx, UUID id) {
        return resources.find(tx, id).filter(Providers::present);
    }

    private static boolean present(Resource resource) {
        return resource.type().equals(TYPE) && resource.removed().isEmpty();
    }

    /// The driver for one, as its account is now.
    ///
    /// @throws IllegalStateException if it is not there
    Cloud cloud(UUID id) {
        return open.of(id);
    }

    Cloud cloud(Resource resource) {
        return open.of(resource);
    }

    @Override
    public void close() {
        listening.close();
        open.close();
    }
}
