package holdfast.orchestrator.instances;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.choice.Explanation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// All instances that callers may see, whichever pools they are in (aeolus.md 5.1). What is done with one is done by
/// its pool, as for the interfaces of clouds.
public final class Fleet {
    private static final int MOST = 10_000;

    private final PoolClouds all;
    private final AccountSides sides;

    public Fleet(PoolClouds all, AccountSides sides) {
        this.all = all;
        this.sides = sides;
    }

    /// Which instances.
    public record Which(
            Optional<InstanceState> state,
            Optional<UUID> pool,
            Optional<UUID> deployment,
            Optional<UUID> account,
            Optional<String> name) {
        private Condition condition() {
            return state.map(one -> shownIn(Set.of(one)))
                    .orElse(DSL.noCondition())
                    .and(pool.map(id -> inPools(List.of(id))).orElse(DSL.noCondition()))
                    .and(deployment.map(id -> ofDeployments(List.of(id))).orElse(DSL.noCondition()))
                    .and(account.map(Fleet::at).orElse(DSL.noCondition()))
                    .and(name.map(Resources::named).orElse(DSL.noCondition()));
        }
    }

    /// Some of them, in the order of creation.
    ///
    /// @param total how many there are
    public record Page(List<InstanceDetail> instances, int total) {}

    /// Selects all that are there; written as the indexes of instances have it.
    static Condition there() {
        return DSL.condition("type = 'cloudInstance'").and(Resources.present());
    }

    /// Selects those that are shown in one of these states, which is not always what is kept ([Views#shown]).
    static Condition shownIn(Set<InstanceState> states) {
        var words = states.stream().map(InstanceState::word).toList();
        var kept = words.size() == 1 // in the order of an index only if it is surely one
                ? Resources.inState(words.getFirst())
                : Resources.inAnyOf(words);
        boolean running = states.contains(InstanceState.RUNNING);
        if (running == states.contains(InstanceState.PENDING)) {
            return kept;
        }
        var restarting = Resources.inState(InstanceState.RUNNING.word()).and(InstanceTasks.doing(Action.REBOOT));
        return running ? kept.andNot(restarting) : kept.or(restarting);
    }

    private static Condition inPools(Collection<UUID> pools) {
        return RESOURCE.PARENT.eq(DSL.any(pools.toArray(UUID[]::new)));
    }

    private static Condition ofDeployments(Collection<UUID> deployments) {
        return DSL.condition(
                "data ->> 'deployment' = any({0})",
                DSL.val(deployments.stream().map(UUID::toString).toArray(String[]::new)));
    }

    private static Condition at(UUID account) {
        return DSL.condition("data -> 'attempt' -> 'match' ->> 'account' = {0}", DSL.val(account.toString()));
    }

