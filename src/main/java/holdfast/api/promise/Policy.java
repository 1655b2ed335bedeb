package holdfast.api.promise;

import holdfast.broker.Policies;
import holdfast.core.Caller;
import holdfast.engine.RuntimeSettings;
import holdfast.platform.Database;
import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What administrators say about reservations, in Promise's words (promise.md 2.2).
record Policy(Database database, RuntimeSettings settings, Policies policies) {
    private static final String RESERVATION = "reservation";
    private static final String START = "max-future-start-range";
    private static final String END = "max-future-end-range";
    private static final String LONGEST = "max-duration";
    private static final String VALIDITY = "expiry";
    /// Promise's words and the settings behind them.
    private static final Map<String, String> SETTINGS = Map.of(
            START, "reservation.start.most.days",
            END, "reservation.end.most.days",
            LONGEST, "reservation.longest.hours",
            VALIDITY, "reservation.validity.minutes");

    ObjectNode show() {
        var window = policies.window();
        var shown = Json.object();
        shown.putObject(RESERVATION)
                .put(START, window.start().toDays())
                .put(END, window.end().toDays())
                .put(LONGEST, window.longest().toHours())
                .put(VALIDITY, policies.validity().toMinutes());
        return shown;
    }

    /// What is left out stays; all of it or nothing.
    ///
    /// @return as it is now
    /// @throws FaultsException if something is not what its setting allows
    ObjectNode put(Caller caller, Fields fields) {
        Parts.operate(caller, "change the policy");
        var wanted = new LinkedHashMap<String, String>();
        fields.missing(RESERVATION);
        fields.object(RESERVATION).ifPresent(given -> {
            SETTINGS.forEach((word, setting) -> given.whole(word, 0, Integer.MAX_VALUE)
                    .ifPresent(value -> settings.find(setting)
                            .flatMap(known -> known.rule().broken(String.valueOf(value)))
                            .ifPresentOrElse(
                                    rule -> given.fault(word, "is " + value + "; " + rule),
                                    () -> wanted.put(setting, String.valueOf(value)))));
            given.end();
        });
        fields.end();
        fields.check();
        database.inTransaction(tx -> {
            wanted.forEach((setting, value) -> settings.set(tx, setting, Optional.of(value), caller.user()));
            return true;
        });
        return show();
    }
}
