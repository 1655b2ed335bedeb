package holdfast.federation.discovery;

import static holdfast.db.Tables.CANDIDATE;
import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Engine;
import holdfast.federation.discovery.CandidateCourse.News;
import holdfast.federation.discovery.CandidateCourse.State;
import holdfast.federation.peers.Peer;
import holdfast.federation.peers.PeerCourse;
import holdfast.federation.wire.Heard;
import holdfast.inventory.flavors.Facets;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.Record5;
import org.jooq.impl.DSL;

/// What peers offer, as it was heard. Rows, not resources: there are thousands.
public final class Candidates {
    private static final Facets FACETS = new Facets(CANDIDATE);
    private static final int MOST = 10_000;
    private static final int AT_ONCE = 500;

    /// What is gone, or bought, is nobody's business after that.
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Platform platform;
    private final Referrals referrals;

    public Candidates(Platform platform, Engine engine) {
        this.platform = platform;
        this.referrals = new Referrals(platform, engine);
        engine.forgetting(this::forget);
    }

    /// In which catalogs they were found.
    public Referrals referrals() {
        return referrals;
    }

    /// What matches and may be reserved, of peers that are not down, by peer and name; at most 10,000. Read row by
    /// row: what does not match takes no memory.
    public List<Candidate> matching(Tx tx, Selector selector, Instant now) {
        try (var rows = tx.sql()
                .select(CANDIDATE.PEER, CANDIDATE.FLAVOR, CANDIDATE.BODY, CANDIDATE.STATE, CANDIDATE.AS_OF)
                .from(CANDIDATE)
                .where(FACETS.maybe(selector).and(offered()))
                .orderBy(CANDIDATE.PEER, CANDIDATE.FLAVOR)
                .fetchSize(AT_ONCE)
                .fetchLazy()) {
            return rows.stream()
                    .map(row -> candidate(row, now))
                    .filter(candidate -> selector.matches(candidate.flavor()))
                    .filter(candidate -> Provenance.of(candidate.flavor())
                            .expires()
                            .filter(end -> !end.isAfter(now))
                            .isEmpty())
                    .limit(MOST)
                    .toList();
        }
    }

    /// Which of them somebody wants to see.
    ///
    /// @param kind of flavor, such as `k8slice`
    /// @param state as [CandidateCourse.State#word], at the time of the question
    public record Filter(Optional<String> kind, Optional<UUID> peer, Optional<String> state) {
        private Condition condition(Instant now) {
            var condition = DSL.and(kind.map(CANDIDATE.KIND::eq).orElse(DSL.noCondition()))
                    .and(peer.map(CANDIDATE.PEER::eq).orElse(DSL.noCondition()));
            return state.map(word -> condition.and(in(State.of(word), now))).orElse(condition);
        }

        /// What was fresh when it was heard of may have aged.
        private static Condition in(State state, Instant now) {
            var aged = CANDIDATE.AS_OF.lt(now.minus(Candidate.FRESHNESS));
            var stored = CANDIDATE.STATE.eq(state.word());
            return switch (state) {
                case FRESH -> stored.andNot(aged);
                case STALE -> stored.or(CANDIDATE.STATE.eq(State.FRESH.word()).and(aged));
                case HELD, BOUGHT, GONE -> stored;
            };
        }
    }

    /// Where a page ends.
    public record Place(UUID peer, String flavor) {}

    /// A page of what peers offer, in whatever state, by peer and name. Of peers that were removed, nothing.
    ///
    /// @param limit at most 10,000
    public List<Candidate> list(Tx tx, Filter filter, Optional<Place> after, int limit, Instant now) {
        var beyond = after.map(
                        place -> DSL.row(CANDIDATE.PEER, CANDIDATE.FLAVOR).gt(place.peer(), place.flavor()))
                .orElse(DSL.noCondition());
        return read(tx, filter.condition(now).and(beyond).and(peerIs(RESOURCE.REMOVED.isNull())), limit, now);
    }

    /// What a peer offers under a name, in whatever state.
    public Optional<Candidate> find(Tx tx, UUID peer, String flavor) {
        return read(tx, is(peer, flavor), 1, platform.now()).stream().findFirst();
    }

