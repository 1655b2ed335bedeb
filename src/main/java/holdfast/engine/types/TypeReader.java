package holdfast.engine.types;

import holdfast.core.Answer;
import holdfast.core.RefusedException;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.engine.types.ResourceType.Rights;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads the definition of one type, which has the same shape in the file of types and in a body that is posted
/// (cattle.md 2.2). What concerns several types is checked by [Relations].
///
/// | key | what it says |
/// |---|---|
/// | `name`, `plural`, `aliases` | letters and digits; the plural is the name and `s` if it is left out |
/// | `base` | the type that it is a kind of, whose life it lives |
/// | `description` | one sentence |
/// | `life: default` | it lives the default life, with `rename: {states, processes}` and `without: [verbs]` |
/// | `processes` | by verb: `start`, `during`, `done`, `failed`, `field`, `delegate`, `nested`, `description` |
/// | `elsewhere` | states to which no process leads and from which processes may start all the same |
/// | `fields` | by name: a type, or an object with the attributes of [Field] |
/// | `activates` | whether create goes on as its delegate unless a resource says otherwise |
/// | `rights` | `user` and `admin`: letters of `crud` |
///
/// A type that a part of Holdfast keeps, in the file only, says `keptBy: part` and may have a `course` and timers.
public final class TypeReader {
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,62}");
    private static final Pattern LETTERS = Pattern.compile("c?r?u?d?");
    private static final String NAME_RULE =
            "the name of a type is a lower-case letter, then at most 62 letters and digits";
    private static final Set<String> KEYS = Set.of(
            "name",
            "plural",
            "aliases",
            "base",
            "description",
            "life",
            "rename",
            "without",
            "processes",
            "elsewhere",
            "fields",
            "activates",
            "rights",
            "keptBy",
            "course");

    private TypeReader() {}

    /// Reads a definition that somebody gives while the server runs.
    ///
    /// @return the type with origin POSTED, or MALFORMED with the path of the part at fault, the value, the rule
    ///     and the
    ///     way out
    public static Answer<ResourceType> posted(JsonNode definition) {
        return read(definition, Origin.POSTED);
    }

    static Answer<ResourceType> read(JsonNode definition, Origin origin) {
        try {
            return Answer.yes(type(new Part("", definition), origin));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private static ResourceType type(Part top, Origin given) {
        top.only(KEYS);
        boolean kept = top.at("keptBy")
                .map(part -> {
                    if (given == Origin.POSTED || !part.text(100).equals("part")) {
                        throw part.refused("keptBy is for types of the file that a part of Holdfast keeps");
                    }
                    return true;
                })
                .orElse(false);
        var name = top.need("name", NAME_RULE).name(NAME, NAME_RULE);
        var base = top.at("base").map(part -> part.name(NAME, NAME_RULE));
        var type = new ResourceType(
                name,
                top.at("plural").map(part -> part.name(NAME, NAME_RULE)).orElse(name + "s"),
                names(top.at("aliases")),
                base,
                top.at("description").map(part -> part.text(1_000)).orElse(""),
                top.at("fields").map(part -> FieldReader.all(part, !kept)).orElse(List.of()),
                new ProcessReader(name, top, kept).all(),
                top.flag("activates", false),
                top.at("course").map(part -> course(part, kept)),
                top.at("rights").map(TypeReader::rights).orElse(kept ? Rights.READ : Rights.ALL),
                kept ? Origin.PART : given);
        if (base.isPresent() && !type.processes().isEmpty()) {
            throw Part.refused(
                    top.at("processes").isPresent() ? "processes" : "life",
                    "a kind of " + base.get() + " lives the life of " + base.get() + "; leave processes and life out");
        }
        if (base.isEmpty() && type.processes().isEmpty() && type.course().isEmpty()) {
            throw Part.refused("processes", "nothing can happen to it; give processes, or life: default");
        }
        Lives.check(
                top,
                type,
                Set.copyOf(top.at("elsewhere").map(TypeReader::states).orElse(List.of())));
        return type;
    }

    private static List<String> names(Optional<Part> list) {
        return list.stream()
                .flatMap(part -> part.list(20).stream())
                .map(one -> one.name(NAME, NAME_RULE))
                .toList();
    }

    private static Rights rights(Part part) {
        part.only(Set.of("user", "admin"));
        return new Rights(
                part.at("user").map(TypeReader::letters).orElse(""),
                part.at("admin").map(TypeReader::letters).orElse(""));
    }

    private static String letters(Part part) {
        return part.name(LETTERS, "rights are the letters c, r, u and d, each at most once and in this order");
    }

    private static Course course(Part part, boolean kept) {
        if (!kept) {
            throw part.refused("only a part of Holdfast leads resources without processes; give processes");
        }
        part.only(Set.of("initial", "moving", "changes", "remembered"));
        var changes = part.at("changes").stream()
                .flatMap(list -> list.list(500).stream())
                .map(TypeReader::change)
                .toList();
        return new Course(
                states(part.need("initial", "the states in which they begin")),
                part.at("moving").map(TypeReader::states).map(Set::copyOf).orElse(Set.of()),
                changes,
                part.flag("remembered", false));
    }

    private static List<String> states(Part list) {
        return list.list(100).stream().map(Part::state).toList();
    }

    private static Course.Change change(Part part) {
        part.only(Set.of("from", "to", "on"));
        return new Course.Change(
                part.need("from", "a state").state(),
                part.need("to", "a state").state(),
                part.need("on", "what makes it happen").text(100));
    }
}
