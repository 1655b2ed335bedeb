package holdfast.protocol.rear;

import java.util.Optional;
import java.util.regex.Pattern;

/// What all that is done for one wish has in common, at every node on the way.
///
/// @param id letters, digits and `-`, at most 64
/// @param workflow whose step numbers are told; empty for as long as nobody can know which one it will be
public record Trace(String id, Optional<Workflow> workflow) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    public Trace(String id, Workflow workflow) {
        this(id, Optional.of(workflow));
    }

    /// Of a wish of which it is not known yet how it will be met.
    public static Trace open(String id) {
        return new Trace(id, Optional.empty());
    }

    /// The same, now that it is known how; unless that was known before.
    public Trace in(Workflow found) {
        return workflow.isPresent() ? this : new Trace(id, found);
    }

    /// What a caller says of it; empty if that is nothing, or nothing sensible.
    public static Optional<Trace> said(Optional<String> id, Optional<String> workflow) {
        return id.filter(text -> ID.matcher(text).matches())
                .map(text -> new Trace(text, workflow.flatMap(Workflow::of)));
    }
}
