package holdfast.authority;

import static java.util.stream.Collectors.toMap;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Driver.Key;
import holdfast.authority.Fabric.Agreed;
import holdfast.authority.Fabric.Answered;
import holdfast.authority.Fabric.Bond;
import holdfast.authority.Fabric.Credentials;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.engine.types.Move;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Loan;
import holdfast.protocol.Message;
import holdfast.protocol.Message.Lending.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Other clusters that have a part of ours, each for the term of a contract (fluidos.md 4.6): they are let in when it
/// is made and shut out when it is over. What they ask for in between is answered by [#admit].
final class Tenancies {
    static final String OPEN = "tenancy.open";
    static final String CLOSE = "tenancy.close";
    static final String REVOKE = "tenancy.revoke";
    static final Move OPENING = Move.of(Set.of("requested", "lent"), "opening", "lent", "failed");
    static final Move CLOSING = Move.of(
            Set.of("requested", "opening", "lent", ClusterAuthority.STUCK),
            "closing",
            "closed",
            ClusterAuthority.STUCK);
    private static final String REQUESTED = "requested";
    private static final String LENT = "lent";
    private static final int MOST = 10_000;
    /// How long a buyer has to take over what was made anew (fluidos.md 5.9.6).
    private static final Duration CHANGEOVER = Duration.ofMinutes(10);

    /// How long this cluster may say nothing before it is told that something is stuck; see [ClusterAuthority].
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration A_WHILE = Duration.ofDays(1);

    private final String name;
    private final ClusterAuthority.Plan plan;
    private final Fabric fabric;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Secrets secrets;

    Tenancies(
            ClusterAuthority.Plan plan,
            Fabric fabric,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets) {
        this.name = plan.authority();
        this.plan = plan;
        this.fabric = fabric;
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.secrets = secrets;
    }

    /// Lets in; for longer, if that was done before. Told twice is once.
    void lend(Tx tx, String sender, Message.Lend lend) {
        var id = Tenancy.id(name, lend.contract());
        var known = resources.lock(tx, id);
        if (known.isPresent()) {
            longer(tx, known.get(), lend.loan(), sender);
        } else if (lend.loan().tenant().filter(Tenancies::isNamed).isEmpty()) {
            var why = Refusal.malformed("loan.tenant", "the buyer does not say what its cluster is called");
            post.send(tx, name, sender, new Message.Lending(lend.contract(), Phase.ENDED, Optional.of(why)));
        } else {
            insert(tx, lend.contract(), lend.loan(), REQUESTED, sender);
            processes.schedule(tx, Request.now(OPEN, id, name)).orThrow();
        }
    }

    private static boolean isNamed(Loan.Tenant tenant) {
        return !tenant.cluster().isBlank();
    }