    /// Selects, among instances, those that a caller may see: its own, and those that a role on them or on what
    /// they are part of reaches (aeolus.md 2.7).
    static Condition seen(Caller caller, Held held) {
        return held.where(Right.Action.VIEW, Target.INSTANCE)
                .map(on -> DSL.condition("data ->> 'owner' = {0}", DSL.val(caller.user()))
                        .or(Resources.withIds(on))
                        .or(inPools(on))
                        .or(ofDeployments(on))
                        .or(DSL.condition(
                                "parent in (select p.id from resource p where p.parent = any({0}) and p.type = 'cloudPool')",
                                DSL.val(on.toArray(UUID[]::new)))))
                .orElse(DSL.noCondition());
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    private Held held(Tx tx, Caller caller) {
        return all.configuration().grants().held(tx, caller);
    }

    private Condition seen(Tx tx, Caller caller) {
        return there().and(seen(caller, held(tx, caller)));
    }

    public Page list(Caller caller, Which which, int offset, int limit) {
        return look(tx -> {
            var selected = seen(tx, caller).and(which.condition());
            var ids = tx.sql()
                    .select(RESOURCE.ID)
                    .from(RESOURCE)
                    .where(selected)
                    .orderBy(RESOURCE.CREATED, RESOURCE.ID)
                    .offset(offset)
                    .limit(limit)
                    .fetchSet(RESOURCE.ID);
            var found = all.resources().list(tx, Resources.withIds(ids), limit);
            return new Page(details(tx, found), tx.sql().fetchCount(RESOURCE, selected));
        });
    }

    private List<InstanceDetail> details(Tx tx, List<Resource> found) {
        var views = all.views(tx, found);
        return IntStream.range(0, found.size())
                .mapToObj(n -> Views.detail(found.get(n), views.get(n)))
                .toList();
    }

    private Optional<Resource> find(Tx tx, Caller caller, UUID id) {
        return all.resources().list(tx, seen(tx, caller).and(Resources.withId(id)), 1).stream()
                .findFirst();
    }

    public Optional<InstanceDetail> find(Caller caller, UUID id) {
        return look(tx ->
                find(tx, caller, id).map(one -> details(tx, List.of(one)).getFirst()));
    }

    /// @param pool name or id; empty = the caller's only one, else the default
    /// @return the instance, or as [VirtualCloud#launch]; NOT_THERE for an unknown pool
    public Answer<InstanceDetail> launch(Caller caller, Optional<String> pool, Launch launch) {
        return all.pool(caller, pool)
                .flatMap(cloud -> cloud.launch(launch))
                .flatMap(made -> find(caller, made.id())
                        .<Answer<InstanceDetail>>map(Answer::yes)
                        .orElseGet(() -> nothing(made.id())));
    }

    /// Where a launch could be made now, in which order that would be tried, and where not, and why; nothing is
    /// launched, and nothing kept.
    ///
    /// @return as [#launch] if it cannot be looked for at all
    public Answer<Explanation> explain(Caller caller, Optional<String> pool, Launch launch) {
        return all.pool(caller, pool).flatMap(cloud -> cloud.explain(launch));
    }

    private static <T> Answer<T> nothing(UUID id) {
        return Answer.no(Refusal.notThere("there is no instance " + id));
    }

    private Answer<PoolCloud> around(Caller caller, UUID id) {
        return look(tx -> find(tx, caller, id)
                .map(one -> all.around(
                        tx, caller, held(tx, caller), one.as(Instance.class).pool()))
                .orElseGet(() -> nothing(id)));
    }

    /// Starts, stops, reboots or destroys one, and waits until that is done, or until it has waited so long.
    ///
    /// @return as it is then, empty if it is gone; or as [VirtualCloud#act]
    public Answer<Optional<InstanceDetail>> act(Caller caller, UUID id, Action action, Duration most) {
        return around(caller, id)
                .flatMap(cloud -> cloud.act(id, action).map(_ -> {
                    cloud.settled(id, most);
                    return find(caller, id);
                }));
    }

    /// Waits until the last task of one is over, or until it has waited so long.
    public Optional<InstanceDetail> settled(Caller caller, UUID id, Duration most) {
        if (around(caller, id) instanceof Answer.Yes<PoolCloud>(var cloud)) {
            cloud.settled(id, most);
        }
        return find(caller, id);
    }

    /// What was asked of one that the caller may see, newest first.
    public Answer<List<TaskView>> tasks(Caller caller, UUID id) {
        return of(caller, id, tx -> all.instances().tasks().of(tx, id, MOST));
    }

    /// Where one was to be made, in the order of trying.
    public Answer<List<AttemptView>> attempts(Caller caller, UUID id) {
        return of(caller, id, tx -> Attempts.list(tx, id, MOST));
    }

    /// What happened to one, oldest first; of very much the last.
    public Answer<List<CloudEvent>> events(Caller caller, UUID id) {
        return of(caller, id, tx -> CloudEvents.latest(tx, id, MOST));
    }

    private <T> Answer<T> of(Caller caller, UUID id, Function<Tx, T> question) {
        return look(tx -> find(tx, caller, id)
                .<Answer<T>>map(_ -> Answer.yes(question.apply(tx)))
                .orElseGet(() -> nothing(id)));
    }

    /// The key that opens one that the caller may use: the one that it was launched with, of which only the name is
    /// known, or the one that was made for it alone, until it stops (aeolus.md 2.8, 4.2).
    ///
    /// @return NOT_THERE also if there is none, NOT_YOURS for those who may only look
    public Answer<AccountSides.Opener> key(Caller caller, UUID id) {
        if (caller.readOnly()) {
            return Answer.no(Refusal.notYours(caller.user() + " may look, and is told no key"));
        }
        return around(caller, id)
                .flatMap(cloud -> look(tx -> cloud.usable(tx, id).flatMap(one -> key(tx, one))));
    }

    private Answer<AccountSides.Opener> key(Tx tx, Resource one) {
        var content = one.as(Instance.class);
        return content.order()
                .key()
                .map(name -> new AccountSides.Opener(ThingNames.rest(name), Optional.empty()))
                .or(() -> content.attempt()
                        .sliver()
                        .flatMap(sliver -> sides.opener(tx, sliver))
                        .filter(opener -> opener.pem().isPresent()))
                .<Answer<AccountSides.Opener>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere(
                        one.name() + " has no key of its own; where there is one, it is dropped when it stops")));
    }

    /// Whether an account has an instance that its provider calls so.
    public boolean isAt(Tx tx, UUID account, String externalKey) {
        var called = DSL.condition("data -> 'sight' ->> 'key' = {0}", DSL.val(externalKey));
        return tx.sql().fetchExists(RESOURCE, there().and(at(account)).and(called));
    }
}
