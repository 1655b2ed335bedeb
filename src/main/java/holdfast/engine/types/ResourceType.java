package holdfast.engine.types;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A type of resource.
///
/// @param name the id of its schema, in mixed case: `ipAddress`
/// @param plural the name of its collection: `ipAddresses`
/// @param base the type whose collection holds it too and whose life it lives, for a subtype: `instance` of `container`
/// @param description one sentence for people
/// @param fields beside those that every resource has, in the order in which people see them
/// @param processes what can happen to it, in the order of declaration; empty for a subtype
/// @param activates whether create goes on as its delegate unless the resource says otherwise (`startOnCreate` or
///     `activateOnCreate`)
/// @param rights what the interface offers, by kind of caller
/// @param origin who declared it
public record ResourceType(
        String name,
        String plural,
        Optional<String> base,
        String description,
        List<Field> fields,
        List<ProcessType> processes,
        boolean activates,
        Rights rights,
        Origin origin) {
    public ResourceType {
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
        return name.toLowerCase(Locale.ROOT);
    }

    public Optional<ProcessType> process(String verb) {
        return processes.stream().filter(one -> one.verb().equals(verb)).findFirst();
    }

    public Optional<Field> field(String field) {
        return fields.stream().filter(one -> one.name().equals(field)).findFirst();
    }
}
