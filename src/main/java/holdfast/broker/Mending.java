package holdfast.broker;

import holdfast.broker.Losses.Hurt;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Makes good what was lost, as far as it can be (promise.md 4.6, 6.13): whenever a provider has more or less than
/// before, and then again as long as somebody is at risk. Who waits for its start goes elsewhere, the nearest start
/// first. Who cannot keeps what is booked of it, and is restored when that is there again, the strongest first.
final class Mending {
    private static final String MEND = ProviderSupply.POOL + ".mend";
    /// How long after it was looked it is looked again, since others may have made room.
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final String broker;
    private final Platform platform;
    private final Processes processes;
    private final Calendar calendar;
    private final Admission admission;
    private final Losses losses;
    private final Reservations reservations;

    Mending(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Admission admission,
            Losses losses,
            Reservations reservations) {
        this.broker = broker;
        this.platform = platform;
        this.processes = engine.processes();
        this.calendar = calendar;
        this.admission = admission;
        this.losses = losses;
        this.reservations = reservations;
        engine.definitions()
                .add(ProcessDefinition.timer(MEND, context -> Outcome.done(tx -> mend(tx, context.resource()))));
    }

    /// Has it done at once.
    ///
    /// @param pool that has more or less now
    void soon(Tx tx, UUID pool) {
        after(tx, pool, Duration.ZERO);
    }

    /// In place of what was to be done later.
    private void after(Tx tx, UUID pool, Duration pause) {
        processes.cancelTimers(tx, pool, Set.of(MEND));
        processes
                .schedule(tx, Request.at(platform.now().plus(pause), MEND, pool, broker))
                .orThrow();
    }

    /// Takes the locks that [#mend] needs, for who takes some of them before.
    void lock(Tx tx) {
        admission.lock(tx, Reach.EVERYWHERE);
    }

    /// Does it in this transaction, and again later while somebody is at risk.
    ///
    /// @param pool that has more or less now
    void mend(Tx tx, Resource pool) {
        lock(tx);
        var atRisk = losses.atRisk(tx).keySet();
        var hurt = hurt(tx, atRisk);
        var well = new HashSet<>(atRisk);
        hurt.forEach(victim -> well.remove(victim.owner().id()));
        well.stream().sorted().forEach(id -> losses.restored(tx, id, broker));
        boolean moving = relocate(tx, hurt);
        if (moving || !losses.atRisk(tx).isEmpty()) {
            after(tx, pool.id(), PAUSE);
        }
    }

    /// Where those would go who are hurt by what `loss` does, by reservation, as [#mend] would have it. To be taken
    /// back by the caller, with all that was tried.
    Map<UUID, List<String>> ways(Tx tx, Runnable loss) {
        lock(tx);
        loss.run();
        var ways = new TreeMap<UUID, List<String>>();
        for (var victim : hurt(tx, losses.atRisk(tx).keySet())) {
            var id = victim.owner().id();
            if (reservations.relocate(tx, id) instanceof Answer.Yes<Resource>(var moved)) {
                ways.put(id, moved.as(Reservation.class).then().places());
            }
        }
        return ways;
    }

    /// Those who have reserved, the nearest start first.
    private List<Hurt> hurt(Tx tx, Set<UUID> atRisk) {
        var nearest = Comparator.<Hurt, Instant>comparing(
                victim -> victim.owner().as(Reservation.class).when().from());
        return losses.hurt(tx, calendar.violations(tx, broker, platform.now()), atRisk).stream()
                .filter(victim -> victim.owner().type().equals(Reservations.TYPE))
                .sorted(nearest)
                .toList();
    }

    /// Who goes elsewhere hears of that alone; if that takes long, or its provider does not agree, also of the
    /// loss.
    ///
    /// @return whether somebody is on its way
    private boolean relocate(Tx tx, List<Hurt> hurt) {
        boolean moving = false;
        for (var victim : hurt) {
            var before = victim.owner().as(Reservation.class);
            boolean found = reservations.relocate(tx, victim.owner().id()) instanceof Answer.Yes<Resource>;
            if (!found || before.notUpdated().isPresent()) {
                losses.suffered(tx, victim, broker);
            }
            moving |= found;
        }
        return moving;
    }
}
