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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
        due(resource, resource.as(Reservation.class)).forEach(request -> schedule(tx, request));
    }

    /// All that is due of a reservation as it stands.
    List<Request> due(Resource resource, Reservation reservation) {
        var expiry = reservation.expiry().filter(_ -> !reservation.done().contains(What.EXPIRY));
        return switch (Course.of(resource.state())) {
            case HELD -> due(resource, Map.of(Timer.LAPSE, reservation.goodUntil()));
            case RESERVED ->
                due(
                        resource,
                        Waiting.standsBy(reservation)
                                ? Map.of(Timer.EXPIRE, expiry, Timer.PUT_OFF, Optional.of(Waiting.putOff(reservation)))
                                : Map.of(
                                        Timer.EXPIRE,
                                        expiry,
                                        Timer.START,
                                        Optional.of(reservation.when().from())));
            case STARTING, ACTIVE ->
                due(
                        resource,
                        Map.of(
                                Timer.EXPIRE,
                                expiry,
                                Timer.END,
                                Optional.of(reservation.when().until()),
                                Timer.WARN,
                                reservation
                                        .warnAt()
                                        .filter(_ -> !reservation.done().contains(What.WARNING))));
            case INITIALIZED, CANCELLING, EXPIRING, ENDING, REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED ->
                List.of();
        };
    }

    private List<Request> due(Resource resource, Map<Timer, Optional<Instant>> times) {
        var requests = new ArrayList<Request>();
        new TreeMap<>(times)
                .forEach((timer, time) -> request(timer, resource, time).ifPresent(requests::add));
        return requests;
    }

    /// Never is not set.
    private Optional<Request> request(Timer timer, Resource resource, Optional<Instant> time) {
        return time.filter(instant -> instant.isBefore(Instant.MAX))
                .map(instant -> Request.at(instant, timer.process, resource.id(), broker));
    }

    /// Sets one; never is not set.
    void at(Tx tx, Timer timer, Resource resource, Optional<Instant> time) {
        request(timer, resource, time).ifPresent(request -> schedule(tx, request));
    }

    private void schedule(Tx tx, Request request) {
        processes.schedule(tx, request).orThrow();
    }

    void stop(Tx tx, UUID reservation) {
        processes.cancelTimers(tx, reservation, Timer.PROCESSES);
    }
}
