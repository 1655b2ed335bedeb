package holdfast.broker;

import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message.Amended;
import holdfast.protocol.Message.UpdateLease;
import java.util.Map;
import java.util.UUID;

/// What providers say of what they keep for reservations.
final class Kept {
    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Items items;
    private final Life life;
    private final Clearing clearing;
    private final Taking taking;

    Kept(String broker, Platform platform, Engine engine, Items items, Life life, Clearing clearing, Taking taking) {
        this.taking = taking;
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.items = items;
        this.life = life;
        this.clearing = clearing;
    }

    /// A provider says how far it is with what it keeps for an item.
    ///
    /// @return false if it is about something else
    boolean heard(Tx tx, UpdateLease update) {
        var item = update.sliver().value();
        var found = items.reservation(tx, item).flatMap(id -> resources.lock(tx, id));
        if (found.isEmpty()) {
            return false;
        }
        var before = found.get();
        var known = before.as(Reservation.class);
        var part = known.part(item).filter(one -> one.hold().isPresent());
        if (part.isEmpty()) {
            return true;
        }
        var phase = Holds.phase(update.state(), part.get());
        var facts = update.lease().map(LeaseInfo::facts).orElse(Map.of());
        if (part.flatMap(Part::hold).orElseThrow().phase().compareTo(phase) >= 0) {
            return true;
        }
        var resource = noted(tx, before, item, phase, facts);
        if (phase == Hold.Phase.CLOSED) {
            clearing.gone(tx, part.get(), wasOpen(part.get()));
        }
        switch (update.state()) {
            case PREPARED -> ifAll(tx, taking.goOn(tx, resource), Hold.Phase.PREPARED, News.KEPT);
            case ACTIVE -> ifAll(tx, resource, Hold.Phase.OPEN, News.OPENED);
            case CLOSED -> closed(tx, resource);
            case FAILED, LOST ->
                failed(
                        tx,
                        resource,
                        update.refusal().orElseGet(() -> Refusal.broken("the provider has lost what it kept")));
            case CLOSE_FAILED -> clearing.stuck(tx, resource, item);
        }
        return true;
    }

    /// A peer says whether what it held is taken now.
    ///
    /// @return false if it is about something else
    boolean heard(Tx tx, Amended told) {
        var item = told.sliver().value();
        var found = items.reservation(tx, item).flatMap(id -> resources.lock(tx, id));
        boolean taken = found.map(resource -> resource.as(Reservation.class))
                .flatMap(reservation -> reservation.part(item))
                .filter(Holds::isAtPeer)
                .flatMap(Part::hold)
                .filter(hold -> hold.phase() == Hold.Phase.OFFERED && hold.revision() == told.revision())
                .isPresent();
        if (!taken) {
            return false;
        }
        var resource = found.orElseThrow();
        if (Course.of(resource.state()) == Course.INITIALIZED) {
            told.refusal()
                    .ifPresentOrElse(
                            why -> failed(tx, resource, why),
                            () -> ifAll(
                                    tx,
                                    noted(tx, resource, item, Hold.Phase.PREPARED, Map.of()),
                                    Hold.Phase.PREPARED,
                                    News.KEPT));
        }
        return true;
    }

    private Resource noted(Tx tx, Resource resource, UUID item, Hold.Phase phase, Map<String, String> facts) {
        var told = resource.as(Reservation.class)
                .withItem(
                        item,
                        part -> part.hold()
                                .map(hold -> part.with(hold.in(phase, facts)))
                                .orElse(part));
        return resources.update(tx, resource.state(), resource.withData(told), broker, "told by a provider");
    }

    /// One whose term was over before its providers had it ready is over, too.
    private void closed(Tx tx, Resource resource) {
        boolean late = Course.of(resource.state()) == Course.INITIALIZED
                && !resource.as(Reservation.class).when().until().isAfter(platform.now());
        if (late) {
            life.to(tx, resource, News.OVER, broker);
        } else {
            life.left(tx, resource, broker);
        }
    }

    private static boolean wasOpen(Part part) {
        return part.hold()
                .filter(hold -> hold.phase().compareTo(Hold.Phase.OPEN) >= 0)
                .isPresent();
    }

    private void failed(Tx tx, Resource resource, Refusal why) {
        var failed = resource.withData(resource.as(Reservation.class).because(why));
        var noted = resources.update(tx, resource.state(), failed, broker, why.message());
        var state = Course.of(resource.state());
        boolean before = state == Course.INITIALIZED || state == Course.RESERVED;
        life.to(tx, noted, before ? News.REFUSED : News.NOT_OPENED, broker);
        resources.find(tx, noted.id()).ifPresent(now -> life.left(tx, now, broker));
    }

    private void ifAll(Tx tx, Resource resource, Hold.Phase phase, News news) {
        if (resource.as(Reservation.class).allAre(phase)) {
            life.to(tx, resource, news, broker);
        }
    }
}
