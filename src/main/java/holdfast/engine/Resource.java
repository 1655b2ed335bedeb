package holdfast.engine;

import holdfast.platform.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A durable thing with a state, as it stands at one version.
///
/// @param type such as `slice`, `sliver`, `lease`
/// @param actor whose record it is
/// @param parent what it is part of
/// @param name what people call it
/// @param state one of the states of its type
/// @param project who owns it
/// @param labels free marks for finding it again
/// @param version counts changes, from 1
/// @param data its typed content as JSON
/// @param message why it is in this state, for people
/// @param removed when it ceased to exist; it is kept for the record
public record Resource(
        UUID id,
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
        Instant created,
        Instant updated,
        Optional<Instant> removed) {

    /// The content as a record of `shape`.
    public <T> T as(Class<T> shape) {
        return Json.read(data, shape);
    }

    /// The same resource with other content.
    public Resource withData(Object content) {
        return new Resource(
                id,
                type,
                actor,
                parent,
                name,
                state,
                project,
                labels,
                version,
                Json.text(content),
                message,
                created,
                updated,
                removed);
    }

    /// The same resource in another state.
    public Resource withState(String next, Optional<String> why) {
        return new Resource(
                id, type, actor, parent, name, next, project, labels, version, data, why, created, updated, removed);
    }

    /// The same resource, gone since `at`.
    public Resource removedAt(Instant at) {
        return new Resource(
                id,
                type,
                actor,
                parent,
                name,
                state,
                project,
                labels,
                version,
                data,
                message,
                created,
                updated,
                Optional.of(at));
    }

    /// The same resource after a change at `at`.
    Resource nextVersion(Instant at) {
        return new Resource(
                id,
                type,
                actor,
                parent,
                name,
                state,
                project,
                labels,
                version + 1,
                data,
                message,
                created,
                at,
                removed);
    }
}
