package holdfast.federation.catalog;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.catalog.Shelf.Publisher;
import holdfast.federation.choice.Rating;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.CatalogText.Registers;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Who may publish at a catalog (fluidos.md 4.4 step 1): whoever registers, under a name that stays that of its key.
final class Publishers {
    /// Of peers that nobody has added by hand.
    private static final String NOBODY = "-";

    private final Platform platform;
    private final Database database;
    private final Peers peers;
    private final Shelf shelf;

    Publishers(Platform platform, Database database, Peers peers, Shelf shelf) {
        this.platform = platform;
        this.database = database;
        this.peers = peers;
        this.shelf = shelf;
    }

    /// Registers a publisher, which is a peer from then on. Not within a transaction: a new one is asked what it
    /// can do.
    ///
    /// @return NOT_YOURS if the name, or the key, is another's, or counts for nothing any more
    Answer<Boolean> register(Asker asker, Registers wish) {
        var no = database.inTransaction(tx -> wrong(tx, asker, wish));
        if (no.isPresent()) {
            return Answer.no(no.get());
        }
        return database.inTransaction(tx -> peer(tx, asker, wish).map(Known::id))
                .map(Answer::yes)
                .orElseGet(() -> peers.add(
                                new Peers.Wish(
                                        Optional.of(wish.node().id()),
                                        wish.node().address(),
                                        Optional.empty()),
                                NOBODY,
                                wish.node().id())
                        .map(Resource::id))
                .map(peer -> database.inTransaction(tx -> keep(tx, wish, peer)));
    }

    private Optional<Refusal> wrong(Tx tx, Asker asker, Registers wish) {
        var id = wish.node().id();
        if (asker.node().filter(node -> !node.equals(id)).isPresent()) {
            return Optional.of(
                    Refusal.notYours("you are " + asker.node().get() + ": register under that name, not " + id));
        }
        if (!asker.key().isEmpty() && !wish.key().equals(Optional.of(asker.key()))) {
            return Optional.of(Refusal.notYours("register the key that you prove, which is " + asker.key()));
        }
        var known = shelf.find(tx, id).filter(before -> isThere(tx, before.peer()));
        if (known.filter(before -> !before.key().equals(wish.key())).isPresent()) {
            return Optional.of(Refusal.notYours("publisher " + id + " is known by another key"));
        }
        return known.flatMap(Publishers::fault);
    }

    /// What ended when administrators removed the peer counts no more.
    private boolean isThere(Tx tx, UUID peer) {
        return peers.known(tx).stream().anyMatch(one -> one.id().equals(peer));
    }

    /// Why nothing of it is taken.
    static Optional<Refusal> fault(Publisher publisher) {
        if (publisher.honesty().delisted()) {
            return Optional.of(Refusal.notYours("publisher " + publisher.node().id()
                    + " is delisted: more than half of what it published was not there"));
        }
        return publisher
                .flagged()
                .map(why -> Refusal.notYours(
                        "publisher " + publisher.node().id() + " counts for nothing any more: " + why));
    }

    private Optional<Known> peer(Tx tx, Asker asker, Registers wish) {
        var address = wish.node().address().toLowerCase(Locale.ROOT);
        return peers.known(tx).stream()
                .filter(one -> asker.key().isEmpty()
                        ? one.endpoint().address().equals(address)
                        : one.endpoint().fingerprint().equals(Optional.of(asker.key())))
                .findFirst();
    }

    private boolean keep(Tx tx, Registers wish, UUID peer) {
        var before =
                shelf.lock(tx, wish.node().id()).filter(known -> known.peer().equals(peer));
        shelf.keep(
                tx,
                new Publisher(
                        wish.node(),
                        peer,
                        wish.key(),
                        wish.visibility(),
                        before.map(Publisher::honesty).orElse(Honesty.FRESH),
                        before.map(Publisher::rating).orElseGet(() -> Rating.fresh(platform.now())),
                        Optional.empty()));
        return before.isEmpty();
    }
}
