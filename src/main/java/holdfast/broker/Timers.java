package holdfast.broker;

import static java.util.stream.Collectors.toUnmodifiableSet;

import holdfast.broker.choice.ReadyOrder.What;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// When something of a reservation is due. What is due at one instant is done in the order of [What]: ends first.
final class Timers {
    private final String broker;
    private final Engine engine;
    private final Resources resources;
    private final Processes processes;

    /// What can be due.
    enum Timer {
        LAPSE("reservation.lapse", What.EXPIRY),
        START("reservation.start", What.START),
        EXPIRE("reservation.expire", What.EXPIRY),
        WARN("reservation.warn", What.WARNING),
        END("reservation.end", What.END),
        /// The claim of one that stands by begins later.
        PUT_OFF("reservation.defer", What.WARNING),
        /// Providers are asked once more to take a change back.
        SETTLE("reservation.settle", What.WARNING);

        private static final Set<String> PROCESSES =
                Arrays.stream(values()).map(timer -> timer.process).collect(toUnmodifiableSet());

        private final String process;
        private final What order;

        Timer(String process, What order) {
            this.process = process;
            this.order = order;
        }
    }

    /// What happens then.
    interface Due {
        void happen(Tx tx, Resource reservation);
    }

    Timers(String broker, Engine engine) {
        this.broker = broker;
        this.engine = engine;
        this.resources = engine.resources();
        this.processes = engine.processes();
    }

    /// Says what happens, once for each of them.
    void when(Timer timer, Due due) {
        engine.definitions()
                .add(ProcessDefinition.timer(timer.process, context -> happen(context, due))
                        .withPriority(timer.order.priority()));
    }

    private Outcome happen(Step.Context context, Due due) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(reservation -> reservation.removed().isEmpty())
                .ifPresent(reservation -> due.happen(tx, reservation)));
    }

    /// Sets all that is due of a reservation as it stands, in place of what was set before.
    void set(Tx tx, Resource resource) {
        stop(tx, resource.id());
        begin(tx, resource);
    }

    /// Sets all that is due of a reservation for which nothing is set.
    void begin(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        switch (Course.of(resource.state())) {
            case HELD -> at(tx, Timer.LAPSE, resource, reservation.goodUntil());
            case RESERVED -> {
                expiry(tx, resource, reservation);
                if (Waiting.standsBy(reservation)) {
                    at(tx, Timer.PUT_OFF, resource, Optional.of(Waiting.putOff(reservation)));
                } else {
                    at(tx, Timer.START, resource, Optional.of(reservation.when().from()));
                }
            }
            case STARTING, ACTIVE -> {
                expiry(tx, resource, reservation);
                at(tx, Timer.END, resource, Optional.of(reservation.when().until()));
                at(
                        tx,
                        Timer.WARN,
                        resource,
                        reservation.warnAt().filter(_ -> !reservation.done().contains(What.WARNING)));
            }
            case INITIALIZED, CANCELLING, EXPIRING, ENDING, REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED -> {}
        }
    }

    private void expiry(Tx tx, Resource resource, Reservation reservation) {
        at(
                tx,
                Timer.EXPIRE,
                resource,
                reservation.expiry().filter(_ -> !reservation.done().contains(What.EXPIRY)));
    }

    /// Sets one; never is not set.
    void at(Tx tx, Timer timer, Resource resource, Optional<Instant> time) {
        time.filter(instant -> instant.isBefore(Instant.MAX))
                .ifPresent(instant -> processes
                        .schedule(tx, Request.at(instant, timer.process, resource.id(), broker))
                        .orThrow());
    }

    void stop(Tx tx, UUID reservation) {
        processes.cancelTimers(tx, reservation, Timer.PROCESSES);
    }
}
