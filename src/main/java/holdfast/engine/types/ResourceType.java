package holdfast.engine.types;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A type of resource.
///
/// @param name the id of its schema, in mixed case: `ipAddress`
/// @param plural the name of its collection: `ipAddresses`
/// @param aliases further names under which it is found, such as those of earlier times
/// @param base the type whose collection holds it too and whose life it lives, for a subtype: `instance` of `container`
/// @param description one sentence for people
/// @param fields beside those that every resource has, in the order in which people see them
/// @param processes what can happen to it, in the order of declaration; empty for a subtype
/// @param activates whether create goes on as its delegate unless the resource says otherwise (`startOnCreate` or
///     `activateOnCreate`)
/// @param course the changes of state that a part of Holdfast makes without a process; empty for most types
/// @param rights what the interface offers, by kind of caller
/// @param origin who declared it
public record ResourceType(
        String name,
        String plural,
        List<String> aliases,
        Optional<String> base,
        String description,
        List<Field> fields,
        List<ProcessType> processes,
        boolean activates,
        Optional<Course> course,
        Rights rights,
        Origin origin) {
    public ResourceType {
        aliases = List.copyOf(aliases);
        fields = List.copyOf(fields);
        processes = List.copyOf(processes);
    }

    /// Who declared a type.
    public enum Origin {
        /// A part of Holdfast keeps these resources and decides over their states.
        PART,
        /// The file of types; the engine moves these resources through their states.
        FILE,
        /// Somebody, while the server ran.
        POSTED
    }

    /// Letters of what may be done through the generic interface: `c` create, `r` read, `u` update, `d` remove.
    public record Rights(String user, String admin) {
        public static final Rights ALL = new Rights("crud", "crud");
        public static final Rights READ = new Rights("r", "r");
        public static final Rights ADMIN_ONLY = new Rights("", "crud");

        public boolean allow(boolean isAdmin, char letter) {
            return (isAdmin ? admin : user).indexOf(letter) >= 0;
        }
    }

    /// The type's part of the names of its processes.
    public String prefix() {
        return prefix(name);
    }

    static String prefix(String type) {
        return type.toLowerCase(Locale.ROOT);
    }

    /// All names under which it is found, in lower case.
    public Set<String> names() {
        return Stream.concat(Stream.of(name, plural), aliases.stream())
                .map(one -> one.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The states of the main state field in which something is under way.
    public Set<String> transitioning() {
        return Stream.concat(
                        processes.stream()
                                .flatMap(process -> process.move().stream())
                                .filter(move -> move.field().equals(Move.STATE))
                                .flatMap(move -> move.during().stream()),
                        course.stream().flatMap(one -> one.moving().stream()))
                .collect(Collectors.toUnmodifiableSet());
    }

    public Optional<ProcessType> process(String verb) {
        return processes.stream().filter(one -> one.verb().equals(verb)).findFirst();
    }

    public Optional<Field> field(String field) {
        return fields.stream().filter(one -> one.name().equals(field)).findFirst();
    }
}
