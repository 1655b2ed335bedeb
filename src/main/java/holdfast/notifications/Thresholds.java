package holdfast.notifications;

import static holdfast.db.Tables.RESOURCE;
import static holdfast.db.Tables.THRESHOLD_STATE;

import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Signal;
import holdfast.notifications.Hysteresis.Crossing;
import holdfast.notifications.Threshold.Figure;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches capacity for those who want to hear when it crosses a threshold (promise.md 4.1): each crossing is told
/// once, however many servers look. It looks whenever something has changed, and each few seconds.
///
/// Who looks holds a lock until what it found is committed, and reads after it got it: so each look is newer than the
/// one before.
public final class Thresholds {
    /// The type of the notice. It is about the subscription, and heard by nobody else who subscribes.
    public static final String CROSSED = "capacity.threshold";

    private static final Logger LOG = LoggerFactory.getLogger(Thresholds.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    /// Many changes at once are one look.
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final int MOST = 10_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Gauge gauge;
    private final Thread loop = Thread.ofVirtual().name("thresholds").unstarted(this::loop);
    private final Signal stopping = new Signal();
    private volatile boolean stopped;

    /// Where the figures are read.
    public interface Gauge {
        /// How each zone of that name stands now; each account, if none is named; nothing, if there is no such
        /// zone.
        List<Reading> read(Tx tx, Optional<String> zone);
    }

    /// @param place what it is of, in words
    /// @param amounts by dimension
    public record Reading(String place, Optional<String> zone, Map<Figure, Map<String, Long>> amounts) {}

    public Thresholds(Platform platform, Database database, Engine engine, Gauge gauge) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.gauge = gauge;
    }

    public void start() {
        loop.start();
    }

    /// Lets a look come to its end: a thread that is interrupted in it loses its connection to the database.
    public void stop() throws InterruptedException {
        stopped = true;
        stopping.raiseHere();
        engine.changed().raiseHere();
        loop.join(Duration.ofSeconds(5));
    }

    private void loop() {
        while (!stopped) {
            try {
                long seen = engine.changed().count();
                look();
                engine.changed().await(seen, SWEEP);
                rest(PAUSE);
            } catch (InterruptedException _) {
                return;
            } catch (DatabaseUnavailableException e) {
                LOG.warn("the database is away; thresholds wait for it: {}", e.getMessage());
                rest(SWEEP);
            } catch (RuntimeException e) {
                LOG.error("thresholds could not be looked at; that is tried again", e);
                rest(SWEEP);
            }
        }
    }

    /// Unless it is to stop.
    private void rest(Duration pause) {
        try {
            stopping.await(0, pause);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Looks once, in the calling thread.
    ///
    /// @return how many crossings were told
    public int look() {
        if (database.inTransaction(tx -> watching(tx, 1).isEmpty())) {
            return 0;
        }
        return database.inTransaction(tx -> {
            tx.sql().fetch("select pg_advisory_xact_lock(hashtextextended('thresholds', 0))");
            return look(tx);
        });
    }

    private List<Resource> watching(Tx tx, int limit) {
        var watches = DSL.condition("jsonb_typeof({0} -> 'filter' -> 'threshold') = 'object'", RESOURCE.DATA);
        return engine.resources()
                .list(
                        tx,
                        Resources.typed(Subscription.TYPE)
                                .and(Resources.present())
                                .and(Resources.inState(Subscription.State.ACTIVE.word()))
                                .and(watches),
                        limit);
    }

    private record Key(UUID subscription, String place) {}

    private int look(Tx tx) {
        var readings = new HashMap<Optional<String>, List<Reading>>();
        var states = new HashMap<Key, Boolean>();
        tx.sql()
                .selectFrom(THRESHOLD_STATE)
                .forEach(row -> states.put(new Key(row.getSubscription(), row.getPlace()), row.getOver()));
        int told = 0;
        for (var subscription : watching(tx, MOST)) {
            var filter = Subscription.of(subscription).content().filter();
            var threshold = filter.threshold().orElseThrow();
            for (var reading : readings.computeIfAbsent(filter.zone(), zone -> gauge.read(tx, zone))) {
                var amounts = reading.amounts().getOrDefault(threshold.capacityInfo(), Map.of());
                var value = Optional.ofNullable(amounts.get(threshold.dimension()));
                boolean over = states.getOrDefault(new Key(subscription.id(), reading.place()), false);
                var crossing = value.flatMap(
                        number -> Hysteresis.of(threshold).next(over, number).crossing());
                if (crossing.isPresent()) {
                    write(tx, subscription, reading, crossing.get(), value.orElseThrow());
                    tell(tx, subscription, threshold, reading, crossing.get());
                    told++;
                }
            }
        }
        return told;
    }

    private static void write(Tx tx, Resource subscription, Reading reading, Crossing crossing, long value) {
        boolean over = crossing == Crossing.REACHED;
        tx.sql()
                .insertInto(THRESHOLD_STATE)
                .set(THRESHOLD_STATE.SUBSCRIPTION, subscription.id())
                .set(THRESHOLD_STATE.PLACE, reading.place())
                .set(THRESHOLD_STATE.OVER, over)
                .set(THRESHOLD_STATE.VALUE, value)
                .onConflict(THRESHOLD_STATE.SUBSCRIPTION, THRESHOLD_STATE.PLACE)
                .doUpdate()
                .set(THRESHOLD_STATE.OVER, over)
                .set(THRESHOLD_STATE.VALUE, value)
                .execute();
    }

    private void tell(Tx tx, Resource subscription, Threshold threshold, Reading reading, Crossing crossing) {
        var data = Json.object()
                .put("place", reading.place())
                .put("crossing", crossing.name().toLowerCase(Locale.ROOT))
                .put("dimension", threshold.dimension())
                .put("capacityInfo", threshold.capacityInfo().word())
                .put("condition", threshold.condition().word())
                .put("threshold", threshold.value());
        var capacity = data.putObject("capacity");
        reading.amounts()
                .forEach((figure, amounts) ->
                        capacity.put(figure.word(), amounts.getOrDefault(threshold.dimension(), 0L)));
        engine.notices()
                .tell(
                        tx,
                        new Notice(
                                platform.newId(),
                                CROSSED,
                                platform.now(),
                                Notice.Thing.of(subscription),
                                subscription.project(),
                                Optional.empty(),
                                reading.zone(),
                                data));
    }
}
