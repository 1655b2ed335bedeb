package holdfast.broker;

import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Notices that a user wants at certain times while a reservation is there (promise.md 5.4, events of a lease).
final class Reminders {
    private static final String REMIND = "reservation.remind";
    private static final String TOLD = "lease.event.notification";

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Notices notices;

    Reminders(String broker, Platform platform, Engine engine) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.notices = engine.notices();
        engine.definitions().add(ProcessDefinition.timer(REMIND, this::due));
    }

    void at(Tx tx, UUID reservation, Instant time) {
        processes.schedule(tx, Request.at(time, REMIND, reservation, broker)).orThrow();
    }

    private Outcome due(Step.Context context) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(reservation -> !Course.of(reservation.state()).isLeaving())
                .ifPresent(reservation -> tell(tx, reservation)));
    }

    private void tell(Tx tx, Resource reservation) {
        var when = reservation.as(Reservation.class).when();
        var data = Json.object()
                .put("name", reservation.name())
                .put("state", reservation.state())
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null);
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        TOLD,
                        platform.now(),
                        Notice.Thing.of(reservation),
                        reservation.project(),
                        Optional.of(reservation.id()),
                        Optional.empty(),
                        data));
    }
}