    private void insert(Tx tx, UUID contract, Loan loan, String state, String who) {
        var record = new Tenancy(
                contract,
                loan,
                who,
                plan.id(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        var label = loan.tenant().map(Loan.Tenant::contract).orElse(contract.toString());
        var fresh = resources.fresh(
                Tenancy.id(name, contract), Tenancy.TYPE, name, Optional.empty(), label, state, "-", record);
        resources.insert(tx, state.equals(REQUESTED) ? fresh : fresh.removedAt(platform.now()), who, "lend");
    }

    private void longer(Tx tx, Resource resource, Loan loan, String who) {
        var record = resource.as(Tenancy.class);
        boolean lives = OPENING.start().containsKey(resource.state()) || isLive(resource);
        if (lives
                && record.lender().equals(who)
                && loan.term().until().isAfter(record.loan().term().until())) {
            resources.update(tx, resource.state(), resource.withData(record.with(loan)), who, "renewed");
            renew(tx, resource.id());
        }
    }

    /// Access that ends before the contract is opened once more.
    private void renew(Tx tx, UUID id) {
        resources
                .lock(tx, id)
                .filter(resource -> resource.state().equals(LENT))
                .filter(resource -> !until(resource.as(Tenancy.class))
                        .equals(resource.as(Tenancy.class).facts().get("access.until")))
                .ifPresent(
                        _ -> processes.schedule(tx, Request.now(OPEN, id, name)).orThrow());
    }

    private static String until(Tenancy record) {
        return record.loan().term().until().toString();
    }

    /// Has what lets a buyer in made anew. What it has now is taken back after [#CHANGEOVER].
    void readmit(Tx tx, String sender, UUID contract) {
        resources
                .lock(tx, Tenancy.id(name, contract))
                .filter(resource -> resource.state().equals(LENT))
                .filter(resource -> resource.as(Tenancy.class).lender().equals(sender))
                .ifPresent(resource -> {
                    var now = platform.now();
                    var anew = resource.withData(resource.as(Tenancy.class).anewAt(now));
                    resources.update(tx, resource.state(), anew, sender, "lets its buyer in anew");
                    processes.schedule(tx, Request.now(OPEN, anew.id(), name)).orThrow();
                    processes
                            .schedule(tx, Request.at(now.plus(CHANGEOVER), REVOKE, anew.id(), name))
                            .orThrow();
                });
    }

    /// Who has made them anew since then is given its time for that.
    Outcome revoke(Step.Context context) {
        var record = context.resource().as(Tenancy.class);
        boolean early = record.anew()
                .filter(when -> platform.now().isBefore(when.plus(CHANGEOVER)))
                .isPresent();
        return record.pass()
                .filter(_ -> !early && context.resource().state().equals(LENT))
                .map(pass -> Provisioning.outcome("access", fabric.revoke(key(record), pass), Fabric.POLL))
                .orElseGet(Outcome::done);
    }

    /// The contract is over. Told twice is once.
    void unlend(Tx tx, String sender, UUID contract) {
        var known = resources.lock(tx, Tenancy.id(name, contract));
        if (known.isEmpty()) { // never heard of, or overtook its own beginning
            var nothing = new Loan(contract, "-", Capacities.NONE, Interval.of(platform.now(), A_WHILE), "-");
            insert(tx, contract, nothing, "closed", sender);
            post.send(tx, name, sender, new Message.Lending(contract, Phase.ENDED, Optional.empty()));
        } else if (known.get().as(Tenancy.class).lender().equals(sender)) {
            if (CLOSING.start().containsKey(known.get().state())) {
                processes
                        .schedule(tx, Request.now(CLOSE, known.get().id(), name))
                        .orThrow();
            } else if (known.get().removed().isPresent()) {
                tell(tx, known.get(), Phase.ENDED, Optional.empty());
            }
        }
    }

    List<Step> open() {
        return List.of(
                Step.of("access", this::access, context -> take(context.resource())),
                Step.of("credentials", this::credentials));
    }

    private static Key key(Tenancy record) {
        return new Key(record.tenant().contract(), Fabric.ACCESS);
    }

    private Outcome access(Step.Context context) {
        var record = context.resource().as(Tenancy.class);
        var tenant = record.tenant();
        var access = new Bond.Access(
                tenant.contract(), tenant.cluster(), record.loan().term().until());
        return Provisioning.outcome("access", fabric.ensure(key(record), access), Fabric.POLL);
    }

    private Outcome credentials(Step.Context context) {
        var record = context.resource().as(Tenancy.class);
        var id = context.resource().id();
        return switch (fabric.credentials(key(record))) {
            case Look.Seen<Credentials>(var fresh) -> {
                var sealed = secrets.seal(id, Tenancy.CREDENTIALS, fresh.kubeconfig());
                yield new Outcome.Done(
                        Map.of(),
                        content -> content.put(Tenancy.CREDENTIALS, sealed).put(Tenancy.PASS, fresh.id()),
                        Optional.empty(),
                        Outcome.Change.NONE);
            }
            case Look.Away<Credentials>(var why, var _) -> new Outcome.Later(Fabric.POLL, why);
            case Look.Denied<Credentials>(var why) -> new Outcome.Failed(Refusal.broken(why));
        };
    }

    List<Step> close() {
        return List.of(
                Step.of("slice", this::shutOut).within(PATIENCE),
                Step.of("access", context -> take(context.resource())));
    }

    /// Its slice is denied before its way in is closed, not at the next look.
    private Outcome shutOut(Step.Context context) {
        return switch (fabric.admit(database.inTransaction(this::live))) {
            case Look.Seen<List<Answered>> _ -> Outcome.done();
            case Look.Away<List<Answered>>(var why, var _) -> new Outcome.Later(Fabric.POLL, why);
            case Look.Denied<List<Answered>>(var why) -> new Outcome.Failed(Refusal.broken(why));
        };
    }

    private Outcome take(Resource resource) {
        var record = resource.as(Tenancy.class);
        return record.loan().tenant().isEmpty()
                ? Outcome.done()
                : Provisioning.outcome("access", fabric.remove(key(record)), Fabric.POLL);
    }

    void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        switch (resource.state()) {
            case LENT -> {
                tell(tx, resource, Phase.LENT, Optional.empty());
                renew(tx, resource.id());
            }
            case "failed", "closed" -> {
                var over = resource.removedAt(platform.now());
                tell(tx, resources.update(tx, resource.state(), over, name, "over"), Phase.ENDED, refusal);
            }
            default -> tell(tx, resource, Phase.STUCK, refusal);
        }
    }

    private void tell(Tx tx, Resource resource, Phase phase, Optional<Refusal> why) {
        var record = resource.as(Tenancy.class);
        post.send(tx, name, record.lender(), new Message.Lending(record.contract(), phase, why));
    }

    private static boolean isLive(Resource resource) {
        return resource.state().equals(LENT) || resource.state().equals("opening");
    }

    private List<Resource> living(Tx tx) {
        var here = Resources.typed(Tenancy.TYPE).and(Resources.keptBy(name)).and(Resources.present());
        return resources.list(tx, here, MOST).stream().filter(Tenancies::isLive).toList();
    }

    /// What its buyer's slice is called: in the old way all contracts of a buyer have one, called as this cluster.
    private String slice(Tenancy record) {
        return plan.summing() ? plan.id() : record.tenant().contract();
    }

    private List<Agreed> live(Tx tx) {
        var agreed = living(tx).stream()
                .map(resource -> resource.as(Tenancy.class))
                .map(record -> new Agreed(
                        slice(record),
                        record.tenant().cluster(),
                        ClusterSite.agreed(record.loan().amounts())))
                .collect(toMap(one -> List.of(one.buyer(), one.slice()), one -> one, Agreed::plus));
        return List.copyOf(agreed.values());
    }

    /// Answers what other clusters ask for, by the contracts that live and by nothing else (fluidos.md 7 #23).
    ///
    /// @return what came of it, in a few words
    String admit() {
        return switch (fabric.admit(database.inTransaction(this::live))) {
            case Look.Seen<List<Answered>>(var answered) -> {
                var let = answered.stream().filter(one -> one.why().isEmpty()).toList();
                database.inTransaction(tx -> {
                    admitted(tx, let);
                    return true;
                });
                yield let.size() + " slices admitted, " + (answered.size() - let.size()) + " not";
            }
            case Look.Away<List<Answered>>(var why, var _) -> why;
            case Look.Denied<List<Answered>>(var why) -> why;
        };
    }

    private void admitted(Tx tx, List<Answered> slices) {
        var fresh = new ArrayList<Resource>();
        living(tx).stream()
                .filter(resource -> resource.as(Tenancy.class).since().isEmpty())
                .filter(resource -> slices.stream().anyMatch(slice -> isOf(resource.as(Tenancy.class), slice)))
                .forEach(resource -> resources.lock(tx, resource.id()).ifPresent(fresh::add));
        for (var resource : fresh) {
            var record = resource.as(Tenancy.class).admitted(platform.now());
            tell(
                    tx,
                    resources.update(tx, resource.state(), resource.withData(record), name, "its slice is admitted"),
                    Phase.CLAIMED,
                    Optional.empty());
        }
    }

    private boolean isOf(Tenancy record, Answered slice) {
        return record.tenant().cluster().equals(slice.buyer()) && slice(record).equals(slice.slice());
    }
}
