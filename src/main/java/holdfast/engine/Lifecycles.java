package holdfast.engine;

import holdfast.engine.ProcessDefinition.Delegation;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.ProcessDefinition.Finish;
import holdfast.engine.types.Move;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The processes of types that are data: what they do beside the handlers that somebody hooks into them.
final class Lifecycles {
    private static final List<String> WISHES = List.of("startOnCreate", "activateOnCreate");

    private final Nested nested;
    private final Supplier<Duration> keep;

    /// @param keep how long a removed resource can be restored before it is purged
    Lifecycles(Nested nested, Supplier<Duration> keep) {
        this.nested = nested;
        this.keep = keep;
    }

    List<ProcessDefinition> definitions(ResourceType type) {
        return type.processes().stream()
                .filter(process -> process.move().isPresent())
                .map(process -> definition(type, process))
                .toList();
    }

    private ProcessDefinition definition(ResourceType type, ProcessType process) {
        var steps =
                process.nested().stream().map(name -> nested.step(type, name)).toList();
        return new ProcessDefinition(
                process.name(),
                type.name(),
                process.move(),
                _ -> steps,
                Ending.NONE,
                finish(process.move().orElseThrow(), process.verb()),
                process.delegate()
                        .filter(_ -> process.verb().equals("create"))
                        .map(name -> new Delegation(name, wanted(type))),
                priority(process));
    }

    /// Only create goes on by itself: what the resource says, else what its type does. Other delegates are for
    /// processes that were overtaken, and here the one that overtakes runs itself.
    private static Predicate<Resource> wanted(ResourceType type) {
        return resource -> {
            var content = resource.content();
            return WISHES.stream()
                    .map(content::path)
                    .filter(JsonNode::isBoolean)
                    .map(JsonNode::booleanValue)
                    .findFirst()
                    .orElse(type.activates());
        };
    }

    /// Removing marks the resource as removed, restoring takes that back (cattle.md 3.1).
    private Finish finish(Move move, String verb) {
        if (!move.field().equals(Move.STATE)) {
            return Finish.NONE;
        }
        return switch (verb) {
            case "remove" -> this::removed;
            case "restore" ->
                (resource, _) -> resource.restored().withData(resource.content().without("removeTime"));
            default -> Finish.NONE;
        };
    }

    private Resource removed(Resource resource, Instant now) {
        if (resource.removed().isPresent()) {
            return resource;
        }
        var purge = now.plus(keep.get()).truncatedTo(ChronoUnit.SECONDS);
        return resource.removedAt(now).withData(resource.content().put("removeTime", purge.toString()));
    }

    /// What people wait for goes before what nobody waits for (cattle.md 6.6).
    static int priority(ProcessType process) {
        var type = process.type();
        if (type.equals("externalHandler")) {
            return 100;
        }
        return switch (process.verb()) {
            case "purge" -> -100;
            case "reconnect" -> 200;
            default -> type.equals("instance") ? 50 : 0;
        };
    }

    /// Every process of `types` that the engine moves resources through.
    List<ProcessDefinition> all(Stream<ResourceType> types) {
        return types.filter(type -> type.origin() != ResourceType.Origin.PART)
                .flatMap(type -> definitions(type).stream())
                .toList();
    }
}
