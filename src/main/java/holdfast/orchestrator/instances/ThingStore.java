package holdfast.orchestrator.instances;

import static holdfast.db.Tables.ACCOUNT_THING;
import static holdfast.db.Tables.RESOURCE;

import holdfast.db.tables.records.AccountThingRecord;
import holdfast.engine.Resources;
import holdfast.orchestrator.instances.AccountThing.Mount;
import holdfast.orchestrator.instances.AccountThings.Said;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.impl.DSL;

/// What is noted of things at accounts (and of keys that are a pool's own, which is their `account` then): who made
/// them in which pool, where volumes were attached when they were seen last, and short names for what has none that
/// fits into an id. What they are is known by their providers only.
final class ThingStore {
    private final Platform platform;

    ThingStore(Platform platform) {
        this.platform = platform;
    }

    /// @param collection as Deltacloud calls it; `images` for images that were captured
    /// @param key the provider's id
    /// @param pool in which it was made; empty if nobody made it here
    /// @param publicKey of a key that its owner has brought along
    /// @param mount where a volume was attached when it was seen last
    record Note(
            UUID account,
            String collection,
            String key,
            Optional<UUID> pool,
            Optional<String> owner,
            Optional<String> publicKey,
            Optional<Mount> mount) {}

    void made(Tx tx, UUID account, String collection, String key, UUID pool, String owner) {
        made(tx, account, collection, key, pool, owner, Optional.empty());
    }

    /// Somebody has made it; if there was one of that name before, it is forgotten, and what was said of it.
    ///
    /// @param publicKey of a key that its owner has brought along
    void made(Tx tx, UUID account, String collection, String key, UUID pool, String owner, Optional<String> publicKey) {
        var row = new AccountThingRecord();
        row.setPool(pool);
        row.setOwner(owner);
        row.setPublicKey(publicKey.orElse(null));
        row.setSaid(null);
        row.setInstance(null);
        row.setDevice(null);
        note(tx, account, collection, key, row);
    }

    /// Somebody has made a key of a pool.
    ///
    /// @return false if there is one of that name already
    boolean added(Tx tx, UUID pool, String name, String owner, String publicKey) {
        return tx.sql()
                        .insertInto(ACCOUNT_THING)
                        .set(ACCOUNT_THING.ACCOUNT, pool)
                        .set(ACCOUNT_THING.KIND, ThingKind.KEY.collection())
                        .set(ACCOUNT_THING.KEY, name)
                        .set(ACCOUNT_THING.SURROGATE, ThingNames.surrogate(name).orElse(null))
                        .set(ACCOUNT_THING.POOL, pool)
                        .set(ACCOUNT_THING.OWNER, owner)
                        .set(ACCOUNT_THING.PUBLIC_KEY, publicKey)
                        .set(ACCOUNT_THING.AT, platform.now())
                        .onConflictDoNothing()
                        .execute()
                > 0;
    }

    int count(Tx tx, UUID account, String collection) {
        return tx.sql()
                .fetchCount(ACCOUNT_THING, ACCOUNT_THING.ACCOUNT.eq(account).and(ACCOUNT_THING.KIND.eq(collection)));
    }

    /// Keeps what somebody says of it.
    void say(Tx tx, UUID account, String collection, String key, Said said) {
        var row = new AccountThingRecord();
        row.setSaid(Json.jsonb(said));
        note(tx, account, collection, key, row);
    }

    /// Keeps where something is attached.
    void attached(Tx tx, UUID account, String collection, String key, Mount mount) {
        var row = new AccountThingRecord();
        row.setInstance(mount.instance());
        row.setDevice(mount.device().orElse(null));
        note(tx, account, collection, key, row);
    }

    /// Whether or not there is a note on it: what is not set in `row` stays.
    private void note(Tx tx, UUID account, String collection, String key, AccountThingRecord row) {
        tx.sql()
                .insertInto(ACCOUNT_THING)
                .set(ACCOUNT_THING.ACCOUNT, account)
                .set(ACCOUNT_THING.KIND, collection)
                .set(ACCOUNT_THING.KEY, key)
                .set(ACCOUNT_THING.SURROGATE, ThingNames.surrogate(key).orElse(null))
                .set(ACCOUNT_THING.AT, platform.now())
                .set(row)
                .onConflict(ACCOUNT_THING.ACCOUNT, ACCOUNT_THING.KIND, ACCOUNT_THING.KEY)
                .doUpdate()
                .set(row)
                .execute();
    }

    /// Some of a kind are not attached to instances of a pool any more.
    void detached(Tx tx, UUID account, String collection, Collection<String> keys, UUID pool) {
        tx.sql()
                .update(ACCOUNT_THING)
                .setNull(ACCOUNT_THING.INSTANCE)
                .setNull(ACCOUNT_THING.DEVICE)
                .where(ACCOUNT_THING.ACCOUNT.eq(account))
                .and(ACCOUNT_THING.KIND.eq(collection))
                .and(ACCOUNT_THING.KEY.eq(DSL.any(keys.toArray(String[]::new))))
                .and(ACCOUNT_THING.INSTANCE.in(
                        DSL.select(RESOURCE.ID).from(RESOURCE).where(Resources.partOf(pool))))
                .execute();
    }

