package holdfast.broker;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A server of a user, made under a reservation or without one (promise.md 2.4, 3.3). Its states are those of
/// [AllocationCourse]; its reservation is its parent.
///
/// @param user who asked for it
/// @param item what of the reservation it is taken from
/// @param provider where it is
/// @param server what the provider is asked for
/// @param size what it takes of its host
/// @param firm whether its room is its own; else it is lent and leaves when somebody needs that
/// @param when from its start to its own end; without one if it has none, or ends with its reservation
/// @param leaves when it must leave, because somebody needs its room
/// @param facts what the provider said: `server.id`, `server.host`, ...
/// @param refusal why it failed or was lost
public record Allocation(
        String user,
        Optional<UUID> item,
        UUID provider,
        Wanted.Server server,
        Capacities size,
        boolean firm,
        Interval when,
        Optional<Instant> leaves,
        Map<String, String> facts,
        Optional<Refusal> refusal) {
    public Allocation {
        facts = Map.copyOf(facts);
    }

    /// Who makes way for whom, in Promise's words.
    public enum Priority {
        LOW,
        NORMAL,
        HIGH
    }

    /// Low without a reservation, normal before the reservation has begun, high in it (promise.md 2.2).
    ///
    /// @param state of the resource
    public Priority priority(String state) {
        if (item.isEmpty()) {
            return Priority.LOW;
        }
        return state.equals(AllocationCourse.SCHEDULED.word()) ? Priority.NORMAL : Priority.HIGH;
    }

    /// What the provider calls the server, once it runs.
    public Optional<String> serverId() {
        return Optional.ofNullable(facts.get("server.id"));
    }

    /// The name of the host on which it runs, or is to run if that was said.
    public Optional<String> host() {
        return Optional.ofNullable(facts.get("server.host")).or(server::host);
    }

    /// When it must be gone.
    Optional<Instant> end() {
        var own = when.isBounded() ? Optional.of(when.until()) : Optional.<Instant>empty();
        return leaves.filter(instant -> own.isEmpty() || instant.isBefore(own.get()))
                .or(() -> own);
    }

    Allocation told(Map<String, String> others) {
        return new Allocation(user, item, provider, server, size, firm, when, leaves, others, refusal);
    }

    Allocation leaving(Instant at) {
        return new Allocation(user, item, provider, server, size, firm, when, Optional.of(at), facts, refusal);
    }

    Allocation because(Refusal why) {
        return new Allocation(user, item, provider, server, size, firm, when, leaves, facts, Optional.of(why));
    }

    /// From another instant on, to the same end.
    Allocation from(Instant start) {
        return new Allocation(
                user, item, provider, server, size, firm, new Interval(start, when.until()), leaves, facts, refusal);
    }
}
