package holdfast.pools.clouds.choice;

import java.util.Optional;

/// One reason, and what more there is to say of it.
///
/// @param assembly the one of several that it is about
/// @param detail such as `in progress`
public record Objection(Reason reason, Optional<String> assembly, Optional<String> detail) {
    static Objection of(Reason reason) {
        return new Objection(reason, Optional.empty(), Optional.empty());
    }

    static Objection of(Reason reason, String detail) {
        return new Objection(reason, Optional.empty(), Optional.of(detail));
    }

    /// About one of several.
    Objection about(String name) {
        return new Objection(reason, Optional.of(name), detail);
    }

    /// Without what more there is to say of it.
    Objection bare() {
        return new Objection(reason, assembly, Optional.empty());
    }

    /// For programs and people: the code, and then the words.
    String coded() {
        return reason.code() + ": " + this;
    }

    /// For people.
    @Override
    public String toString() {
        return assembly.map(name -> name + ": ").orElse("")
                + reason.text()
                + detail.map(more -> " (" + more + ")").orElse("");
    }
}