    /// What is attached to each of these instances, in the order of the devices.
    static Map<UUID, List<InstanceView.Attached>> attached(Tx tx, Collection<UUID> instances) {
        return tx
                .sql()
                .selectFrom(ACCOUNT_THING)
                .where(ACCOUNT_THING.INSTANCE.eq(DSL.any(instances.toArray(UUID[]::new))))
                .orderBy(ACCOUNT_THING.DEVICE, ACCOUNT_THING.KEY)
                .stream()
                .collect(Collectors.groupingBy(
                        AccountThingRecord::getInstance,
                        Collectors.mapping(
                                row -> new InstanceView.Attached(
                                        ThingNames.id(row.getAccount(), row.getKey()),
                                        Optional.ofNullable(row.getDevice())),
                                Collectors.toList())));
    }

    /// What was said of those of a kind at some accounts.
    Map<Note, Said> said(Tx tx, Collection<UUID> accounts, String collection) {
        return tx
                .sql()
                .selectFrom(ACCOUNT_THING)
                .where(ACCOUNT_THING.ACCOUNT.in(accounts))
                .and(ACCOUNT_THING.KIND.eq(collection))
                .and(ACCOUNT_THING.SAID.isNotNull())
                .stream()
                .collect(Collectors.toMap(
                        ThingStore::note, row -> Json.read(row.getSaid().data(), Said.class)));
    }

    /// Keeps what the short names of these stand for.
    void shortened(Tx tx, UUID account, String collection, Collection<String> keys) {
        for (var key : keys) {
            tx.sql()
                    .insertInto(ACCOUNT_THING)
                    .set(ACCOUNT_THING.ACCOUNT, account)
                    .set(ACCOUNT_THING.KIND, collection)
                    .set(ACCOUNT_THING.KEY, key)
                    .set(ACCOUNT_THING.SURROGATE, ThingNames.surrogate(key).orElseThrow())
                    .set(ACCOUNT_THING.AT, platform.now())
                    .onConflictDoNothing()
                    .execute();
        }
    }

    /// What a short name stands for, of whichever kind.
    Optional<String> key(Tx tx, UUID account, String surrogate) {
        return tx.sql()
                .select(ACCOUNT_THING.KEY)
                .from(ACCOUNT_THING)
                .where(ACCOUNT_THING.ACCOUNT.eq(account))
                .and(ACCOUNT_THING.SURROGATE.eq(surrogate))
                .limit(1)
                .fetchOptional(ACCOUNT_THING.KEY);
    }

    Optional<Note> find(Tx tx, UUID account, String collection, String key) {
        return tx.sql()
                .selectFrom(ACCOUNT_THING)
                .where(ACCOUNT_THING.ACCOUNT.eq(account))
                .and(ACCOUNT_THING.KIND.eq(collection))
                .and(ACCOUNT_THING.KEY.eq(key))
                .fetchOptional(ThingStore::note);
    }

    /// All of a kind at an account, by key.
    Map<String, Note> at(Tx tx, UUID account, String collection) {
        return tx
                .sql()
                .selectFrom(ACCOUNT_THING)
                .where(ACCOUNT_THING.ACCOUNT.eq(account))
                .and(ACCOUNT_THING.KIND.eq(collection))
                .fetch(ThingStore::note)
                .stream()
                .collect(Collectors.toMap(Note::key, note -> note));
    }

    /// Those of a name that were made in a pool.
    List<Note> called(Tx tx, Collection<UUID> accounts, String collection, String key, UUID pool) {
        return tx.sql()
                .selectFrom(ACCOUNT_THING)
                .where(ACCOUNT_THING.ACCOUNT.in(accounts))
                .and(ACCOUNT_THING.KIND.eq(collection))
                .and(ACCOUNT_THING.KEY.eq(key))
                .and(ACCOUNT_THING.POOL.eq(pool))
                .fetch(ThingStore::note);
    }

    void forget(Tx tx, UUID account, String collection, String key) {
        tx.sql()
                .deleteFrom(ACCOUNT_THING)
                .where(ACCOUNT_THING.ACCOUNT.eq(account))
                .and(ACCOUNT_THING.KIND.eq(collection))
                .and(ACCOUNT_THING.KEY.eq(key))
                .execute();
    }

    /// As [holdfast.engine.Forgetter#forget]; what is at an account that is there stays.
    static int prune(Tx tx, Instant before, int limit) {
        return tx.sql().execute("""
                        delete from account_thing where (account, kind, key) in (
                            select t.account, t.kind, t.key from account_thing t where t.at < ?::timestamptz
                                and not exists (select from resource r where r.id = t.account and r.removed is null)
                            order by t.at limit ?)""", before.atOffset(ZoneOffset.UTC), limit);
    }

    private static Note note(AccountThingRecord row) {
        return new Note(
                row.getAccount(),
                row.getKind(),
                row.getKey(),
                Optional.ofNullable(row.getPool()),
                Optional.ofNullable(row.getOwner()),
                Optional.ofNullable(row.getPublicKey()),
                Optional.ofNullable(row.getInstance())
                        .map(instance -> new Mount(instance, Optional.ofNullable(row.getDevice()))));
    }
}
