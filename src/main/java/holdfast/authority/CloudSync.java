package holdfast.authority;

import static holdfast.db.Tables.RESOURCE;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Driver.Key;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a provider, periodically and when asked: tells the broker what changed, takes away what has no lease, and
/// says which leases have lost their server (promise.md 4.1, 4.6).
final class CloudSync {
    static final String SYNC = "provider.sync";
    private static final Logger LOG = LoggerFactory.getLogger(CloudSync.class);
    private static final int MOST_LEASES = 100_000;
    /// So many failures in a row, or so long, and it counts as down.
    private static final int DOWN_AFTER = 5;

    private static final Duration DOWN_SINCE = Duration.ofSeconds(60);
    private static final Duration WHEN_DENIED = Duration.ofMinutes(5);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Providers providers;
    private final Listening listening;
    private final String broker;
    private final Leases leases;

    CloudSync(
            Platform platform,
            Database database,
            Engine engine,
            Providers providers,
            Listening listening,
            String broker) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.providers = providers;
        this.listening = listening;
        this.broker = broker;
        this.leases = new Leases(CloudAuthority.NAME, platform, engine, Leases.Booked.NOTHING);
    }

    ProcessDefinition definition() {
        return ProcessDefinition.timer(SYNC, this::sync);
    }

    /// Selects the leases of a provider that are not over.
    static Condition leasesOf(UUID provider) {
        return RESOURCE.TYPE
                .eq(Authority.LEASE)
                .and(RESOURCE.REMOVED.isNull())
                .and(DSL.condition("data -> 'order' ->> 'provider' = ?", provider.toString()));
    }

    private Outcome sync(Step.Context context) {
        var provider = context.resource();
        if (provider.removed().isPresent()) {
            return Outcome.done();
        }
        var cloud = providers.cloud(provider);
        listening.follow(provider, cloud);
        return switch (sight(provider, cloud)) {
            case Look.Away<Sight>(var why, var again) -> away(provider, why, again);
            case Look.Denied<Sight>(var why) -> denied(provider, why);
            case Look.Seen<Sight>(var sight) -> seen(provider, cloud, sight);
        };
    }

    /// All that a look brings.
    private record Sight(CloudSupply supply, List<CloudServer> servers, List<Key> ours) {}

    private static Look<Sight> sight(Resource provider, Cloud cloud) {
        try {
            return switch (cloud.discover()) {
                case Look.Away<CloudSupply>(var why, var again) -> new Look.Away<>(why, again);
                case Look.Denied<CloudSupply>(var why) -> new Look.Denied<>(why);
                case Look.Seen<CloudSupply>(var supply) ->
                    switch (cloud.servers()) {
                        case Look.Away<List<CloudServer>>(var why, var again) -> new Look.Away<>(why, again);
                        case Look.Denied<List<CloudServer>>(var why) -> new Look.Denied<>(why);
                        case Look.Seen<List<CloudServer>>(var servers) ->
                            new Look.Seen<>(new Sight(supply, servers, cloud.list()));
                    };
            };
        } catch (RuntimeException e) { // the next look must come whatever a driver does
            LOG.warn("{} cannot be looked at", provider.name(), e);
            return new Look.Away<>("it cannot be looked at; the log of the server says why", Optional.empty());
        }
    }

    private Outcome seen(Resource provider, Cloud cloud, Sight sight) {
        var active = leases(provider.id(), "active");
        var servers = servers(provider, active);
        var found = Reconciliation.of(
                sight.servers,
                sight.ours,
                leases(sight.ours, active),
                servers,
                provider.as(Provider.class).astray().missing());
        var before = provider.as(Provider.class).astray();
        // elsewhere than at the accounts of pools there is no list of orphans, and all strays go
        var orphans = provider.project().equals(Providers.UNSOLD)
                ? Orphan.of(found.orphans(), sight.servers, before.orphans(), platform.now())
                : List.<Orphan>of();
        var gone = found.strays().stream()
                .filter(stray -> orphans.stream().noneMatch(one -> one.isLeft(stray)))
                .filter(stray -> isRemoved(cloud, stray))
                .toList();
        var left = orphans.stream()
                .filter(one -> gone.stream().noneMatch(one::isAt))
                .toList();
        var stuck = leases(provider.id(), "close_failed");
        var astray = new Astray(found.missing(), ids(found.unknown()), ids(found.guests()), left);
        return Outcome.done(tx -> asLookedAt(tx, provider).ifPresent(now -> {
            var then = now.as(Provider.class);
            var after = then.seen(
                    sight.supply, astray.with(Orphan.doomed(left, then.astray().orphans())), platform.now());
            engine.resources()
                    .update(
                            tx,
                            now.state(),
                            now.withData(after).withState("up", Optional.empty()),
                            CloudAuthority.NAME,
                            "looked at");
            if (!then.supply().equals(after.supply()) || !now.state().equals("up")) {
                providers.looked(tx, now.id());
                after.offer(now.name())
                        .filter(_ -> !now.project().equals(Providers.UNSOLD))
                        .ifPresent(offer ->
                                tell(tx, new Message.UpdateSupply(now.id(), after.sequence(), Optional.of(offer))));
            }
            if (!before.unknown().equals(astray.unknown())
                    || !before.guests().equals(astray.guests())
                    || then.sequence() == 0) {
                var told = new ArrayList<>(found.unknown());
                told.addAll(found.guests());
                tell(tx, new Message.Drift(now.id(), after.sequence(), told));
            }
            found.lost().forEach(lease -> lost(tx, lease));
            noticed(tx, servers, sight.servers);
            // what could not be taken away is tried again; somebody may have made way for it meanwhile
            stuck.forEach(lease -> engine.processes()
                    .schedule(tx, Request.now(LeaseProcesses.REMOVE, lease.id(), CloudAuthority.NAME)));
            // who is told of what happens there need not wait for the next look to be sure that a server is lost
            boolean doubtful = after.bus().isPresent() && !before.missing().containsAll(astray.missing());
            again(
                    tx,
                    now,
                    doubtful
                            ? Listening.PACE
                            : Duration.ofSeconds(after.account().pollSeconds()));
        }));
    }

    private static boolean isRemoved(Cloud cloud, Key stray) {
        var result = cloud.remove(stray);
        LOG.warn("{} of {} has no lease and is removed: {}", stray.part(), stray.lease(), result);
        return result instanceof Driver.Result.Done;
    }

    /// Whoever wants an instance hears what became of it, whoever did that.
    private void noticed(Tx tx, List<Resource> wanted, List<CloudServer> servers) {
        var seen = servers.stream()
                .filter(server -> Reconciliation.key(server).isPresent())
                .collect(Collectors.toMap(
                        server -> Reconciliation.key(server).orElseThrow().lease(),
                        CloudProvisioning::facts,
                        (one, _) -> one));
        wanted.stream()
                .filter(lease -> CloudProvisioning.order(lease).wanted() instanceof Wanted.Instance)
                .forEach(lease -> Optional.ofNullable(seen.get(lease.id().toString()))
                        .filter(facts -> !lease.as(Lease.class).knows(facts))
                        .ifPresent(facts -> noticed(tx, lease.id(), facts)));
    }

    private void noticed(Tx tx, UUID id, Map<String, String> facts) {
        engine.resources()
                .lock(tx, id)
                .filter(lease -> lease.state().equals("active"))
                .ifPresent(lease -> {
                    var next = lease.withData(lease.as(Lease.class).knowing(facts));
                    leases.tellAgain(
                            tx, engine.resources().update(tx, "active", next, CloudAuthority.NAME, "looked at"));
                });
    }

    private static Set<String> ids(List<CloudServer> servers) {
        return servers.stream().map(CloudServer::id).collect(Collectors.toSet());
    }

    /// Told first, and then taken down like any other, so that what is left of it goes, too.
    private void lost(Tx tx, Resource known) {
        engine.resources()
                .lock(tx, known.id())
                .filter(lease -> lease.state().equals("active"))
                .ifPresent(lease -> {
                    var why = Optional.of(Refusal.broken("the provider has lost it"));
                    var content = lease.as(Lease.class);
                    engine.post()
                            .send(
                                    tx,
                                    CloudAuthority.NAME,
                                    content.asker(),
                                    new UpdateLease(
                                            content.sliver(),
                                            lease.version(),
                                            UpdateLease.State.LOST,
                                            Optional.empty(),
                                            why));
                    engine.processes()
                            .schedule(tx, Request.now(LeaseProcesses.REMOVE, lease.id(), CloudAuthority.NAME))
                            .orThrow();
                });
    }

    private Outcome away(Resource provider, String why, Optional<Duration> again) {
        return Outcome.done(tx -> asLookedAt(tx, provider).ifPresent(now -> {
            var after = now.as(Provider.class).unseen(platform.now());
            boolean down = after.failures() >= DOWN_AFTER
                    || Duration.between(after.failingSince().orElseThrow(), platform.now())
                                    .compareTo(DOWN_SINCE)
                            >= 0;
            note(tx, now, after, down ? "down" : "degraded", why);
            again(tx, now, again.orElse(pause(after)));
        }));
    }

    /// 1, 2, 4 seconds and so on, not longer than between two looks that succeed.
    private static Duration pause(Provider provider) {
        long seconds = 1L << Math.min(provider.failures() - 1, 16);
        return Duration.ofSeconds(Math.min(seconds, provider.account().pollSeconds()));
    }

    /// It may be mended on the other side, but asking often would lock us out.
    private Outcome denied(Resource provider, String why) {
        return Outcome.done(tx -> asLookedAt(tx, provider).ifPresent(now -> {
            note(tx, now, now.as(Provider.class).unseen(platform.now()), "down", why);
            again(tx, now, WHEN_DENIED);
        }));
    }

    private void note(Tx tx, Resource now, Provider after, String state, String why) {
        if (!now.state().equals(state)) {
            providers.looked(tx, now.id());
        }
        engine.resources()
                .update(
                        tx,
                        now.state(),
                        now.withData(after).withState(state, Optional.of(why)),
                        CloudAuthority.NAME,
                        why);
    }

    private void again(Tx tx, Resource provider, Duration pause) {
        listening.lookAt(tx, provider.id(), platform.now().plus(pause));
    }

    /// The provider as it is now; empty if it was removed, or if another account or password was given while it was
    /// looked at: then the look says nothing, and another is to come.
    private Optional<Resource> asLookedAt(Tx tx, Resource provider) {
        var then = provider.as(Provider.class);
        return engine.resources()
                .lock(tx, provider.id())
                .filter(now -> now.removed().isEmpty() && now.as(Provider.class).isReachedAs(then));
    }

    private void tell(Tx tx, Message message) {
        engine.post().send(tx, CloudAuthority.NAME, broker, message);
    }

    /// Those of these keys, of which most are active and read already.
    private Map<String, Resource> leases(List<Key> keys, List<Resource> active) {
        var known = active.stream()
                .collect(Collectors.toMap(
                        lease -> lease.id().toString(), Function.identity(), (one, _) -> one, HashMap::new));
        var ids = keys.stream()
                .map(Key::lease)
                .filter(lease -> !known.containsKey(lease))
                .map(UUID::fromString)
                .distinct()
                .toArray(UUID[]::new);
        var others = RESOURCE.ID.eq(DSL.any(ids));
        database.inTransaction(tx -> engine.resources().list(tx, others, ids.length))
                .forEach(lease -> known.put(lease.id().toString(), lease));
        return known;
    }

    /// Those that should have a server.
    private static List<Resource> servers(Resource provider, List<Resource> active) {
        boolean disappear = provider.as(Provider.class).account().stoppedDisappear();
        return active.stream()
                .filter(lease -> switch (CloudProvisioning.order(lease).wanted()) {
                    case Wanted.Server _ -> true;
                    case Wanted.Instance instance -> instance.on() || !disappear;
                    case Wanted.Volume _, Wanted.Hold _ -> false;
                })
                .toList();
    }

    private List<Resource> leases(UUID provider, String state) {
        var those = leasesOf(provider).and(RESOURCE.STATE.eq(state));
        return database.inTransaction(tx -> engine.resources().list(tx, those, MOST_LEASES));
    }
}
