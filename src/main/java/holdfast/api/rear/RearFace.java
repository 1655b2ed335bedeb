package holdfast.api.rear;

import holdfast.engine.Notice;
import holdfast.federation.resale.Supernode;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.EventText;
import holdfast.notifications.Face;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.Receiver.Letter;
import holdfast.notifications.Subscription;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent;
import java.time.Duration;
import java.util.Optional;

/// What peers are told who subscribed (fluidos.md 5.9): what they may see when they ask, and their own contracts.
public final class RearFace implements Face {
    public static final String NAME = "rear";
    static final String SIGNATURE = "X-REAR-Signature";

    private static final Patience HOUR = new Patience(Duration.ofSeconds(64), Duration.ofHours(1), false);

    private final Platform platform;
    private final Door door;
    private final Optional<Supernode> supernode;

    /// @param supernode empty if this is none
    public RearFace(Platform platform, Door door, Optional<Supernode> supernode) {
        this.platform = platform;
        this.door = door;
        this.supernode = supernode;
    }

    @Override
    public Optional<String> barred(Tx tx, Subscription subscription) {
        return barred(subscription);
    }

    Optional<String> barred(Subscription subscription) {
        var terms = subscription.content().terms().orElseThrow();
        if (!terms.until().isAfter(platform.now())) {
            return Optional.of("it was not renewed");
        }
        var caller = door.caller(Listener.of(subscription).fingerprint());
        return caller.filter(who -> door.rights().permits(who, Message.EVENTS)).isPresent()
                ? Optional.empty()
                : Optional.of("the rules do not let it hear any more");
    }

    @Override
    public boolean hears(Subscription subscription, Notice notice) {
        return MarketEvent.TYPES.contains(notice.type()) && hears(Listener.of(subscription), event(notice));
    }

    boolean hears(Listener listener, MarketEvent event) {
        return listener.scope().covers(event)
                && switch (event) {
                    case MarketEvent.Refreshed(var flavor, var _, var source) -> maySee(listener, flavor, source);
                    case MarketEvent.Withdrawn(var flavor, var _, var _, var source) ->
                        maySee(listener, flavor, source);
                    case MarketEvent.Contracted(var _, var _, var key) -> listener.isBuyer(key);
                };
    }

    private boolean maySee(Listener listener, Flavor flavor, Optional<MarketEvent.Source> source) {
        return door.caller(listener.fingerprint())
                        .filter(who -> door.rights().permits(who, Message.LIST, flavor))
                        .isPresent()
                && source.map(whose -> supernode
                                .filter(some -> some.mayHear(listener.viewer(), listener.node(), whose, flavor))
                                .isPresent())
                        .orElse(true);
    }

    /// What was listed before in its place may be hidden from whom it is told to.
    private MarketEvent seen(Listener listener, MarketEvent event) {
        return event instanceof MarketEvent.Refreshed(var flavor, var before, var source)
                ? new MarketEvent.Refreshed(flavor, before.filter(old -> maySee(listener, old, source)), source)
                : event;
    }

    @Override
    public Letter letter(Subscription subscription, Numbered notice) {
        var listener = Listener.of(subscription);
        return new Letter(listener.form().mediaType(), SIGNATURE, text(listener, notice));
    }

    String text(Listener listener, Numbered one) {
        var event = seen(listener, event(one.notice()));
        return EventText.write(event, one.notice().at(), listener.form());
    }

    static MarketEvent event(Notice notice) {
        var data = Json.text(notice.data());
        return switch (notice.type()) {
            case MarketEvent.Refreshed.TYPE -> Json.read(data, MarketEvent.Refreshed.class);
            case MarketEvent.Withdrawn.TYPE -> Json.read(data, MarketEvent.Withdrawn.class);
            default -> Json.read(data, MarketEvent.Contracted.class);
        };
    }

    @Override
    public Patience patience() {
        return HOUR;
    }
}
