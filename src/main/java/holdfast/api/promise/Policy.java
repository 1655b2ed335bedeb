package holdfast.api.promise;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import holdfast.pools.WindowPolicy;
import tools.jackson.databind.node.ObjectNode;

/// Which times may be reserved (promise.md 2.2).
record Policy(WindowPolicy window) {
    ObjectNode show() {
        var shown = Json.object();
        shown.putObject("reservation")
                .put("max-future-start-range", window.start().toDays())
                .put("max-future-end-range", window.end().toDays())
                .put("max-duration", window.longest().toHours());
        return shown;
    }

    ObjectNode put(Caller caller, Fields fields) {
        Parts.operate(caller, "change the policy");
        throw new RefusedException(Refusal.clash("the policy cannot be changed while the server runs"));
    }
}
