package holdfast.federation.catalog;

import static java.util.stream.Collectors.toMap;

import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Step;
import holdfast.federation.catalog.Plan.Row;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.CatalogText.Registers;
import holdfast.federation.wire.CatalogText.Signed;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Publication;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Has catalogs tell what we and the nodes of our domain offer (fluidos.md 4.4 steps 1 to 3, 23): again each third of
/// its ttl, and at once when it changes.
public final class Publishing {
    private static final String PUBLISH = "peer.publish";
    private static final Duration EVERY = Duration.ofSeconds(Publication.USUAL / 3);
    private static final Duration WHOLE = Duration.ofSeconds(60);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final NodeIdentity self;
    private final Peers peers;
    private final CatalogClient client;
    private final Fanout fanout;
    private final Function<Tx, List<Flavor>> own;
    private final Optional<Supernode> supernode;
    private final Optional<Signer> signer;
    private final List<Peers.Wish> catalogs;

    /// By what is signed.
    ///
    /// @param key its fingerprint
    public record Signer(Notary notary, String key) {}

    /// Where nothing is published.
    ///
    /// @param own what we offer ourselves
    /// @param supernode what our domain offers; empty if we do not speak for it
    /// @param signer empty: nothing is signed
    /// @param catalogs where to publish; each is a peer from then on
    public Publishing(
            Platform platform,
            Database database,
            Engine engine,
            NodeIdentity self,
            Peers peers,
            CatalogClient client,
            Fanout fanout,
            Function<Tx, List<Flavor>> own,
            Optional<Supernode> supernode,
            Optional<Signer> signer,
            List<Peers.Wish> catalogs) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.self = self;
        this.peers = peers;
        this.client = client;
        this.fanout = fanout;
        this.own = own;
        this.supernode = supernode;
        this.signer = signer;
        this.catalogs = List.copyOf(catalogs);
        engine.definitions().add(ProcessDefinition.timer(PUBLISH, this::publish, Duration.ofMinutes(5)));
        if (!catalogs.isEmpty()) {
            engine.tasks().add("catalog.publish", EVERY, this::refresh);
            supernode.ifPresent(some -> some.echoes().whenTaken(this::changed));
        }
    }

    /// There is something else to tell: it is told at once.
    public void changed(Tx tx) {
        if (catalogs.isEmpty()) {
            return;
        }
        for (var catalog : known(tx)) {
            boolean due = tx.sql()
                    .fetchOptional(
                            "select 1 from process where resource = ? and name = ? and result is null and runner is null",
                            catalog.id(),
                            PUBLISH)
                    .isPresent();
            if (!due) {
                engine.processes()
                        .schedule(tx, Request.now(PUBLISH, catalog.id(), Peers.ACTOR))
                        .orThrow();
            }
        }
    }

    private List<Known> known(Tx tx) {
        var addresses = catalogs.stream().map(Peers.Wish::address).collect(Collectors.toSet());
        return peers.known(tx).stream()
                .filter(peer -> addresses.contains(peer.endpoint().address()))
                .toList();
    }

    /// Registers at each catalog, and publishes what is due. Not within a transaction.
    ///
    /// @return what came of it, for people
    public String refresh() {
        catalogs.forEach(wish -> peers.add(wish, "-", "catalog.publish")); // those that are known are refused
        int told = 0;
        var all = database.inTransaction(this::known);
        for (var catalog : all) {
            told += register(catalog) && publish(catalog) ? 1 : 0;
        }
        return told + " of " + all.size() + " catalogs know what we offer";
    }

    private boolean register(Known catalog) {
        var trace = trace();
        boolean first = database.inTransaction(tx -> rows(tx, catalog.id()).isEmpty());
        var publisher = new Registers(self, signer.map(Signer::key), Set.of());
        if (!(client.register(catalog.endpoint(), publisher, trace) instanceof Told.Yes<Boolean>)) {
            return false;
        }
        if (first) {
            database.inTransaction(tx -> note(tx, catalog, trace, StepNumber.JOINED, self.id()));
        }
        return true;
    }

    private Outcome publish(Step.Context context) throws IOException {
        var catalog =
                database.inTransaction(tx -> peers.find(tx, context.resource().id()));
        if (catalog.isPresent() && !publish(catalog.get())) {
            throw new IOException("the catalog does not take it yet");
        }
        return Outcome.done();
    }

    /// Tells a catalog what it does not know. Not within a transaction.
    ///
    /// @return whether it knows all now
    private boolean publish(Known catalog) {
        var offered = offered();
        var now = platform.now();
        var plan = database.inTransaction(tx -> {
            var made = Plan.of(rows(tx, catalog.id()), offered, now, EVERY);
            made.say().forEach(row -> keep(tx, catalog.id(), row));
            return made;
        });
        var trace = trace();
        var dropped =
                fanout.each(plan.drop(), WHOLE, name -> client.withdraw(catalog.endpoint(), self.id(), name, trace));
        var said = fanout.each(plan.say(), WHOLE, row -> client.publish(catalog.endpoint(), signed(row), trace));
        return database.inTransaction(tx -> {
            boolean all = true;
            for (int i = 0; i < plan.drop().size(); i++) {
                all &= dropped(tx, catalog, plan.drop().get(i), dropped.get(i), trace);
            }
            for (int i = 0; i < plan.say().size(); i++) {
                all &= said(tx, catalog, plan.say().get(i), said.get(i), trace);
            }
            return all;
        });
    }

    private List<Flavor> offered() {
        var ours =
                database.inTransaction(own).stream().filter(Flavor::available).toList();
        var all = new ArrayList<>(ours);
        var names = ours.stream().map(Flavor::id).collect(Collectors.toSet());
        supernode.ifPresent(some -> all.addAll(some.ofDomain(names)));
        return all;
    }

    private Signed signed(Row row) {
        var now = platform.now();
        var asOf = Provenance.of(row.flavor()).asOf().filter(now::isAfter).orElse(now);
        var said = new Publication(
                self.id(), row.flavor(), row.epoch(), row.sequence(), asOf, Publication.USUAL, Set.of());
        return new Signed(said, signer.map(by -> by.notary().sign(Signatures.text(said))));
    }

    private boolean dropped(Tx tx, Known catalog, String name, Optional<Told<Boolean>> told, Trace trace) {
        if (!(told.orElse(null) instanceof Told.Yes<Boolean>)) {
            return false;
        }
        tx.sql().execute("delete from publication where catalog = ? and flavor = ?", catalog.id(), name);
        return note(tx, catalog, trace, StepNumber.OFFER_WITHDRAWN, name);
    }

    private boolean said(Tx tx, Known catalog, Row row, Optional<Told<Boolean>> told, Trace trace) {
        return switch (told.orElseGet(() -> new Told.Silent<>(true, "it did not answer in time"))) {
            case Told.Yes<Boolean>(var taken)
            when taken -> {
                keep(tx, catalog.id(), new Row(row.flavor(), row.epoch(), row.sequence(), Optional.of(platform.now())));
                var name = row.flavor().id();
                yield row.sequence() == 1 && note(tx, catalog, trace, StepNumber.OFFER_PUBLISHED, name)
                        || row.sequence() == 2 && note(tx, catalog, trace, StepNumber.OFFER_REFRESHED, name)
                        || row.sequence() > 2;
            }
            case Told.No<Boolean>(var status, var _, var _)
            when status == 409 -> {
                keep(tx, catalog.id(), row.anew(platform.now()));
                yield false;
            }
            case Told.Yes<Boolean> _, Told.No<Boolean> _, Told.Silent<Boolean> _ -> false;
        };
    }

    private static Map<String, Row> rows(Tx tx, UUID catalog) {
        return tx
                .sql()
                .fetch("select body::text as body, epoch, sequence, told from publication where catalog = ?", catalog)
                .stream()
                .map(row -> new Row(
                        Json.read(row.get("body", String.class), Flavor.class),
                        row.get("epoch", Long.class),
                        row.get("sequence", Long.class),
                        Optional.ofNullable(row.get("told", Instant.class))))
                .collect(toMap(row -> row.flavor().id(), row -> row));
    }

    /// Unless something later is known.
    private static void keep(Tx tx, UUID catalog, Row row) {
        tx.sql()
                .execute(
                        """
                        insert into publication (catalog, flavor, body, epoch, sequence, told)
                        values (?, ?, ?::jsonb, ?, ?, ?::timestamptz)
                        on conflict (catalog, flavor) do update
                        set body = excluded.body, epoch = excluded.epoch, sequence = excluded.sequence,
                            told = excluded.told
                        where (publication.epoch, publication.sequence) <= (excluded.epoch, excluded.sequence)
                        """,
                        catalog,
                        row.flavor().id(),
                        Json.text(row.flavor()),
                        row.epoch(),
                        row.sequence(),
                        row.told().orElse(null));
    }

    /// In the journal of the catalog.
    ///
    /// @return true
    private boolean note(Tx tx, Known catalog, Trace trace, StepNumber step, String what) {
        engine.resources()
                .find(tx, catalog.id())
                .ifPresent(resource -> engine.journal().step(tx, resource, trace, Role.SP, step, what));
        return true;
    }

    private Trace trace() {
        return new Trace(platform.newId().toString(), Workflow.W4);
    }
}
