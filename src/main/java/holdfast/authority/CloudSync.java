package holdfast.authority;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Cloud.There;
import holdfast.authority.Driver.Key;
import holdfast.authority.TrackedLeases.Tracked;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Refusal;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a provider, periodically and when asked: tells the broker what changed, takes away what has no lease, and
/// says which leases have lost their server (promise.md 4.1, 4.6).
final class CloudSync {
    static final String SYNC = "provider.sync";
    private static final Logger LOG = LoggerFactory.getLogger(CloudSync.class);
    /// So many failures in a row, or so long, and it counts as down.
    private static final int DOWN_AFTER = 5;

    private static final Duration DOWN_SINCE = Duration.ofSeconds(60);
    private static final Duration WHEN_DENIED = Duration.ofMinutes(5);

    private final Platform platform;
    private final Engine engine;
    private final Providers providers;
    private final Listening listening;
    private final String broker;
    private final TrackedLeases tracked;

    CloudSync(
            Platform platform,
            Database database,
            Engine engine,
            Providers providers,
            Listening listening,
            String broker) {
        this.platform = platform;
        this.engine = engine;
        this.providers = providers;
        this.listening = listening;
        this.broker = broker;
        var leases = new Leases(CloudAuthority.NAME, platform, engine, Leases.Booked.NOTHING);
        this.tracked = new TrackedLeases(database, engine, leases);
    }

    ProcessDefinition definition() {
        return ProcessDefinition.timer(SYNC, this::sync);
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
    private record Sight(CloudSupply supply, There there) {}

    private static Look<Sight> sight(Resource provider, Cloud cloud) {
        try {
            return switch (cloud.discover()) {
                case Look.Away<CloudSupply>(var why, var again) -> new Look.Away<>(why, again);
                case Look.Denied<CloudSupply>(var why) -> new Look.Denied<>(why);
                case Look.Seen<CloudSupply>(var supply) ->
                    switch (cloud.there()) {
                        case Look.Away<There>(var why, var again) -> new Look.Away<>(why, again);
                        case Look.Denied<There>(var why) -> new Look.Denied<>(why);
                        case Look.Seen<There>(var there) -> new Look.Seen<>(new Sight(supply, there));
                    };
            };
        } catch (RuntimeException e) { // the next look must come whatever a driver does
            LOG.warn("{} cannot be looked at", provider.name(), e);
            return new Look.Away<>("it cannot be looked at; the log of the server says why", Optional.empty());
        }
    }

    private Outcome seen(Resource provider, Cloud cloud, Sight sight) {
        var servers = sight.there.servers();
        var active = tracked.active(provider.id());
        var before = provider.as(Provider.class).astray();
        var found = Reconciliation.of(
                sight.there, tracked.states(sight.there.ours(), active), due(provider, active), before.missing());
        // elsewhere than at the accounts of pools there is no list of orphans, and all strays go
        var orphans = provider.project().equals(Providers.UNSOLD)
                ? Orphan.of(found.orphans(), servers, before.orphans(), platform.now())
                : List.<Orphan>of();
        var gone = found.strays().stream()
                .filter(stray -> orphans.stream().noneMatch(one -> one.isLeft(stray)))
                .filter(stray -> isRemoved(cloud, stray))
                .toList();
        var left = orphans.stream()
                .filter(one -> gone.stream().noneMatch(one::isAt))
                .toList();
        var stuck = tracked.stuck(provider.id());
        var astray = new Astray(found.missing(), ids(found.unknown()), ids(found.guests()), left);
        tracked.notice(active, servers, tx -> asLookedAt(tx, provider).isPresent());
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
            // what could not be taken away is tried again; somebody may have made way for it meanwhile
            stuck.forEach(lease ->
                    engine.processes().schedule(tx, Request.now(LeaseProcesses.REMOVE, lease, CloudAuthority.NAME)));
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

    private static Set<String> ids(List<CloudServer> servers) {
        return servers.stream().map(CloudServer::id).collect(Collectors.toSet());
    }

    /// Told first, and then taken down like any other, so that what is left of it goes, too.
    private void lost(Tx tx, UUID id) {
        engine.resources()
                .lock(tx, id)
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

    /// Those that should have a server.
    private static List<UUID> due(Resource provider, List<Tracked> active) {
        boolean disappear = provider.as(Provider.class).account().stoppedDisappear();
        return active.stream()
                .filter(lease -> lease.hasServer(disappear))
                .map(Tracked::id)
                .toList();
    }
}
