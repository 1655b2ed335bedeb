package holdfast.authority;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares what a site's driver sees with what is leased, each minute: removes what has no lease, and says of a lease
/// when its machine does not run, and when it runs again.
final class Tracker {
    static final String OBSERVE = "site.observe";
    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Set<String> OVER = Set.of("failed", "closed");

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Function<Resource, Authority> authorities;

    /// @param authorities who has a site
    Tracker(Platform platform, Database database, Engine engine, Function<Resource, Authority> authorities) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.authorities = authorities;
    }

    ProcessDefinition definition() {
        return ProcessDefinition.timer(OBSERVE, this::observe);
    }

    /// Begins to watch a site, unless it is watched already.
    void watch(Tx tx, String authority) {
        var site = Copies.id(authority, Advertising.SITE_ITSELF);
        var open = PROCESS.RESOURCE.eq(site).and(PROCESS.NAME.eq(OBSERVE)).and(PROCESS.RESULT.isNull());
        if (!tx.sql().fetchExists(PROCESS, open)) {
            engine.processes()
                    .schedule(tx, Request.now(OBSERVE, site, authority))
                    .orThrow();
        }
    }

    private Outcome observe(Step.Context context) {
        var site = context.resource();
        var authority = authorities.apply(site);
        var driver = authority.driver();
        var keys = driver.list();
        var leases = leases(keys);
        var problems = new HashMap<UUID, Optional<String>>();
        for (var key : keys) {
            var lease = Optional.ofNullable(leases.get(key.lease()));
            if (lease.isEmpty() || OVER.contains(lease.get().state())) {
                LOG.warn("{} of {} has no lease and is removed: {}", key.part(), key.lease(), driver.remove(key));
            }
        }
        for (var lease : leases(site.actor(), "active")) {
            problems.put(lease.id(), problem(driver, lease));
        }
        var stuck = leases(site.actor(), "close_failed");
        return Outcome.done(tx -> {
            problems.forEach((lease, problem) -> note(tx, authority, lease, problem));
            stuck.forEach(
                    lease -> engine.processes().schedule(tx, Request.now("lease.remove", lease.id(), site.actor())));
            engine.processes()
                    .schedule(tx, Request.at(platform.now().plus(EVERY), OBSERVE, site.id(), site.actor()))
                    .orThrow();
        });
    }

    private Map<String, Resource> leases(List<Key> keys) {
        var ids = new ArrayList<UUID>();
        keys.stream().map(Key::lease).distinct().forEach(text -> uuid(text).ifPresent(ids::add));
        var byId = new HashMap<String, Resource>();
        database.inTransaction(tx -> engine.resources().list(tx, RESOURCE.ID.in(ids), ids.size()))
                .forEach(lease -> byId.put(lease.id().toString(), lease));
        return byId;
    }

    private List<Resource> leases(String authority, String state) {
        var those = RESOURCE.TYPE
                .eq(Authority.LEASE)
                .and(RESOURCE.ACTOR.eq(authority))
                .and(RESOURCE.STATE.eq(state))
                .and(RESOURCE.REMOVED.isNull());
        return database.inTransaction(tx -> engine.resources().list(tx, those, 100_000));
    }

    private static Optional<String> problem(Driver driver, Resource lease) {
        return switch (driver.observe(new Key(lease.id().toString(), Provisioning.MACHINE))) {
            case Observed.Absent _ -> Optional.of("the machine is gone");
            case Observed.Present(var healthy, var _) ->
                healthy ? Optional.empty() : Optional.of("the machine does not run");
        };
    }

    private void note(Tx tx, Authority authority, UUID id, Optional<String> problem) {
        engine.resources()
                .lock(tx, id)
                .filter(lease ->
                        lease.state().equals("active") && !lease.message().equals(problem))
                .map(lease -> engine.resources()
                        .update(tx, "active", lease.withState("active", problem), lease.actor(), "observed"))
                .ifPresent(lease -> authority.seen(tx, lease));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
