package holdfast.orchestrator.instances;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Phase;
import holdfast.pools.clouds.Recount;
import holdfast.pools.clouds.Recount.Share;
import holdfast.pools.clouds.Users;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every night whether quotas count what there is, sets right what they do not, and tells (aeolus.md 6.6, 7).
final class QuotaCheck {
    static final String TASK = "quota.recount";

    private static final Logger LOG = LoggerFactory.getLogger(QuotaCheck.class);
    private static final Duration EVERY = Duration.ofDays(1);
    private static final String EVENT = "quota_recounted";
    private static final int PAGE = 500;
    /// So many of a kind are set right in one night.
    private static final int MOST = 10_000;

    private final Database database;
    private final Resources resources;
    private final Journal journal;
    private final Quotas quotas;
    private final InstanceTasks tasks;
    private final Recount recount = new Recount();

    /// Has it done from now on.
    QuotaCheck(Database database, Engine engine, Quotas quotas, InstanceTasks tasks) {
        this.database = database;
        this.resources = engine.resources();
        this.journal = engine.journal();
        this.quotas = quotas;
        this.tasks = tasks;
        engine.tasks().add(TASK, EVERY, this::round);
    }

    private String round() {
        var counts = database.inTransaction(tx -> recount.wrong(tx, MOST));
        counts.forEach(owner -> database.inTransaction(tx -> added(tx, owner)));
        var ghosts = database.inTransaction(tx -> recount.ghosts(tx, MOST));
        ghosts.forEach(holder -> database.inTransaction(tx -> gone(tx, holder)));
        int wrong = 0;
        int seen = 0;
        var last = new UUID(0, 0);
        while (true) {
            var after = last;
            var page = database.inTransaction(tx -> page(tx, after));
            for (var id : page.suspects()) {
                wrong += database.inTransaction(tx -> settled(tx, id)) ? 1 : 0;
            }
            seen += page.size();
            if (page.size() < PAGE) {
                return "%d counts, %d of %d instances and %d that are gone were counted wrongly"
                        .formatted(counts.size(), wrong, seen, ghosts.size());
            }
            last = page.last();
        }
    }

    /// @param suspects those that seem to be counted wrongly; a change may just be under way
    private record Page(int size, UUID last, List<UUID> suspects) {}

    private Page page(Tx tx, UUID after) {
        var ids = tx.sql()
                .select(RESOURCE.ID)
                .from(RESOURCE)
                .where(Resources.typed(Instances.TYPE).and(Resources.present()).and(RESOURCE.ID.gt(after)))
                .orderBy(RESOURCE.ID)
                .limit(PAGE)
                .fetch(RESOURCE.ID);
        var shares = recount.shares(tx, ids);
        var suspects = resources.list(tx, Resources.withIds(ids), PAGE).stream()
                .filter(one -> !shares.getOrDefault(one.id(), Set.of()).equals(due(tx, one, Optional.empty())))
                .map(Resource::id)
                .toList();
        return new Page(ids.size(), ids.isEmpty() ? after : ids.getLast(), suspects);
    }

    /// Where an instance should count, and as what.
    private Set<Share> due(Tx tx, Resource one, Optional<Action> doing) {
        var content = one.as(Instance.class);
        var starting = doing.filter(action -> action == Action.START).map(_ -> Phase.RESERVED);
        var phase = InstanceCourse.phase(InstanceRecords.state(one))
                .flatMap(now -> now == Phase.STOPPED ? starting.or(() -> Optional.of(now)) : Optional.of(now));
        var due = new HashSet<Share>();
        phase.ifPresent(as -> {
            due.add(new Share(Kind.POOL, content.pool(), as));
            due.add(new Share(Kind.USER, Users.id(content.owner()), as));
            resources
                    .find(tx, content.pool())
                    .flatMap(Resource::parent)
                    .ifPresent(family -> due.add(new Share(Kind.FAMILY, family, as)));
            content.attempt().match().ifPresent(match -> due.add(new Share(Kind.ACCOUNT, match.account(), as)));
        });
        return due;
    }

    /// Looks once more, at an instance that nobody changes meanwhile.
    private boolean settled(Tx tx, UUID id) {
        var found = resources.lock(tx, id).filter(one -> one.removed().isEmpty());
        if (found.isEmpty()) {
            return false;
        }
        var one = found.get();
        if (isKept(tx, one)) {
            return false;
        }
        var due = due(tx, one, tasks.open(tx, id).map(InstanceTasks.Open::action));
        var kinds = EnumSet.allOf(Kind.class);
        boolean placed = one.as(Instance.class).attempt().match().isPresent();
        if (!placed) {
            kinds.remove(Kind.ACCOUNT); // the account that was chosen may be told of at any moment
        }
        var counted = new HashSet<>(recount.shares(tx, List.of(id)).getOrDefault(id, Set.of()));
        counted.removeIf(share -> !kinds.contains(share.kind()));
        if (counted.equals(due)) {
            return false;
        }
        recount.settle(tx, quotas, id, due, kinds);
        tell(tx, one, counted + " is set to " + due);
        return true;
    }

    /// A part of a deployment that is tried elsewhere, or of which something may be at an account still, counts on
    /// although it failed; see [Parts].
    private boolean isKept(Tx tx, Resource one) {
        var whole = one.as(Instance.class).deployment().flatMap(id -> resources.find(tx, id));
        return whole.filter(known -> DeploymentRecords.state(known).seeking()
                        || Parts.isPlaced(one) && InstanceRecords.state(one) == InstanceState.CREATE_FAILED)
                .isPresent();
    }

    private boolean added(Tx tx, UUID owner) {
        recount.add(tx, owner);
        resources.find(tx, owner).ifPresent(one -> tell(tx, one, "its sum is made anew"));
        return true;
    }

    private boolean gone(Tx tx, UUID holder) {
        quotas.leave(tx, holder);
        LOG.warn("An instance {} that is gone was still counted.", holder);
        return true;
    }

    private void tell(Tx tx, Resource one, String what) {
        LOG.warn("The quotas of {} {} were counted wrongly: {}.", one.type(), one.name(), what);
        journal.changed(tx, one, Instances.NAME, EVENT);
    }
}