    /// What is offered under a name and may be reserved, by whatever peer.
    public List<Candidate> named(Tx tx, String flavor, Instant now) {
        return read(tx, CANDIDATE.FLAVOR.eq(flavor).and(offered()), MOST, now);
    }

    private static Condition offered() {
        // written out, so that the index of these states is used
        return DSL.condition("{0} in ('fresh', 'stale')", CANDIDATE.STATE)
                .and(peerIs(RESOURCE.REMOVED
                        .isNull()
                        .and(RESOURCE.STATE.in(PeerCourse.State.UP.word(), PeerCourse.State.SUSPECT.word()))));
    }

    private static Condition peerIs(Condition so) {
        return DSL.exists(DSL.selectOne()
                .from(RESOURCE)
                .where(RESOURCE.ID.eq(CANDIDATE.PEER))
                .and(RESOURCE.TYPE.eq(Peer.TYPE))
                .and(so));
    }

    private static Condition is(UUID peer, String flavor) {
        return CANDIDATE.PEER.eq(peer).and(CANDIDATE.FLAVOR.eq(flavor));
    }

    private static List<Candidate> read(Tx tx, Condition condition, int limit, Instant now) {
        return tx.sql()
                .select(CANDIDATE.PEER, CANDIDATE.FLAVOR, CANDIDATE.BODY, CANDIDATE.STATE, CANDIDATE.AS_OF)
                .from(CANDIDATE)
                .where(condition)
                .orderBy(CANDIDATE.PEER, CANDIDATE.FLAVOR)
                .limit(limit)
                .fetch(row -> candidate(row, now));
    }

    private static Candidate candidate(Record5<UUID, String, JSONB, String, Instant> row, Instant now) {
        var stored = State.of(row.value4());
        var asOf = row.value5();
        boolean aged = Duration.between(asOf, now).compareTo(Candidate.FRESHNESS) > 0;
        var state = aged ? CandidateCourse.after(stored, News.AGED) : stored;
        return new Candidate(row.value1(), Json.read(row.value3().data(), Flavor.class), state, asOf);
    }

    /// It is offered no more: its peer answered 404, or said so.
    public void gone(Tx tx, UUID peer, String flavor) {
        heard(tx, peer, flavor, News.WITHDRAWN);
    }

    /// What happened to it at its peer. Nothing if nothing is known of it.
    public void heard(Tx tx, UUID peer, String flavor, News news) {
        tx.sql()
                .select(CANDIDATE.STATE)
                .from(CANDIDATE)
                .where(is(peer, flavor))
                .forUpdate()
                .fetchOptional(CANDIDATE.STATE)
                .map(State::of)
                .ifPresent(before -> move(tx, peer, flavor, before, CandidateCourse.after(before, news)));
    }

    private void move(Tx tx, UUID peer, String flavor, State before, State after) {
        if (before != after) {
            tx.sql()
                    .update(CANDIDATE)
                    .set(CANDIDATE.STATE, after.word())
                    .set(CANDIDATE.CHANGED, platform.now())
                    .where(is(peer, flavor))
                    .execute();
        }
    }

    /// A peer tells that it offers something now.
    ///
    /// @param self who hears it: what is ours is left out
    /// @return whether it is kept; a peer may not tell of more than it may answer
    public boolean told(Tx tx, UUID peer, Flavor flavor, NodeIdentity self) {
        var selector = new Selector(flavor.kind().type(), List.of());
        if (Refilter.keep(new Heard(List.of(flavor), 0, List.of()), selector, self)
                .flavors()
                .isEmpty()) {
            heard(tx, peer, flavor.id(), News.MISSING);
            return false;
        }
        var before = tx.sql()
                .select(CANDIDATE.STATE)
                .from(CANDIDATE)
                .where(is(peer, flavor.id()))
                .forUpdate()
                .fetchOptional(row -> new Before(State.of(row.value1()), flavor));
        if (before.isEmpty() && tx.sql().fetchCount(CANDIDATE, CANDIDATE.PEER.eq(peer)) >= Refilter.MOST) {
            return false;
        }
        var one = new TreeMap<>(Map.of(flavor.id(), flavor));
        insert(
                tx,
                peer,
                selector,
                one,
                before.map(known -> Map.of(flavor.id(), known)).orElse(Map.of()),
                platform.now());
        return true;
    }

