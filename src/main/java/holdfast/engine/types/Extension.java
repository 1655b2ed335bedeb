package holdfast.engine.types;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.platform.Json;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A process more for a type that is there.
public final class Extension {
    private Extension() {}

    /// The type with one process more.
    ///
    /// @param verb the name of the process after the dot
    /// @param process in the shape of an entry of `processes` (see [TypeReader])
    /// @return MALFORMED with the path of the part at fault, or CLASH if the type has such a process or can have
    ///     none
    public static Answer<ResourceType> of(ResourceType type, String verb, JsonNode process) {
        if (type.origin() == Origin.PART) {
            return Answer.no(Refusal.clash("a part of Holdfast keeps every " + type.name()
                    + " and decides over its states; hook a handler into its processes instead"));
        }
        if (type.base().isPresent()) {
            return Answer.no(Refusal.clash(
                    type.name() + " lives the life of " + type.base().get() + "; add the process to that type"));
        }
        if (type.process(verb).isPresent()) {
            return Answer.no(Refusal.clash("there is a process " + type.prefix() + "." + verb + " already"));
        }
        var body = Json.object();
        body.putObject("processes").set(verb, process);
        var top = new Part("", body);
        try {
            var added = new ProcessReader(type.name(), top, false).all();
            var extended = new ResourceType(
                    type.name(),
                    type.plural(),
                    type.aliases(),
                    type.base(),
                    type.description(),
                    type.fields(),
                    Stream.concat(type.processes().stream(), added.stream()).toList(),
                    type.activates(),
                    type.course(),
                    type.rights(),
                    type.origin());
            Lives.check(top, extended, Set.of());
            return Answer.yes(extended);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }
}
