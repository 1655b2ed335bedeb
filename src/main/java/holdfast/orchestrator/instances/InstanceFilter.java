package holdfast.orchestrator.instances;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Which instances are asked for, in words that the database understands; [#holds] says the same of one.
public sealed interface InstanceFilter {
    static InstanceFilter every() {
        return new All(List.of());
    }

    static InstanceFilter none() {
        return new Any(List.of());
    }

    /// All of these hold.
    record All(List<InstanceFilter> all) implements InstanceFilter {
        public All {
            all = List.copyOf(all);
        }
    }

    /// One of these holds, at least.
    record Any(List<InstanceFilter> any) implements InstanceFilter {
        public Any {
            any = List.copyOf(any);
        }
    }

    record Not(InstanceFilter one) implements InstanceFilter {}

    record Named(String name) implements InstanceFilter {}

    record Among(Set<UUID> ids) implements InstanceFilter {
        public Among {
            ids = Set.copyOf(ids);
        }
    }

    record InState(Set<InstanceState> states) implements InstanceFilter {
        public InState {
            states = Set.copyOf(states);
        }
    }

    /// It was asked for before that time.
    record Before(Instant time) implements InstanceFilter {}

    /// It was asked for after that time.
    record After(Instant time) implements InstanceFilter {}

    /// This is being done to it.
    record Doing(Action action) implements InstanceFilter {}

    /// @param realm name of a front-end realm
    record InRealm(String realm) implements InstanceFilter {}

    /// It has so much of it, whatever `least` and `most` leave open; it has some if they leave all open.
    record Sized(Measure measure, Optional<Long> least, Optional<Long> most) implements InstanceFilter {}

    /// The user has given it a property of that value.
    record Tagged(String property, String value) implements InstanceFilter {}

    default InstanceFilter and(InstanceFilter other) {
        return new All(List.of(this, other));
    }

    default boolean holds(InstanceView one) {
        return switch (this) {
            case All(var all) -> all.stream().allMatch(part -> part.holds(one));
            case Any(var any) -> any.stream().anyMatch(part -> part.holds(one));
            case Not(var part) -> !part.holds(one);
            case Named(var name) -> one.name().equals(name);
            case Among(var ids) -> ids.contains(one.id());
            case InState(var states) -> states.contains(one.state());
            case Before(var time) -> one.created().isBefore(time);
            case After(var time) -> one.created().isAfter(time);
            case Doing(var action) -> one.doing().equals(Optional.of(action));
            case InRealm(var realm) -> one.realm().equals(Optional.of(realm));
            case Sized(var measure, var least, var most) ->
                measure.of(one)
                        .filter(has -> has >= least.orElse(has) && has <= most.orElse(has))
                        .isPresent();
            case Tagged(var property, var value) ->
                value.equals(one.properties().get(property));
        };
    }
}
