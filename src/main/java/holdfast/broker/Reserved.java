package holdfast.broker;

import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Draw.Drawn;
import holdfast.broker.decisions.Matter;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Makes allocations under reservations.
final class Reserved {
    private final Platform platform;
    private final Resources resources;
    private final ProviderSupply supply;
    private final Drawing drawing;
    private final AllocationLife life;

    Reserved(Platform platform, Resources resources, ProviderSupply supply, Drawing drawing, AllocationLife life) {
        this.platform = platform;
        this.resources = resources;
        this.supply = supply;
        this.drawing = drawing;
        this.life = life;
    }

    /// As [Allocations#create].
    ///
    /// @param id of the reservation
    Answer<Resource> create(Tx tx, Caller caller, AllocationRequest request, UUID id) {
        var found = resources
                .lock(tx, id)
                .filter(one ->
                        one.type().equals(Reservations.TYPE) && one.project().equals(caller.project()));
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no reservation " + id));
        }
        var reservation = found.get();
        var now = platform.now();
        return begins(reservation, request, now).flatMap(start -> {
            var term = reservation.as(Reservation.class).when();
            var end = request.end().orElse(term.until());
            if (end.isAfter(term.until()) || !end.isAfter(start)) {
                return Answer.no(Refusal.malformed(
                        "end",
                        "end is " + end + "; it must be after " + start + " and no later than the end of the"
                                + " reservation, " + term.until()));
            }
            return parts(reservation, request).flatMap(parts -> {
                Answer<Resource> first = draw(tx, caller, request, reservation, parts.getFirst(), start, end);
                var answer = first;
                for (int i = 1; answer instanceof Answer.No && i < parts.size(); i++) {
                    answer = draw(tx, caller, request, reservation, parts.get(i), start, end);
                }
                return answer instanceof Answer.Yes ? answer : first;
            });
        });
    }

    /// When it may begin; or why it may not.
    private static Answer<Instant> begins(Resource reservation, AllocationRequest request, Instant now) {
        var start = reservation.as(Reservation.class).when().from();
        return switch (Course.of(reservation.state())) {
            case ACTIVE -> Answer.yes(now);
            case INITIALIZED, RESERVED, STARTING ->
                request.atStart()
                        ? Answer.yes(start)
                        : Answer.no(Refusal.clash("the reservation is " + reservation.state() + " and begins at "
                                + start + "; ask again then, or let it be allocated on start"));
            case HELD -> Answer.no(Refusal.clash("it is an offer that was not taken; confirm it first"));
            case CANCELLING, EXPIRING, ENDING, REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED ->
                Answer.no(Refusal.clash(
                        "the reservation is " + reservation.state() + "; nothing can be allocated from it any more"));
        };
    }

    private static Answer<List<Part>> parts(Resource reservation, AllocationRequest request) {
        var parts = reservation.as(Reservation.class).lasting().stream()
                .filter(part -> request.item().isEmpty()
                        || request.item().get().equals(part.item().id()))
                .filter(part -> !part.placement().isEmpty())
                .filter(part ->
                        request.provider().isEmpty() || request.provider().get().equals(account(part)))
                .toList();
        if (!parts.isEmpty()) {
            return Answer.yes(parts);
        }
        return Answer.no(Refusal.notThere(request.item()
                .map(item -> "the reservation has no item " + item + " at that provider")
                .orElse("the reservation has nothing at that provider")));
    }

    private static String account(Part part) {
        return Places.account(Places.provider(part.placement().getFirst().place()));
    }

    private Answer<Resource> draw(
            Tx tx,
            Caller caller,
            AllocationRequest request,
            Resource reservation,
            Part part,
            Instant start,
            Instant end) {
        var pool = supply.pools(tx, Optional.of(account(part)));
        if (pool.isEmpty()) {
            return Answer.no(Refusal.clash("the provider of the reservation was taken out"));
        }
        var id = platform.newId();
        var matter = Matter.allocation(caller.user(), caller.project(), id, Optional.of(reservation.id()));
        return ServerOrder.of(pool.getFirst(), request)
                .flatMap(order -> drawing.draw(tx, matter, id, part, order.size(), new Interval(start, end))
                        .map(drawn -> {
                            boolean waits = !Course.of(reservation.state()).equals(Course.ACTIVE);
                            var server = server(order, part, drawn);
                            var content = new Allocation(
                                    caller.user(),
                                    Optional.of(part.item().id()),
                                    order.pool().provider(),
                                    server,
                                    drawn.amount(),
                                    true,
                                    AllocationLife.since(start, request.end()),
                                    Optional.empty(),
                                    Map.of(),
                                    Optional.empty());
                            var state = waits ? AllocationCourse.SCHEDULED : AllocationCourse.INITIALIZED;
                            return life.begin(tx, caller, id, Optional.of(reservation.id()), content, state);
                        }));
    }

    private static Wanted.Server server(ServerOrder order, Part part, Drawn drawn) {
        var server = order.on(Optional.empty(), drawn.host().map(Places::name));
        return part.hold().isPresent() ? server.using(part.item().id()) : server;
    }
}
