package holdfast.api.promise;

import holdfast.api.AskedBefore;
import holdfast.api.Patience;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.Directory;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.HttpRequest;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.pools.Projects;
import java.time.Instant;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What all intents need.
record Parts(
        Platform platform,
        Database database,
        Resources resources,
        Broker broker,
        Desk desk,
        Patience patience,
        Policy policy) {
    Instant now() {
        return platform.now();
    }

    Mine mine() {
        return new Mine(resources);
    }

    Directory directory(Tx tx) {
        return Directory.read(tx, resources);
    }

    /// The same refusal, with places named as users name them.
    Refusal inWords(Refusal why) {
        return in(tx -> directory(tx).inWords(why));
    }

    /// Reads wishes as things are.
    ReservationWish wishes(Tx tx) {
        return new ReservationWish(
                directory(tx),
                now(),
                platform::newId,
                broker.reservations().policies().window().longest());
    }

    /// What was made before of a request that is sent again.
    ///
    /// @param what is made
    AskedBefore before(Caller caller, HttpRequest http, String what, ObjectNode body) {
        return AskedBefore.of(http, caller, "promise/" + what, body, now());
    }

    /// Does something in one transaction.
    <T> T in(Function<Tx, T> work) {
        return database.inTransaction(work);
    }

    /// Sees to it that the project of what was made has an account.
    Resource opened(Tx tx, Resource made, Caller caller) {
        new Projects(resources).account(tx, made.project(), caller.user());
        return made;
    }

    /// @throws RefusedException unless the caller runs the installation
    static void operate(Caller caller, String what) {
        Access.mayOperate(caller, what).ifPresent(why -> {
            throw new RefusedException(why);
        });
    }
}
