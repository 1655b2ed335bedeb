package holdfast.broker.market;

import holdfast.broker.market.RootRows.Locked;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.TransactionCourse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// One root after the other: locked, judged, booked in the calendar and written, in one transaction.
final class Roots {
    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final RootRows rows;
    private final Backing backing;

    /// @param name of the broker
    Roots(String name, Platform platform, Engine engine, Calendar calendar) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.rows = new RootRows(platform, engine.resources());
        this.backing = new Backing(name, calendar);
        engine.forgetting(rows::prune);
    }

    RootRows rows() {
        return rows;
    }

    /// Offers something new.
    ///
    /// @param offer its flavor's id is the name of the root; it gets another name in the list
    /// @return of type `flavor`
    Resource offer(Tx tx, Offer offer, String project, String who) {
        var id = platform.newId();
        var now = platform.now();
        backing.open(tx, id, offer.whole().kind().vector(), now);
        var before = new Root(offer.whole(), offer.from(), List.of(), List.of());
        var after = RootCourse.relist(before, fresh(offer.whole()), now);
        var resource = resources.fresh(
                id, Offer.TYPE, name, Optional.empty(), offer.whole().id(), word(after, now), project, offer);
        resources.insert(tx, resource, who, "offered");
        rows.store(tx, id, before, after, "");
        return resources.find(tx, id).orElseThrow(); // with its number
    }

    /// Takes a root off the list for good. What is held of it may still be bought, and contracts live on.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is none
    Answer<Resource> withdraw(Tx tx, UUID root, String who) {
        return rows.lock(tx, root)
                .map(locked -> {
                    var after = RootCourse.unlisted(locked.root(), Listing.State.WITHDRAWN);
                    rows.store(tx, root, locked.root(), after, "");
                    var offer = new Offer(
                            after.whole(), locked.offer().from(), locked.offer().backing());
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
        var after = RootCourse.relist(changed, fresh(changed.whole()), now);
        var id = locked.resource().id();
        return backing.change(tx, id, locked.offer(), locked.root(), after, now).map(bookings -> {
            rows.store(tx, id, locked.root(), after, domain);
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

    private String fresh(Flavor whole) {
        return FlavorIds.fresh(
                whole.owner().domain(), whole.kind().type(), platform.newId().getLeastSignificantBits());
    }

    private static String word(Root root, Instant now) {
        return Words.of(root.standing(now));
    }
}
