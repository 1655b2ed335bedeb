package holdfast.authority;

import static holdfast.db.Tables.PROCESS;

import holdfast.authority.Cloud.Ear;
import holdfast.authority.Cloud.Hearing;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to the buses of clouds, and has a provider looked at soon when its cloud says that something has changed
/// there. What is true is what the look finds, so it does not matter which messages come, or whether any do: hints
/// bring a look closer and change nothing else. However many come, a provider is looked at for them no more often than
/// an operator could have it looked at anyway.
///
/// Each server that has looked at a provider listens. All of them ask for the same look.
final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    /// What has changed shows in all services a moment later, and seldom is there one message alone.
    static final Duration SETTLED = Duration.ofSeconds(1);
    /// From one look to the next that is made for a hint.
    static final Duration PACE = Duration.ofSeconds(Provider.Account.LEAST_POLL);

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Secrets secrets;
    private final Map<UUID, Listener> listeners = new ConcurrentHashMap<>();

    Listening(Platform platform, Database database, Resources resources, Processes processes, Secrets secrets) {
        this.platform = platform;
        this.database = database;
        this.resources = resources;
        this.processes = processes;
        this.secrets = secrets;
    }

    /// Listens as the provider says now.
    void follow(Resource resource, Cloud cloud) {
        var provider = resource.as(Provider.class);
        listeners.compute(resource.id(), (id, known) -> {
            if (known != null && known.provider.isHeardAs(provider)) return known;
            Optional.ofNullable(known).ifPresent(Listener::close);
            return provider.bus()
                    .map(bus -> new Listener(id, provider, bus, cloud))
                    .orElse(null);
        });
    }

    /// Stops listening.
    void forget(UUID provider) {
        Optional.ofNullable(listeners.remove(provider)).ifPresent(Listener::close);
    }

    /// The next look, unless there is one to come sooner.
    void lookAt(Tx tx, UUID provider, Instant when) {
        var sooner = PROCESS.RESOURCE
                .eq(provider)
                .and(PROCESS.NAME.eq(CloudSync.SYNC))
                .and(PROCESS.RESULT.isNull())
                .and(PROCESS.RUNNER.isNull())
                .and(PROCESS.RUN_AFTER.le(when));
        if (!tx.sql().fetchExists(PROCESS, sooner)) schedule(tx, provider, when);
    }

    private void schedule(Tx tx, UUID provider, Instant when) {
        processes.cancelTimers(tx, provider, Set.of(CloudSync.SYNC));
        processes
                .schedule(tx, Request.at(when, CloudSync.SYNC, provider, CloudAuthority.NAME))
                .orThrow();
    }

    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
        listeners.clear();
    }

    /// One provider's.
    private final class Listener implements Ear, AutoCloseable {
        private final UUID id;
        private final Provider provider;
        private final Hearing hearing;
        /// A look that has not begun before then sees all that was told until now.
        private volatile Instant covered = Instant.MIN;

        Listener(UUID id, Provider provider, Bus bus, Cloud cloud) {
            this.id = id;
            this.provider = provider;
            var password = provider.busPassword().flatMap(hidden -> secrets.unseal(id, Provider.BUS_PASSWORD, hidden));
            this.hearing = cloud.listen(bus, password, this);
        }

        @Override
        public void changed(String what) {
            if (platform.now().isBefore(covered)) return;
            LOG.debug("provider {} is looked at, since it told: {}", id, what);
            covered = database.inTransaction(this::bringLookCloser);
        }

        private Instant bringLookCloser(Tx tx) {
            var soon = platform.now().plus(SETTLED);
            var known = present(tx);
            if (known.isEmpty()) tx.afterCommit(() -> forget(id));
            // one that fails is tried again anyway; asking it more often may lock us out
            var when = known.map(one -> one.as(Provider.class))
                    .filter(one -> one.failures() == 0)
                    .map(one -> one.lastSync().map(last -> last.plus(PACE)).orElse(soon))
                    .map(paced -> paced.isAfter(soon) ? paced : soon);
            when.ifPresent(time -> schedule(tx, id, time));
            return when.orElseGet(() -> platform.now().plus(PACE));
        }

        @Override
        public void hears(Optional<String> trouble) {
            database.inTransaction(tx -> {
                present(tx)
                        .filter(one -> !one.as(Provider.class).deaf().equals(trouble))
                        .ifPresent(one -> {
                            LOG.info("the notifications of {}: {}", one.name(), trouble.orElse("are heard"));
                            var noted = one.withData(one.as(Provider.class).hearing(trouble));
                            resources.update(tx, one.state(), noted, CloudAuthority.NAME, "listened to");
                        });
                return true;
            });
        }

        /// The provider, unless it is gone, or is to be heard in another way, of which this server will know
        /// soon.
        private Optional<Resource> present(Tx tx) {
            return resources
                    .lock(tx, id)
                    .filter(one -> one.removed().isEmpty())
                    .filter(one -> one.as(Provider.class).isHeardAs(provider));
        }

        @Override
        public void close() {
            hearing.close();
        }
    }
}
