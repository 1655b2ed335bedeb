package holdfast.broker.market;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.RootRows.Locked;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

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
    private final Measures measures;

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
        this.measures = new Measures(name, calendar);
        engine.forgetting(rows.claims()::prune);
        engine.forgetting(rows::forget);
    }

    RootRows rows() {
        return rows;
    }

    Announcing announcing() {
        return announcing;
    }

    /// Writes what has changed of listings and claims, and tells of it.
    ///
    /// @return as they are then
    private List<Locked> store(Tx tx, List<Change> changes, Map<UUID, String> parties, Instant now) {
        var known = changes.stream()
                .filter(change -> change.locked().booked().isPresent())
                .map(Change::id)
                .toList();
        var versions = known.isEmpty() ? Map.<UUID, Long>of() : backing.versions(tx, known);
        rows.store(tx, changes);
        rows.claims().store(tx, changes, parties, versions);
        announcing.listings(tx, changes);
        return changes.stream()
                .map(change -> {
                    var locked = change.locked();
                    var booked = Optional.ofNullable(versions.get(change.id()));
                    return new Locked(stood(tx, change, now), locked.offer(), change.after(), booked);
                })
                .toList();
    }

    /// In the state that it is in then.
    private Resource stood(Tx tx, Change change, Instant now) {
        var resource = change.locked().resource();
        var state = word(change.after(), now);
        return resource.state().equals(state)
                ? resource
                : resources.update(
                        tx, resource.state(), resource.withState(state, Optional.empty()), name, "claims changed");
    }

    private void store(Tx tx, Change change) {
        rows.store(tx, List.of(change));
        rows.claims().store(tx, List.of(change), Map.of(), Map.of());
        announcing.listings(tx, List.of(change));
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
        store(tx, Change.of(new Locked(stored, offer, before, Optional.empty()), after));
        return stored;
    }

    /// Takes a root off the list for good. What is held of it may still be bought, and contracts live on.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is none
    Answer<Resource> withdraw(Tx tx, UUID root, String who) {
        return rows.lock(tx, root)
                .map(locked -> {
                    var after = RootCourse.unlisted(locked.root(), Listing.State.WITHDRAWN);
                    store(tx, Change.of(locked, after));
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
    Optional<Locked> lock(Tx tx, UUID root) {
        return lock(tx, Set.of(root), Set.of()).stream().findFirst();
    }

    /// Several, as [#lock(Tx, UUID)]. Who looks at the clock does so after this: what others did while it waited is
    /// over by then.
    ///
    /// @param names which of their names are asked for
    List<Locked> lock(Tx tx, Collection<UUID> roots, Collection<String> names) {
        var locked = rows.lock(tx, roots, names);
        var versions = backing.lock(tx, locked.stream().map(Locked::id).toList());
        var now = platform.now();
        return locked.stream()
                .map(one -> one.booked(booked(tx, one, Optional.ofNullable(versions.get(one.id())), now)))
                .map(one -> swept(tx, one, now))
                .toList();
    }

    /// The version of its place if it is known that just its claims are booked there, or if they are so many that
    /// it is worth looking.
    private Optional<Long> booked(Tx tx, Locked locked, Optional<Long> version, Instant now) {
        return version.filter(present -> locked.booked().equals(version)
                || (ByHeart.isWorth(locked.root().claims()) && backing.isBooked(tx, locked, now)));
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
        return change(tx, locked, without, now).orThrow(); // less is always possible
    }

    /// What is to become of a root.
    record Next(Locked locked, Root root) {}

    /// As [#change(Tx, List, Map, Instant)], without new claims.
    Answer<Locked> change(Tx tx, Locked locked, Root changed, Instant now) {
        return change(tx, List.of(new Next(locked, changed)), Map.of(), now).map(List::getFirst);
    }

    /// Books and writes what has become of roots, and lists what is left of them; all or nothing.
    ///
    /// @param parties for whom new claims count, by transaction
    /// @return as they are then; [Refusal.Kind#NO_ROOM] if the calendar knows of other use of what is behind one
    Answer<List<Locked>> change(Tx tx, List<Next> nexts, Map<UUID, String> parties, Instant now) {
        var recalled = rows.recalling(
                tx, nexts.stream().collect(toMap(next -> next.locked().id(), Next::root)), now);
        var changes = nexts.stream()
                .map(next -> {
                    var changed = recalled.getOrDefault(next.locked().id(), next.root());
                    return Change.of(next.locked(), RootCourse.relist(changed, fresh(changed.whole()), now));
                })
                .toList();
        return backing.change(tx, changes, now).map(_ -> store(tx, changes, parties, now));
    }

    /// Roots on the list of which there is now more or less than when they were measured last. Those of which that
    /// cannot be are not read.
    List<UUID> outdated(Tx tx, Instant now) {
        var due = measures.due(tx, now);
        var found = resources.list(tx, Resources.withIds(due.keySet()), due.size()).stream()
                .collect(toMap(Resource::id, resource -> resource));
        var hosts = new HashMap<UUID, Offer.Host>();
        found.forEach((id, resource) -> {
            var offer = resource.as(Offer.class);
            offer.backing().filter(_ -> offer.whole().available()).ifPresent(host -> hosts.put(id, host));
        });
        var places = hosts.values().stream().map(Offer.Host::place).distinct().toList();
        var versions = backing.hosts(tx, places);
        var claims = rows.claims().read(tx, hosts.keySet());
        var ahead = backing.room(tx, hosts, now);
        var outdated = new ArrayList<UUID>();
        var known = new ArrayList<Measures.Found>();
        found.forEach((id, resource) -> {
            var host = Optional.ofNullable(hosts.get(id));
            var its = claims.getOrDefault(id, List.of());
            var room = Optional.ofNullable(ahead.get(id)).orElseGet(() -> backing.nothing(now));
            if (host.isPresent()) {
                var offer = resource.as(Offer.class);
                if (!measured(offer, its, room.rooms(), now).equals(offer)) {
                    outdated.add(id);
                    return;
                }
            }
            var ends = its.stream()
                    .flatMap(
                            claim -> Stream.of(claim.term().from(), claim.term().until()));
            known.add(new Measures.Found(
                    id,
                    resource.version(),
                    due.getOrDefault(id, 0L),
                    host.map(Offer.Host::place).orElse(""),
                    host.map(one -> versions.getOrDefault(one.place(), Measures.NONE))
                            .orElse(Measures.NONE),
                    Backing.until(now, Stream.concat(ends, Stream.of(room.until())))));
        });
        measures.keep(tx, known);
        return outdated;
    }

    private static Offer measured(Offer offer, List<Claim> claims, List<Backing.Room> room, Instant now) {
        var whole = new Root(offer.offered(), offer.from(), claims, List.of());
        return offer.measured(whole.altogether(room, now));
    }

    /// Lists what there is of a root now, if that is more or less than it was. What is sold of it stays sold.
    ///
    /// @return whether it has changed
    boolean measure(Tx tx, UUID root) {
        return lock(tx, root)
                .filter(locked -> locked.root().whole().available())
                .filter(locked -> measured(tx, locked, platform.now()))
                .isPresent();
    }

    private boolean measured(Tx tx, Locked locked, Instant now) {
        var host = locked.offer().backing();
        if (host.isEmpty()) {
            return false;
        }
        var id = locked.resource().id();
        var ahead = backing.room(tx, Map.of(id, host.get()), now);
        var room = Optional.ofNullable(ahead.get(id)).orElseGet(() -> backing.nothing(now));
        var offer = measured(locked.offer(), locked.root().claims(), room.rooms(), now);
        if (offer.equals(locked.offer())) {
            return false;
        }
        var whole = offer.whole();
        var lost = backing.open(tx, id, whole.kind().vector(), now);
        var changed = new Root(
                whole, offer.from(), locked.root().claims(), locked.root().listings());
        var recalled = rows.recalling(tx, Map.of(id, changed), now).getOrDefault(id, changed);
        var after = RootCourse.relist(recalled, fresh(whole), now);
        store(tx, Change.of(locked, after));
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
