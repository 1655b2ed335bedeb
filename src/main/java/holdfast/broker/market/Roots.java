package holdfast.broker.market;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.RootRows.Locked;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.TransactionCourse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One root after the other: locked, judged, booked in the calendar and written, in one transaction.
final class Roots {
    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Notices notices;
    private final RootRows rows;
    private final Backing backing;
    private final Announcing announcing;

    /// @param name of the broker
    Roots(String name, Platform platform, Engine engine, Calendar calendar) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.notices = engine.notices();
        this.rows = new RootRows(platform, engine.resources());
        this.backing = new Backing(name, calendar);
        this.announcing = new Announcing(platform, engine.notices());
        engine.forgetting(rows::prune);
        engine.forgetting(rows::forget);
    }

    RootRows rows() {
        return rows;
    }

    Announcing announcing() {
        return announcing;
    }

    /// Writes what has changed of listings and claims, and tells of it.
    private void store(Tx tx, Resource root, Root before, Root after, String domain) {
        rows.store(tx, root.id(), before, after, domain);
        announcing.listings(tx, root, before, after);
    }

    /// Offers something new.
    ///
    /// @param id of the root to be
    /// @param offer its flavor's id is the name of the root; it gets another name in the list
    /// @return of type `flavor`
    Resource offer(Tx tx, UUID id, Offer offer, String project, String who) {
        var now = platform.now();
        backing.open(tx, id, offer.whole().kind().vector(), now);
        var before = new Root(offer.whole(), offer.from(), List.of(), List.of());
        var after = RootCourse.relist(before, fresh(offer.whole()), now);
        var resource = resources.fresh(
                id, Offer.TYPE, name, Optional.empty(), offer.whole().id(), word(after, now), project, offer);
        resources.insert(tx, resource, who, "offered");
        var stored = resources.find(tx, id).orElseThrow(); // with its number
        store(tx, stored, before, after, "");
        return stored;
    }

    /// Takes a root off the list for good. What is held of it may still be bought, and contracts live on.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is none
    Answer<Resource> withdraw(Tx tx, UUID root, String who) {
        return rows.lock(tx, root)
                .map(locked -> {
                    var after = RootCourse.unlisted(locked.root(), Listing.State.WITHDRAWN);
                    store(tx, locked.resource(), locked.root(), after, "");
                    rows.withdraw(tx, root);
                    var offer = locked.offer().with(after.whole());
                    return Answer.yes(resources.update(
                            tx,
                            locked.resource().state(),
                            locked.resource().withData(offer).withState("unlisted", Optional.empty()),
                            who,
                            "withdrawn"));
                })
                .orElseGet(() -> Answer.no(Refusal.notThere("nothing is offered as " + root)));
    }

    /// A root without holds that nobody bought in time.
    Optional<Locked> lock(Tx tx, UUID root, Instant now) {
        return rows.lock(tx, root).map(locked -> swept(tx, locked, now));
    }

    private Locked swept(Tx tx, Locked locked, Instant now) {
        var lapsed = RootCourse.lapsed(locked.root(), now);
        if (lapsed.isEmpty()) {
            return locked;
        }
        var sales = lapsed.stream()
                .map(claim -> resources.lock(tx, claim.transaction()).orElseThrow())
                .toList();
        return end(tx, locked, sales, TransactionCourse.News.LAPSED, "timer", now);
    }

    /// The root without these claims, whose sales are over.
    Locked end(Tx tx, Locked locked, List<Resource> sales, TransactionCourse.News news, String who, Instant now) {
        for (var sale : sales) {
            Words.transaction(sale).after(news).ifPresent(next -> {
                processes.cancelTimers(tx, sale.id());
                resources.update(
                        tx,
                        sale.state(),
                        sale.withState(Words.of(next), Optional.empty()).removedAt(now),
                        who,
                        news.name().toLowerCase(Locale.ROOT));
            });
        }
        return free(tx, locked, sales.stream().map(Resource::id).toList(), now);
    }

    /// The root without these claims, and with what is left of it listed.
    Locked free(Tx tx, Locked locked, List<UUID> claims, Instant now) {
        var without = locked.root();
        for (var claim : claims) {
            without = RootCourse.ended(without, claim);
        }
        change(tx, locked, without, "", now).orThrow(); // less is always possible
        return rows.lock(tx, locked.resource().id()).orElseThrow();
    }

    /// Books and writes what has become of a root, and lists what is left of it.
    ///
    /// @param changed what is claimed of it now
    /// @param domain of the buyer of new claims
    /// @return [Refusal.Kind#NO_ROOM] if the calendar knows of other use of what is behind it
    Answer<List<Booking>> change(Tx tx, Locked locked, Root changed, String domain, Instant now) {
        var id = locked.resource().id();
        var after = RootCourse.relist(rows.recalling(tx, id, changed, now), fresh(changed.whole()), now);
        return backing.change(tx, id, locked.offer(), locked.root(), after, now).map(bookings -> {
            store(tx, locked.resource(), locked.root(), after, domain);
            var state = word(after, now);
            if (!locked.resource().state().equals(state)) {
                resources.update(
                        tx,
                        locked.resource().state(),
                        locked.resource().withState(state, Optional.empty()),
                        name,
                        "claims changed");
            }
            return bookings;
        });
    }

    /// Roots on the list of which there is now more or less than when they were measured last.
    List<UUID> outdated(Tx tx, Instant now) {
        var offers = rows.backed(tx, name);
        var claims = rows.claims(tx, offers.keySet());
        var hosts = offers.entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey, entry -> entry.getValue().backing().orElseThrow()));
        var room = backing.room(tx, hosts, now);
        return offers.entrySet().stream()
                .filter(entry -> !measured(
                                entry.getValue(),
                                claims.getOrDefault(entry.getKey(), List.of()),
                                room.getOrDefault(entry.getKey(), List.of()),
                                now)
                        .equals(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Offer measured(Offer offer, List<Claim> claims, List<Backing.Room> room, Instant now) {
        var whole = new Root(offer.offered(), offer.from(), claims, List.of());
        return offer.measured(whole.altogether(room, now));
    }

    /// Lists what there is of a root now, if that is more or less than it was. What is sold of it stays sold.
    ///
    /// @return whether it has changed
    boolean measure(Tx tx, UUID root, Instant now) {
        return lock(tx, root, now)
                .filter(locked -> locked.root().whole().available())
                .filter(locked -> measured(tx, locked, now))
                .isPresent();
    }

    private boolean measured(Tx tx, Locked locked, Instant now) {
        var host = locked.offer().backing();
        if (host.isEmpty()) {
            return false;
        }
        var id = locked.resource().id();
        var room = backing.room(tx, Map.of(id, host.get()), now).getOrDefault(id, List.of());
        var offer = measured(locked.offer(), locked.root().claims(), room, now);
        if (offer.equals(locked.offer())) {
            return false;
        }
        var whole = offer.whole();
        var lost = backing.open(tx, id, whole.kind().vector(), now);
        var changed = new Root(
                whole, offer.from(), locked.root().claims(), locked.root().listings());
        var after = RootCourse.relist(rows.recalling(tx, id, changed, now), fresh(whole), now);
        store(tx, locked.resource(), locked.root(), after, "");
        var why = Optional.of("more of it is sold than there is").filter(_ -> !lost.isEmpty());
        var kept = resources.update(
                tx,
                locked.resource().state(),
                locked.resource().withData(offer).withState(word(after, now), why),
                name,
                why.orElse("there is now " + whole.kind().vector()));
        if (!lost.isEmpty()) {
            overcommitted(tx, kept, now);
        }
        return true;
    }

    private void overcommitted(Tx tx, Resource root, Instant now) {
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        Offer.TYPE + ".overcommit",
                        now,
                        Notice.Thing.of(root),
                        root.project(),
                        Optional.empty(),
                        Optional.empty(),
                        Json.object()));
    }

    private String fresh(Flavor whole) {
        return FlavorIds.fresh(
                whole.owner().domain(), whole.kind().type(), platform.newId().getLeastSignificantBits());
    }

    private static String word(Root root, Instant now) {
        return Words.of(root.standing(now));
    }
}
