package holdfast.engine;

import holdfast.engine.types.Move;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A durable thing with a state, as it stands at one version.
///
/// @param number its number in the id that people see, such as the 42 of `1i42`; 0 until it is stored
/// @param type such as `slice`, `sliver`, `lease`
/// @param actor whose record it is
/// @param parent what it is part of
/// @param name what people call it
/// @param state one of the states of its type
/// @param project who owns it
/// @param labels free marks for finding it again
/// @param version counts changes, from 1
/// @param data its typed content as JSON; further state fields are in it by name
/// @param message why it is in this state, or what is being done, for people
/// @param trouble what the last process left behind
/// @param progress of the process under way, in percent
/// @param removed when it ceased to exist; it is kept for the record
/// @param reading what was read of the data before; says nothing of its own
public record Resource(
        UUID id,
        long number,
        String type,
        String actor,
        Optional<UUID> parent,
        String name,
        String state,
        String project,
        Map<String, String> labels,
        long version,
        String data,
        Optional<String> message,
        Optional<Trouble> trouble,
        Optional<Integer> progress,
        Instant created,
        Instant updated,
        Optional<Instant> removed,
        Reading reading) {

    /// What was read of some data last, or what the data was made of, so that it is read once by all who look at
    /// it. All of them are equal.
    static final class Reading {
        private volatile @Nullable Object last;

        Reading() {}

        /// @param content that was written as the data just now
        Reading(Object content) {
            last = content instanceof Record ? content : null;
        }

        private <T> T as(Class<T> shape, String data) {
            var known = last;
            if (known != null && shape.isInstance(known)) {
                return shape.cast(known);
            }
            var read = Json.read(data, shape);
            last = read instanceof Record ? read : null;
            return read;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Reading;
        }

        @Override
        public int hashCode() {
            return 0;
        }

        @Override
        public String toString() {
            return "-";
        }
    }

    /// What the last process left behind (cattle.md 3.5).
    public enum Trouble {
        /// Shown once the resource is at rest.
        ERROR("error"),
        /// Shown at once: the process has given up and the resource stays in its transitioning state.
        OVERRIDE("errorOverride");

        private final String word;

        Trouble(String word) {
            this.word = word;
        }

        /// As it is stored.
        public String word() {
            return word;
        }

        static Optional<Trouble> of(String word) {
            for (var trouble : values()) {
                if (trouble.word.equals(word)) {
                    return Optional.of(trouble);
                }
            }
            return Optional.empty();
        }
    }

    /// The content as a record of `shape`, which others may have been given as well.
    public <T> T as(Class<T> shape) {
        return reading.as(shape, data);
    }

    /// The content as a tree of its own, which may be changed.
    public ObjectNode content() {
        return (ObjectNode) Json.tree(data);
    }

    /// The state in one of the type's state fields; empty text if it has none there.
    public String state(String field) {
        return field.equals(Move.STATE) ? state : content().path(field).asString("");
    }

    /// The same resource with other content.
    public Resource withData(Object content) {
        return with(copy -> copy.put(content));
    }

    /// The same resource in another state, and nothing wrong with it but `why`.
    public Resource withState(String next, Optional<String> why) {
        return with(copy -> {
            copy.state = next;
            copy.message = why;
            copy.trouble = Optional.empty();
            copy.progress = Optional.empty();
        });
    }

    /// The same resource with another state in one of its state fields.
    public Resource withState(String field, String next, Optional<String> why) {
        return field.equals(Move.STATE)
                ? withState(next, why)
                : withData(content().put(field, next)).withTrouble(trouble, why);
    }

    /// The same resource with what a process leaves behind.
    public Resource withTrouble(Optional<Trouble> left, Optional<String> why) {
        return with(copy -> {
            copy.trouble = left;
            copy.message = why;
        });
    }

    /// The same resource, so far on its way.
    public Resource withProgress(Optional<String> doing, Optional<Integer> percent) {
        return with(copy -> {
            copy.message = doing;
            copy.progress = percent;
        });
    }

    /// The same resource, gone since `at`.
    public Resource removedAt(Instant at) {
        return with(copy -> copy.removed = Optional.of(at));
    }

    /// The same resource, back again.
    public Resource restored() {
        return with(copy -> copy.removed = Optional.empty());
    }

    /// The same resource with the number that the store has given it.
    public Resource numbered(long given) {
        return with(copy -> copy.number = given);
    }

    /// The same resource with another name.
    public Resource renamed(String next) {
        return with(copy -> copy.name = next);
    }

    /// The same resource after a change at `at`.
    public Resource nextVersion(Instant at) {
        return with(copy -> {
            copy.version = version + 1;
            copy.updated = at;
        });
    }

    private Resource with(Consumer<Copy> change) {
        var copy = new Copy();
        change.accept(copy);
        return copy.made();
    }

    /// This resource while it is made into another: what may change is here, the rest stays.
    private final class Copy {
        private long number = Resource.this.number;
        private String name = Resource.this.name;
        private String state = Resource.this.state;
        private long version = Resource.this.version;
        private String data = Resource.this.data;
        private Optional<String> message = Resource.this.message;
        private Optional<Trouble> trouble = Resource.this.trouble;
        private Optional<Integer> progress = Resource.this.progress;
        private Instant updated = Resource.this.updated;
        private Optional<Instant> removed = Resource.this.removed;
        private Reading reading = Resource.this.reading;

        void put(Object content) {
            data = Json.text(content);
            reading = new Reading(content);
        }

        Resource made() {
            return new Resource(
                    id, number, type, actor, parent, name, state, project, labels, version, data, message, trouble,
                    progress, created, updated, removed, reading);
        }
    }
}
