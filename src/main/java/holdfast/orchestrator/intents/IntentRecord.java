package holdfast.orchestrator.intents;

import holdfast.core.Interval;
import holdfast.protocol.rear.Constraint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// An intent as it is stored.
///
/// @param owner who asked for it
/// @param text as it was written
/// @param term when it runs
/// @param parts those that run on machines, in the order of the intent; empty until they are built
/// @param needs the services that are bought for it, once they are sought
public record IntentRecord(
        String owner, String text, Intent intent, Interval term, List<Placed> parts, Optional<Needs> needs) {
    public IntentRecord {
        parts = List.copyOf(parts);
    }

    /// One of which nothing is there yet.
    static IntentRecord fresh(String owner, String text, Intent intent, Interval term) {
        return new IntentRecord(owner, text, intent, term, List.of(), Optional.empty());
    }

    /// @param slice that the part is now
    /// @param care how it goes with it
    public record Placed(String name, UUID slice, Care care) {
        @SuppressWarnings("NullAway") // what was stored before parts were looked after is in good health
        public Placed {
            care = Objects.requireNonNullElse(care, Care.NONE);
        }

        Placed(String name, UUID slice) {
            this(name, slice, Care.NONE);
        }

        Placed with(Care other) {
            return new Placed(name, slice, other);
        }

        /// The slice that the part is, and the one that is to take its place.
        Stream<UUID> slices() {
            return Stream.concat(Stream.of(slice), care.next().stream());
        }
    }

    Optional<Placed> named(String part) {
        return parts.stream().filter(one -> one.name().equals(part)).findFirst();
    }

    /// What a part must have.
    List<Constraint> hard(String part) {
        return intent.parts().stream()
                .filter(one -> one.name().equals(part))
                .flatMap(one -> one.hard().stream())
                .toList();
    }

    /// The slices that are there for it.
    Stream<UUID> slices() {
        return parts.stream().flatMap(Placed::slices);
    }

    /// The same, where that part is another.
    IntentRecord with(Placed other) {
        return with(parts.stream()
                .map(part -> part.name().equals(other.name) ? other : part)
                .toList());
    }

    /// How it stands with its services.
    public Needs needed() {
        return needs.orElse(Needs.NONE);
    }

    IntentRecord at(Interval other) {
        return new IntentRecord(owner, text, intent, other, parts, needs);
    }

    IntentRecord with(List<Placed> placed) {
        return new IntentRecord(owner, text, intent, term, placed, needs);
    }

    IntentRecord with(Needs known) {
        return new IntentRecord(owner, text, intent, term, parts, Optional.of(known));
    }
}
