package holdfast.broker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import holdfast.broker.choice.Claim;
import holdfast.core.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// A change that providers have to agree to, as long as something of it is to be known. Until all have agreed,
/// what is booked is what is needed before and after.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(Update.Asked.class),
    @JsonSubTypes.Type(Update.TakenBack.class),
    @JsonSubTypes.Type(Update.MadeWay.class),
    @JsonSubTypes.Type(Update.Refused.class)
})
public sealed interface Update {
    /// Some have not answered yet.
    ///
    /// @param next the reservation when all have agreed
    /// @param name its name then, if that changes
    /// @param before its claims now
    /// @param after its claims then
    /// @param waits items whose providers have not answered
    /// @param agreed items whose providers have agreed
    record Asked(
            Reservation next,
            Optional<String> name,
            List<Claim> before,
            List<Claim> after,
            Set<UUID> waits,
            Set<UUID> agreed)
            implements Update {
        Asked answered(UUID item) {
            var open = new TreeSet<>(waits);
            open.remove(item);
            var said = new TreeSet<>(agreed);
            said.add(item);
            return new Asked(next, name, before, after, open, said);
        }
    }

    /// One has not agreed; what others have changed becomes again what it was.
    record TakenBack(Refusal why, List<Claim> before, Set<UUID> waits) implements Update {
        TakenBack answered(UUID item) {
            var open = new TreeSet<>(waits);
            open.remove(item);
            return new TakenBack(why, before, open);
        }
    }

    /// It has gone elsewhere for somebody else; its providers have still to follow, and are asked until they do.
    record MadeWay(Set<UUID> waits) implements Update {
        MadeWay answered(UUID item) {
            var open = new TreeSet<>(waits);
            open.remove(item);
            return new MadeWay(open);
        }
    }

    /// All is as it was.
    record Refused(Refusal why) implements Update {}
}
