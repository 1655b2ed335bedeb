package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Brokers of the wide area (fluidos.md 5.8) as they are declared. Which one this node uses is said in its settings, as
/// there is no place here for keys; so nothing is made of them.
record BrokerKeeper() implements Keeper {
    /// What only administrators may do.
    private static final String MAY = "say which brokers there are";

    @Override
    public Sort sort() {
        return Sort.BROKER;
    }

    @Override
    public List<Shown> list(Tx tx, Caller caller) {
        return List.of();
    }

    @Override
    public Optional<Shown> made(Tx tx, UUID made) {
        return Optional.empty();
    }

    @Override
    public Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        Wishes.mayOperate(caller, MAY);
        check(spec);
        return Optional.empty();
    }

    @Override
    public void change(Tx tx, Caller caller, Optional<UUID> made, JsonNode before, JsonNode after) {
        Wishes.mayOperate(caller, MAY);
        check(after);
    }

    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        Wishes.mayOperate(caller, MAY);
    }

    private static void check(JsonNode spec) {
        for (var field : List.of("name", "address", "role", "cacert", "clcert", "rule", "metric")) {
            if (!spec.path(field).isString()) {
                throw Wishes.wrong(field, "is missing: it must be a text");
            }
        }
    }
}