    /// A peer tells that it offers something no more. What we hold of it stays ours, unless it took everything
    /// back.
    public void withdrawn(Tx tx, UUID peer, String flavor, MarketEvent.Code code) {
        heard(
                tx,
                peer,
                flavor,
                switch (code) {
                    case REPLACED, SOLD -> News.MISSING;
                    case WITHDRAWN, EXPIRED -> News.WITHDRAWN;
                });
    }

    /// What a peer has answered to a question for offers. Told twice it is there once.
    ///
    /// @param asOf when it answered
    void listed(Tx tx, UUID peer, Selector selector, Refilter.Kept answer, Instant asOf) {
        var before = known(tx, peer, selector);
        var listed = new TreeMap<String, Flavor>(); // so that two who write the same never wait for each other
        answer.flavors().forEach(flavor -> listed.put(flavor.id(), flavor));
        insert(tx, peer, selector, listed, before, asOf);
        if (answer.whole()) {
            before.forEach((flavor, known) -> {
                if (!listed.containsKey(flavor) && selector.matches(known.flavor())) {
                    move(tx, peer, flavor, known.state(), CandidateCourse.after(known.state(), News.MISSING));
                }
            });
        }
    }

    private record Before(State state, Flavor flavor) {}

    /// What is known of that type at the peer, which nobody else changes until the transaction ends.
    private static Map<String, Before> known(Tx tx, UUID peer, Selector selector) {
        return tx.sql()
                .select(CANDIDATE.FLAVOR, CANDIDATE.STATE, CANDIDATE.BODY)
                .from(CANDIDATE)
                .where(CANDIDATE
                        .PEER
                        .eq(peer)
                        .and(CANDIDATE.KIND.eq(selector.type().word())))
                .orderBy(CANDIDATE.FLAVOR)
                .forUpdate()
                .fetchMap(
                        row -> row.value1(),
                        row -> new Before(
                                State.of(row.value2()), Json.read(row.value3().data(), Flavor.class)));
    }

    private void insert(
            Tx tx,
            UUID peer,
            Selector selector,
            SortedMap<String, Flavor> listed,
            Map<String, Before> before,
            Instant asOf) {
        var rows = Json.array();
        listed.forEach((name, flavor) -> {
            var state = Optional.ofNullable(before.get(name))
                    .map(known -> CandidateCourse.after(known.state(), News.LISTED))
                    .orElse(State.FRESH);
            rows.add(Facets.columns(flavor)
                    .put("flavor", name)
                    .put("state", state.word())
                    .set("body", Json.toTree(flavor)));
        });
        tx.sql()
                .execute(
                        """
                        insert into candidate (peer, flavor, kind, body, state, as_of, changed, %1$s)
                        select ?, flavor, ?, body, state, ?::timestamptz, ?::timestamptz, %1$s
                        from jsonb_populate_recordset(null::candidate, ?::jsonb)
                        on conflict (peer, flavor) do update
                        set kind = excluded.kind, body = excluded.body, state = excluded.state,
                            as_of = greatest(candidate.as_of, excluded.as_of),
                            changed = case when candidate.state = excluded.state then candidate.changed
                                else excluded.changed end,
                            (%1$s) = row (excluded.%2$s)
                        """.formatted(Facets.COLUMNS, Facets.COLUMNS.replace(", ", ", excluded.")),
                        peer,
                        selector.type().word(),
                        asOf,
                        platform.now(),
                        Json.text(rows));
    }

    /// What is over for an hour.
    int forget(Tx tx, Instant ignored, int limit) {
        var now = platform.now();
        return tx.sql().execute("""
                        delete from candidate where (peer, flavor) in (
                            select peer, flavor from candidate
                            where state in ('bought', 'gone') and changed < ?::timestamptz limit ?)
                        """, now.minus(REMEMBERED), limit);
    }
}
