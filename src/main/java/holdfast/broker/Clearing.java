package holdfast.broker;

import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.calendar.Calendar;
import holdfast.calendar.Entries;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.UUID;

/// What is booked for an item that is to go (promise.md 4.4): nobody else gets it while something of it is there, nor
/// its hosts until they are clean.
final class Clearing {
    private final String broker;
    private final Platform platform;
    private final Calendar calendar;
    private final Entries entries;
    private final ProviderSupply supply;
    private final Losses losses;

    Clearing(String broker, Platform platform, Calendar calendar, ProviderSupply supply, Losses losses) {
        this.broker = broker;
        this.platform = platform;
        this.calendar = calendar;
        this.entries = new Entries(calendar);
        this.supply = supply;
        this.losses = losses;
    }

    /// Its term is over and providers have still to take it away. Where somebody comes next nothing is said yet: the
    /// provider opens nothing for them before.
    void lingers(Tx tx, Reservation reservation) {
        for (var part : reservation.items()) {
            if (part.hold().filter(hold -> hold.phase() != Hold.Phase.CLOSED).isPresent()) {
                calendar.holdOn(tx, broker, part.item().id());
            }
        }
    }

    /// A provider cannot take an item away: those who come next are told.
    void stuck(Tx tx, Resource reservation, UUID item) {
        losses.suffered(
                tx,
                entries.overrun(tx, broker, item, reservation.project(), platform.now(), platform::newId),
                broker);
    }

    /// Nothing is left of an item.
    ///
    /// @param used whether anybody may have been there
    void gone(Tx tx, Part part, boolean used) {
        var cleaning = used ? cleaning(tx, part) : Duration.ZERO;
        entries.gone(tx, broker, part.item().id(), platform.now(), cleaning);
    }

    private Duration cleaning(Tx tx, Part part) {
        return part.placement().stream()
                .findFirst()
                .map(placement -> Places.provider(placement.place()))
                .or(() -> part.hold().map(Hold::provider))
                .flatMap(provider -> supply.pool(tx, provider))
                .map(pool -> Duration.ofSeconds(pool.as(Pool.class).cleaningSeconds()))
                .orElse(Duration.ZERO);
    }
}
