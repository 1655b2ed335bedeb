package holdfast.broker;

import holdfast.broker.Admission.Admitted;
import holdfast.broker.AllocationCourse.News;
import holdfast.broker.Drawing.Drawn;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Spread;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message.UpdateLease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Servers from request to end, for whatever interface (promise.md 3.3, 4.3, 4.5). What is made under a reservation is
/// taken from it; what is made without one is lent until somebody needs the room, or firm. Either way its room is free
/// again only when the provider has said that nothing of it is left.
///
/// A caller sees to it that what is destroyed belongs to who asks; [#create] looks at the owner of a reservation
/// itself.
public final class Allocations {
    public static final String TYPE = "allocation";
    private static final int MOST_POOLS = 1_000;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Units units;
    private final Admission admission;
    private final Drawing drawing;
    private final AllocationLife life;

    Allocations(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Units units,
            Admission admission,
            Drawing drawing,
            AllocationLife life) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.units = units;
        this.admission = admission;
        this.drawing = drawing;
        this.life = life;
    }

    /// Takes room for a server and orders it, or says why not and changes nothing.
    ///
    /// The allocation is `building` then, and `active` or `error` when the provider has answered; it is `scheduled`
    /// if it waits for the start of its reservation. Refused with
    ///
    /// - [Refusal.Kind#NOT_THERE]: no such reservation of the caller's project, or no such item of it
    /// - [Refusal.Kind#MALFORMED]: a flavor, image, network or end that cannot be, with the field
    /// - [Refusal.Kind#CLASH]: the reservation has not begun, or is over
    /// - [Refusal.Kind#NO_ROOM]: more than is left of the reservation, or free without one, with a certificate
    ///
    /// @param tx its locks keep others from deciding until it ends
    public Answer<Resource> create(Tx tx, Caller caller, AllocationRequest request) {
        return request.reservation().isPresent()
                ? under(tx, caller, request, request.reservation().get())
                : alone(tx, caller, request);
    }

    // --------------------------------------------------------------------------------------------------------------
    // under a reservation

    private Answer<Resource> under(Tx tx, Caller caller, AllocationRequest request, UUID id) {
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
        var parts = reservation.as(Reservation.class).items().stream()
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
        var pool = pools(tx, Optional.of(account(part)));
        if (pool.isEmpty()) {
            return Answer.no(Refusal.clash("the provider of the reservation was taken out"));
        }
        var id = platform.newId();
        return ServerOrder.of(pool.getFirst(), request)
                .flatMap(order -> drawing.draw(tx, id, part, order.size(), new Interval(start, end))
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
                            return record(tx, caller, id, Optional.of(reservation.id()), content, state);
                        }));
    }

    private static Wanted.Server server(ServerOrder order, Part part, Drawn drawn) {
        var server = order.on(Optional.empty(), drawn.host().map(Places::name));
        return part.hold().isPresent() ? server.using(part.item().id()) : server;
    }

    // --------------------------------------------------------------------------------------------------------------
    // without one

    private Answer<Resource> alone(Tx tx, Caller caller, AllocationRequest request) {
        var now = platform.now();
        if (request.end().filter(end -> !end.isAfter(now)).isPresent()) {
            return Answer.no(
                    Refusal.malformed("end", "end is " + request.end().get() + ", which is over; now is " + now));
        }
        if (request.item().isPresent() || request.atStart()) {
            var field = request.item().isPresent() ? "item" : "allocateOnStart";
            return Answer.no(Refusal.malformed(field, field + " says something of a reservation; name one"));
        }
        var when = AllocationLife.since(now, request.preemptible() ? Optional.empty() : request.end());
        var id = platform.newId();
        var orders = new ArrayList<ServerOrder>();
        var wrong = Optional.<Refusal>empty();
        for (var pool : pools(tx, request.provider())) {
            switch (ServerOrder.of(pool, request)) {
                case Answer.Yes<ServerOrder>(var order) -> orders.add(order);
                case Answer.No<ServerOrder>(var why) -> wrong = wrong.isPresent() ? wrong : Optional.of(why);
            }
        }
        if (orders.isEmpty()) {
            return Answer.no(wrong.orElseGet(() -> Refusal.clash("there is no provider to make it")));
        }
        var asks = orders.stream()
                .map(order -> new Ask(
                        caller.project(),
                        when,
                        !request.preemptible(),
                        Ask.Prefer.TIGHTEST,
                        List.of(item(tx, id, order, request, when)),
                        List.of()))
                .toList();
        return admission.allot(tx, asks, now).map(admitted -> {
            var order = orders.get(asks.indexOf(admitted.ask()));
            return record(
                    tx,
                    caller,
                    id,
                    Optional.empty(),
                    placed(caller, request, order, admitted, id, now),
                    AllocationCourse.INITIALIZED);
        });
    }

    /// One instance on a host; where hosts are not seen, its amounts of the account.
    private Item item(Tx tx, UUID id, ServerOrder order, AllocationRequest request, Interval when) {
        var size = order.size();
        var zones = request.zones().stream()
                .filter(zone -> zone.startsWith(order.pool().place() + "/"))
                .toList();
        var need = units.hosts(tx, order.pool().provider()).isEmpty()
                ? Need.Quantity.of(
                        ProviderSupply.above(Drawing.ofHost(size).amounts())
                                .plus(Capacities.of(Dimensions.INSTANCE, 1)),
                        when)
                : new Need.Instances(size, 1, 1, Affinity.NONE, PropertyQuery.everything());
        return new Item(id, Optional.of(order.pool().place()), zones, Spread.SITE, need, List.of());
    }

    private static Allocation placed(
            Caller caller, AllocationRequest request, ServerOrder order, Admitted admitted, UUID id, Instant now) {
        var place = admitted.grant().placements().getOrDefault(id, List.of()).stream()
                .map(Placement::place)
                .filter(name -> !Places.isAccount(name))
                .findFirst();
        var zone = place.filter(Places::isZone).map(Places::name);
        var host = place.filter(name -> !Places.isZone(name)).map(Places::name);
        return new Allocation(
                caller.user(),
                Optional.empty(),
                order.pool().provider(),
                order.on(zone, host),
                Drawing.ofHost(order.size()),
                !request.preemptible(),
                AllocationLife.since(now, request.end()),
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    private List<Pool> pools(Tx tx, Optional<String> account) {
        return resources.ofType(tx, ProviderSupply.POOL, MOST_POOLS).stream()
                .map(pool -> pool.as(Pool.class))
                .filter(pool -> account.isEmpty() || account.get().equals(pool.place()))
                .toList();
    }

    private Resource record(
            Tx tx, Caller caller, UUID id, Optional<UUID> reservation, Allocation content, AllocationCourse state) {
        var fresh = resources.fresh(
                id, TYPE, broker, reservation, content.server().name(), state.word(), caller.project(), content);
        return life.begin(tx, fresh, state, caller.user());
    }

    // --------------------------------------------------------------------------------------------------------------
    // its end

    /// Has it taken away: it is `deleting` until the provider says that it is gone, or `cancelled` at once if it
    /// waited for its reservation. [Refusal.Kind#CLASH] if it is on its way out already.
    public Answer<Resource> destroy(Tx tx, UUID id, String who) {
        var found = locked(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no allocation " + id));
        }
        return life.to(tx, found.get(), News.UNWANTED, who)
                .<Answer<Resource>>map(Answer::yes)
                .orElseGet(() -> Answer.no(
                        Refusal.clash("the allocation is " + found.get().state() + "; there is nothing to destroy")));
    }

    /// Its reservation is locked first, as everywhere.
    private Optional<Resource> locked(Tx tx, UUID id) {
        var known = resources.find(tx, id).filter(one -> one.type().equals(TYPE));
        known.flatMap(Resource::parent).ifPresent(parent -> resources.lock(tx, parent));
        return known.flatMap(_ -> resources.lock(tx, id));
    }

    /// A provider says how far it is with a server.
    ///
    /// @return the allocation as it is now; empty if it is about something else
    Optional<Resource> heard(Tx tx, UpdateLease update) {
        return locked(tx, update.sliver().value())
                .map(before -> before.removed().isPresent() ? before : heard(tx, before, update));
    }

    private Resource heard(Tx tx, Resource before, UpdateLease update) {
        var content = before.as(Allocation.class);
        return switch (update.state()) {
            case PREPARED -> before;
            case ACTIVE -> {
                var facts = update.lease().map(LeaseInfo::facts).orElse(Map.of());
                yield after(tx, life.noted(tx, before, content.told(facts), "told by the provider"), News.RUNNING);
            }
            case FAILED -> {
                var noted = life.noted(tx, before, content.because(why(update)), "told by the provider");
                life.giveBack(tx, noted);
                yield after(tx, noted, News.BROKEN);
            }
            case LOST -> after(tx, life.noted(tx, before, content.because(why(update)), "lost"), News.VANISHED);
            case CLOSED -> {
                life.giveBack(tx, before);
                yield before.state().equals(AllocationCourse.LOST.word())
                        ? life.over(tx, before)
                        : after(tx, before, News.GONE);
            }
            case CLOSE_FAILED -> {
                calendar.holdOn(tx, broker, before.id());
                yield life.noted(tx, before, content.because(why(update)), "it cannot be taken away");
            }
        };
    }

    private Resource after(Tx tx, Resource resource, News news) {
        return life.to(tx, resource, news, broker).orElse(resource);
    }

    private static Refusal why(UpdateLease update) {
        return update.refusal().orElseGet(() -> Refusal.broken("the provider did not say why"));
    }

    // --------------------------------------------------------------------------------------------------------------
    // what its reservation does with it

    /// The reservation has begun: what waited for it is ordered.
    void launch(Tx tx, UUID reservation) {
        for (var one : resources.parts(tx, reservation, TYPE)) {
            resources
                    .lock(tx, one.id())
                    .filter(allocation -> allocation.state().equals(AllocationCourse.SCHEDULED.word()))
                    .ifPresent(allocation -> launch(tx, allocation, platform.now()));
        }
    }

    private void launch(Tx tx, Resource allocation, Instant now) {
        var planned = allocation.as(Allocation.class);
        if (planned.when().until().isAfter(now)) {
            life.to(tx, allocation.withData(planned.from(now)), News.BEGUN, broker);
        } else {
            life.to(tx, allocation, News.UNWANTED, broker);
        }
    }

    /// The reservation is over, or to be: everything under it goes. Its room stays booked meanwhile.
    void close(Tx tx, Resource reservation) {
        boolean late = !reservation.as(Reservation.class).when().until().isAfter(platform.now());
        for (var one : resources.parts(tx, reservation.id(), TYPE)) {
            resources.lock(tx, one.id()).ifPresent(allocation -> life.to(tx, allocation, News.UNWANTED, broker));
            if (late) {
                one.as(Allocation.class).item().ifPresent(item -> calendar.holdOn(tx, broker, item));
            }
        }
    }

    /// Whether something under the reservation is still there, or may be.
    boolean remain(Tx tx, UUID reservation) {
        return !resources.parts(tx, reservation, TYPE).isEmpty();
    }
}
