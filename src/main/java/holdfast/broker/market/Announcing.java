package holdfast.broker.market;

import holdfast.broker.market.Listing.State;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.MarketEvent;
import holdfast.protocol.rear.MarketEvent.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Tells of every name under which something is listed, of every name that is listed no more, and of contracts
/// (fluidos.md 5.9): one notice for each, in the transaction in which it changes.
final class Announcing {
    private final Platform platform;
    private final Notices notices;

    Announcing(Platform platform, Notices notices) {
        this.platform = platform;
        this.notices = notices;
    }

    /// What has become of the names of roots.
    void listings(Tx tx, List<Change> changes) {
        notices.tell(tx, changes.stream().flatMap(this::listings).toList());
    }

    private Stream<Notice> listings(Change change) {
        var before = change.before();
        var after = change.after();
        var told = new ArrayList<MarketEvent>();
        for (var listing : after.listings()) {
            var old = before.listing(listing.id());
            boolean was = old.filter(one -> one.state() == State.LISTED).isPresent();
            if (listing.state() == State.LISTED && !old.equals(Optional.of(listing))) {
                var place = was ? old : before.listed();
                told.add(new MarketEvent.Refreshed(listing.flavor(), place.map(Listing::flavor), Optional.empty()));
            } else if (was && listing.state() != State.LISTED) {
                told.add(withdrawn(listing, after));
            }
        }
        return told.stream().map(event -> notice(change.locked().resource(), event));
    }

    private static MarketEvent withdrawn(Listing listing, Root after) {
        var next = after.listed();
        return switch (listing.state()) {
            case LISTED, RETIRED ->
                next.map(other -> gone(listing, Code.REPLACED, "what is left of it is listed as " + other.id()))
                        .orElseGet(() -> gone(listing, Code.SOLD, "nothing is left of it that could be sold"));
            case WITHDRAWN -> gone(listing, Code.WITHDRAWN, "its operator offers it no more");
            case EXPIRED -> gone(listing, Code.EXPIRED, "nobody keeps it up to date any more");
        };
    }

    private static MarketEvent gone(Listing listing, Code code, String message) {
        return new MarketEvent.Withdrawn(listing.flavor(), code, message, Optional.empty());
    }

    /// A contract is as it is now.
    void contract(Tx tx, Resource contract) {
        var agreement = contract.as(Agreement.class);
        var event = new MarketEvent.Contracted(contract.name(), Words.contract(contract), agreement.key());
        notices.tell(tx, notice(contract, event));
    }

    private Notice notice(Resource about, MarketEvent event) {
        return new Notice(
                platform.newId(),
                event.type(),
                platform.now(),
                Notice.Thing.of(about),
                about.project(),
                Optional.empty(),
                Optional.empty(),
                (ObjectNode) Json.toTree(event));
    }
}
