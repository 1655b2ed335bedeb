package holdfast.api.promise;

import holdfast.api.Gate;
import holdfast.api.Patience;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.engine.Engine;
import holdfast.notifications.Notifications;
import holdfast.platform.Database;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Platform;
import java.util.List;
import java.util.stream.Stream;

/// The faces of Promise, wired: its own interface and that of the NFV documents.
public final class Promise {
    private final PromiseApi api;
    private final IfaApi ifa;

    public Promise(
            Platform platform,
            Database database,
            Engine engine,
            Broker broker,
            Desk desk,
            Providers providers,
            Notifications notifications,
            Gate gate) {
        var parts = new Parts(
                platform,
                database,
                engine.resources(),
                broker,
                desk,
                new Patience(platform, database, engine),
                new Policy(database, engine.settings(), broker.reservations().policies()));
        var notices = new Notices(parts, notifications);
        var intents = Stream.of(
                        new ProviderIntents(parts, providers).all(),
                        new ReservationIntents(parts).all(),
                        new ReservationChanges(parts).all(),
                        new CapacityIntents(parts).all(),
                        new AllocationIntents(parts).all(),
                        notices.all())
                .flatMap(List::stream)
                .toList();
        api = new PromiseApi(platform, gate, intents, new Tree(parts), parts::inWords);
        ifa = new IfaApi(api, parts, notices);
    }

    /// Not for pages: they stand beside the console, not in it.
    public List<Mount> mounts() {
        return Stream.concat(api.mounts().stream(), ifa.mounts().stream()).toList();
    }
}
