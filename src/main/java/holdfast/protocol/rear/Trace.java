package holdfast.protocol.rear;

import java.util.Optional;
import java.util.regex.Pattern;

/// What all that is done for one wish has in common, at every node on the way.
///
/// @param id letters, digits and `-`, at most 64
/// @param workflow whose step numbers are told
public record Trace(String id, Workflow workflow) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /// What a caller says of it; empty if that is nothing, or nothing sensible.
    public static Optional<Trace> said(Optional<String> id, Optional<String> workflow) {
        return id.filter(text -> ID.matcher(text).matches())
                .map(text -> new Trace(text, workflow.flatMap(Workflow::of).orElse(Workflow.W1)));
    }
}
