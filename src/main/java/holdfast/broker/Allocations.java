package holdfast.broker;

import holdfast.broker.AllocationCourse.News;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message.UpdateLease;
import java.time.Instant;
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

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Reserved reserved;
    private final Unreserved unreserved;
    private final AllocationLife life;
    private final Elements elements;

    Allocations(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Reserved reserved,
            Unreserved unreserved,
            AllocationLife life,
            Elements elements) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.reserved = reserved;
        this.unreserved = unreserved;
        this.life = life;
        this.elements = elements;
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
                ? reserved.create(tx, caller, request, request.reservation().get())
                : unreserved.create(tx, caller, request);
    }

    // --------------------------------------------------------------------------------------------------------------
    // its end

    /// Has it taken away: it is `deleting` until the provider says that it is gone, or `cancelled` at once if it
    /// waited for its reservation. [Refusal.Kind#CLASH] if it is on its way out already, or a reservation claims
    /// it.
    public Answer<Resource> destroy(Tx tx, UUID id, String who) {
        var found = locked(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no allocation " + id));
        }
        var claimed = elements.claimed(tx, Thing.Kind.SERVER, id);
        if (claimed.isPresent()) {
            return Answer.no(claimed.get());
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
                elements.gone(tx, Thing.Kind.SERVER, before.id());
                var noted = life.noted(tx, before, content.because(why(update)), "told by the provider");
                life.giveBack(tx, noted);
                yield after(tx, noted, News.BROKEN);
            }
            case LOST -> {
                elements.gone(tx, Thing.Kind.SERVER, before.id());
                yield after(tx, life.noted(tx, before, content.because(why(update)), "lost"), News.VANISHED);
            }
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
