package holdfast.orchestrator.instances;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Usage;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.ImageMapping;
import holdfast.pools.clouds.images.ImageMappings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What instances use of what administrators have set up.
public final class InstanceUsage implements Usage {
    private static final Set<String> UP =
            Set.of(InstanceState.NEW.word(), InstanceState.PENDING.word(), InstanceState.RUNNING.word());

    private static final int MOST_NAMES = 10;
    /// So many are held at a time.
    private static final int PAGE = 500;

    private final Database database;
    private final Resources resources;
    private final Quotas quotas;
    private final Instances instances;
    private final BrokerImages images;
    private final ImageMappings mappings;

    public InstanceUsage(
            Database database,
            Engine engine,
            Quotas quotas,
            Instances instances,
            BrokerImages images,
            ImageMappings mappings) {
        this.database = database;
        this.resources = engine.resources();
        this.quotas = quotas;
        this.instances = instances;
        this.images = images;
        this.mappings = mappings;
        new QuotaCheck(database, engine, quotas, instances.tasks());
    }

    private static Condition at(Collection<UUID> accounts) {
        var words = accounts.stream().map(UUID::toString).toArray(String[]::new);
        return DSL.condition("data -> 'attempt' -> 'match' ->> 'account' = any({0})", DSL.val(words));
    }

    private static Condition of(Owner owner) {
        return switch (owner.kind()) {
            case POOL -> Resources.partOf(owner.id());
            case ACCOUNT -> at(List.of(owner.id()));
            case FAMILY ->
                DSL.condition(
                        "parent in (select p.id from resource p where p.parent = {0} and p.type = 'cloudPool')",
                        DSL.val(owner.id()));
            case USER -> DSL.falseCondition();
        };
    }

    @Override
    public List<String> keeping(Tx tx, Owner owner) {
        var busy = RESOURCE.STATE.notIn(
                InstanceState.STOPPED.word(), InstanceState.CREATE_FAILED.word(), InstanceState.VANISHED.word());
        return resources.list(tx, Fleet.there().and(of(owner)).and(busy), MOST_NAMES).stream()
                .map(Resource::name)
                .toList();
    }

    @Override
    public List<String> images(Tx tx, Owner owner) {
        var names = switch (owner.kind()) {
            case ACCOUNT ->
                mappings.list(tx, ImageMappings.at(List.of(owner.id())), 0, MOST_NAMES).stream()
                        .map(ImageMapping::image);
            case FAMILY ->
                images.list(tx, BrokerImages.of(owner.id()), 0, MOST_NAMES).stream()
                        .map(BrokerImages.Stored::id);
            case POOL, USER -> Stream.<String>empty();
        };
        return names.distinct().map(name -> "image " + name).toList();
    }

    @Override
    public boolean isBooted(Tx tx, String image) {
        var booted = DSL.condition("data -> 'order' ->> 'image' = {0}", DSL.val(image));
        return !resources.list(tx, Fleet.there().and(booted), 1).isEmpty();
    }

    @Override
    public Answer<Integer> destroyAll(Tx tx, UUID pool, String who) {
        int left = 0;
        var all = Fleet.there().and(of(new Owner(Kind.POOL, pool)));
        for (var one : (Iterable<Resource>) pages(all, page -> resources.list(tx, page, PAGE))::iterator) {
            if (instances.act(tx, one.id(), Action.DESTROY, who, List.of()) instanceof Answer.No<Resource>(var why)) {
                return Answer.no(why);
            }
            left++;
        }
        return Answer.yes(left);
    }

    /// All that is selected, in the order of creation, one page after the other.
    private static Stream<Resource> pages(Condition which, Function<Condition, List<Resource>> read) {
        return Stream.iterate(
                        read.apply(which),
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE
                                ? List.of()
                                : read.apply(which.and(Resources.after(
                                        page.getLast().created(), page.getLast().id()))))
                .flatMap(List::stream);
    }

    @Override
    public Map<Owner, Counts> counts(Tx tx, Collection<Owner> owners) {
        var uses = quotas.uses(tx, owners.stream().map(Owner::id).toList());
        return owners.stream().distinct().collect(Collectors.toMap(owner -> owner, owner -> {
            var use = uses.get(owner.id());
            return use == null ? Counts.NONE : new Counts(use.running(), use.running() + use.stopped(), use.reserved());
        }));
    }

    @Override
    public List<String> stopAll(Collection<UUID> accounts, String who) {
        var up = Fleet.there().and(at(accounts)).and(RESOURCE.STATE.in(UP));
        return pages(up, page -> database.inTransaction(tx -> resources.list(tx, page, PAGE)))
                .flatMap(one ->
                        database
                                .inTransaction(tx -> stop(tx, one, who))
                                .map(why -> one.name() + ": " + why.message())
                                .stream())
                .toList();
    }

    /// @return why not; nothing also if it is down by now, or on its way there
    private Optional<Refusal> stop(Tx tx, Resource one, String who) {
        if (resources.lock(tx, one.id()).filter(now -> UP.contains(now.state())).isEmpty()) {
            return Optional.empty();
        }
        boolean leaving = instances
                .tasks()
                .open(tx, one.id())
                .filter(task -> task.action() == Action.STOP || task.action() == Action.DESTROY)
                .isPresent();
        return !leaving && instances.act(tx, one.id(), Action.STOP, who, List.of()) instanceof Answer.No<?>(var why)
                ? Optional.of(why)
                : Optional.empty();
    }

    @Override
    public void forceStopped(Tx tx, Collection<UUID> accounts, String who) {
        var active = RESOURCE.STATE.in(Set.of(
                InstanceState.NEW.word(),
                InstanceState.PENDING.word(),
                InstanceState.RUNNING.word(),
                InstanceState.SHUTTING_DOWN.word()));
        pages(Fleet.there().and(at(accounts)).and(active), page -> resources.list(tx, page, PAGE))
                .forEach(one -> instances.giveUp(tx, one.id(), who));
    }

    @Override
    public List<UUID> path(Tx tx, Right.Target target, UUID id) {
        var there = resources.find(tx, id).filter(one -> one.removed().isEmpty());
        if (there.isEmpty()) {
            return List.of();
        }
        var path = new ArrayList<>(List.of(id));
        var pool = switch (there.get().type()) {
            case Instances.TYPE -> {
                var content = there.get().as(Instance.class);
                content.deployment().ifPresent(path::add);
                yield Optional.of(content.pool());
            }
            case Deploying.TYPE -> Optional.of(there.get().as(Deployment.class).pool());
            default -> Optional.<UUID>empty();
        };
        if (pool.isEmpty()) {
            return List.of();
        }
        path.add(pool.get());
        resources.find(tx, pool.get()).flatMap(Resource::parent).ifPresent(path::add);
        return path;
    }
}
