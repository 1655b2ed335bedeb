package holdfast.api.blazar;

import static holdfast.db.Tables.RESOURCE;

import holdfast.api.AskedBefore;
import holdfast.api.Patience;
import holdfast.broker.Consultation;
import holdfast.broker.Desk;
import holdfast.broker.Directory;
import holdfast.broker.HostRegister;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.Reservations;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.pools.Projects;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/// `/leases`: reservations of ours under another name.
final class Leases {
    /// How long an answer waits for providers. A client of Blazar expects that what is answered is done.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// Blazar knows no pages; this bounds an answer.
    private static final int MOST = 10_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Reservations reservations;
    private final Desk desk;
    private final HostRegister hosts;
    private final Projects projects;
    private final Patience patience;

    Leases(
            Platform platform,
            Database database,
            Engine engine,
            Reservations reservations,
            Desk desk,
            HostRegister hosts) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.reservations = reservations;
        this.desk = desk;
        this.hosts = hosts;
        this.projects = new Projects(engine.resources());
        this.patience = new Patience(platform, database, engine);
    }

    /// A reservation that is seen as a lease.
    private record Lease(Resource resource, LeaseStatus status) {}

    /// `GET /leases`: those of the project; for administrators all. Two queries, however many there are.
    Content list(Call call) {
        var leases = Json.object();
        var list = leases.putArray("leases");
        database.inTransaction(tx -> {
            var which = Resources.typed(Reservations.TYPE)
                    .and(RESOURCE.STATE.in(LeaseStatus.STATES))
                    .and(Access.seenBy(call.caller(), Reservations.TYPE))
                    .and(LeaseNotes.seen());
            var found = engine.resources().list(tx, which, MOST);
            var said = LeaseNotes.of(tx, found.stream().map(Resource::id).toList());
            var directory = directory(tx);
            found.forEach(resource -> LeaseStatus.of(resource)
                    .ifPresent(status -> list.add(show(new Lease(resource, status), said, directory))));
            return true;
        });
        return HttpReply.json(200, leases);
    }

    private ObjectNode show(Lease lease, Map<UUID, Said> said, Directory directory) {
        return LeaseOut.show(
                lease.resource,
                lease.status,
                said.getOrDefault(lease.resource.id(), Said.NOTHING),
                directory::network,
                platform.now());
    }

    /// `GET /leases/{id}`
    Content show(Call call) {
        return database.inTransaction(tx -> answer(tx, 200, find(tx, call)));
    }

    private Content answer(Tx tx, int status, Lease lease) {
        var body = Json.object();
        body.set("lease", show(lease, LeaseNotes.of(tx, Set.of(lease.resource.id())), directory(tx)));
        return HttpReply.json(status, body);
    }

    /// @throws BlazarProblem 404 if there is none that the caller may see
    private Lease find(Tx tx, Call call) {
        return Ids.read(call.named()).stream()
                .flatMap(id -> engine
                        .resources()
                        .list(
                                tx,
                                Resources.withId(id)
                                        .and(Resources.typed(Reservations.TYPE))
                                        .and(LeaseNotes.seen()),
                                1)
                        .stream())
                .filter(resource -> Access.maySee(call.caller(), resource.project()))
                .flatMap(resource -> LeaseStatus.of(resource).stream().map(status -> new Lease(resource, status)))
                .findFirst()
                .orElseThrow(() -> BlazarProblem.notThere("Lease not found"));
    }

    /// `POST /leases`: answered when the providers have agreed, or after ten seconds with what is CREATING.
    Content create(Call call) {
        var body = call.body();
        var before = AskedBefore.of(call.http(), call.caller(), "lease", body.node(), platform.now());
        return switch (before.once(
                database, remembering -> reserve(call, body, remembering), engine.resources()::find)) {
            case Answer.No<Resource>(var why) -> throw problem(why);
            case Answer.Yes<Resource>(var resource) -> {
                var lease = patience.await(
                        call.caller(),
                        resource.id(),
                        PATIENCE,
                        found -> !found.state().equals("initialized"));
                var status = LeaseStatus.of(lease).orElseThrow(() -> refused(lease));
                yield database.inTransaction(tx -> answer(tx, 201, new Lease(lease, status)));
            }
        };
    }

    private Answer<Resource> reserve(Call call, Fields body, BiConsumer<Tx, UUID> remembering) {
        var asked = database.inTransaction(tx -> intake(tx).read(body));
        return desk.reserve(call.caller(), asked.request(), (tx, resource) -> {
            remembering.accept(tx, resource.id());
            projects.account(tx, resource.project(), call.caller().user());
            LeaseNotes.write(tx, resource.id(), asked.said());
            asked.said().reminders().forEach(at -> reservations.remind(tx, resource.id(), at));
        });
    }

    /// With places as users know them.
    private BlazarProblem problem(Refusal why) {
        return BlazarProblem.of(database.inTransaction(tx -> directory(tx).inWords(why)));
    }

    private static BlazarProblem refused(Resource lease) {
        return lease.as(Reservation.class)
                .refusal()
                .map(BlazarProblem::of)
                .orElseGet(() -> BlazarProblem.clash("the lease is " + lease.state()));
    }

    private LeaseIn intake(Tx tx) {
        return new LeaseIn(words(tx), platform.now(), platform::newId, reservations.policies()::warning);
    }

    private Directory directory(Tx tx) {
        return Directory.read(tx, engine.resources());
    }

    private ReservationIn words(Tx tx) {
        return new ReservationIn(directory(tx), () -> hosts.properties(tx));
    }

    /// `PUT /leases/{id}`: answered when the providers have agreed, or after ten seconds with what is UPDATING.
    Content update(Call call) {
        var body = call.body();
        var changing = reservations.consulted(
                call.caller(), policy -> database.inTransaction(tx -> changed(tx, call, body, policy)));
        var changed = switch (changing) {
            case Answer.No<Changed>(var why) -> throw problem(why);
            case Answer.Yes<Changed>(var done) -> done;
        };
        if (changed.resource.as(Reservation.class).isUpdating()) {
            agreed(call.caller(), changed);
        }
        return database.inTransaction(tx -> answer(tx, 200, find(tx, call)));
    }

    private Answer<Changed> changed(Tx tx, Call call, Fields body, Consultation policy) {
        var lease = find(tx, call);
        var id = lease.resource.id();
        var before = LeaseNotes.of(tx, Set.of(id)).getOrDefault(id, Said.NOTHING);
        var items = new ReservationChangeIn(words(tx));
        var old = lease.resource.as(Reservation.class);
        var asked = new LeaseChange(items, old, before, lease.status, platform.now(), reservations.policies()::warning)
                .read(body);
        var changing = asked.change().equals(ReservationChange.NONE)
                ? Answer.yes(lease.resource)
                : reservations.update(tx, id, asked.change(), call.caller().user(), policy);
        return changing.map(after -> {
            if (!asked.said().equals(before)) {
                LeaseNotes.write(tx, id, asked.said());
            }
            return new Changed(after, before);
        });
    }

    /// @param before what was said of it before
    private record Changed(Resource resource, Said before) {}

    /// @throws BlazarProblem if a provider does not agree; then nothing has changed
    private void agreed(Caller caller, Changed changed) {
        var id = changed.resource.id();
        var settled = patience.await(
                caller,
                id,
                PATIENCE,
                resource -> !resource.as(Reservation.class).isUpdating());
        settled.as(Reservation.class).notUpdated().ifPresent(why -> {
            database.inTransaction(tx -> {
                LeaseNotes.write(tx, id, changed.before);
                return true;
            });
            throw BlazarProblem.of(why);
        });
    }

    /// `DELETE /leases/{id}`: answered when nothing of it is left, or after ten seconds.
    Content delete(Call call) {
        var lease = database.inTransaction(tx -> {
            var found = find(tx, call);
            if (!found.status.isDeletable()) {
                throw BlazarProblem.clash(
                        "Lease is " + found.status + " and cannot be deleted now; ask again when it is not");
            }
            if (found.status.isOver()) {
                LeaseNotes.forget(tx, found.resource.id());
            } else if (found.status != LeaseStatus.DELETING) {
                reservations
                        .cancel(tx, found.resource.id(), call.caller().user())
                        .orThrow();
            }
            return found.resource.id();
        });
        patience.await(
                call.caller(), lease, PATIENCE, resource -> resource.removed().isPresent());
        return nothing();
    }

    /// The answer when something was deleted.
    static Content nothing() {
        return new Content(204, "application/json", new byte[0], Map.of());
    }
}
