package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.ThingStore.Note;
import holdfast.platform.SshKeys;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudPool;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/// Keys that are their pool's own, and at no account: whichever account a launch goes to gets the public half, for that
/// instance and until it stops, as it does with the keys that instances have of their own (aeolus.md 4.2, 4.8). So no
/// key keeps a launch from where there is room.
final class PoolKeys {
    private static final int MOST = 10_000;
    private static final int LONGEST_NAME = 255;
    private static final String COLLECTION = ThingKind.KEY.collection();
    private static final String STATE = "AVAILABLE";

    private final PoolClouds all;
    private final CloudPool pool;

    PoolKeys(PoolClouds all, CloudPool pool) {
        this.all = all;
        this.pool = pool;
    }

    /// Takes a key that its user has, or makes a pair, of which the private half is told once and not kept.
    ///
    /// @return MALFORMED for a name or a public key that is none, CLASH if the name is taken or there are too many
    Answer<AccountThing.Key> make(Wish.NewKey wish, String owner) {
        var name = wish.name();
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            return Answer.no(Refusal.malformed(
                    "name", "the name of a key has 1 to " + LONGEST_NAME + " characters that can be written"));
        }
        var pair = wish.publicKey()
                .map(brought -> new SshKeys.Pair(brought.strip(), ""))
                .orElseGet(SshKeys::generate);
        if (!SshKeys.isPublic(pair.publicKey())) {
            return Answer.no(Refusal.malformed(
                    "public_key",
                    "that is no public key such as 'ssh-ed25519 AAAA... name'; RSA, DSA, ECDSA and Ed25519 will do"));
        }
        return all.database()
                .inTransaction(tx -> added(tx, name, owner, pair.publicKey()))
                .map(_ -> new AccountThing.Key(
                        ThingNames.id(pool.id(), name),
                        name,
                        STATE,
                        Optional.of(SshKeys.fingerprint(pair.publicKey())),
                        Optional.of(pair.pem()).filter(pem -> !pem.isEmpty())));
    }

    private Answer<Boolean> added(Tx tx, String name, String owner, String publicKey) {
        if (all.things().count(tx, pool.id(), COLLECTION) >= MOST) {
            return Answer.no(Refusal.clash("the pool has " + MOST + " keys, which is the most; delete some"));
        }
        return all.things().added(tx, pool.id(), name, owner, publicKey)
                ? Answer.yes(true)
                : Answer.no(Refusal.clash("there is a key " + name + " already; take another name"));
    }

    /// By name.
    Collection<Note> all(Tx tx) {
        return new TreeMap<>(all.things().at(tx, pool.id(), COLLECTION)).values();
    }

    AccountThing.Key key(Note note) {
        return new AccountThing.Key(
                ThingNames.id(pool.id(), note.key()),
                note.key(),
                STATE,
                note.publicKey().map(SshKeys::fingerprint),
                Optional.empty());
    }
}
